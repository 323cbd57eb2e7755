"""What stands against a request: the table, then the guards of its row in order; `remedy` says who can clear it."""

from dataclasses import dataclass

from kerrigan.decide.dispatches import dispatch
from kerrigan.decide.guards.definition import located
from kerrigan.decide.guards.guards import FORCEABLE, GUARDS
from kerrigan.decide.identity import permission_holder
from kerrigan.decide.lifecycle import HELD, TRANSITIONS, Transition, ordered
from kerrigan.decide.situation import Situation
from kerrigan.model.event import EventType
from kerrigan.model.project import Permission
from kerrigan.model.state import TASK, Status

CLAIM_WRITES = frozenset({EventType.started, EventType.submitted})
"""What only the holder can say, so that not even an admin forces it for someone else."""

STOPPED, UNKNOWN, TABLE, FORCE, DISPATCH = "stopped", "unknown", "table", "force", "dispatch"
"""What may stand against a request beside the guards of its row: see Objection."""


@dataclass(frozen=True, slots=True)
class Objection:
    """`guard` is the guard of the row that does not hold, or one of

    * stopped: the project is; unknown: no one can ask that of a task; table: not from this status
    * force: only an admin forces; dispatch: the dispatch that a claim cites does not carry it.
    """

    guard: str
    reason: str


def objection(s: Situation) -> Objection | None:
    """The first thing that stands against a request, or None."""
    if s.state.hold and s.state.hold.kind == "stopped":
        return Objection(STOPPED, f"{s.project.name} is stopped by {s.state.hold.by}: {s.state.hold.reason}")
    row = TRANSITIONS.get(s.request.type)
    if row is None:
        return Objection(UNKNOWN, f"'{s.request.type}' is nothing that can be asked of a task")
    if against := _unfounded(s):
        return Objection(DISPATCH, against)
    if s.standing.status not in row.sources:
        return Objection(TABLE, out_of_table(s, row))
    return _may_not_force(s) or _located(s, row.must) or first_failing(s, _asked(s, row.must))


def first_failing(s: Situation, names: tuple[str, ...]) -> Objection | None:
    """The first guard that does not hold, with its reason."""
    return next((Objection(name, why) for name in names if (why := GUARDS[name](s))), None)


def _located(s: Situation, must: tuple[str, ...]) -> Objection | None:
    why = located(s, must)
    return Objection("defined", why) if why else None


def out_of_table(s: Situation, row: Transition) -> str:
    """Why an event does not fit the task's status; says so when the task is there already."""
    standing, holder, task = s.standing, s.standing.holder, s.task.id
    if holder and standing.status in HELD and row.target is Status.claimed:
        until = f"until {holder.lease_until}"
        if s.is_claim_over:
            until = "its run has ended" if s.facts.run_ended else f"{until}, which is over"
        if s.request.actor.is_same(holder.login, holder.kind):
            return f"you hold {task} already (fence {standing.fence}, {until})"
        return f"{holder.login} holds {task} ({standing.status}, fence {standing.fence}, {until})"
    if standing.status is row.target:
        return f"{task} is {standing.status} already" + (f", since {standing.since}" if standing.since else "")
    expected = " or ".join(ordered(row.sources))
    return f"{task} is {standing.status}, and {row.verb or row.event} needs it to be {expected}"


def _asked(s: Situation, must: tuple[str, ...]) -> tuple[str, ...]:
    if not s.request.force:
        return must
    skipped = FORCEABLE - {"holder"} if s.request.type in CLAIM_WRITES else FORCEABLE
    return tuple(name for name in must if name not in skipped)


def _may_not_force(s: Situation) -> Objection | None:
    if not s.request.force:
        return None
    if not s.facts.permission.allows(Permission.admin):
        return Objection(FORCE, f"--force needs admin, and {permission_holder(s.request)} has '{s.facts.permission}'")
    return first_failing(s, ("reason",))


def _unfounded(s: Situation) -> str | None:
    """Why the dispatch that a claim cites does not carry it: a payload is a stranger's word, the journal is not."""
    key = s.request.cause
    if s.request.type is not EventType.claimed or key is None:
        return None
    sent = s.state.dispatches.get(key)
    if dispatch.is_of_earlier_claim(s.project, s.state, s.task, key):
        return f"dispatch {key} was answered already"
    if sent is None or sent.kind != TASK or sent.task != s.task.id:
        return f"the journal of {s.project.name} has no dispatch {key} for {s.task.id}"
    if sent.to != s.project.slug(s.task):
        return f"dispatch {key} went to {sent.to}, and {s.task.id} is work of {s.project.slug(s.task)} by now"
    return None
