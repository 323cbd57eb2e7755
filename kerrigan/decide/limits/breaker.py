"""What ends a run of failures: an agent or a project that only fails is paused, a task that goes in circles escalated.

The counts are in `streaks`, so the journal alone says why. A person resumes or reopens; counting then begins anew.
"""

from collections.abc import Iterator

from kerrigan.decide.dispatches import dispatch
from kerrigan.decide.fold.recording import Recording
from kerrigan.decide.limits.autonomy import acts_alone
from kerrigan.decide.limits.convergence import back_and_forth
from kerrigan.decide.limits.failure_streaks import FAILURES, PROJECT
from kerrigan.decide.situation import Situation
from kerrigan.model.event import KERRIGAN, Actor, EventType
from kerrigan.model.project import Workspace
from kerrigan.model.state import State, Status, TaskState

SAME = 3
"""So many times the same failure, told in the same words, is no coincidence."""

NAMED = 10
"""As many files in conflict are named in words; the event has them all."""


def respond(s: Situation, recording: Recording) -> None:
    """Escalate or pause, in the same commit, what the event of a situation shows to lead nowhere."""
    _escalate_conflict(s, recording)
    _escalate_circle(s, recording)
    _trip(s, recording)


def _trip(s: Situation, recording: Recording) -> None:
    """Pause whom an event of the situation's task has made fail once too often."""
    if s.request.type not in FAILURES:
        return
    for scope, reason in tuple(_tripped(recording.state(), s.workspace)):
        said = {"scope": scope, "reason": reason} if scope else {"reason": reason}
        recording.add(EventType.paused, None, KERRIGAN, {**said, "last": s.task.id}, s.request.id)
        if not scope:
            rechecks = dispatch.rechecks(s.project, recording.state(), None, s.request.id)
            dispatch.request_all(recording, rechecks, s.request.id)


def _tripped(state: State, workspace: Workspace) -> Iterator[tuple[str, str]]:
    limit = workspace.limits.failures_in_a_row
    full = {scope: times for scope, times in state.streaks.items() if times >= limit}
    agents = {scope: times for scope, times in full.items() if scope and scope not in state.holds}
    for scope, times in agents.items():
        yield scope, f"{times} failures in a row without a success (limits.failures_in_a_row)"
    if PROJECT in full and not agents and state.hold is None:
        yield PROJECT, f"{full[PROJECT]} failures in a row without a success (limits.failures_in_a_row)"


def _escalate_circle(s: Situation, recording: Recording) -> None:
    """Escalate the situation's task where its event shows that it goes in circles."""
    if reason := _circle(s, recording.state().task(s.task.id)):
        recording.add(EventType.escalated, s.task.id, KERRIGAN, {"reason": reason}, s.request.id)


def _escalate_conflict(s: Situation, recording: Recording) -> None:
    """Escalate the situation's task where what is handed in does not merge any more."""
    found = s.facts.merging
    if s.request.type is EventType.submitted and found and found.conflicts:
        files = ", ".join(found.conflicts[:NAMED]) + (", …" if len(found.conflicts) > NAMED else "")
        reason = (
            f"{s.task.branch} conflicts with {found.name} in {files}: merge {found.name} into it, push it, "
            f"and reopen {s.task.id} to have it handed in again"
        )
        data = {"reason": reason, "conflicts": list(found.conflicts), "base": found.base}
        recording.add(EventType.escalated, s.task.id, KERRIGAN, data, s.request.id)


def _circle(s: Situation, now: TaskState) -> str | None:
    told, holder = now.feedback, now.holder
    if s.request.type in FAILURES and now.status is Status.failed and told and told.times >= SAME:
        return f"the same failure {told.times} times: {told.reason}"
    if s.request.type is not EventType.submitted or now.submission is None or holder is None:
        return None
    # A person may have pushed onto an agent's branch, too.
    if not (acts_alone(Actor(holder.login, holder.kind)) and acts_alone(s.request.actor)):
        return None
    if told and told.kind == EventType.rejected and told.head == now.submission.head:
        return f"{told.head[:10]} was sent back by {told.by} and is handed in again as it was: {told.reason}"
    return back_and_forth(s.standing.made, s.facts.made)
