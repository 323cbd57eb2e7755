"""How far what stands in a clone is from a commit of its remote."""

from dataclasses import dataclass

from kerrigan.errors import KerriganError
from kerrigan.git.journal.cache import cache_of
from kerrigan.git.remote import Remote
from kerrigan.git.repo import Clone, GitError


@dataclass(frozen=True, slots=True)
class Divergence:
    """How a folder here and at a commit came to differ; all False where it is the same.

    `uncommitted` says that the work tree differs from HEAD, `ahead` that commits here changed it since both parted, and
    `behind` that commits there did. `unrelated`: the two have no commit in common that is known here.
    """

    uncommitted: bool = False
    ahead: bool = False
    behind: bool = False
    unrelated: bool = False


def divergence(clone: Clone, url: str, branch: str, commit: str, folder: str) -> Divergence:
    """How a folder of the work tree differs from the same folder at a commit of a remote's branch.

    Where it does, what is in between is fetched first, as far as the remote gives it.
    """
    sight = cache_of(clone).sight(url)
    if not _differs(sight, commit, folder):
        return Divergence()
    uncommitted = _differs(clone, "HEAD", folder)
    try:
        _bring(clone, url, branch, commit)
        base = clone.git("merge-base", "HEAD", commit).split("\n")[0]
    except (GitError, KerriganError):
        return Divergence(uncommitted, unrelated=True)
    ahead, behind = (_changed(clone, base, end, folder) for end in ("HEAD", commit))
    return Divergence(uncommitted, ahead, behind)


def distance(clone: Clone, url: str, branch: str, commit: str) -> tuple[int, int]:
    """How many commits HEAD is ahead of a commit of a remote's branch, and how many behind.

    What is in between is fetched first. Raises UndecidedError or UnreadableError where the remote cannot be read.
    """
    _bring(clone, url, branch, commit)
    try:
        counted = clone.git("rev-list", "--left-right", "--count", f"HEAD...{commit}")
    except GitError:
        return 0, 0  # nothing is checked out yet
    ahead, behind = counted.split()
    return int(ahead), int(behind)


def _bring(clone: Clone, url: str, branch: str, commit: str) -> None:
    if clone.ref(commit) is None:
        Remote(clone, url).fetch(f"refs/heads/{branch}")


def _differs(clone: Clone, commit: str, folder: str) -> bool:
    """Whether a folder of the work tree is another than at a commit; False where there is no work tree.

    Decided by ids alone: the files of that commit may not be here.
    """
    if clone.root == clone.git_dir:
        return False
    try:
        rows = clone.git("diff-index", "--raw", "-z", "--no-renames", commit, "--", folder).split("\0")
        others = clone.git("ls-files", "--others", "--exclude-standard", "--", folder)
    except GitError:
        return False
    return bool(others) or any(_is_another(clone, row, path) for row, path in zip(rows[::2], rows[1::2], strict=False))


def _is_another(clone: Clone, row: str, path: str) -> bool:
    mode_before, mode, before, after, status = row.removeprefix(":").split(" ")
    if status != "M" or mode_before != mode or after.strip("0"):
        return True
    # git did not look into the file: its time is another than when it was added.
    try:
        return clone.git("hash-object", "--", path) != before
    except GitError:
        return True


def _changed(clone: Clone, before: str, after: str, folder: str) -> bool:
    try:
        clone.git("diff", "--quiet", before, after, "--", folder)
    except GitError as error:
        return error.code == 1
    return False
