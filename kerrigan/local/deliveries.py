"""Dispatches of the local forge: payload files that wait for a receiver, and move to `delivered` when it takes them."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kerrigan.errors import UnreadableError
from kerrigan.local.store import Store

_MOST_KEYS, _MOST_BYTES, _LONGEST_TYPE = 10, 65_535, 100
"""What GitHub takes in one repository_dispatch."""


def lay_down(store: Store, slug: str, branch: str, kind: str, payload: Mapping[str, Any]) -> None:
    """Write the webhook that GitHub would send. Raises UnreadableError for one that GitHub would not take."""
    size = len(json.dumps(payload))
    if len(payload) > _MOST_KEYS or size > _MOST_BYTES or not 0 < len(kind) <= _LONGEST_TYPE:
        raise UnreadableError(
            f"a dispatch to {slug} has {len(payload)} keys and {size} bytes; a forge takes {_MOST_KEYS} keys, "
            f"{_MOST_BYTES} bytes and a type of 1 to {_LONGEST_TYPE} characters",
            kind="dispatch-payload",
            next_step="send references instead of content",
        )
    event = {
        "action": kind,
        "branch": branch,
        "client_payload": dict(payload),
        "repository": {"full_name": slug, "default_branch": branch},
        "sender": {"login": "kerrigan", "type": "Bot"},
    }
    with store.locked():
        numbers = store.numbers("dispatches") + store.numbers("dispatches/delivered")
        store.write(f"dispatches/{max(numbers, default=0) + 1}.json", event)


def waiting(store: Store) -> tuple[Path, ...]:
    """The payload files that wait for a receiver, oldest first."""
    return tuple(store.folder / "dispatches" / f"{number}.json" for number in store.numbers("dispatches"))


def take(delivery: Path) -> Path:
    """Mark a payload as delivered; returns where it lies now. Only one of two takers gets it."""
    done = delivery.parent / "delivered" / delivery.name
    try:
        done.parent.mkdir(exist_ok=True)
        return delivery.rename(done)
    except OSError as error:
        raise UnreadableError(
            f"{delivery} cannot be taken: {error.strerror}",
            kind="no-delivery",
            next_step="list what still waits; another receiver may have taken it",
        ) from error
