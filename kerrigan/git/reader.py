"""What commits hold, read through one process; an object that is not here is named, never taken for one that is not."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from kerrigan.git.objects import FOLDER, Tree, parse_tree
from kerrigan.git.repo import Batch

T = TypeVar("T")

_SUBMODULE = b"160000"
"""The mode of a submodule: a commit of another repository, not a file."""


class MissingError(Exception):
    """Objects that a read needs and a repository lacks, by id: commits with all of their trees, and files."""

    def __init__(self, commits: Iterable[str] = (), files: Iterable[str] = ()) -> None:
        super().__init__("objects are missing")
        self.commits, self.files = frozenset(commits), frozenset(files)

    @property
    def ids(self) -> frozenset[str]:
        """All of them."""
        return self.commits | self.files


class Reader:
    """Reads commits of a repository. Every method raises MissingError for what is not here."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._trees: dict[str, Tree] = {}

    def tree(self, commit: str) -> Tree:
        """The root folder of a commit."""
        return self._tree(commit, commit)

    def folder(self, commit: str, above: Tree, name: str) -> Tree:
        """A folder of a commit, in the folder above it; empty where that has none of the name."""
        mode, entry = above.get(name.encode(), (b"", b""))
        return self._tree(commit, entry.hex()) if mode == FOLDER else {}

    def text(self, commit: str, path: str) -> str | None:
        """The text of a file of a commit; None where the commit has no such file."""
        *folders, name = path.split("/")
        tree = self.tree(commit)
        for folder in folders:
            tree = self.folder(commit, tree, folder)
        return self.file(tree, name)

    def file(self, above: Tree, name: str) -> str | None:
        """The text of a file in a folder; None where the folder has no such file."""
        found = self.content(above, name)
        return None if found is None else found.decode(errors="replace")

    def content(self, above: Tree, name: str) -> bytes | None:
        """The bytes of a file in a folder; None where the folder has no such file."""
        mode, entry = above.get(name.encode(), (_SUBMODULE, b""))
        return None if mode in (_SUBMODULE, FOLDER) else self.blob(entry.hex())

    def blob(self, name: str) -> bytes:
        """The bytes of a file by its id."""
        found = self._batch.content(name)
        if found is None:
            raise MissingError(files=[name])
        return found

    def _tree(self, commit: str, name: str) -> Tree:
        if name not in self._trees:
            found = self._batch.tree(name)
            if found is None:
                raise MissingError(commits=[commit])
            self._trees[name] = parse_tree(found[1], len(found[0]))
        return self._trees[name]


class Gaps:
    """What several reads lack, so that it can be fetched at once."""

    def __init__(self) -> None:
        self._commits, self._files = set[str](), set[str]()

    def fill(self, read: Callable[[], T]) -> T | None:
        """What a read returns; None where it lacks something."""
        try:
            return read()
        except MissingError as missing:
            self._commits |= missing.commits
            self._files |= missing.files
            return None

    def close(self) -> None:
        """Raise MissingError where anything was missing."""
        if self._commits or self._files:
            raise MissingError(self._commits, self._files)
