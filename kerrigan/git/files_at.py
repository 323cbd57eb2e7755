"""The files of a commit, read one by one as a check reads a work tree: links to files are followed, other links not."""

import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kerrigan.git.repo import Batch

LINKS = 10
"""How many symbolic links in a row are followed."""

LINK, FOLDER, SUBMODULE = "a symbolic link", "a folder", "a submodule"
"""What an entry of a folder may be besides a file, in words."""

_KINDS = {"120000": LINK, "40000": FOLDER, "160000": SUBMODULE}
"""Git's modes; every other one is a file's."""


@dataclass(frozen=True, slots=True)
class FilesAt:
    """The files of a commit, through a running `git cat-file`."""

    batch: Batch
    commit: str
    _seen: dict[str, Mapping[str, str]] = field(default_factory=dict)

    def entries(self, folder: str) -> Mapping[str, str]:
        """The names in a folder and what each is, `a file` or one of the words above; none where no folder is."""
        if folder not in self._seen:
            content = self.batch.tree(f"{self.commit}:{folder}") or b""
            self._seen[folder] = dict(_entries(content, len(self.commit) // 2))
        return self._seen[folder]

    def read(self, paths: Iterable[str]) -> dict[str, bytes | str]:
        """The files that there are at these paths: their bytes, or in words what stands there instead of a file."""
        found = {path: self._file(path) for path in paths}
        return {path: content for path, content in found.items() if content is not None}

    def in_the_way(self, path: str) -> tuple[str, str] | None:
        """The first part of a path that is a link, a file or a submodule instead of a folder, and what it is."""
        above = ""
        for name in path.split("/"):
            kind = self.entries(above).get(name, FOLDER)
            above = posixpath.join(above, name)
            if kind != FOLDER:
                return above, kind
        return None

    def _file(self, path: str) -> bytes | str | None:
        for links in range(LINKS):
            folder, _, name = path.rpartition("/")
            kind = self.entries(folder).get(name)
            if kind in (None, FOLDER, SUBMODULE):
                return kind if not links else f"{LINK} to {kind}"
            content = self.batch.content(f"{self.commit}:{path}")
            if content is None:
                return "a file whose content is not in this clone"
            if kind != LINK:
                return content
            path = posixpath.normpath(posixpath.join(folder, content.decode(errors="replace")))
            if path == ".":
                return f"{LINK} to {FOLDER}"
            if self._is_nowhere(path):
                return "a symbolic link that leads to no file of the repository"
        return "a loop of symbolic links"

    def _is_nowhere(self, path: str) -> bool:
        # Asked for a path that leads out of the repository, git ends.
        if path.startswith(("/", "../")) or path == "..":
            return True
        folder, _, name = path.rpartition("/")
        return self.in_the_way(folder) is not None or name not in self.entries(folder)


def _entries(content: bytes, size: int) -> Iterable[tuple[str, str]]:
    """The entries of a tree object; `size` is that of an object's id in bytes."""
    while content:
        head, _, rest = content.partition(b"\0")
        mode, _, name = head.decode(errors="replace").partition(" ")
        yield name, _KINDS.get(mode, "a file")
        content = rest[size:]
