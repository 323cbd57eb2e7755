"""Waking the other repository exactly once, and what a sweep finds that no event told."""

import json
from dataclasses import replace

import pytest

from kerrigan.decide.dispatches.dispatch import (
    Accepted,
    Answer,
    Failed,
    acknowledge,
    dead,
    deadline,
    is_of_earlier_claim,
    payload,
    record_sent,
    to_send,
)
from kerrigan.decide.fold.state_json import dump
from kerrigan.decide.limits.holds import brake
from kerrigan.decide.step import step
from kerrigan.model.decision import Decision, Refusal
from kerrigan.model.event import KERRIGAN, EventType
from kerrigan.model.forge.facts import Facts
from kerrigan.model.project import Brake, Permission
from kerrigan.model.state import RECHECK, TASK, Dispatch, DispatchStatus, Hold
from kerrigan.model.timestamp import later
from tests.unit.decide_stage import (
    ADA,
    AT,
    CLAUDE,
    GOOD,
    PLAN,
    TO_DONE,
    TO_REVIEW,
    WORKSPACE,
    Story,
    ask,
    done,
    project,
    swept,
    types,
)

E = EventType
SCREEN = "todo/screen"
AGAIN = replace(GOOD, delivered="e" * 40)
"""Merged once more, after it was reopened."""
ACCEPTED = Accepted()


@pytest.fixture
def woken() -> Story:
    """The contract is done, so the screen in the other repository is to be worked."""
    story = Story()
    story.tell("todo/contract", TO_DONE)
    return story


def only(story: Story) -> Dispatch:
    (dispatch,) = story.state.dispatches.values()
    return dispatch


def rechecks(story: Story) -> list[tuple[str, str | None]]:
    return [(d.to, d.task) for d in story.state.dispatches.values() if d.kind == RECHECK]


def send(story: Story, at: str = AT, came_of_it: Answer = ACCEPTED) -> Decision | None:
    answers = {d.key: came_of_it for d in to_send(story.project, story.workspace, story.state, at)}
    answer = record_sent(story.project, story.workspace, story.state, answers, ask(E.dispatch_sent, None, KERRIGAN, at))
    story.record(answer)
    return answer


def test_completion_asks_in_the_same_decision_for_what_it_made_ready_elsewhere(woken: Story) -> None:
    dispatch = only(woken)
    assert (dispatch.kind, dispatch.to, dispatch.task, dispatch.fence) == (TASK, "acme/web", SCREEN, 0)
    assert '"type":"dispatch_requested"' in woken.lines[-1]
    assert '"type":"completed"' in woken.lines[-2]


def test_a_task_done_or_taken_back_has_the_gates_looked_at_again_that_wait_for_it(woken: Story) -> None:
    for waiting in (SCREEN, "todo/endpoint"):
        woken.tell(waiting, [E.claimed, E.started, E.submitted])
    both = [("acme/api", "todo/contract"), ("acme/web", "todo/contract")]
    woken.tell("todo/contract", [E.reopened])
    assert rechecks(woken) == both
    woken.tell("todo/contract", TO_DONE, facts=AGAIN)
    assert rechecks(woken) == both * 2


def test_a_claim_acknowledges_and_the_second_arrival_is_refused(woken: Story) -> None:
    key = only(woken).key
    assert types(woken.ask(E.claimed, SCREEN, CLAUDE, cause=key)) == ["claimed", "dispatch_acknowledged"]
    again = woken.ask(E.claimed, SCREEN, ADA, cause=key)
    assert isinstance(again, Refusal)
    assert "answered already" in again.reason


@pytest.mark.parametrize(
    ("task", "cause", "words"),
    [
        (SCREEN, "0" * 16, "has no dispatch 0000000000000000 for todo/screen"),
        ("todo/endpoint", None, "for todo/endpoint"),
    ],
)
def test_a_claim_that_cites_a_dispatch_of_nothing_or_of_another_task_is_refused(
    woken: Story, task: str, cause: str | None, words: str
) -> None:
    answer = woken.ask(E.claimed, task, cause=cause or only(woken).key)
    assert isinstance(answer, Refusal)
    assert words in answer.reason


