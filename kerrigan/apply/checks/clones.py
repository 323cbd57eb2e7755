"""A folder of clones: which repositories are in it, and what they hold. Nothing is fetched, and nothing checked out."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from kerrigan.apply.checks.since import texts_of
from kerrigan.errors import KerriganError, UnreadableError
from kerrigan.files import read_files
from kerrigan.git.remote import local_path
from kerrigan.git.repo import Clone, GitError, discover
from kerrigan.git.tree_at import TreeSnapshot, snapshot
from kerrigan.model.checks.source import Diagnostic
from kerrigan.model.names import slug_of

_TIPS = ("refs/remotes/origin/HEAD", "HEAD", "refs/heads/main", "refs/heads/master")
"""Where the default branch of a clone may stand, the surest first."""


class Contents(Protocol):
    """The files of a repository, by path from its root."""

    def kind(self, path: str) -> str:
        """`file`, `folder`, `outside` for a link that leads out of the repository, or empty for nothing."""
        ...

    def folders(self, path: str) -> Sequence[str]:
        """The names of the folders in a folder, sorted."""
        ...

    def read(self, paths: Iterable[str]) -> tuple[dict[str, str], Sequence[Diagnostic]]:
        """The texts of these files, and a diagnostic for each that is none."""
        ...


@dataclass(frozen=True, slots=True)
class Files:
    """A work tree, as it is now."""

    root: Path

    def kind(self, path: str) -> str:
        """What stands there now; RuntimeError for a loop of links, OSError where no one may look."""
        place = (self.root / path).resolve()
        if not place.is_relative_to(self.root.resolve()):
            return "outside"
        return "file" if place.is_file() else "folder" if place.is_dir() else ""

    def folders(self, path: str) -> Sequence[str]:
        """The folders in it, without links."""
        folder = self.root / path
        if self.kind(path) != "folder":
            return []
        return sorted(entry.name for entry in folder.iterdir() if entry.is_dir() and not entry.is_symlink())

    def read(self, paths: Iterable[str]) -> tuple[dict[str, str], Sequence[Diagnostic]]:
        """The texts now."""
        return read_files(self.root, paths)


@dataclass(frozen=True, slots=True)
class Committed:
    """The tip of a default branch."""

    past: TreeSnapshot

    def kind(self, path: str) -> str:
        """What the commit has there."""
        if path in self.past.entries:
            return "file"
        below = "" if path == "." else f"{path}/"
        return "folder" if any(entry.startswith(below) for entry in self.past.entries) else ""

    def folders(self, path: str) -> Sequence[str]:
        """The folders in it."""
        below = (entry.removeprefix(f"{path}/") for entry in self.past.entries if entry.startswith(f"{path}/"))
        return sorted({entry.partition("/")[0] for entry in below if "/" in entry})

    def read(self, paths: Iterable[str]) -> tuple[dict[str, str], Sequence[Diagnostic]]:
        """The texts at that commit. Raises UndecidedError for content that a partial clone lacks."""
        return texts_of(self.past, set(paths).__contains__)


@dataclass(frozen=True, slots=True)
class Found:
    """A repository in the folder. `origin` is the slug of its origin in lower case, empty where that names none.

    `is_sure` says that the origin is on a forge, so that the repository is this one and no other. `contents` is what
    is in it, or why no one can tell.
    """

    folder: Path
    origin: str
    is_sure: bool
    contents: Contents | str

    @property
    def name(self) -> str:
        """What its folder is called, in lower case."""
        return self.folder.name.removesuffix(".git").casefold()


def clones(folder: Path) -> list[Found]:
    """The repositories in a folder, and in folders in there that are none themselves, such as one for each owner."""
    return [_found(place) for place in _places(folder)]


def match(found: Iterable[Found], slug: str) -> Found | str:
    """The clone of a repository: the one whose origin says so, else whose folder has its name; or why there is none."""
    wanted = slug.casefold()
    named = [one for one in found if one.name == wanted.partition("/")[2]]
    by_origin = [one for one in found if one.origin == wanted]
    fitting = by_origin or [one for one in named if not one.is_sure]
    if fitting:
        return min(fitting, key=lambda one: isinstance(one.contents, str))
    return f"{named[0].folder} is a clone of {named[0].origin}" if named else ""


def _places(folder: Path) -> Iterator[Path]:
    try:
        entries = _folders(folder)
    except OSError as error:
        message = f"the folder {folder} cannot be read: {error.strerror}"
        raise UnreadableError(message, kind="no-folder", next_step="name a folder of clones") from error
    for entry in entries:
        if is_repository(entry):
            yield entry
            continue
        try:
            yield from filter(is_repository, _folders(entry))
        except OSError:
            continue  # what no one can look into is no clone that anyone meant


def _folders(folder: Path) -> list[Path]:
    return sorted(entry for entry in folder.iterdir() if not entry.name.startswith(".") and entry.is_dir())


def is_repository(folder: Path) -> bool:
    """Whether a folder is a clone, with files or bare."""
    is_bare = (folder / "HEAD").is_file() and (folder / "objects").is_dir()
    return is_bare or (folder / ".git").exists()


def _found(folder: Path) -> Found:
    try:
        clone = discover(folder)
    except KerriganError as error:
        return Found(folder, "", False, f"{folder} cannot be read: {error.message}")
    if clone.root != folder.resolve():
        # git looks for a repository further up where the one that is here is broken.
        return Found(folder, "", False, f"{folder} cannot be read: its .git is no repository")
    url = clone.config.get("remote.origin.url", "")
    slug = (slug_of(url) or "").casefold()
    return Found(folder, slug, bool(slug) and local_path(url) is None, _contents(clone))


def _contents(clone: Clone) -> Contents | str:
    has_files = clone.config.get("core.bare") != "true" and clone.config.get("core.sparsecheckout") != "true"
    if has_files and ((clone.root / ".git").is_file() or (clone.root / ".git" / "index").exists()):
        return Files(clone.root)
    tip = next((commit for name in _TIPS if (commit := clone.ref(name))), None)
    if tip is None:
        return Files(clone.root) if has_files else f"{clone.root} has no commit yet"
    try:
        return Committed(snapshot(clone, tip, ""))
    except GitError as error:
        return f"{clone.root} cannot be read: {error.reason}"
