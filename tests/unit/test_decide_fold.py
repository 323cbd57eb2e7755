"""The journal's lines: what was decided is what is read back, and whatever was changed is found at its line."""

import json
from dataclasses import replace

import pytest

from kerrigan.decide.fold.draft import Draft
from kerrigan.decide.fold.fold import chain, fold, replay
from kerrigan.decide.fold.reducers import MERGED_EARLY
from kerrigan.decide.fold.state_json import dump, load
from kerrigan.decide.limits.holds import brake
from kerrigan.errors import UnreadableError
from kerrigan.model.decision import Decision
from kerrigan.model.event import FORMAT, Event, EventType
from kerrigan.model.state import Feedback, State, Status, Submission
from kerrigan.model.timestamp import later
from tests.unit.decide_stage import (
    AT,
    BO,
    CLAUDE,
    GOOD,
    HEAD,
    PLAN,
    TO_DONE,
    TO_REVIEW,
    TO_WORK,
    Story,
    ask,
    project,
)


@pytest.fixture
def story() -> Story:
    """A contract that was rejected once and then merged, a screen in work, a paused project."""
    told = Story()
    told.tell("todo/contract", (*TO_REVIEW, EventType.rejected, *TO_DONE))
    told.tell("todo/screen", TO_WORK)
    told.tell("todo/launch", (EventType.confirmed, EventType.granted))
    told.record(brake(told.project, told.workspace, told.state, ask(EventType.paused, None, reason="lunch"), GOOD))
    return told


def test_state_json_holds_the_whole_state_and_is_the_same_text_each_time(story: Story) -> None:
    text = dump(story.state, 2)
    assert load(text) == story.state
    assert dump(load(text), 2) == text
    assert {"v": FORMAT, "segments": 2, "seq": story.state.seq, "last": story.state.last}.items() <= json.loads(
        text
    ).items()


def test_replaying_on_a_state_json_is_replaying_from_the_first_line(story: Story) -> None:
    half = len(story.lines) // 2
    sealed = load(dump(replay(State(), story.lines[:half]), 1))
    assert replay(sealed, story.lines[half:]) == replay(State(), story.lines) == story.state


def test_folding_leaves_the_state_before_as_it_was(story: Story) -> None:
    event = Event(99, "x", AT, EventType.cancelled, "todo/launch", BO)
    text = dump(story.state, 0)
    assert fold(story.state, [event]).task("todo/launch").status is Status.cancelled
    assert dump(story.state, 0) == text


def test_a_state_taken_from_a_draft_stays_as_it_is() -> None:
    draft = Draft(State())
    taken = draft.state()
    draft.add(Event(1, "x", AT, EventType.cancelled, "todo/launch", BO))
    assert (taken, draft.state().task("todo/launch").status) == (State(), Status.cancelled)


def test_the_first_line_that_was_tampered_with_is_named(story: Story) -> None:
    lines = story.lines
    tampered = {
        "line 3 of the journal does not carry": [lines[0], lines[1].replace('"ada"', '"eve"'), *lines[2:]],
        "line 2 of the journal is numbered 3": [lines[0], *lines[2:]],
        "line 1 of the journal is numbered 2": [lines[1], lines[0], *lines[2:]],
        "line 4 of the journal is numbered 3": [*lines[:3], *lines[2:]],
        "line 2 of the journal is not an event": [lines[0], "{", *lines[2:]],
        "line 1 of the journal is not an event": ["[]"],
    }
    for words, changed in tampered.items():
        with pytest.raises(UnreadableError, match=words) as caught:
            replay(State(), changed)
        assert caught.value.kind == "journal"
        assert caught.value.next_step


