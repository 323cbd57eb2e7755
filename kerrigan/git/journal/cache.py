"""Repositories of Kerrigan's own beside a clone, in the folder `kerrigan-cache` of what all its work trees share.

    journal.git    what commands read: single commits with their trees, and single files of them
    history.git    whole histories: for `audit verify`, and where a remote gives nothing less
    seen/          what was seen of each journal

Both repositories are caches: what is lost or damaged is fetched again. They are apart from the clone because a fetch of
single commits and files makes a repository shallow and partial, and no clone of a user is to become that. Objects of
the clone, and of a remote on this machine, are read in place.

A read takes no lock. A fetch does, one for each repository, because it may rewrite the list of shallow commits or
replace the repository; a process that is killed loses the lock.
"""

import functools
import os
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from kerrigan.git.journal.lock import alone
from kerrigan.git.objects import replace_file
from kerrigan.git.remote import object_folder
from kerrigan.git.repo import Clone, alternates, settings

PACKS, LOOSE = 50, 8
"""With more packs, or more loose objects in one of git's 256 folders for them, `journal.git` is begun anew."""

NO_MORE: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class JournalCache:
    """The repositories beside a clone; `folder` holds them."""

    clone: Clone
    folder: Path

    @property
    def is_kept(self) -> bool:
        """Whether it is there when this process has ended: it is in the clone."""
        return self.folder.parent == self.clone.git_dir

    def seen(self, project: str) -> Path:
        """The file that remembers what was seen of a journal."""
        return self.folder / "seen" / project

    def lock(self) -> AbstractContextManager[bool]:
        """The right to write to `journal.git`; the value says whether another process had it before."""
        return alone(self.folder / "lock")

    def history_lock(self) -> AbstractContextManager[bool]:
        """The right to write to `history.git`, taken alone or after the other: a long fetch keeps no read waiting."""
        return alone(self.folder / "history-lock")

    def repository(self, url: str) -> Clone:
        """`journal.git`, where the objects of the clone and of a remote on this machine are in sight too."""
        found = self.view(url)
        if not is_repository(found.git_dir) or _is_large(found.git_dir):
            with self.lock():
                if not is_repository(found.git_dir) or _is_large(found.git_dir):
                    self.replace()
        if missing := _shallow(self.clone.git_dir) - _shallow(found.git_dir):
            with self.lock():
                ends = _shallow(found.git_dir) | missing
                replace_file(found.git_dir / "shallow", "".join(f"{commit}\n" for commit in sorted(ends)).encode())
        return found

    def view(self, url: str) -> Clone:
        """The same repository, whether it is there or not."""
        return self.at(self.folder / "journal.git", self._beside(self.clone.git_dir, url))

    def sight(self, url: str) -> Clone:
        """The clone itself, with the objects of `journal.git` in sight too: to compare, never to fetch or write."""
        return replace(self.clone, env=self._beside(self.folder / "journal.git", url))

    def replace(self) -> None:
        """Begin `journal.git` anew. For who holds the lock."""
        discard(self.folder / "journal.git")
        self.create(self.folder / "journal.git")

    def history(self) -> Clone:
        """`history.git`, whether it is there or not."""
        return self.at(self.folder / "history.git")

    def create(self, folder: Path) -> None:
        """A bare repository, at once: what git would make in a process of its own."""
        self.folder.mkdir(exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=f"{folder.name}-", dir=self.folder))
        for name in ("objects/info", "objects/pack", "refs"):
            (made / name).mkdir(parents=True)
        config = "[core]\n\tbare = true\n\trepositoryFormatVersion = 0\n"
        if algorithm := self.clone.config.get("extensions.objectformat"):
            config += f"\trepositoryFormatVersion = 1\n[extensions]\n\tobjectFormat = {algorithm}\n"
        replace_file(made / "config", config.encode())
        replace_file(made / "HEAD", b"ref: refs/heads/main\n")
        made.rename(folder)

    def at(self, folder: Path, env: Mapping[str, str] = NO_MORE) -> Clone:
        """A repository of ours in a folder; it reaches remotes as the clone does."""
        given = settings(self.clone.transport) | dict(env) | {"GIT_DIR": str(folder)}
        return replace(self.clone, git_dir=folder, env=given)

    def _beside(self, repository: Path, url: str) -> dict[str, str]:
        """The environment in which git finds the objects of a repository, of the history, and of a remote here."""
        own = (repository / "objects", self.folder / "history.git" / "objects")
        theirs = object_folder(url)
        return alternates(*(folder for folder in (*own, *([theirs] if theirs else ())) if folder.is_dir()))


def cache_of(clone: Clone) -> JournalCache:
    """The cache beside a clone; one of this process alone where the clone cannot be written."""
    folder = clone.git_dir / "kerrigan-cache"
    return JournalCache(clone, folder if _is_writable(folder) else Path(_private(folder).name))


@functools.cache
def _private(_: Path) -> "tempfile.TemporaryDirectory[str]":
    # Kept until the process ends, and removed then.
    return tempfile.TemporaryDirectory(prefix="kerrigan-")


def _is_writable(folder: Path) -> bool:
    try:
        folder.mkdir(exist_ok=True)
    except OSError:
        return False
    inside = (folder / name / "objects" for name in ("journal.git", "history.git"))
    return all(os.access(path, os.W_OK | os.X_OK) for path in (folder, *inside) if path.exists())


def is_repository(folder: Path) -> bool:
    """Whether git would take a folder for a repository."""
    return (folder / "HEAD").is_file() and (folder / "config").is_file() and (folder / "objects").is_dir()


def is_complete(clone: Clone) -> bool:
    """Whether a clone holds everything that its refs promise: it is neither shallow nor partial."""
    return not _shallow(clone.git_dir) and not any(key.endswith((".promisor", ".partialclone")) for key in clone.config)


def discard(folder: Path) -> None:
    """Take a folder away; who reads in it goes on until it asks for more."""
    if folder.exists():
        away = Path(tempfile.mkdtemp(prefix=f"{folder.name}-", dir=folder.parent))
        with suppress(OSError):
            folder.rename(away / folder.name)
        shutil.rmtree(away, ignore_errors=True)


def unlock(folder: Path) -> None:
    """Remove the locks that a killed git left in a repository. For who holds ours: no git of ours is at work."""
    for file in (*folder.glob("*.lock"), *folder.glob("refs/**/*.lock")):
        file.unlink(missing_ok=True)


def _is_large(folder: Path) -> bool:
    with suppress(OSError):
        packs, loose = folder.glob("objects/pack/*.pack"), folder.glob("objects/17/*")
        return len(list(packs)) > PACKS or len(list(loose)) > LOOSE
    return False


def _shallow(folder: Path) -> set[str]:
    """The commits of a repository whose parents it lacks."""
    try:
        return set((folder / "shallow").read_text(encoding="ascii").split())
    except (OSError, ValueError):
        return set()
