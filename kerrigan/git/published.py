"""Which commit of a checkout others can fetch: HEAD, if no file was changed and a repository's branch or tag has it."""

from pathlib import Path

from kerrigan.errors import KerriganError
from kerrigan.git.repo import GitError, git
from kerrigan.model.names import slug_of


def published_commit(root: Path, repository: str) -> str | None:
    """HEAD of the work tree at `root`, where `repository` (owner/name) has it as far as the last fetch knows.

    A tag of HEAD stands behind it, after a space: `0123… v1.2.0`. None where files were changed, or no one has HEAD.
    """
    try:
        is_root = Path(git("rev-parse", "--show-toplevel", cwd=root)).samefile(root)
        if not is_root or git("status", "--porcelain", "--untracked-files=no", cwd=root):
            return None
        if not _has_head(root, repository):
            return None
        tags = git("tag", "--points-at", "HEAD", "--list", "v*.*", cwd=root).split()
        return " ".join([git("rev-parse", "HEAD", cwd=root), *tags[:1]])
    except (GitError, KerriganError, OSError):
        return None  # without git, or outside of a repository, nothing is known


def _has_head(root: Path, repository: str) -> bool:
    remotes = git("remote", cwd=root).split()
    theirs = [name for name in remotes if slug_of(git("remote", "get-url", name, cwd=root)) == repository]
    places = [*(f"refs/remotes/{name}/" for name in theirs), *(["refs/tags/"] if theirs else [])]
    return bool(places and git("for-each-ref", "--count=1", "--contains", "HEAD", *places, cwd=root))
