"""Why a remote did not take a push: a rule of its own, something it cannot do, or a fault that may pass."""

import re
from collections.abc import Iterable

from kerrigan.errors import KerriganError, UndecidedError, UnreadableError
from kerrigan.git.remote import Remote
from kerrigan.git.repo import GitError

_REFUSED = re.compile(r"hook declined|protected branch|GH0\d\d|denied|deny|permission", re.IGNORECASE)
_NO_ATOMIC = "does not support --atomic"


def is_final(remote: Remote, refs: Iterable[str], failed: GitError) -> bool:
    """Whether the same push will fail again, however often it is tried."""
    words = failed.stderr.replace(remote.url, "")
    for ref in refs:  # a project or a folder may well be called `permissions`
        words = words.replace(_short(ref), "")
    return _NO_ATOMIC in words or _REFUSED.search(words) is not None


def not_taken(remote: Remote, refs: Iterable[str], failed: GitError) -> KerriganError:
    """The error of a push to these refs that no one else was in the way of."""
    names = " and ".join(map(_short, refs))
    if _NO_ATOMIC in failed.stderr:
        return UnreadableError(
            f"{remote} takes no push of several refs as one, and without it two projects may pass a budget that they "
            "share: nothing was written",
            kind="no-atomic-push",
            next_step=f"let it take atomic pushes ({names}; git config receive.advertiseAtomic true), "
            "or give each project a budget in its spec.md in place of the limits in kerrigan.yml",
        )
    if is_final(remote, refs, failed):
        return UnreadableError(
            f"{remote} refuses pushes to {names}: {failed.reason}",
            kind="push-refused",
            next_step=f"let who runs Kerrigan push to {names}: no branch protection, no server hook on it",
        )
    return UndecidedError(
        f"{remote} did not take a push to {names}: {failed.reason}",
        kind="push-failed",
        next_step="try again; if it stays so, ask who keeps that repository",
    )


def taken_in_part(remote: Remote, branch: str, refs: Iterable[str]) -> KerriganError:
    """The error of a remote that moved the branch and not the refs that were to move with it."""
    names = " and ".join(map(_short, refs))
    return UnreadableError(
        f"{remote} took the push to {_short(branch)} and not the one to {names} that belongs to it: what was asked for "
        "is written, but two projects may pass a budget that they share",
        kind="torn-push",
        next_step=f"let who runs Kerrigan push to {names}: no transfer.hideRefs or receive.hideRefs on it",
    )


def _short(ref: str) -> str:
    return ref.removeprefix("refs/heads/")
