"""Fixing what is safe to fix: a fix is tried, the file is read and checked again, and only what helped is kept."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kerrigan.apply.checks.run import beyond, findings, tree_of_texts
from kerrigan.errors import UnreadableError
from kerrigan.files import write_atomically
from kerrigan.model.checks.source import Diagnostic, Edit
from kerrigan.model.checks.text import apart, edited, moved, text_of
from kerrigan.report.findings.diagnostics import Checked

TRIES = 20
"""How often fixes are tried that seem to harm: each time everything is checked again."""

Trait = tuple[str, str, str]
"""What makes a finding the same before and after a fix: its code, path and message."""


@dataclass(frozen=True, slots=True)
class FixResult:
    """What can be fixed: the texts of the files before and after, by path, and the findings that are gone then."""

    before: Mapping[str, str]
    after: Mapping[str, str]
    fixed: tuple[Diagnostic, ...]


def apply_fixes(checked: Checked) -> FixResult:
    """Every fix of the findings that holds: its finding is gone afterwards and no other has come. Nothing is written.

    Fixes that touch each other are tried one after the other. Those that do not hold are left out.
    """
    work = _Work(checked)
    while work.attempt(work.chosen()):
        pass
    # What is left seemed to harm, for something new stood on its line. Alone each can show whether it does.
    for _ in range(TRIES):
        alone = work.chosen()[:1]
        if not work.attempt(alone):
            work.refused |= {work.place(found) for found in alone}
    before = {path: document.text for path, document in checked.tree.documents.items()}
    changed = {path: text for path, text in work.texts.items() if text != before[path]}
    return FixResult({path: before[path] for path in changed}, changed, tuple(work.fixed))


class _Work:
    """The texts as far as they are fixed, and what is still wrong with them.

    `refused` are fixes that harmed: the trait of the finding, and its line.
    """

    def __init__(self, checked: Checked) -> None:
        self._root, self._problems = Path(checked.root), checked.tree.problems
        self._asked = {_trait(found) for found in checked.diagnostics if found.fix}
        self.texts = {path: document.text for path, document in checked.tree.documents.items()}
        self.fixed: list[Diagnostic] = []
        self.refused: set[tuple[Trait, str]] = set()
        self._found = self._check(self.texts)

    def place(self, found: Diagnostic) -> tuple[Trait, str]:
        """A finding by its trait and the text of its line."""
        return _trait(found), text_of(self.texts[found.path]).line(found.span.line)

    def chosen(self) -> list[Diagnostic]:
        """Findings with fixes that do not touch each other, from the top of each file."""
        by_path: defaultdict[str, dict[Edit, Diagnostic]] = defaultdict(dict)
        for found in self._found:
            if found.fix and _trait(found) in self._asked and not (self.refused and self.place(found) in self.refused):
                by_path[found.path].setdefault(found.fix, found)
        return [fixes[edit] for path, fixes in by_path.items() for edit in apart(text_of(self.texts[path]), fixes)]

    def attempt(self, chosen: Sequence[Diagnostic]) -> bool:
        """Apply these fixes without those that harm; whether any was applied."""
        for _ in range(TRIES):
            if not chosen:
                break
            texts = _applied(self.texts, chosen)
            found = self._check(texts)
            harm = _harm(self._found, found, chosen)
            if not harm:
                self.texts, self._found = texts, found
                self.fixed += chosen
                return True
            guilty = set(self._guilty(chosen, harm))
            chosen = [fix for fix in chosen if fix not in guilty] if guilty else []
        return False

    def _guilty(self, chosen: Iterable[Diagnostic], harm: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
        """The fixes on whose lines something else is wrong afterwards."""
        lines = {(found.path, found.span.line) for found in harm}
        for path, fixes in _by_path(chosen).items():
            for found, line in zip(fixes, moved(text_of(self.texts[path]), map(_edit, fixes)), strict=True):
                if (path, line) in lines:
                    yield found

    def _check(self, texts: Mapping[str, str]) -> tuple[Diagnostic, ...]:
        return findings(tree_of_texts(self._root, texts, self._problems))


def _applied(texts: Mapping[str, str], chosen: Iterable[Diagnostic]) -> dict[str, str]:
    changed = {path: edited(text_of(texts[path]), map(_edit, fixes)) for path, fixes in _by_path(chosen).items()}
    return {**texts, **changed}


def _by_path(chosen: Iterable[Diagnostic]) -> Mapping[str, Sequence[Diagnostic]]:
    paths: defaultdict[str, list[Diagnostic]] = defaultdict(list)
    for found in chosen:
        paths[found.path].append(found)
    return paths


def _edit(found: Diagnostic) -> Edit:
    assert found.fix
    return found.fix


def _harm(before: Iterable[Diagnostic], after: Iterable[Diagnostic], fixed: Iterable[Diagnostic]) -> list[Diagnostic]:
    """What is wrong afterwards and should not be: what was not there before, and what should be gone."""
    expected = Counter(map(_trait, before))
    expected.subtract(map(_trait, fixed))
    return list(beyond(expected, after, _trait))


def _trait(found: Diagnostic) -> Trait:
    return found.code, found.path, found.message


def write(root: Path, fixed: FixResult) -> None:
    """Write what was fixed, each file whole or not at all.

    Raises UnreadableError for a file that cannot be written, has changed meanwhile, or lies outside of the folder.
    """
    for path, text in fixed.after.items():
        try:
            file = root.joinpath(path).resolve(strict=True)
            if not file.is_relative_to(root.resolve()):
                raise _unwritable(path, "it is a symbolic link that leads out of the tree")
            if file.read_bytes() != fixed.before[path].encode():
                raise _unwritable(path, "it has changed since it was read")
            write_atomically(file, text)
        except OSError as error:
            raise _unwritable(path, str(error.strerror)) from error


def _unwritable(path: str, why: str) -> UnreadableError:
    return UnreadableError(f"{path} is not fixed: {why}", kind="cannot-write", next_step="kerrigan check --fix again")
