"""A short look: which git this is, who it commits as, and a few files of another repository."""

import os
import re
from collections.abc import Iterable
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