def test_the_key_of_every_earlier_claim_is_known_after_its_dispatch_left_the_state(woken: Story) -> None:
    keys = []
    for _ in range(3):
        keys.append(only(woken).key)
        woken.tell(SCREEN, [E.claimed, E.released])
    assert len({*keys, only(woken).key}) == 4
    task = woken.project.tasks[SCREEN]
    for key in keys:
        assert is_of_earlier_claim(woken.project, woken.state, task, key)
        answer = woken.ask(E.claimed, SCREEN, ADA, cause=key)
        assert isinstance(answer, Refusal)
        assert "answered already" in answer.reason
    for other in (only(woken).key, "0" * 16, ""):
        assert not is_of_earlier_claim(woken.project, woken.state, task, other)


def test_a_claim_that_no_dispatch_caused_acknowledges_too(woken: Story) -> None:
    woken.tell(SCREEN, [E.claimed])
    assert not woken.state.dispatches


def test_a_task_that_comes_back_is_dispatched_anew_under_another_key(woken: Story) -> None:
    first = only(woken)
    woken.tell(SCREEN, [E.claimed, E.released])
    assert (first.fence, only(woken).fence) == (0, 1)
    assert first.key != only(woken).key


def test_what_is_acknowledged_leaves_no_trace_in_the_state(woken: Story) -> None:
    for fence in range(1, 20):
        woken.tell(SCREEN, [E.claimed, E.released])
        (left,) = json.loads(dump(woken.state, 1))["dispatches"].values()
        assert (left["fence"], left["status"]) == (fence, "requested")


def test_a_recheck_supersedes_those_of_its_repository_that_were_given_up(woken: Story) -> None:
    for waiting in (SCREEN, "todo/endpoint"):
        woken.tell(waiting, [E.claimed, E.started, E.submitted])
    woken.tell("todo/contract", [E.reopened])
    at = AT
    while send(woken, at, Failed("no permission")) is not None:
        at = max(str(d.deadline) for d in woken.state.dispatches.values())
    assert types(swept(woken, at)) == ["dispatch_dead"] * 2
    woken.at = at
    before = {d.to: d.key for d in woken.state.dispatches.values()}
    woken.tell("todo/contract", TO_DONE, facts=AGAIN)
    now = {d.to: (d.key, d.status) for d in woken.state.dispatches.values()}
    assert now.keys() == before.keys()
    assert all(status is DispatchStatus.requested and key != before[to] for to, (key, status) in now.items())


def test_a_dispatch_is_sent_again_with_growing_patience_and_given_up_at_last(woken: Story) -> None:
    at, patience = AT, []
    for _ in range(woken.workspace.dispatches):
        assert send(woken, at) is not None
        assert send(woken, at) is None
        patience.append(only(woken).deadline)
        at = str(only(woken).deadline)
    assert patience[0] == deadline(woken.workspace, AT, 0) == later(AT, 900)
    assert patience[1] == later(str(patience[0]), 1800)
    assert to_send(PLAN, WORKSPACE, woken.state, at) == ()
    assert [d.key for d in dead(PLAN, woken.workspace, woken.state, at)] == [only(woken).key]
    assert types(swept(woken, at)) == ["dispatch_dead"]
    assert swept(woken, at) is None


def given_up(story: Story) -> str:
    """Send until nobody answers any more; the key of what was given up."""
    at = AT
    while send(story, at) is not None:
        at = str(only(story).deadline)
    assert types(swept(story, at)) == ["dispatch_dead"]
    story.at = at
    assert only(story).status is DispatchStatus.dead
    return only(story).key


def test_what_was_given_up_is_asked_for_once_more_after_a_person_looked(woken: Story) -> None:
    key = given_up(woken)
    woken.tell(SCREEN, [E.cancelled, E.reopened])
    assert (only(woken).key, only(woken).status, only(woken).sendings) == (key, DispatchStatus.requested, 0)


def test_what_was_given_up_is_asked_for_once_more_when_its_dependency_holds_again(woken: Story) -> None:
    """It was sent while it had to wait, so anyone who got it could not claim it."""
    given_up(woken)
    woken.tell("todo/contract", [E.reopened, *TO_REVIEW])
    assert only(woken).status is DispatchStatus.dead
    answer = swept(woken, woken.at, contract=Facts(delivered="e" * 40))
    assert types(answer) == ["completed", "dispatch_requested"]


def test_a_dispatch_of_a_task_that_is_planned_elsewhere_by_now_is_neither_sent_nor_claimed(woken: Story) -> None:
    moved = project(*(replace(t, repository="api") if t.id == SCREEN else t for t in PLAN.tasks.values()))
    gone = project(*(t for t in PLAN.tasks.values() if t.id != SCREEN))
    for plan in (moved, gone):
        assert to_send(plan, WORKSPACE, woken.state, AT) == ()
    answer = step(moved, WORKSPACE, woken.state, ask(E.claimed, SCREEN, cause=only(woken).key), GOOD)
    assert isinstance(answer, Refusal)
    assert "went to acme/web, and todo/screen is work of acme/api by now" in answer.reason


