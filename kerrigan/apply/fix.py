"""Mending what is safe to mend: a fix is tried, the file is read and checked again, and only what helped is kept."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kerrigan.apply.check import findings, tree_of_texts
from kerrigan.errors import UnreadableError
from kerrigan.files import write_atomically
from kerrigan.model.source import Diagnostic, Edit
from kerrigan.model.text import Text, apart, edited
from kerrigan.report.diagnostics import Checked

Trait = tuple[str, str, str]
"""What makes a finding the same before and after a fix: its code, path and message."""


@dataclass(frozen=True, slots=True)
class Mended:
    """What can be mended: the texts of the files before and after, by path, and the findings that are gone then."""

    before: Mapping[str, str]
    after: Mapping[str, str]
    fixed: tuple[Diagnostic, ...]


def mend(checked: Checked) -> Mended:
    """Every fix of the findings that holds: its finding is gone afterwards and no other has come. Nothing is written.

    Fixes that touch each other are tried one after the other. Those that do not hold are left out.
    """
    work = _Work(checked)
    while edits := work.next_edits():
        work.attempt(edits)
    before = {path: document.text for path, document in checked.tree.documents.items()}
    changed = {path: text for path, text in work.texts.items() if text != before[path]}
    return Mended({path: before[path] for path in changed}, changed, tuple(work.fixed))


class _Work:
    """The texts as far as they are mended, and the fixes that are still to be tried."""

    def __init__(self, checked: Checked) -> None:
        self._root, self._problems = Path(checked.root), checked.tree.problems
        self.texts = {path: document.text for path, document in checked.tree.documents.items()}
        self.fixed: list[Diagnostic] = []
        self._found = self._check(self.texts)
        self._wanted = Counter(_trait(found) for found in checked.diagnostics if found.fix)

    def next_edits(self) -> list[Diagnostic]:
        """Findings whose fixes do not touch each other."""
        left = self._wanted.copy()
        by_path: defaultdict[str, dict[Edit, Diagnostic]] = defaultdict(dict)
        for found in self._found:
            if found.fix and left[_trait(found)] > 0:
                left[_trait(found)] -= 1
                by_path[found.path].setdefault(found.fix, found)
        return [fixes[edit] for path, fixes in by_path.items() for edit in apart(Text(self.texts[path]), fixes)]

    def attempt(self, chosen: Sequence[Diagnostic]) -> None:
        """Apply these fixes, as many of them as hold; what does not is not tried again."""
        self._wanted.subtract(map(_trait, chosen))
        for part in self._holding(chosen):
            self.fixed += part

    def _holding(self, chosen: Sequence[Diagnostic]) -> Iterator[Sequence[Diagnostic]]:
        # Together first; where that does not hold, half and half, down to the one that is to blame. The lower half
        # comes first: what is changed below does not move what stands above.
        texts = _applied(self.texts, chosen)
        found = self._check(texts)
        if _holds(self._found, found, chosen):
            self.texts, self._found = texts, found
            yield chosen
        elif len(chosen) > 1:
            middle = len(chosen) // 2
            yield from self._holding(chosen[middle:])
            yield from self._holding(chosen[:middle])

    def _check(self, texts: Mapping[str, str]) -> tuple[Diagnostic, ...]:
        return findings(tree_of_texts(self._root, texts, self._problems))


def _applied(texts: Mapping[str, str], chosen: Iterable[Diagnostic]) -> dict[str, str]:
    edits: defaultdict[str, list[Edit]] = defaultdict(list)
    for found in chosen:
        if found.fix:
            edits[found.path].append(found.fix)
    return {**texts, **{path: edited(Text(texts[path]), listed) for path, listed in edits.items()}}


def _holds(before: Iterable[Diagnostic], after: Iterable[Diagnostic], chosen: Iterable[Diagnostic]) -> bool:
    left = Counter(map(_trait, before))
    left.subtract(map(_trait, chosen))
    return not Counter(map(_trait, after)) - left


def _trait(found: Diagnostic) -> Trait:
    return found.code, found.path, found.message


def write(root: Path, mended: Mended) -> None:
    """Write what was mended, each file whole or not at all.

    Raises UnreadableError for a file that cannot be written, has changed meanwhile, or lies outside of the folder.
    """
    for path, text in mended.after.items():
        try:
            file = root.joinpath(path).resolve(strict=True)
            if not file.is_relative_to(root.resolve()):
                raise _unwritable(path, "it is a symbolic link that leads out of the tree")
            if file.read_bytes() != mended.before[path].encode():
                raise _unwritable(path, "it has changed since it was read")
            write_atomically(file, text)
        except OSError as error:
            raise _unwritable(path, str(error.strerror)) from error


def _unwritable(path: str, why: str) -> UnreadableError:
    return UnreadableError(f"{path} is not mended: {why}", kind="cannot-write", next_step="kerrigan check --fix again")
