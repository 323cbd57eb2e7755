"""What people ask for on GitHub: labels, and comments that begin with `/kerrigan`. Asking is not yet being allowed."""

from collections.abc import Mapping
from dataclasses import replace

from kerrigan.load.answers import answers
from kerrigan.model.decision import Hint
from kerrigan.model.event import EventType
from kerrigan.model.names import is_id

COMMAND = "/kerrigan"
"""The first word of a comment that asks for something."""

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

_LONGEST_WORD = 60


def by_label(label: str) -> Hint:
    """What a label asks for when it is set: kind ask; view where it only shows; nothing where it is not Kerrigan's.

    A label cannot carry a reason, so it is its own. One that cannot be meant is an ask for nothing (`asks` None).
    """
    name = label.lower()
    prefix, colon, rest = name.partition(":")
    reason = f"label {label}"
    if name in GRANTS:
        return Hint("ask", asks=EventType.granted, what=GRANTS[name], said=label, reason=reason)
    match colon and prefix:
        case "role" if is_id(rest):
            return Hint("ask", asks=EventType.handed_off, role=rest, said=label, reason=reason)
        case "role":
            return Hint("ask", said=label)
        case "kerrigan":
            return Hint("ask", asks=VERBS.get(rest), said=label, reason=reason)
        case "status":
            return Hint("view", said=label)
        case _:
            return Hint("nothing")


def by_comment(body: str) -> Hint:
    """What a comment asks for: `/kerrigan VERB [words]` on its first line that is not blank; else nothing.

    The words are the reason, and lines below may answer acceptance criteria. `hand-off` takes the role before them,
    `grant` takes `start` or `merge`.
    """
    first = next((line for line in body.splitlines() if line.strip()), "")
    command, verb, words = [*first.split(None, 2), "", "", ""][:3]
    if command.lower() != COMMAND or first.startswith(("    ", "\t")):
        return Hint("nothing")
    asks = VERBS.get(verb.lower())
    said = "".join(character for character in verb if character.isprintable())[:_LONGEST_WORD]
    hint = Hint("ask", asks=asks, said=f"{COMMAND} {said}".strip(), answers=answers(body))
    return _with_words(hint, words.strip())


def _with_words(hint: Hint, words: str) -> Hint:
    first, _, rest = words.partition(" ")
    match hint.asks:
        case EventType.handed_off if is_id(first.lower()):
            return replace(hint, role=first.lower(), reason=rest.strip())
        case EventType.granted:
            return replace(hint, what=first.lower(), reason=rest.strip())
        case None:
            return hint
        case _:
            return replace(hint, reason=words)
