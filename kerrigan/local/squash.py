"""A squash or a rebase, found by what it changed: the history of the default branch does not name the branch's commit.

Proof is the same patch, by git's patch-id: of the whole branch in one commit (a squash), or of each of its commits (a
rebase). Or the same tree: that of a commit is the one that merging the branch into its parent gives. Solved conflicts
and further edits make another patch and another tree: then git cannot prove that it is the same work.
"""

import subprocess
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from kerrigan.git.repo import GitError, environment, git

MOST = 50
"""As many commits are compared: the newest of the default branch that touch the branch's files, and its own."""

MERGED = 20
"""The branch is merged into the parents of as many of them: that is a process each."""


@lru_cache(maxsize=4096)
def brought_as(folder: Path, base: str, start: str, head: str) -> str | None:
    """The commit between `start`, where the branch left, and `base`, the default branch's tip, that brings `head`.

    None where there is none that proves it, and where git cannot look.
    """
    try:
        changed = [path for path in _git(folder, "diff", "--name-only", "-z", start, head).split("\0") if path]
        found = _touching(folder, f"{start}..{base}", changed) if changed else {}
        return _same_patch(folder, found, start, head) or _same_tree(folder, found, head) if found else None
    except GitError:
        return None


def _touching(folder: Path, span: str, changed: list[str]) -> Mapping[str, str]:
    """Commits without merges that touch one of the files, the newest first, and their trees."""
    words = ("--no-merges", f"--max-count={MOST}", "--format=%H %T", span, "--", *changed)
    rows = _git(folder, "--literal-pathspecs", "log", *words).split("\n")
    return dict(row.split(" ") for row in rows if row)


def _same_patch(folder: Path, found: Mapping[str, str], start: str, head: str) -> str | None:
    theirs = {patch: commit for commit, patch in _patches(folder, "log", "--no-walk=unsorted", "-p", *found).items()}
    whole = _patches(folder, "diff", "-p", start, head).values()
    own = _patches(folder, "log", "-p", "--no-merges", f"--max-count={MOST + 1}", f"{start}..{head}").values()
    for patches in (set(whole), set(own)):
        if patches and patches <= theirs.keys():
            return next(commit for commit in found if commit in {theirs[patch] for patch in patches})
    return None


def _same_tree(folder: Path, found: Mapping[str, str], head: str) -> str | None:
    tried = list(found.items())[:MERGED]
    return next((commit for commit, tree in tried if _merged(folder, f"{commit}^", head) == tree), None)


def _merged(folder: Path, ours: str, theirs: str) -> str:
    try:
        return _git(folder, "merge-tree", "--write-tree", "--no-messages", ours, theirs)
    except GitError:
        return ""  # in conflict, or the very first commit


def _patches(folder: Path, *words: str) -> Mapping[str, str]:
    """The patch-id of each commit that git prints with these words; in bytes, for files are in any encoding."""
    patch = _bytes(folder, b"", *words, "--no-ext-diff", "--no-textconv", "--full-index")
    rows = _bytes(folder, patch, "patch-id", "--stable").decode("ascii").splitlines()
    return {commit: patch_id for patch_id, commit in (row.split(" ") for row in rows)}


def _bytes(folder: Path, stdin: bytes, *words: str) -> bytes:
    done = subprocess.run(
        ["git", "--git-dir=.", *words], cwd=folder, env=environment(), input=stdin, capture_output=True, check=False
    )
    if done.returncode:
        raise GitError(words, done.returncode, done.stderr.decode(errors="replace"))
    return done.stdout


def _git(folder: Path, *words: str) -> str:
    return git("--git-dir=.", *words, cwd=folder)
