"""A short look: which git this is, how far a clone is from its remote, a few files of another repository."""

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from kerrigan.git.remote import Remote
from kerrigan.git.repo import Batch, Clone, GitError, git

_LARGEST = "256k"


def version(directory: Path) -> tuple[int, ...]:
    """Git's version, as numbers. Raises UnreadableError where git cannot be started."""
    return tuple(int(part) for part in re.findall(r"\d+", git("--version", cwd=directory))[:3])


def identity(clone: Clone) -> tuple[str, str]:
    """The name and the address that git commits with, empty where it knows none."""
    name, email = (
        os.environ.get(f"GIT_AUTHOR_{key.upper()}") or clone.config.get(f"user.{key}", "") for key in ("name", "email")
    )
    return name.strip(), (email or os.environ.get("EMAIL", "")).strip()


def distance(clone: Clone, commit: str) -> tuple[int, int]:
    """How many commits HEAD is ahead of a commit, and how many behind."""
    try:
        counted = git("rev-list", "--left-right", "--count", f"HEAD...{commit}", cwd=clone.root)
    except GitError:
        return 0, 0  # nothing is checked out yet
    ahead, behind = counted.split()
    return int(ahead), int(behind)


def glance(clone: Clone, url: str, paths: Iterable[str]) -> dict[str, str]:
    """The texts of these files on a remote's default branch, those that are there.

    Nothing of it stays in the clone. Raises UndecidedError or UnreadableError where the remote cannot be read.
    """
    listing = Remote(clone, url).listing()
    if listing.default not in listing.tips:
        return {}
    branch = f"--branch={listing.default.removeprefix('refs/heads/')}"
    with TemporaryDirectory() as folder:
        try:
            git("clone", "-q", "--bare", "--depth=1", "--single-branch", branch, "--no-tags",
                f"--filter=blob:limit={_LARGEST}", "--", url, folder, cwd=clone.root)  # fmt: skip
        except GitError as error:
            raise Remote(clone, url).unreachable(error) from error
        with Batch(Path(folder)) as batch:
            found = {path: batch.text(f"HEAD:{path}") for path in paths}
    return {path: text for path, text in found.items() if text is not None}


@dataclass(frozen=True, slots=True)
class Divergence:
    """How a folder here and at a commit came to differ; all False where it is the same.

    `uncommitted` says that the work tree differs from HEAD, `ahead` that commits here changed it since both parted, and
    `behind` that commits there did. `unrelated`: nobody can tell, for the two have no commit in common here.
    """

    uncommitted: bool = False
    ahead: bool = False
    behind: bool = False
    unrelated: bool = False


def divergence(clone: Clone, commit: str, folder: str) -> Divergence:
    """How a folder of the work tree differs from the same folder at a commit."""
    if not clone.differs(commit, folder):
        return Divergence()
    uncommitted = clone.differs("HEAD", folder)
    try:
        base = git("merge-base", "HEAD", commit, cwd=clone.root).split("\n")[0]
    except GitError:
        return Divergence(uncommitted, unrelated=True)
    ahead, behind = (_changed(clone, base, end, folder) for end in ("HEAD", commit))
    return Divergence(uncommitted, ahead, behind)


def _changed(clone: Clone, before: str, after: str, folder: str) -> bool:
    try:
        git("diff", "--quiet", before, after, "--", folder, cwd=clone.root)
    except GitError as error:
        return error.code == 1
    return False
