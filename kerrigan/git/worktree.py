"""A folder of its own for anyone who works on a task branch, so that two tasks never share a file."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kerrigan.errors import UndecidedError, UnreadableError
from kerrigan.git.journal.lock import alone
from kerrigan.git.remote import Remote
from kerrigan.git.repo import Clone, GitError, alternates, git

_ONLY_LOOK = (
    *("-c", f"core.hooksPath={os.devnull}", "-c", "core.fsmonitor=false"),
    *("-c", "core.safecrlf=false", "-c", "core.compression=0"),
)
"""A look runs no hooks, is not kept from an answer by line ends, and packs nothing that is thrown away."""


@dataclass(frozen=True, slots=True)
class Worktree:
    """A checked-out task branch. Its HEAD is detached: the clone's own branches stay as they are."""

    folder: Path
    branch: str
    remote: Remote

    def head(self) -> str:
        """The commit that the work stands at."""
        return git("rev-parse", "HEAD", cwd=self.folder)

    def publish(self) -> str:
        """Push HEAD to the branch, never over someone else's commits. Returns the commit.

        Raises UnreadableError when the remote does not take it.
        """
        commit = self.head()
        try:
            git("push", "-q", "--", self.remote.url, f"{commit}:refs/heads/{self.branch}", cwd=self.folder)
        except GitError as error:
            raise UnreadableError(
                f"{self.remote} does not take {self.branch} at {commit[:10]}: {error.reason}",
                kind="push-refused",
                next_step=f"git fetch origin {self.branch}, merge it, and push again",
            ) from error
        return commit


def tree_of(clone: Clone) -> str:
    """The tree that a clone's files make now, ignored ones left out; nothing of it is kept.

    Raises UndecidedError when git cannot say.
    """
    with tempfile.TemporaryDirectory(prefix="kerrigan-") as folder:
        try:
            index = clone.root / git("rev-parse", "--git-path", "index", cwd=clone.root)
            mine = {
                "GIT_INDEX_FILE": f"{folder}/index",
                "GIT_OBJECT_DIRECTORY": folder,
                **alternates(clone.git_dir / "objects"),
            }
            if index.exists():
                shutil.copy2(index, f"{folder}/index")  # so that only what changed is read again
            git(*_ONLY_LOOK, "add", "--all", cwd=clone.root, env=mine)
            return git(*_ONLY_LOOK, "write-tree", cwd=clone.root, env=mine)
        except (GitError, OSError) as error:
            why = error.reason if isinstance(error, GitError) else error.strerror
            raise UndecidedError(
                f"git cannot say what the files of {clone.root} are now: {why}", kind="git", next_step="git status"
            ) from error


@contextmanager
def task_worktree(clone: Clone, branch: str, base: str) -> Iterator[Worktree]:
    """The task branch as origin has it, or a new one at the commit `base`; the folder is gone afterwards."""
    remote = Remote(clone, clone.remote_url("origin"))
    start = _tip(remote, branch) or base
    above = Path(tempfile.mkdtemp(prefix="kerrigan-"))
    folder = above / branch.rpartition("/")[2]
    try:
        # git reads the list of work trees while it adds one, and fails on another that is not written whole yet.
        with alone(clone.git_dir / "kerrigan-worktrees.lock"):
            _git(clone, "worktree", "add", "-q", "--detach", str(folder), start)
        yield Worktree(folder, branch, remote)
    finally:
        shutil.rmtree(above, ignore_errors=True)
        with alone(clone.git_dir / "kerrigan-worktrees.lock"):
            _forget(clone, folder)


def _tip(remote: Remote, branch: str) -> str | None:
    ref = f"refs/heads/{branch}"
    tip = remote.listing(ref).tips.get(ref)
    if tip and remote.clone.ref(tip) is None:
        remote.fetch(ref)
    return tip


def _git(clone: Clone, *words: str) -> None:
    try:
        git(*words, cwd=clone.root)
    except GitError as error:
        raise UnreadableError(
            f"{clone.root} gives no work tree: {error.reason}",
            kind="no-worktree",
            next_step="check that the branch to start from exists and that the disk has room",
        ) from error


def _forget(clone: Clone, folder: Path) -> None:
    # Twice --force takes a locked one too: it is ours. Where adding it failed there is none to forget.
    try:
        git("worktree", "remove", "--force", "--force", str(folder), cwd=clone.root)
    except GitError:
        return
