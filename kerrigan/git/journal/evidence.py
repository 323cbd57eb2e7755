"""What the history of a journal's branch proves: a commit may add lines, and do nothing else to them.

git names a text by its hash. So which beginning of today's segment a commit held is read off the ids alone, and only a
text that is no beginning of it is looked at. An object that is missing raises MissingError: it is no loss of a line.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kerrigan.git.journal.snapshot import SEGMENT, segments, split_lines
from kerrigan.git.reader import MissingError, Reader
from kerrigan.git.repo import Batch, Clone

Segments = Mapping[int, tuple[str, ...]]
"""The lines of each segment, by its number."""

_SEGMENT = re.compile(r"log/(\d{6,})\.jsonl")
_LOG = (
    "-c", "log.showSignature=false", "log", "--diff-merges=separate", "--raw", "--no-abbrev", "--no-renames",
    "--no-ext-diff", "--no-color", "--topo-order", "--reverse", "--format=%x00%H",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Loss:
    """A commit that changed lines or took them away; `line` is the first, counted over the whole journal."""

    commit: str
    line: int


@dataclass(frozen=True, slots=True)
class _Change:
    commit: str
    segment: int
    old: str
    new: str


def segments_of(clone: Clone, commit: str, first: int = 1) -> Segments:
    """The segments that a commit has, from the first one wanted on; what is there counts, not what state.json says."""
    with clone.batch() as batch:
        reader = Reader(batch)
        log = reader.folder(commit, reader.tree(commit), "log")
        numbered = {int(name.partition(".")[0]): name for name in segments(log)}
        return {n: split_lines(reader.file(log, name)) for n, name in numbered.items() if n >= first}


def text_at(clone: Clone, commit: str, path: str) -> str | None:
    """The text of a file of a commit, or None."""
    with clone.batch() as batch:
        return Reader(batch).text(commit, path)


def losses(clone: Clone, tip: str, since: str | None, now: Segments) -> Iterator[Loss]:
    """What each commit after `since` (None: each at all) took from what it was made on; `now` are the tip's segments.

    A merge has to hold every line of each of its parents.
    """
    known: dict[int, Mapping[str, int]] = {}
    with clone.batch() as batch:
        for change in _changes(clone, tip, since):
            number = change.segment
            if number not in known:
                known[number] = _beginnings(now.get(number, ()), len(tip))
            before, after = known[number].get(change.old), known[number].get(change.new)
            if before is not None and after is not None and before <= after:
                continue
            lost = first_loss(_lines(batch, change.old), _lines(batch, change.new))
            if lost is not None:
                yield Loss(change.commit, (number - 1) * SEGMENT + lost + 1)


def first_loss(before: Sequence[str], after: Sequence[str]) -> int | None:
    """The index of the first line that is another afterwards, or is there no more; None when lines were only added."""
    for index, line in enumerate(before):
        if index >= len(after) or after[index] != line:
            return index
    return None


def writer(clone: Clone, tip: str, line: int) -> str | None:
    """The commit that first had a line of this number, which counts over the whole journal."""
    segment, index = (line - 1) // SEGMENT + 1, (line - 1) % SEGMENT
    with clone.batch() as batch:
        for change in _changes(clone, tip, None):
            if change.segment == segment and len(_lines(batch, change.new)) > index:
                return change.commit
    return None


def last_change(clone: Clone, tip: str, path: str) -> str | None:
    """The last commit that touched a file."""
    return clone.git("rev-list", "-1", tip, "--", path) or None


def author(clone: Clone, commit: str) -> str:
    """Who made a commit, as git has it: a name is not a proof."""
    return clone.git("-c", "log.showSignature=false", "show", "-s", "--no-color", "--format=%an", commit)


def _changes(clone: Clone, tip: str, since: str | None) -> Iterator[_Change]:
    # Every commit, not only those that git's simplified history of a folder shows: that leaves side branches out.
    listed = clone.git(*_LOG, f"{since}..{tip}" if since else tip)
    for block in listed.split("\0")[1:]:
        commit, *rows = block.split("\n")
        for row in rows:
            fields, _, path = row.partition("\t")
            if match := _SEGMENT.fullmatch(path):
                _, _, old, new, _ = fields.split()
                yield _Change(commit, int(match[1]), old, new)


def _lines(batch: Batch, name: str) -> tuple[str, ...]:
    """The lines of a segment by its id; the id of no file has none."""
    found = batch.text(name)
    if found is None and name.strip("0"):
        raise MissingError(files=[name])
    return split_lines(found)


def _beginnings(lines: Sequence[str], width: int) -> Mapping[str, int]:
    """How many lines of a segment each id stands for that it had on its way; the id of no file stands for none."""
    algorithm = "sha1" if width == 40 else "sha256"
    lengths, body = {"0" * width: 0}, b""
    for count, line in enumerate(lines, 1):
        body += f"{line}\n".encode()
        blob = b"blob %d\0%b" % (len(body), body)
        lengths[hashlib.new(algorithm, blob, usedforsecurity=False).hexdigest()] = count
    return lengths
