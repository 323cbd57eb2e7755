"""One request, one decision: the table, then the guards, then the event and everything it causes."""

from collections.abc import Mapping
from typing import Any

from kerrigan.decide.dispatches.successors import dispatch_successors
from kerrigan.decide.fold.recording import Recording
from kerrigan.decide.guards.acceptance import answered
from kerrigan.decide.guards.authorship import written_authors
from kerrigan.decide.guards.questions import question_now
from kerrigan.decide.identity import via_of
from kerrigan.decide.limits.autonomy import needs_review
from kerrigan.decide.limits.breaker import respond
from kerrigan.decide.limits.convergence import brief
from kerrigan.decide.money.budget import reservation
from kerrigan.decide.refusals.objection import objection
from kerrigan.decide.refusals.refusal import refuse
from kerrigan.decide.situation import Situation
from kerrigan.model.decision import Decision, Refusal, Request
from kerrigan.model.event import EventType
from kerrigan.model.forge.facts import Facts
from kerrigan.model.project import Project, Workspace
from kerrigan.model.state import TASK, State, Status
from kerrigan.model.usage import written


def step(project: Project, workspace: Workspace, state: State, request: Request, facts: Facts) -> Decision | Refusal:
    """Decide a request about a task of the project. Raises KeyError for a task that the project does not have."""
    situation = Situation(project, workspace, state, project.tasks[request.task or ""], request, facts)
    found = objection(situation)
    return refuse(situation, found) if found else _decision(situation)


def _decision(s: Situation) -> Decision:
    recording = Recording(s.state, s.request)
    recording.add(s.request.type, s.task.id, s.request.actor, data_for(s), s.request.cause)
    _acknowledge(s, recording)
    respond(s, recording)
    dispatch_successors(s.project, s.workspace, s.state, recording, s.request, s.facts, (s.task.id,))
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
            return {"lease_until": s.lease_until, "role": s.role, "reserved_usd": usd}
        case EventType.review_claimed:
            usd = written(reservation(s.task, s.workspace.budget))
            return {"lease_until": s.lease_until, "role": "review", "reserved_usd": usd}
        case EventType.asked:
            return {"question": s.request.reason}
        case EventType.answered:
            return {"question": question_now(s), "answer": s.request.reason}
        case EventType.heartbeat:
            return {"lease_until": s.lease_until, "tree": s.facts.tree}
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
    is_unneeded = s.standing.status is Status.in_review and not needs_review(s.task, s.workspace)
    return s.standing.status is not Status.approved and not is_unneeded


def _acknowledge(s: Situation, recording: Recording) -> None:
    """A claim answers every dispatch of its task, whether one of them caused it or not."""
    if s.request.type is not EventType.claimed:
        return
    for sent in s.state.dispatches.values():
        if sent.kind == TASK and sent.task == s.task.id:
            data = {"key": sent.key}
            recording.add(EventType.dispatch_acknowledged, s.task.id, s.request.actor, data, s.request.id)
