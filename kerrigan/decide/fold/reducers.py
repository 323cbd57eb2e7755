"""What one event changes in its task, or in a hold. Where the task goes is said by the table alone."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeVar

from kerrigan.decide.fold.attempts import after_attempt
from kerrigan.decide.lifecycle import HELD, IMPORTED, TRANSITIONS, Transition
from kerrigan.decide.limits.autonomy import MERGE
from kerrigan.decide.limits.convergence import remembered
from kerrigan.model.event import Event, EventType
from kerrigan.model.state import (
    Assignee,
    Feedback,
    Heartbeat,
    Hold,
    Holder,
    Question,
    Status,
    Submission,
    TaskState,
)

T = TypeVar("T")

MERGED_EARLY = "merged-before-approval"
"""The flag of a task whose pull request was merged before anyone approved it."""

MERGED_UNREVIEWED = "merged-unreviewed"
"""The flag of a task whose pull request was merged with commits that were pushed after what was handed in last."""

IN_CONFLICT = "in-conflict"
"""The flag of a task that was handed in and does not merge, until it is reopened."""


def task_after(standing: TaskState, event: Event) -> TaskState:
    """The task after an event that the table knows; it asks no guard, for what is in the journal has happened."""
    changed = CHANGES[event.type](standing, event) if event.type in CHANGES else standing
    # What format 1 did not fold stays out of the fold of its lines: their state.json would be another.
    counted = after_attempt(standing, changed, event) if event.v > 1 else changed
    return _moved(counted, TRANSITIONS[event.type], event.at)


def imported_after(standing: TaskState, event: Event) -> TaskState:
    """The task after an import that says it was done before; what someone began meanwhile has an end of its own."""
    return _moved(standing, IMPORTED, event.at) if standing.status in IMPORTED.sources else standing


def _moved(standing: TaskState, row: Transition, at: str) -> TaskState:
    target = row.target
    if target is None:
        return standing
    holder = standing.holder if target in HELD else None
    heartbeat = standing.heartbeat if target is Status.working else None
    review = standing.review if target is Status.in_review else None
    return replace(standing, status=target, holder=holder, heartbeat=heartbeat, review=review, since=at)


def _review_claimed(standing: TaskState, event: Event) -> TaskState:
    return replace(standing, review=_holder(event), review_fence=standing.review_fence + 1)


def _review_released(standing: TaskState, event: Event) -> TaskState:
    return replace(standing, review=None)


def _asked(standing: TaskState, event: Event) -> TaskState:
    question = Question(event.id, event.actor.login, str(event.data["question"]), event.at)
    return replace(standing, questions=(*standing.questions, question))


def _answered(standing: TaskState, event: Event) -> TaskState:
    left = tuple(question for question in standing.questions if question.id != event.data["question"])
    return replace(standing, questions=left)


def _assigned(standing: TaskState, event: Event) -> TaskState:
    agent, login = event.data.get("agent"), event.data.get("to")
    named = Assignee(str(agent), "agent") if agent else Assignee(str(login), "person") if login else None
    return replace(standing, assigned=named)


def _claimed(standing: TaskState, event: Event) -> TaskState:
    return replace(standing, holder=_holder(event), fence=standing.fence + 1)


def _holder(event: Event) -> Holder:
    run = event.run.id if event.run else None
    return Holder(event.actor.login, event.actor.kind, run, str(event.data["lease_until"]))


def _started(standing: TaskState, event: Event) -> TaskState:
    return replace(standing, attempts=standing.attempts + 1)


def _heartbeat(standing: TaskState, event: Event) -> TaskState:
    before, tree = standing.heartbeat, str(event.data.get("tree", ""))
    since = before.since if before and before.tree == tree else event.at
    held = standing.holder and replace(standing.holder, lease_until=str(event.data["lease_until"]))
    return replace(standing, holder=held, heartbeat=Heartbeat(event.at, tree, since))


def _submitted(standing: TaskState, event: Event) -> TaskState:
    data = event.data
    # Kerrigan itself only finds that the branch was pushed to, and does not see by whom.
    found = event.actor.kind == "app" and standing.holder
    author = found.login if found else event.actor.login
    submission = Submission(str(data["repository"]), data["number"], str(data["head"]))
    granted = tuple(what for what in standing.granted if what != MERGE)
    made = remembered(standing.made, dict(data.get("made", {})))
    return replace(
        standing, submission=submission, author=author, branch=str(data["branch"]), granted=granted, flags=(), made=made
    )


def _sent_back(standing: TaskState, event: Event) -> TaskState:
    reason = str(event.data.get("reason", ""))
    told = Feedback(event.type.value, event.actor.login, reason, event.expect.head, _times(standing, event, reason))
    return replace(standing, feedback=told)


def _times(standing: TaskState, event: Event, reason: str) -> int:
    # Kerrigan's own words for checks that failed are the same each time and say nothing about the failure.
    before = standing.feedback
    if before is None or not reason or event.actor.kind == "app":
        return 1
    return before.times + 1 if (before.kind, before.reason) == (event.type.value, reason) else 1


def _rejected(standing: TaskState, event: Event) -> TaskState:
    return replace(_sent_back(standing, event), review_cycles=standing.review_cycles + 1)


def _failed(standing: TaskState, event: Event) -> TaskState:
    # A claim that fails before it starts was an attempt too: else it would be tried again for ever.
    unstarted = standing.status is Status.claimed
    return replace(_sent_back(standing, event), attempts=standing.attempts + unstarted)


def _escalated(standing: TaskState, event: Event) -> TaskState:
    if not event.data.get("conflicts"):
        return standing
    told = replace(_sent_back(standing, event), flags=_added(standing.flags, IN_CONFLICT))
    return replace(told, conflicts=standing.conflicts + 1)


def _expired(standing: TaskState, event: Event) -> TaskState:
    # For the same reason: a run that dies each time before it starts would be dispatched for ever.
    return replace(standing, attempts=standing.attempts + (standing.status is Status.claimed))


def _completed(standing: TaskState, event: Event) -> TaskState:
    early = (MERGED_EARLY,) if event.data.get("early") else ()
    head, submission = event.data.get("head"), standing.submission
    if head is None or submission is None:
        return replace(standing, flags=_added(standing.flags, *early))
    flags = _added(standing.flags, *early, MERGED_UNREVIEWED)
    return replace(standing, flags=flags, submission=replace(submission, head=str(head)))


def _retried(standing: TaskState, event: Event) -> TaskState:
    not_before = event.data.get("not_before")
    return replace(standing, not_before=str(not_before) if not_before else None)


def _handed_off(standing: TaskState, event: Event) -> TaskState:
    return replace(standing, role=str(event.data["role"]))


def _confirmed(standing: TaskState, event: Event) -> TaskState:
    return replace(standing, confirmed=_added(standing.confirmed, str(event.data["what"])))


def _granted(standing: TaskState, event: Event) -> TaskState:
    return replace(standing, granted=_added(standing.granted, str(event.data["what"])))


def _flagged(standing: TaskState, event: Event) -> TaskState:
    return replace(standing, flags=tuple(map(str, event.data["flags"])))


def _reopened(standing: TaskState, event: Event) -> TaskState:
    told = replace(standing.feedback, head="", times=0) if standing.feedback else None
    anew = replace(standing, attempts=0, review_cycles=0, not_before=None, granted=(), flags=(), made={})
    return replace(anew, feedback=told)


def _added(known: tuple[T, ...], *new: T) -> tuple[T, ...]:
    return known + tuple(one for one in dict.fromkeys(new) if one not in known)


CHANGES: Mapping[EventType, Callable[[TaskState, Event], TaskState]] = {
    EventType.claimed: _claimed,
    EventType.started: _started,
    EventType.submitted: _submitted,
    EventType.tests_failed: _sent_back,
    EventType.rejected: _rejected,
    EventType.completed: _completed,
    EventType.failed: _failed,
    EventType.escalated: _escalated,
    EventType.expired: _expired,
    EventType.retried: _retried,
    EventType.handed_off: _handed_off,
    EventType.confirmed: _confirmed,
    EventType.granted: _granted,
    EventType.reopened: _reopened,
    EventType.heartbeat: _heartbeat,
    EventType.review_claimed: _review_claimed,
    EventType.review_released: _review_released,
    EventType.asked: _asked,
    EventType.answered: _answered,
    EventType.assigned: _assigned,
    EventType.flagged: _flagged,
}
"""What an event changes beside the status; an event that is not here changes nothing else."""


def hold_after(standing: Hold | None, event: Event) -> Hold | None:
    """The hold on a project, or on the part of it that an event of the project is about, after that event."""
    match event.type:
        case EventType.paused | EventType.stopped:
            return Hold(event.type.value, event.actor.login, str(event.data.get("reason", "")))
        case EventType.resumed:
            return None
        case _:
            return standing
