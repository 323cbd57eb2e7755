"""What is handed in and does not merge goes to a person, and too much of it stops what would come on top."""

from dataclasses import replace
from typing import Any

import pytest

from kerrigan.decide.fold.fold import replay
from kerrigan.decide.fold.state_json import dump, load
from kerrigan.decide.gate import gate
from kerrigan.decide.limits.breaker import NAMED
from kerrigan.decide.readiness import readiness, ready
from kerrigan.model.decision import Decision, Refusal
from kerrigan.model.event import KERRIGAN, Actor
from kerrigan.model.event import EventType as E
from kerrigan.model.forge.facts import Facts
from kerrigan.model.project import Limits, Task
from kerrigan.model.state import State, Status
from tests.unit.decide_stage import (
    GOOD,
    HEAD,
    MERGES,
    PULL_REQUEST,
    TO_WORK,
    WORKSPACE,
    Story,
    project,
    swept,
    types,
)

CLAUDE = Actor("claude", "agent")
CLASH = replace(GOOD, merging=replace(MERGES, conflicts=("a.py", "b.py")))
NAMES = tuple("abcdefg")


def story(**limits: Any) -> Story:
    plan = project(*(Task(f"todo/{name}", name, "swe", "api") for name in NAMES))
    return Story(plan, replace(WORKSPACE, limits=Limits(**limits)))


def submit(told: Story, name: str, facts: Facts) -> Decision | Refusal:
    told.tell(f"todo/{name}", TO_WORK)
    return told.ask(E.submitted, f"todo/{name}", facts=facts)


def test_a_conflict_is_handed_in_and_goes_to_a_person_in_the_same_commit() -> None:
    told = story()
    answer = submit(told, "a", CLASH)
    assert types(answer) == ["submitted", "escalated"]
    assert isinstance(answer, Decision)
    first, then = answer.events
    assert (then.actor, then.cause) == (KERRIGAN, first.id)
    assert (then.data["conflicts"], then.data["base"]) == (["a.py", "b.py"], MERGES.base)
    standing = told.state.task("todo/a")
    assert (standing.status, standing.holder, standing.conflicts) == (Status.escalated, None, 1)
    assert standing.submission is not None
    assert standing.submission.head == HEAD
    assert standing.feedback is not None
    assert "kerrigan/todo/a conflicts with main in a.py, b.py: merge main into it" in standing.feedback.reason
    assert load(dump(told.state, 1)) == told.state == replay(State(), told.lines)


def test_the_gate_says_which_files() -> None:
    told = story()
    submit(told, "a", CLASH)
    pull_request = replace(PULL_REQUEST, branch="kerrigan/todo/a")
    verdict = gate(told.project, told.workspace, told.state, pull_request, GOOD)
    assert [(r.kind, "a.py, b.py" in r.message) for r in verdict.reasons] == [("conflict", True)]


def test_of_many_files_the_words_name_some_and_the_event_all() -> None:
    told, files = story(), tuple(f"f{n}" for n in range(NAMED + 1))
    answer = submit(told, "a", replace(GOOD, merging=replace(MERGES, conflicts=files)))
    assert isinstance(answer, Decision)
    assert answer.events[1].data["conflicts"] == list(files)
    assert f"f{NAMED - 1}, …: merge" in answer.events[1].data["reason"]


def test_what_git_could_replay_is_handed_in_at_the_merge() -> None:
    told = story()
    answer = submit(told, "a", replace(GOOD, merging=replace(MERGES, commit="c" * 40)))
    assert types(answer) == ["submitted"]
    assert isinstance(answer, Decision)
    assert answer.events[0].data["head"] == "c" * 40
    assert told.state.task("todo/a").conflicts == 0


@pytest.mark.parametrize("force", [False, True])
def test_what_nobody_has_tried_is_not_handed_in(force: bool) -> None:
    told = story()
    told.tell("todo/a", TO_WORK)
    unknown = replace(GOOD, merging=None)
    refused = told.ask(E.submitted, "todo/a", facts=unknown, force=force, reason="now")
    assert isinstance(refused, Refusal)
    assert refused.reason == "whether kerrigan/todo/a merges with the default branch could not be found out: try again"


def test_a_push_onto_what_was_handed_in_is_written_down_untried() -> None:
    told = story()
    submit(told, "a", GOOD)
    pushed = replace(GOOD, head="b" * 40, merging=None, delivered=None)
    assert types(swept(told, a=pushed)) == ["submitted"]
    assert types(told.ask(E.submitted, "todo/a", facts=replace(pushed, head="c" * 40))) == ["submitted"]
    assert told.state.task("todo/a").status is Status.testing


def test_the_count_outlives_a_reopening_and_the_flag_does_not() -> None:
    told = story()
    submit(told, "a", CLASH)
    told.tell("todo/a", [E.reopened])
    assert (told.state.task("todo/a").conflicts, told.state.task("todo/a").flags) == (1, ())
    submit(told, "a", CLASH)
    assert told.state.task("todo/a").conflicts == 2
    told.tell("todo/a", [E.reopened])
    assert types(submit(told, "a", GOOD)) == ["submitted"]


def test_what_a_person_escalates_is_no_conflict() -> None:
    told = story()
    submit(told, "a", GOOD)
    told.tell("todo/a", [E.escalated])
    standing = told.state.task("todo/a")
    assert (standing.conflicts, standing.flags, standing.feedback) == (0, (), None)


def test_more_conflicts_than_allowed_stop_claims_until_they_are_taken_up() -> None:
    told = story()
    for name in "abc":
        submit(told, name, CLASH)
    assert ready(told.project, told.workspace, told.state, told.at) == ("todo/d", "todo/e", "todo/f", "todo/g")
    submit(told, "d", CLASH)
    assert ready(told.project, told.workspace, told.state, told.at) == ()
    word, [reason] = readiness(told.project, told.workspace, told.state, "todo/e", told.at)
    assert (word, reason.kind, reason.next) == ("waiting", "conflicts", "kerrigan show todo/a")
    assert reason.message.startswith("4 tasks do not merge, and kerrigan.yml allows 3: todo/a, todo/b, todo/c, todo/d")
    refused = told.ask(E.claimed, "todo/e", CLAUDE)
    assert isinstance(refused, Refusal)
    assert "4 tasks do not merge" in refused.reason
    told.tell("todo/a", [E.cancelled])
    assert isinstance(told.ask(E.claimed, "todo/e"), Decision)


def test_what_was_in_conflict_may_be_taken_up_however_many_there_are() -> None:
    told = story(conflicts=1)
    for name in "abc":
        told.tell(f"todo/{name}", TO_WORK)
    for name in "abc":
        assert types(told.ask(E.submitted, f"todo/{name}", facts=CLASH)) == ["submitted", "escalated"]
    told.tell("todo/c", [E.reopened])
    assert isinstance(told.ask(E.claimed, "todo/g"), Refusal)
    assert isinstance(told.ask(E.claimed, "todo/c"), Decision)
