"""The files of a commit, read one by one as a check reads a work tree: links to files are followed, other links not."""

import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial

from kerrigan.git.objects import Tree
from kerrigan.git.reader import Gaps, Reader

LINKS = 10
"""How many symbolic links in a row are followed."""

LINK, FOLDER, SUBMODULE = "a symbolic link", "a folder", "a submodule"
"""What an entry of a folder may be besides a file, in words."""

_KINDS = {b"120000": LINK, b"40000": FOLDER, b"160000": SUBMODULE}
"""Git's modes; every other one is a file's."""


@dataclass(frozen=True, slots=True)
class FilesAt:
    """The files of a commit, through a reader. Every method raises MissingError for what is not here."""

    reader: Reader
    commit: str
    _trees: dict[str, Tree] = field(default_factory=dict)

    def entries(self, folder: str) -> Mapping[str, str]:
        """The names in a folder and what each is, `a file` or one of the words above; none where no folder is."""
        return {name.decode(errors="replace"): _kind(mode) for name, (mode, _) in self._tree(folder).items()}

    def read(self, paths: Iterable[str]) -> dict[str, bytes | str]:
        """The files that there are at these paths: their bytes, or in words what stands there instead of a file."""
        gaps = Gaps()
        found = {path: gaps.fill(partial(self._file, path)) for path in paths}
        gaps.close()
        return {path: content for path, content in found.items() if content is not None}

    def in_the_way(self, path: str) -> tuple[str, str] | None:
        """The first part of a path that is a link, a file or a submodule instead of a folder, and what it is."""
        above = ""
        for name in path.split("/"):
            kind = self._kind(above, name) or FOLDER
            above = posixpath.join(above, name)
            if kind != FOLDER:
                return above, kind
        return None

    def _file(self, path: str) -> bytes | str | None:
        for links in range(LINKS):
            folder, _, name = path.rpartition("/")
            kind = self._kind(folder, name)
            if kind in (None, FOLDER, SUBMODULE):
                return kind if not links else f"{LINK} to {kind}"
            content = self.reader.content(self._tree(folder), name) or b""
            if kind != LINK:
                return content
            path = posixpath.normpath(posixpath.join(folder, content.decode(errors="replace")))
            if path == ".":
                return f"{LINK} to {FOLDER}"
            if self._is_nowhere(path):
                return "a symbolic link that leads to no file of the repository"
        return "a loop of symbolic links"

    def _is_nowhere(self, path: str) -> bool:
        if path.startswith(("/", "../")) or path == "..":
            return True
        folder, _, name = path.rpartition("/")
        return self.in_the_way(folder) is not None or self._kind(folder, name) is None

    def _kind(self, folder: str, name: str) -> str | None:
        found = self._tree(folder).get(name.encode())
        return _kind(found[0]) if found else None

    def _tree(self, folder: str) -> Tree:
        if folder not in self._trees:
            above, _, name = folder.rpartition("/")
            found = (
                self.reader.folder(self.commit, self._tree(above), name) if folder else self.reader.tree(self.commit)
            )
            self._trees[folder] = found
        return self._trees[folder]


def _kind(mode: bytes) -> str:
    return _KINDS.get(mode, "a file")