SUBMITTED = {"repository": "acme/todo-api", "number": 7, "head": HEAD, "branch": "kerrigan/todo/contract"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"v": 3, "prev": None}, "has format 3"),
        ({"type": ["beamed"]}, "is not an event"),
        ({"task": None}, "'claimed' names no task"),
        ({"data": {}}, "without what it needs: 'lease_until'"),
        ({"actor": "ada"}, "is not an event"),
        ({"v": "one"}, "is not an event"),
        ({"type": "submitted", "data": SUBMITTED | {"made": None}}, "without what it needs"),
        ({"type": "submitted", "data": SUBMITTED | {"made": "a.py"}}, "without what it needs"),
    ],
)
def test_a_line_that_no_kerrigan_wrote_is_an_error_at_its_number(change: dict[str, object], words: str) -> None:
    story = Story()
    story.tell("todo/contract", TO_WORK)
    line = json.dumps({**json.loads(story.lines[0]), **change})
    with pytest.raises(UnreadableError, match=f"line 1 of the journal .*{words}"):
        replay(State(), [line])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"v": 9}',
        '{"v": 1, "seq": 1, "last": "", "tasks": {"a": {"x": 1}}}',
        '{"v": 1, "seq": 1, "last": "", "tasks": []}',
    ],
)
def test_a_damaged_state_json_is_an_error(text: str) -> None:
    with pytest.raises(UnreadableError, match=r"state\.json"):
        load(text)


def test_the_chain_links_each_line_to_the_one_before() -> None:
    events = [Event(n, str(n), AT, EventType.imported, None, BO) for n in (1, 2, 3)]
    chained, lines, last = chain(events, State().last)
    assert chained[2].prev == chain(events[:2], State().last)[2]
    assert replay(State(), lines).last == last


def test_a_rejection_sends_the_task_back_with_its_reason_and_the_count() -> None:
    story = Story()
    story.tell("todo/contract", (*TO_REVIEW, EventType.rejected))
    task = story.state.task("todo/contract")
    assert (task.status, task.review_cycles, task.holder, task.attempts) == (Status.open, 1, None, 1)
    assert task.feedback == Feedback("rejected", "ada", "because", HEAD)
    assert task.submission == Submission("acme/api", 7, HEAD)


def test_a_claim_raises_the_fence_and_sets_the_lease() -> None:
    story = Story()
    story.tell("todo/contract", (EventType.claimed, EventType.released, EventType.claimed))
    task = story.state.task("todo/contract")
    assert task.fence == 2
    assert task.holder is not None
    assert task.holder.lease_until == later(AT, story.workspace.lease)


def test_a_merge_before_approval_is_done_and_flagged() -> None:
    risky = project(replace(PLAN.tasks["todo/contract"], risk="medium"))
    early, proper, low = Story(risky), Story(risky), Story()
    early.tell("todo/contract", (*TO_REVIEW, EventType.completed))
    proper.tell("todo/contract", TO_DONE)
    low.tell("todo/contract", (*TO_REVIEW, EventType.completed))
    assert early.state.task("todo/contract").flags == (MERGED_EARLY,)
    assert proper.state.task("todo/contract").flags == low.state.task("todo/contract").flags == ()


def test_a_claim_that_fails_before_it_starts_was_an_attempt_too() -> None:
    story = Story()
    story.tell("todo/contract", (EventType.claimed, EventType.failed))
    assert story.state.task("todo/contract").attempts == 1


def test_reopening_starts_the_counters_again() -> None:
    story = Story()
    story.tell("todo/contract", (*TO_REVIEW, EventType.rejected, *TO_DONE, EventType.reopened))
    task = story.state.task("todo/contract")
    assert (task.status, task.attempts, task.review_cycles, task.fence) == (Status.open, 0, 0, 2)


def test_a_hand_off_changes_the_role_that_may_claim_next() -> None:
    story = Story()
    story.tell("todo/contract", TO_WORK)
    answer = story.ask(EventType.handed_off, "todo/contract", role="swe")
    assert isinstance(answer, Decision)
    assert isinstance(story.ask(EventType.claimed, "todo/contract", CLAUDE), Decision)
