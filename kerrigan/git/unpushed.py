"""What a clone has of a branch that the remote lacks: commits that are not pushed, changes that are not committed."""

from kerrigan.git.remote import Remote
from kerrigan.git.repo import Clone, GitError, git


def unpushed(remote: Remote, branch: str, tip: str) -> int:
    """How many commits the local branch has that `tip`, the remote's, lacks; 0 where the clone has no such branch.

    A branch that is only behind lacks nothing. Raises UndecidedError or UnreadableError where the remote's tip, not
    fetched yet, cannot be fetched.
    """
    local = remote.clone.ref(f"refs/heads/{branch}")
    if local in (None, tip):
        return 0
    if remote.clone.ref(tip) is None:
        remote.fetch(f"refs/heads/{branch}")
    return int(git("rev-list", "--count", str(local), f"^{tip}", cwd=remote.clone.root))


def uncommitted(clone: Clone, branch: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The paths that differ from the branch's last commit, and those that git does not track and does not ignore.

    None of either where another branch is checked out, or where there is no work tree.
    """
    if clone.current_branch() != branch:
        return (), ()
    try:
        listed = git("status", "--porcelain", "-z", "--no-renames", cwd=clone.root)
    except GitError:
        return (), ()
    rows = [row for row in listed.split("\0") if row]
    changed = tuple(row[3:] for row in rows if not row.startswith("??"))
    return changed, tuple(row[3:] for row in rows if row.startswith("??"))
