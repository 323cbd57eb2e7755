"""The past of a repository: the commit that a change began at, and the files of a commit, without a work tree."""

import posixpath
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial

from kerrigan.errors import UndecidedError, UsageError
from kerrigan.git.reader import Gaps, MissingError, Reader
from kerrigan.git.repo import Clone, GitError, git

_LINK, _FILE, _SUBMODULE = "120000", "100", "160000"
_LINKS = 10
"""How many symbolic links in a row are followed."""

Contents = Mapping[str, bytes | None]
"""The bytes of files by path; None for a symbolic link that leads to no file."""


def beginning(clone: Clone, ref: str) -> str:
    """The commit where HEAD parted from a ref: what is different since then is the change.

    Raises UsageError for a ref that is not here or has nothing in common with HEAD, and UndecidedError where the
    clone is too shallow to tell.
    """
    if clone.ref("HEAD") is None:
        raise UsageError("HEAD has no commit yet, so nothing has changed since", kind="no-commit", next_step="commit")
    tip = None if ref.startswith("-") else clone.ref(ref)
    shallow = git("rev-parse", "--is-shallow-repository", cwd=clone.root) == "true"
    deeper = "git fetch --unshallow; in a workflow: actions/checkout with `fetch-depth: 0`"
    if tip is None:
        step = deeper if shallow else f"name a branch, a tag or a commit; {_known(clone)}"
        raise UsageError(f"this repository has no commit that '{ref}' names", kind="unknown-ref", next_step=step)
    try:
        return git("merge-base", tip, "HEAD", cwd=clone.root).split("\n")[0]
    except GitError as error:
        if shallow:
            message = f"this clone is shallow and does not reach back to where HEAD parted from '{ref}'"
            raise UndecidedError(message, kind="shallow", next_step=deeper) from error
        message = f"'{ref}' and HEAD have no commit in common"
        raise UsageError(message, kind="unrelated", next_step="name a ref that HEAD comes from") from error


def _known(clone: Clone) -> str:
    said = git("for-each-ref", "--count=5", "--format=%(refname:short)", "refs/remotes", "refs/heads", cwd=clone.root)
    return f"known here: {', '.join(said.split())}" if said else "git fetch brings those of the remote"


@dataclass(frozen=True, slots=True)
class TreeSnapshot:
    """The files below a folder ("" for all) of a commit, by path from that folder: git's mode and id of each.

    `submodules` are the paths of those: their files are in other repositories. `reading` opens the repository.
    """

    entries: dict[str, tuple[str, str]]
    submodules: frozenset[str]
    reading: Callable[[Callable[[Reader], Contents]], Contents]

    def is_link(self, path: str) -> bool:
        """Whether a path is a symbolic link."""
        return self.entries[path][0] == _LINK

    def folders(self) -> Collection[str]:
        """The folders that there are, at any depth."""
        found: set[str] = set()
        for path in self.entries:
            while (path := path.rpartition("/")[0]) and path not in found:
                found.add(path)
        return found

    def read(self, wanted: Callable[[str], bool]) -> Contents:
        """The wanted files. Raises UndecidedError where the content of one is missing."""
        try:
            return self.reading(partial(self._contents, [*filter(wanted, self.entries)]))
        except MissingError as missing:
            path = next(path for path, (_, name) in self.entries.items() if name in missing.files)
            raise UndecidedError(
                f"the content of {path} as it was is not in this clone",
                kind="missing-object",
                next_step="git fetch --refetch",
            ) from missing

    def _contents(self, paths: Collection[str], reader: Reader) -> Contents:
        gaps = Gaps()
        found = {path: gaps.fill(partial(self._content, reader, path)) for path in paths}
        gaps.close()
        return found

    def _content(self, reader: Reader, path: str) -> bytes | None:
        for _ in range(_LINKS):
            at = self._first(path)
            mode, name = self.entries.get(at, ("", ""))
            if not mode:
                return None
            content = reader.blob(name)
            if mode != _LINK:
                return content
            target = posixpath.join(posixpath.dirname(at), content.decode(errors="replace"))
            path = posixpath.normpath(f"{target}/{path[len(at) :]}")
        return None

    def _first(self, path: str) -> str:
        """The first part of a path that is a link; all of it where none is."""
        ends = (end for end, character in enumerate(path) if character == "/")
        links = (path[:end] for end in ends if self.entries.get(path[:end], ("",))[0] == _LINK)
        return next(links, path)


def snapshot(clone: Clone, commit: str, folder: str) -> TreeSnapshot:
    """The files below a folder as a commit has them; what is in submodules is not among them."""
    words = ["ls-tree", "-r", "-z", "--full-tree", commit, *([f"{folder}/"] if folder else [])]
    below = f"{folder}/" if folder else ""
    entries, submodules = {}, set()
    for line in filter(None, clone.git(*words).split("\0")):
        about, _, path = line.partition("\t")
        mode, _, name = about.split(" ")
        if mode == _LINK or mode.startswith(_FILE):
            entries[path.removeprefix(below)] = (mode, name)
        elif mode == _SUBMODULE:
            submodules.add(path.removeprefix(below))
    return TreeSnapshot(entries, frozenset(submodules), partial(_read, clone))


def _read(clone: Clone, contents: Callable[[Reader], Contents]) -> Contents:
    with clone.batch() as batch:
        return contents(Reader(batch))
