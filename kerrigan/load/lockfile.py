"""`actions.lock`, which `gh actions-lock` writes: the commit of every action that a workflow listed in it may use."""

import re
from collections.abc import Iterator, Mapping

from kerrigan.load.documents import parse_yaml

LOCKFILE = ".github/workflows/actions.lock"
"""Where GitHub looks for it."""

LOCK = "gh actions-lock"
"""The command that writes it, from the extension github/gh-actions-lock."""

Unlocked = Mapping[str, tuple[str, ...] | None]
"""By the path of a workflow, the actions that the lockfile lacks of it; None for a workflow that it does not list.

A listed workflow with such an action fails before its first job. One that is not listed runs, unless a policy of the
organization requires that it is.
"""

_USES = re.compile(r"(?m)^[ -]*uses: *[\"']?([^\s\"'#]+)")


def uses_of(workflow: str) -> list[str]:
    """Everything that the text of a workflow names behind `uses:`, in order."""
    return _USES.findall(workflow)


def unlocked(lockfile: str, workflows: Mapping[str, str]) -> Unlocked | None:
    """What a lockfile lacks of these workflows, texts by path; None for a lockfile that cannot be read."""
    data = parse_yaml(LOCKFILE, lockfile).data
    if not isinstance(data, dict) or not isinstance(data.get("version"), str):
        return None
    listed, known = data.get("workflows") or {}, data.get("dependencies") or {}
    if not isinstance(listed, dict) or not isinstance(known, dict):
        return None
    return {path: _lacking(listed.get(path), known, text) for path, text in workflows.items()}


def _lacking(pins: object, known: Mapping[str, object], workflow: str) -> tuple[str, ...] | None:
    if not isinstance(pins, list):
        return None
    locked = {_key(pin) for pin in pins if isinstance(pin, str)} & {_key(name) for name in known}
    return tuple(dict.fromkeys(use for use in _remote(workflow) if _key(use) not in locked))


def _remote(workflow: str) -> Iterator[str]:
    """The actions of other repositories: a folder of this one and an image have no entry."""
    return (use for use in uses_of(workflow) if not use.startswith(("./", "$/", "docker://")))


def _key(use: str) -> str:
    """`owner/name@ref`: the folder in the repository does not count, nor does the case of its name."""
    action, _, ref = use.partition("@")
    return f"{'/'.join(action.lower().split('/')[:2])}@{ref}"
