"""No, in words: what stands in the way, who holds the task, and what this actor may ask for now."""

from dataclasses import replace

from kerrigan.decide.guards import GUARDS, SAID_LATER
from kerrigan.decide.lifecycle import HELD, TRANSITIONS, VERBS, Transition, ordered
from kerrigan.decide.situation import Situation
from kerrigan.model.decision import Refusal
from kerrigan.model.state import Status


def refuse(s: Situation, reason: str) -> Refusal:
    """The refusal of what a situation asks for."""
    row = TRANSITIONS.get(s.request.type)
    verb = row.verb if row and row.verb else s.request.type.value
    return Refusal(verb, s.task.id, s.standing.status.value, reason, s.standing.holder, allowed(s))


def allowed(s: Situation) -> tuple[str, ...]:
    """The verbs whose row fits and whose guards hold for this actor, as far as that can be said before it asks."""
    if s.state.hold and s.state.hold.kind == "stopped":
        return ()
    return tuple(verb for verb, event in VERBS.items() if _may(replace(s, request=replace(s.request, type=event))))


def _may(s: Situation) -> bool:
    row = TRANSITIONS[s.request.type]
    asked = (GUARDS[name] for name in row.must if name not in SAID_LATER)
    return s.standing.status in row.sources and all(guard(s) is None for guard in asked)


def out_of_table(s: Situation, row: Transition) -> str:
    """Why an event does not fit the task's status; says so when the task is there already."""
    standing, holder, task = s.standing, s.standing.holder, s.task.id
    if holder and standing.status in HELD and row.target is Status.claimed:
        if s.request.actor.is_same(holder.login, holder.kind):
            return f"you hold {task} already (fence {standing.fence}, until {holder.lease_until})"
        over = ", which is over: kerrigan reconcile frees it" if holder.lease_until <= s.request.at else ""
        return (
            f"{holder.login} holds {task} ({standing.status}, fence {standing.fence}, until {holder.lease_until}{over})"
        )
    if standing.status is row.target:
        return f"{task} is {standing.status} already, since {standing.since}"
    expected = " or ".join(ordered(row.sources))
    return f"{task} is {standing.status}, and {row.verb or row.event} needs it to be {expected}"
