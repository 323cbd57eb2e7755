"""Does a branch merge with the default branch: tried on objects alone, without index, work tree or ref.

So there is nothing to roll back. A trial that ends badly, or is killed, leaves objects that no ref names.

Where the two conflict in a few files, the branch's own commits are replayed on the default branch as `git rebase` does
it: what is there already drops out, and often the conflict with it. The outcome becomes a merge commit on top of the
branch, never another history of it, so that anyone who has the branch can go on from there.
"""

from kerrigan.errors import LostRaceError, UndecidedError, UnreadableError
from kerrigan.git.commit import write_merge
from kerrigan.git.remote import Remote
from kerrigan.git.repo import GitError, git
from kerrigan.model.forge.facts import Merging

FEW = 5
"""Conflicts in fewer files than this are tried to be solved by replaying; more are a person's from the start."""

MOST = 100
"""Commits that are replayed at most: each is two processes."""

_CONFLICT = 1


def try_merge(remote: Remote, branch: str) -> Merging:
    """Try a branch of a remote against its default branch, as both are now; nothing is pushed.

    Raises UndecidedError where git could not say: what is not known to merge does not.
    """
    ref = f"refs/heads/{branch}"
    listing = remote.listing(ref)
    name = listing.default.removeprefix("refs/heads/")
    base, head = listing.tips.get(listing.default), listing.tips.get(ref)
    if head is None:
        raise UndecidedError(f"{branch} is gone from {remote}", kind="branch-moved", next_step="push it, and try again")
    if base is None:
        return Merging(name, head)
    try:
        remote.bring(ref, listing.default)
        _, conflicts = _merged(remote, base, head)
        tree = _replayed(remote, base, head) if 0 < len(conflicts) < FEW else None
    except GitError as error:
        raise UndecidedError(
            f"git could not say whether {branch} of {remote} merges with {name}: {error.reason}",
            kind="git",
            next_step=f"git merge-tree --write-tree {base[:10]} {head[:10]} in {remote.clone.root} says more",
        ) from error
    if tree is None:
        return Merging(name, head, base, conflicts)
    message = f"Merge {name} into {branch}\n\nThe branch's commits were replayed on {name} where the two conflicted."
    return Merging(name, head, base, commit=write_merge(remote.clone, tree, (head, base), message))


def push_merge(remote: Remote, branch: str, merging: Merging) -> None:
    """Push the merge that was found, if any, on top of exactly the commit that was tried: nothing is pushed over.

    Raises LostRaceError where the branch moved meanwhile, UnreadableError where the remote does not take it.
    """
    if merging.commit is None:
        return
    ref = f"refs/heads/{branch}"
    failed = remote.push(merging.commit, {ref: merging.head})
    now = remote.listing(ref).tips.get(ref) if failed else merging.commit
    if failed is None or now == merging.commit:
        return
    if now != merging.head:
        raise LostRaceError(
            f"{branch} of {remote} was pushed to in the meantime, and nothing was pushed over it",
            kind="branch-moved",
            next_step="look at what was pushed, and submit again",
        ) from failed
    raise UnreadableError(
        f"{remote} does not take {branch} merged with {merging.name}: {failed.reason}",
        kind="push-refused",
        next_step=f"merge {merging.name} into {branch} yourself, push it, and submit again",
    ) from failed


def _merged(remote: Remote, ours: str, theirs: str) -> tuple[str, tuple[str, ...]]:
    """The tree of a merge and the paths in conflict. Raises GitError where git could not merge at all."""
    words = ("merge-tree", "--write-tree", "--name-only", "--no-messages", "-z", ours, theirs)
    try:
        told = git(*words, cwd=remote.clone.root)
    except GitError as error:
        if error.code != _CONFLICT or not error.stdout:
            raise
        told = error.stdout
    tree, *files = told.rstrip("\0").split("\0")
    return tree, tuple(files)


def _replayed(remote: Remote, base: str, head: str) -> str | None:
    """The tree with the branch's own commits on top of the base; None where that conflicts, too, or brings nothing."""
    cwd = remote.clone.root
    if git("rev-list", "--merges", "--max-count=1", f"{base}..{head}", cwd=cwd):
        return None  # what was solved in a merge would be lost
    own = git("rev-list", "--reverse", "--cherry-pick", "--right-only", f"{base}...{head}", cwd=cwd).split()
    start = tree = git("rev-parse", f"{base}^{{tree}}", cwd=cwd)
    for commit in own if len(own) <= MOST else ():
        # A commit with the tree so far and the same parent: what merging the two adds is what the commit changed.
        tree, conflicts = _merged(remote, write_merge(remote.clone, tree, (f"{commit}^",), "replayed"), commit)
        if conflicts:
            return None
    return None if tree == start else tree
