"""One request, one decision: the table, then the guards, then the event and everything it causes."""

from collections.abc import Mapping
from typing import Any

from kerrigan.decide import dispatch
from kerrigan.decide.acceptance import answered
from kerrigan.decide.authorship import written_authors
from kerrigan.decide.autonomy import needs_review
from kerrigan.decide.breaker import respond
from kerrigan.decide.budget import reservation
from kerrigan.decide.convergence import brief
from kerrigan.decide.definition import located
from kerrigan.decide.guards import FORCEABLE, GUARDS
from kerrigan.decide.identity import permission_holder, via_of
from kerrigan.decide.lifecycle import TRANSITIONS
from kerrigan.decide.questions import question_now
from kerrigan.decide.recording import Recording
from kerrigan.decide.refusal import out_of_table, refuse
from kerrigan.decide.situation import Situation
from kerrigan.decide.wake import wake
from kerrigan.model.decision import Decision, Refusal, Request
from kerrigan.model.event import EventType
from kerrigan.model.facts import Facts
from kerrigan.model.project import Permission, Project, Workspace
from kerrigan.model.state import TASK, State, Status
from kerrigan.model.timestamp import later
from kerrigan.model.usage import written

CLAIM_WRITES = frozenset({EventType.started, EventType.submitted})
"""What only the holder can say, so that not even an admin forces it for somebody else."""


def step(project: Project, workspace: Workspace, state: State, request: Request, facts: Facts) -> Decision | Refusal:
    """Decide a request about a task of the project. Raises KeyError for a task that the project does not have."""
    situation = Situation(project, workspace, state, project.tasks[request.task or ""], request, facts)
    against = objection(situation)
    return refuse(situation, against) if against else _decision(situation)


def objection(s: Situation) -> str | None:
    """The first thing that stands against a request, or None."""
    if s.state.hold and s.state.hold.kind == "stopped":
        return f"{s.project.name} is stopped by {s.state.hold.by}: {s.state.hold.reason}; an admin can resume it"
    row = TRANSITIONS.get(s.request.type)
    if row is None:
        return f"'{s.request.type}' is nothing that can be asked of a task"
    if against := _unfounded(s):
        return against
    if s.standing.status not in row.sources:
        return out_of_table(s, row)
    return _may_not_force(s) or located(s, row.must) or first_failing(s, _asked(s, row.must))


def first_failing(s: Situation, names: tuple[str, ...]) -> str | None:
    """The reason of the first guard that does not hold."""
    return next((why for name in names if (why := GUARDS[name](s))), None)


def _asked(s: Situation, must: tuple[str, ...]) -> tuple[str, ...]:
    if not s.request.force:
        return must
    skipped = FORCEABLE - {"holder"} if s.request.type in CLAIM_WRITES else FORCEABLE
    return tuple(name for name in must if name not in skipped)


def _may_not_force(s: Situation) -> str | None:
    if not s.request.force:
        return None
    if not s.facts.permission.allows(Permission.admin):
        return f"--force needs admin, and {permission_holder(s.request)} has '{s.facts.permission}'"
    return GUARDS["reason"](s)


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


def _decision(s: Situation) -> Decision:
    recording = Recording(s.state, s.request)
    recording.add(s.request.type, s.task.id, s.request.actor, data_for(s), s.request.cause)
    _acknowledge(s, recording)
    respond(s, recording)
    wake(s.project, s.workspace, s.state, recording, s.request, s.facts, (s.task.id,))
    decision = recording.decision()
    assert decision is not None
    return decision


def data_for(s: Situation) -> dict[str, Any]:
    """What the event carries: its own data, the words of the request, and whether it was forced."""
    reason = {"reason": s.request.reason} if s.request.reason else {}
    forced = {"forced": s.request.reason} if s.request.force else {}
    return {**s.request.data, **reason, **_own_data(s), **forced, **via_of(s.request)}


def _own_data(s: Situation) -> Mapping[str, Any]:
    submission = s.standing.submission
    match s.request.type:
        case EventType.claimed:
            usd = written(reservation(s.task, s.workspace.budget))
            return {"lease_until": later(s.request.at, s.workspace.lease), "role": s.role, "reserved_usd": usd}
        case EventType.review_claimed:
            usd = written(reservation(s.task, s.workspace.budget))
            return {"lease_until": later(s.request.at, s.workspace.lease), "role": "review", "reserved_usd": usd}
        case EventType.asked:
            return {"question": s.request.reason}
        case EventType.answered:
            return {"question": question_now(s), "answer": s.request.reason}
        case EventType.heartbeat:
            return {"lease_until": later(s.request.at, s.workspace.lease), "tree": s.facts.tree}
        case EventType.submitted:
            number = s.facts.pull_request.number if s.facts.pull_request else None
            slug, merged = s.project.slug(s.task), s.facts.merging.commit if s.facts.merging else None
            told = {"made": brief(s.facts.made)} if s.facts.made else {}
            head = merged or s.facts.head
            return {
                "repository": slug,
                "number": number,
                "head": head,
                "branch": s.task.branch,
                **written_authors(s),
                **told,
            }
        case EventType.completed:
            return _completion(s)
        case EventType.retried if s.request.actor.kind != "person":
            return {"not_before": s.retry_at}
        case EventType.handed_off:
            return {"role": s.request.role}
        case EventType.confirmed:
            return {"what": s.confirmed_now}
        case EventType.approved | EventType.rejected if submission:
            return {"head": submission.head, **answered(s)}
        case EventType.tests_passed | EventType.tests_failed if submission:
            return {"head": submission.head}
        case _:
            return {}


def _completion(s: Situation) -> dict[str, Any]:
    """Where the work arrived, and what was merged where that is another commit than the one that was handed in."""
    submission, commit, merged = s.standing.submission, s.facts.delivered, s.facts.merged
    early = {"early": True} if _is_early(s) else {}
    if submission is None or merged in (None, submission.head):
        return {"commit": commit, **early}
    return {"commit": merged if commit == submission.head else commit, "head": merged, **early}


def _is_early(s: Situation) -> bool:
    reviewed = s.standing.status is Status.approved or not needs_review(s.task, s.workspace)
    return not reviewed or s.standing.status is Status.testing


def _acknowledge(s: Situation, recording: Recording) -> None:
    """A claim answers every dispatch of its task, whether one of them caused it or not."""
    if s.request.type is not EventType.claimed:
        return
    for sent in s.state.dispatches.values():
        if sent.kind == TASK and sent.task == s.task.id:
            data = {"key": sent.key}
            recording.add(EventType.dispatch_acknowledged, s.task.id, s.request.actor, data, s.request.id)
