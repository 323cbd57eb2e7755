"""What the events of an attempt leave in its task from format 2 on: whose commits they are, and what counts."""

from dataclasses import replace

from kerrigan.decide.fold.swarm import TAKEN_BACK, attempt_of
from kerrigan.decide.lifecycle import AT_WORK, TRANSITIONS
from kerrigan.model.event import Event, EventType
from kerrigan.model.state import Author, Status, TaskState

TESTS_FORCED = "tests-forced"
"""The flag of a task whose tests an admin has passed by force: its checks decide nothing any more."""


def after_attempt(before: TaskState, after: TaskState, event: Event) -> TaskState:
    """`after` with what an event says of the attempt: taken back, whose commits it brings, where its failure stands."""
    target = TRANSITIONS[event.type].target
    if attempt_of(event).get("outcome") in TAKEN_BACK and before.status in AT_WORK and target not in {None, *AT_WORK}:
        begun = before.attempts - (before.status is Status.working)
        return replace(after, attempts=max(begun, 0), interrupted=before.interrupted + 1)
    match event.type:
        case EventType.claimed:
            return replace(after, authors=(_author(event),))
        case EventType.submitted:
            return replace(after, authors=_added_authors(before, event), interrupted=0)
        case EventType.failed | EventType.tests_failed:
            return replace(after, last_failure=event.seq, interrupted=0)
        case EventType.approved | EventType.rejected:
            return replace(after, last_review=event.seq)
        case EventType.tests_passed if event.data.get("forced"):
            return replace(after, flags=(*after.flags, *((TESTS_FORCED,) if TESTS_FORCED not in after.flags else ())))
        case EventType.completed:
            return replace(after, merged_as=str(event.data.get("commit") or "") or None)
        case EventType.reopened if before.status is Status.done and before.merged_as is None and before.submission:
            # A task of format 1, that did not keep its merge: that one must not complete it again.
            return replace(after, interrupted=0, merged_as=before.submission.head)
        case EventType.reopened:
            return replace(after, interrupted=0)
        case _:
            return after


def _author(event: Event) -> Author:
    return Author(event.actor.login, event.actor.kind, str(event.data.get("via", "")))


def _added_authors(standing: TaskState, event: Event) -> tuple[Author, ...]:
    named = event.data.get("authors")
    if named is None:
        return standing.authors if event.actor.kind == "app" else _with(standing.authors, (_author(event),))
    found = (Author(str(a["login"]), str(a.get("kind", "")), str(a.get("via", ""))) for a in named)
    return _with(standing.authors, tuple(found))


def _with(known: tuple[Author, ...], new: tuple[Author, ...]) -> tuple[Author, ...]:
    return tuple(dict.fromkeys((*known, *new)))
