"""No, in words: what stands in the way, who holds the task, who can clear it, and what this actor may ask for now."""

from dataclasses import replace

from kerrigan.decide.guards.guards import GUARDS, SAID_LATER
from kerrigan.decide.lifecycle import TRANSITIONS, VERBS
from kerrigan.decide.refusals.objection import Objection
from kerrigan.decide.refusals.remedy import remedy
from kerrigan.decide.situation import Situation
from kerrigan.model.decision import Refusal


def refuse(s: Situation, found: Objection) -> Refusal:
    """The refusal of what a situation asks for."""
    row, standing = TRANSITIONS.get(s.request.type), s.standing
    verb = row.verb if row and row.verb else s.request.type.value
    step = str(remedy(s, found))
    return Refusal(verb, s.task.id, standing.status.value, found.reason, standing.holder, allowed(s), next=step)


def allowed(s: Situation) -> tuple[str, ...]:
    """The verbs whose row fits and whose guards hold for this actor, as far as that can be said before it asks."""
    if s.state.hold and s.state.hold.kind == "stopped":
        return ()
    return tuple(verb for verb, event in VERBS.items() if _may(replace(s, request=replace(s.request, type=event))))


def _may(s: Situation) -> bool:
    row = TRANSITIONS[s.request.type]
    asked = (GUARDS[name] for name in row.must if name not in SAID_LATER)
    return s.standing.status in row.sources and all(guard(s) is None for guard in asked)