def test_the_first_sending_is_sent_and_the_next_is_resent(woken: Story) -> None:
    assert types(send(woken)) == ["dispatch_sent"]
    assert types(send(woken, later(AT, 900))) == ["dispatch_resent"]


def test_a_sending_that_failed_counts_and_is_tried_again_later(woken: Story) -> None:
    assert types(send(woken, came_of_it=Failed("no such repository"))) == ["dispatch_failed"]
    assert (only(woken).status, only(woken).sendings) == (DispatchStatus.requested, 1)
    assert send(woken) is None
    assert types(send(woken, later(AT, 900))) == ["dispatch_resent"]


def test_the_human_brake_lets_gates_hear_and_nobody_work(woken: Story) -> None:
    woken.tell("todo/endpoint", [E.claimed, E.started, E.submitted])
    woken.tell("todo/contract", [E.reopened])
    braked = replace(PLAN, brake=Brake("on-hold"))
    assert [d.kind for d in to_send(braked, WORKSPACE, woken.state, AT)] == [RECHECK]
    stopped = replace(woken.state, hold=Hold("stopped", "bo", "a leak"))
    assert to_send(PLAN, WORKSPACE, stopped, AT) == ()


def test_nothing_is_sent_for_a_task_that_needs_no_waking_or_a_project_on_hold(woken: Story) -> None:
    paused = replace(woken.state, hold=Hold("paused", "bo", "lunch"))
    assert to_send(PLAN, WORKSPACE, paused, AT) == ()
    woken.tell(SCREEN, [E.cancelled])
    assert to_send(PLAN, WORKSPACE, woken.state, AT) == ()
    assert dead(PLAN, woken.workspace, woken.state, AT) == ()


def test_an_answer_without_a_claim_is_written_down_once(woken: Story) -> None:
    request = ask(E.dispatch_acknowledged, SCREEN, CLAUDE)
    assert acknowledge(woken.state, only(woken).key, request) is None
    woken.tell("todo/endpoint", [E.claimed, E.started, E.submitted])
    woken.tell("todo/contract", [E.reopened])
    (key,) = (d.key for d in woken.state.dispatches.values() if d.kind == RECHECK)
    answer = acknowledge(woken.state, key, request)
    assert types(answer) == ["dispatch_acknowledged"]
    woken.record(answer)
    assert acknowledge(woken.state, key, request) is None
    assert acknowledge(woken.state, "unknown", request) is None


def test_the_payload_has_ten_keys_and_no_content(woken: Story) -> None:
    (due,) = to_send(PLAN, WORKSPACE, woken.state, AT)
    sent = payload(due, PLAN, "f" * 40)
    assert list(sent) == ["kerrigan", "key", "project", "task", "role", "home", "state", "fence", "deadline", "sig"]
    assert (sent["task"], sent["role"], sent["home"], sent["deadline"]) == (SCREEN, "swe", "acme/api", later(AT, 900))


def test_the_payload_names_the_role_that_goes_on_after_a_hand_off(woken: Story) -> None:
    woken.tell(SCREEN, [E.claimed])
    woken.ask(E.handed_off, SCREEN, role="design")
    (due,) = to_send(PLAN, WORKSPACE, woken.state, AT)
    assert payload(due, PLAN, "f" * 40)["role"] == "design"


def test_pausing_holds_and_resuming_asks_for_what_became_ready_meanwhile() -> None:
    story = Story(state=done("contract"))

    def pull(kind: EventType, permission: Permission = Permission.write) -> Decision | Refusal:
        request = ask(kind, None, reason="lunch")
        answer = brake(PLAN, WORKSPACE, story.state, request, replace(GOOD, permission=permission))
        if isinstance(answer, Decision):
            story.state = answer.state
        return answer

    assert types(pull(E.paused)) == ["paused"]
    assert isinstance(pull(E.paused), Refusal)
    assert types(pull(E.resumed)) == ["resumed", "dispatch_requested"]
    assert types(pull(E.stopped)) == ["stopped"]
    by_writer = pull(E.resumed)
    assert isinstance(by_writer, Refusal)
    assert ("'admin'" in by_writer.reason, by_writer.status, by_writer.allowed) == (True, "stopped", ())
    assert types(pull(E.resumed, Permission.admin)) == ["resumed"]
