"""The statuses of commits in a forge of directories: a file a commit, by context."""

from collections.abc import Collection, Mapping

from kerrigan.local.branches import commit_id
from kerrigan.local.store import Store, damaged

OWN = "kerrigan/"
"""Contexts that begin so are Kerrigan's own: no check of the work."""

Statuses = Mapping[str, Mapping[str, str]]
"""The `state` of each context, and what else was written of it."""


def status_file(sha: str) -> str:
    """The file of a commit's statuses, below the store."""
    return f"statuses/{commit_id(sha)}.json"


def statuses(store: Store, sha: str) -> dict[str, dict[str, str]]:
    """What was reported of a commit, by context. Raises UnreadableError for a damaged file."""
    reported = store.read(status_file(sha)) or {}
    for entry in reported.values():
        if not isinstance(entry, dict) or not isinstance(entry.get("state"), str):
            raise damaged(store.folder / status_file(sha), "a status has no state")
    return reported


def verdict(reported: Statuses, names: Collection[str]) -> str | None:
    """`success`, `failure` or `pending` over the named contexts, or over all but Kerrigan's own; None where none is."""
    counting = names or [context for context in reported if not context.startswith(OWN)]
    states = {reported[name]["state"] if name in reported else "pending" for name in counting}
    if not states:
        return None
    if states & {"failure", "error"}:
        return "failure"
    return "pending" if "pending" in states else "success"
