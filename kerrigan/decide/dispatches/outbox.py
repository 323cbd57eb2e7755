"""What one event changes in the outbox: the dispatches that are under way."""

from dataclasses import replace

from kerrigan.model.event import Event, EventType
from kerrigan.model.state import RECHECK, Dispatch, DispatchStatus

DISPATCHES = frozenset(e for e in EventType if e.name.startswith("dispatch_"))
"""The events that move a dispatch."""


def record_dispatch(dispatches: dict[str, Dispatch], event: Event) -> None:
    """Apply an event of a dispatch to the outbox, by key. What is acknowledged or superseded leaves it.

    An event of a dispatch that is not there changes nothing: it was never requested, or is over.
    """
    key = str(event.data["key"])
    if event.type is EventType.dispatch_requested:
        new = _requested(event, key)
        if new.kind == RECHECK:
            _forget_given_up(dispatches, new.to)
        dispatches[key] = new
    elif event.type is EventType.dispatch_acknowledged:
        dispatches.pop(key, None)
    elif key in dispatches:
        dispatches[key] = _tried(dispatches[key], event)


def _requested(event: Event, key: str) -> Dispatch:
    data = event.data
    role = str(data.get("role", ""))
    return Dispatch(key, str(data["kind"]), str(data["to"]), event.task, int(data["fence"]), role=role)


def _forget_given_up(dispatches: dict[str, Dispatch], to: str) -> None:
    # A recheck is of all gates of a repository, so the next one asks for what the one before was given up on.
    given_up = (RECHECK, to, DispatchStatus.dead)
    for key in [d.key for d in dispatches.values() if (d.kind, d.to, d.status) == given_up]:
        del dispatches[key]


def _tried(standing: Dispatch, event: Event) -> Dispatch:
    if event.type is EventType.dispatch_dead:
        return replace(standing, status=DispatchStatus.dead)
    sent = replace(standing, sendings=standing.sendings + 1, deadline=str(event.data["deadline"]))
    if event.type is EventType.dispatch_failed:
        return replace(sent, failure=str(event.data.get("reason", "")))
    return replace(sent, status=DispatchStatus.sent, failure="")
