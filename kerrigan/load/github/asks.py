"""What people ask for on GitHub: the verbs, and what each label asks. Asking is not yet being allowed."""

from collections.abc import Mapping
from difflib import get_close_matches

from kerrigan.model.decision import EventRequest
from kerrigan.model.event import EventType
from kerrigan.model.names import is_id

TASK_VERBS: Mapping[str, EventType] = {
    "claim": EventType.claimed,
    "start": EventType.started,
    "submit": EventType.submitted,
    "pass-tests": EventType.tests_passed,
    "fail-tests": EventType.tests_failed,
    "approve": EventType.approved,
    "reject": EventType.rejected,
    "complete": EventType.completed,
    "fail": EventType.failed,
    "retry": EventType.retried,
    "escalate": EventType.escalated,
    "release": EventType.released,
    "block": EventType.blocked,
    "unblock": EventType.unblocked,
    "hand-off": EventType.handed_off,
    "confirm": EventType.confirmed,
    "grant": EventType.granted,
    "cancel": EventType.cancelled,
    "heartbeat": EventType.heartbeat,
    "reopen": EventType.reopened,
}
"""What can be asked about a task, in the words of the command line."""

PROJECT_VERBS: Mapping[str, EventType] = {
    "pause": EventType.paused,
    "resume": EventType.resumed,
    "stop": EventType.stopped,
}
"""What can be asked about the whole project that an issue or a pull request belongs to."""

VERBS: Mapping[str, EventType] = {**TASK_VERBS, **PROJECT_VERBS}
"""Everything that can be asked, by its verb."""

GRANTS: Mapping[str, str] = {"agent:go": "go", "agent:sprint": "sprint", "autonomy:override": "override"}
"""The labels of Milestone 4 that open a gate, and which."""


def unknown(verb: str, of: str) -> str:
    """The message about a verb that nothing is asked by, with the nearest that there is; `of` is where it stood."""
    near = get_close_matches(verb.lower(), VERBS, n=1, cutoff=0.7)
    return f"unknown {of} '{verb}'" + (f"; did you mean '{near[0]}'?" if near else "")


def by_label(label: str) -> EventRequest:
    """What a label asks for when it is set: kind ask; view where it only shows; nothing where it is not Kerrigan's.

    A label cannot carry a reason, so it is its own. One that cannot be meant asks for nothing, and `wrong` says why.
    """
    name = label.lower()
    prefix, colon, rest = name.partition(":")
    reason = f"label {label}"
    if name in GRANTS:
        return EventRequest("ask", asks=EventType.granted, what=GRANTS[name], said=label, reason=reason)
    match colon and prefix:
        case "role" if is_id(rest):
            return EventRequest("ask", asks=EventType.handed_off, role=rest, said=label, reason=reason)
        case "role":
            return EventRequest(
                "ask", said=label, wrong=f"'{label}' names no role: expected role:NAME in lower-case letters"
            )
        case "kerrigan" if rest in VERBS:
            return EventRequest("ask", asks=VERBS[rest], said=label, reason=reason)
        case "kerrigan":
            return EventRequest("ask", said=label, wrong=unknown(rest, "request"))
        case "status":
            return EventRequest("view", said=label)
        case _:
            return EventRequest("nothing")
