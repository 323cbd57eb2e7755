"""Reverts, out of the messages of commits: which commit, or which pull request, a commit takes back."""

import re
from collections.abc import Sequence

from kerrigan.model.forge.facts import Commit

_COMMIT = re.compile(r"^This reverts commit ([0-9a-f]{7,64})\b", re.MULTILINE)
"""What `git revert` writes, and GitHub for a pull request that was merged or squashed."""

_PULL = re.compile(r"^Reverts (?:([\w.-]+/[\w.-]+))?#([1-9][0-9]{0,9})\s*$", re.MULTILINE | re.ASCII)
"""What GitHub writes as the text of a pull request that reverts another; a squash may keep only that."""


def is_reverted(history: Sequence[Commit], merge: str, also: str = "", pull: str = "") -> bool | None:
    """Whether a merge is taken back by a later commit that is not taken back itself.

    `history` are commits of the default branch, the newest first. `also` is another commit that stands for the merge,
    `pull` its pull request as `owner/name#N`. None where none of them says anything about it.
    """
    names = tuple(name for name in (merge, also) if name)
    start = next((place for place, commit in enumerate(history) if commit.id in names), len(history))
    return _is_undone(history[:start], names, pull)


def _is_undone(later: Sequence[Commit], names: tuple[str, ...], pull: str) -> bool | None:
    found = [place for place, commit in enumerate(later) if _reverts(commit, names, pull)]
    if not found:
        return None
    # Only what is newer than a commit can take it back, so this comes to an end whatever the messages say.
    return any(not _is_undone(later[:place], (later[place].id,), "") for place in found)


def _reverts(commit: Commit, names: tuple[str, ...], pull: str) -> bool:
    if any(name.startswith(match[1]) for match in _COMMIT.finditer(commit.message) for name in names):
        return True
    slug, _, number = pull.partition("#")
    found = _PULL.finditer(commit.message)
    return bool(pull) and any((m[1] or slug).casefold() == slug.casefold() and m[2] == number for m in found)
