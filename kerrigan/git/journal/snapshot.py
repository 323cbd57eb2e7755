"""A journal and the definition beside it at one moment, and how both are read from commits."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from kerrigan.git.objects import Tree
from kerrigan.git.reader import Gaps, Reader

SEGMENT = 128
"""Lines that a segment holds; only the open one may hold fewer."""

BRANCHES = "refs/heads/kerrigan-state/"
"""What the refs of all journals begin with."""

_SEGMENT = re.compile(rb"([0-9]{6,18})\.jsonl")
_COUNT, _HEAD = re.compile(r'"segments":\s*([0-9]{1,18})'), 200


@dataclass(frozen=True, slots=True)
class JournalSnapshot:
    """One consistent read of a remote. `lines` are those of the open segment, `segment` is its number, `state` is the
    text of state.json.

    `definition` is the commit of the default branch, `files` the wanted files that it has: their bytes, or in words
    what stands there instead. `rewritten` says that the journal no longer has the last line that this clone saw of it.
    `turnstiles` says where those are that there are. `root` and `log` are the folders of the branch, `sealed` the full
    segments that were asked for, by number.
    """

    tip: str | None = None
    default_branch: str = ""
    definition: str | None = None
    state: str | None = None
    lines: tuple[str, ...] = ()
    segment: int = 1
    files: Mapping[str, bytes | str] = field(default_factory=dict)
    rewritten: bool = False
    turnstiles: Mapping[str, str] = field(default_factory=dict)
    root: Tree = field(default_factory=dict, repr=False)
    log: Tree = field(default_factory=dict, repr=False)
    sealed: Mapping[int, tuple[str, ...]] = field(default_factory=dict, compare=False, repr=False)

    @property
    def count(self) -> int:
        """How many lines the journal has."""
        return (self.segment - 1) * SEGMENT + len(self.lines)

    def line(self, number: int) -> str | None:
        """The line of a number, counted from 1; None after the end, and in a full segment that was not asked for."""
        above, index = divmod(number - 1, SEGMENT)
        lines = self.lines if above + 1 == self.segment else self.sealed.get(above + 1, ())
        return lines[index] if index < len(lines) else None


def segment_name(number: int) -> str:
    """The name of a segment's file."""
    return f"{number:06d}.jsonl"


def segments(log: Tree) -> list[str]:
    """The names of the segments in the folder `log` of a journal, in their order."""
    return sorted(name.decode() for name in log if _SEGMENT.fullmatch(name))


def split_lines(text: str | None) -> tuple[str, ...]:
    """The lines of a segment's text; none where there is no text."""
    # Not splitlines: JSON may hold characters that Unicode counts as line ends.
    return tuple(text.removesuffix("\n").split("\n")) if text else ()


def journal_at(reader: Reader, tip: str | None, numbers: Sequence[int] = ()) -> JournalSnapshot:
    """The journal at a commit, without a definition; lines of these numbers will be asked for."""
    if tip is None:
        return JournalSnapshot()
    root, gaps = reader.tree(tip), Gaps()
    log = reader.folder(tip, root, "log")
    last = next((int(found[1]) for name in reversed([*log]) if (found := _SEGMENT.fullmatch(name))), 1)
    asked = {(number - 1) // SEGMENT + 1 for number in numbers}
    state = gaps.fill(lambda: reader.file(root, "state.json"))
    texts = {number: gaps.fill(partial(reader.file, log, segment_name(number))) for number in {last, *asked}}
    gaps.close()
    segment = _open_segment(state, last)
    if segment not in texts:
        texts[segment] = reader.file(log, segment_name(segment))
    lines = {number: split_lines(text) for number, text in texts.items()}
    return JournalSnapshot(
        tip, state=state, lines=lines.pop(segment), segment=segment, root=root, log=log, sealed=lines
    )


def _open_segment(state: str | None, last: int) -> int:
    """The number of the open segment: after those that state.json counts; the last one where it does not say."""
    if state is None:
        return 1
    found = _COUNT.search(state, 0, _HEAD)
    return int(found[1]) + 1 if found else last
