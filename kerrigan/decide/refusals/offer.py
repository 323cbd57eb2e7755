"""The commands that Kerrigan offers. One that is offered to who asks would not be refused; else it says whose it is."""

from dataclasses import replace
from shlex import quote
from typing import Any

from kerrigan.decide.lifecycle import TRANSITIONS
from kerrigan.decide.limits.autonomy import START
from kerrigan.decide.refusals.objection import objection
from kerrigan.decide.situation import Situation
from kerrigan.model.decision import NextStep
from kerrigan.model.event import EventType
from kerrigan.model.forge.facts import MET, Answer, Merging

TEXT, ROLE = "TEXT", "ROLE"
"""What stands in a command for words that only who asks can give."""

_MERGES = Merging("", "")
"""Whether a branch merges is tried when it is handed in, and not before."""


def with_words(s: Situation, event: EventType) -> Situation:
    """The situation of asking for an event with every word that it needs."""
    must = TRANSITIONS[event].must
    is_agent = s.request.actor.kind == "agent" and s.standing.holder is not None
    words: dict[str, Any] = {
        "reason": TEXT if "reason" in must else "",
        "role": ROLE if "role_given" in must else "",
        "fence": s.standing.fence if "fence" in must and is_agent else None,
        "answers": tuple(Answer(n, MET) for n in range(1, len(s.task.acceptance) + 1)) if "accepted" in must else (),
        "data": {"what": what} if (what := _what(s, must)) else {},
    }
    fresh = replace(s.request, type=event, head=None, force=False, cause=None, said_at=None, **words)
    return replace(s, request=fresh, facts=replace(s.facts, merging=s.facts.merging or _MERGES))


def _what(s: Situation, must: tuple[str, ...]) -> str:
    if "gate_named" in must:
        return START
    return s.unconfirmed[0] if "named" in must and len(s.unconfirmed) > 1 else ""


def command(s: Situation) -> str:
    """What a situation asks for, as it is written on the command line."""
    request, verb = s.request, TRANSITIONS[s.request.type].verb
    if not verb:  # agents and reconcile ask for it, not a command
        return f"kerrigan show {quote(s.task.id)}"
    given = (
        ("--what", request.data.get("what")),
        ("--role", request.role),
        ("--fence", request.fence),
        *(("--criterion", f"{answer.number}: {answer.verdict}, how you know") for answer in request.answers),
        ("--reason", request.reason),
    )
    words = (f"{option} {quote(str(value))}" for option, value in given if value)
    return " ".join(("kerrigan task", verb, quote(s.task.id), *words))


def offer(s: Situation, event: EventType, by: str) -> NextStep:
    """The command that asks for an event; `by` says who can, where who asks now cannot."""
    asked = with_words(s, event)
    return NextStep(command(asked), by if objection(asked) else "")
