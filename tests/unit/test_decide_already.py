"""What is asked for twice: the second time it is so already, and is neither written nor refused."""

from dataclasses import replace

import pytest

from kerrigan.decide.idempotency import is_duplicate
from kerrigan.model.event import EventType
from kerrigan.model.state import Feedback, Hold, Holder, State, Status
from tests.unit.decide_stage import AT, BO, PLAN, ask, standing, state

E = EventType
TASK = PLAN.tasks["todo/contract"]
HELD = Holder("Ada", "person", None, AT)
TOLD = Feedback("rejected", "ada", "no tests")


@pytest.mark.parametrize(
    ("event", "status"),
    [
        (E.approved, Status.approved),
        (E.blocked, Status.blocked),
        (E.cancelled, Status.cancelled),
        (E.completed, Status.done),
        (E.escalated, Status.escalated),
        (E.retried, Status.open),
        (E.unblocked, Status.open),
    ],
)
def test_a_task_that_is_where_it_is_asked_to_go(event: EventType, status: Status) -> None:
    assert is_duplicate(state(contract=standing(status)), TASK, ask(event))
    assert not is_duplicate(state(contract=standing(Status.working)), TASK, ask(event))


def test_a_claim_is_so_for_its_holder_only() -> None:
    held = state(contract=standing(Status.claimed, holder=HELD))
    assert is_duplicate(held, TASK, ask(E.claimed))
    assert not is_duplicate(held, TASK, ask(E.claimed, actor=BO))
    assert not is_duplicate(State(), TASK, ask(E.claimed))


def test_a_rejection_is_so_in_the_same_words_of_the_same_person_only() -> None:
    back = state(contract=standing(Status.open, feedback=TOLD))
    assert is_duplicate(back, TASK, ask(E.rejected, reason="no tests"))
    again = replace(TOLD, head="c0ffee", times=2)
    assert is_duplicate(state(contract=standing(Status.open, feedback=again)), TASK, ask(E.rejected, reason="no tests"))
    assert not is_duplicate(back, TASK, ask(E.rejected, reason="no docs"))
    assert not is_duplicate(back, TASK, ask(E.rejected, reason="no tests", actor=BO))
    assert not is_duplicate(
        state(contract=standing(Status.in_review, feedback=TOLD)), TASK, ask(E.rejected, reason="no tests")
    )


def test_roles_and_grants() -> None:
    moved = state(contract=standing(Status.open, role="testing", granted=("go",)))
    assert is_duplicate(moved, TASK, ask(E.handed_off, role="testing"))
    assert not is_duplicate(moved, TASK, ask(E.handed_off, role=TASK.role))
    assert is_duplicate(State(), TASK, ask(E.handed_off, role=TASK.role))
    assert is_duplicate(moved, TASK, ask(E.granted, data={"what": "go"}))
    assert not is_duplicate(moved, TASK, ask(E.granted, data={"what": "sprint"}))


def test_the_same_commit_is_not_asked_about_here() -> None:
    assert not is_duplicate(state(contract=standing(Status.testing)), TASK, ask(E.submitted))


def test_brakes() -> None:
    paused = replace(State(), hold=Hold("paused", "ada", "lunch"))
    assert is_duplicate(paused, TASK, ask(E.paused, None))
    assert not is_duplicate(paused, TASK, ask(E.stopped, None))
    assert not is_duplicate(paused, TASK, ask(E.resumed, None))
    assert is_duplicate(State(), TASK, ask(E.resumed, None))
