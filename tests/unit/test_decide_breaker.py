"""Who only fails is paused, what goes in circles is escalated: in the commit of the event that shows it."""

from dataclasses import replace

import pytest

from kerrigan.decide.fold.fold import replay
from kerrigan.decide.fold.state_json import dump, load
from kerrigan.decide.limits.holds import brake
from kerrigan.decide.reconcile import reconcile_project
from kerrigan.model.decision import Decision, Refusal
from kerrigan.model.event import KERRIGAN, Actor
from kerrigan.model.event import EventType as E
from kerrigan.model.forge.facts import Facts
from kerrigan.model.project import Limits, Task
from kerrigan.model.state import State, Status
from kerrigan.model.timestamp import later
from tests.unit.decide_stage import ADA, AT, BO, GOOD, WORKSPACE, Story, ask, project

CLAUDE, CODEX = Actor("claude", "agent"), Actor("codex", "agent")
TASKS = tuple(Task(f"todo/t{n}", f"T{n}", "swe", "api" if n % 2 else "web") for n in range(8))


def story(limit: int = 3, attempts: int = 9) -> Story:
    limits = Limits(failures_in_a_row=limit)
    return Story(project(*TASKS), replace(WORKSPACE, limits=limits, attempts=attempts))


def held(answer: Decision | Refusal) -> list[E]:
    assert isinstance(answer, Decision), answer
    return [event.type for event in answer.events]


def work(told: Story, name: str, actor: Actor) -> int:
    task = f"todo/{name}"
    assert isinstance(told.ask(E.claimed, task, actor), Decision)
    fence = told.state.task(task).fence
    assert isinstance(told.ask(E.started, task, actor, fence=fence), Decision)
    return fence


def fail(told: Story, name: str, actor: Actor = CLAUDE, reason: str = "") -> list[E]:
    """Claim, start and fail; the reason is another one each time unless it is given."""
    fence = work(told, name, actor)
    return held(told.ask(E.failed, f"todo/{name}", actor, fence=fence, reason=reason or f"it broke ({told.asked})"))


def pass_tests(told: Story, name: str, actor: Actor) -> None:
    fence = work(told, name, actor)
    told.ask(E.submitted, f"todo/{name}", actor, fence=fence)
    told.tell(f"todo/{name}", (E.tests_passed,))


def resume(told: Story, scope: str = "", actor: Actor = ADA) -> Decision | Refusal:
    request = ask(E.resumed, None, actor, reason="fixed", data={"scope": scope} if scope else {})
    answer = brake(told.project, told.workspace, told.state, request, GOOD)
    told.record(answer)
    return answer


def test_an_agent_that_only_fails_is_paused_by_the_last_failure() -> None:
    told = story()
    assert fail(told, "t1") == fail(told, "t3") == [E.failed]
    assert fail(told, "t5") == [E.failed, E.paused]
    hold = told.state.holds["agent:claude"]
    assert (hold.by, hold.reason) == ("kerrigan", "3 failures in a row without a success (limits.failures_in_a_row)")
    assert told.state.hold is None
    refused = told.ask(E.claimed, "todo/t7", CLAUDE)
    assert isinstance(refused, Refusal)
    assert "the agent 'claude' is paused by kerrigan: 3 failures in a row" in refused.reason
    assert isinstance(told.ask(E.claimed, "todo/t7", CODEX), Decision)


def test_a_success_between_begins_anew() -> None:
    told = story()
    fail(told, "t1")
    fail(told, "t3")
    pass_tests(told, "t5", CLAUDE)
    assert told.state.streaks == {}
    assert fail(told, "t7") == [E.failed]


def test_failures_of_several_pause_the_project_and_its_gates_hear_of_it() -> None:
    told = story()
    pass_tests(told, "t0", ADA)
    fail(told, "t1", CLAUDE)
    fail(told, "t3", CODEX)
    assert fail(told, "t5", BO) == [E.failed, E.paused, E.dispatch_requested]
    assert told.state.hold is not None
    assert told.state.holds == {}
    assert isinstance(told.ask(E.claimed, "todo/t7", CODEX), Refusal)


def test_what_one_agents_pause_has_ended_is_not_the_projects() -> None:
    told = story()
    for name in ("t1", "t3", "t5"):
        fail(told, name)
    assert fail(told, "t7", CODEX) == [E.failed]
    assert told.state.streaks == {"": 1, "agent:codex": 1}


def test_only_a_person_resumes_and_counting_begins_anew() -> None:
    told = story()
    for name in ("t1", "t3", "t5"):
        fail(told, name)
    for actor in (CLAUDE, Actor("renovate[bot]", "app")):
        assert isinstance(resume(told, "agent:claude", actor), Refusal)
    assert isinstance(resume(told, "agent:claude"), Decision)
    assert fail(told, "t7") == [E.failed]


def test_failed_tests_and_lost_claims_count_as_failures_in_a_sweep_too() -> None:
    told = story()
    fail(told, "t1")
    fence = work(told, "t3", CLAUDE)
    told.ask(E.submitted, "todo/t3", CLAUDE, fence=fence)
    work(told, "t5", CLAUDE)
    facts = {"todo/t3": replace(GOOD, checks="failure", delivered=None), "todo/t5": Facts(run_ended=True)}
    request = ask(E.expired, None, KERRIGAN, later(AT, 1))
    answer = reconcile_project(told.project, told.workspace, told.state, facts, request)
    assert isinstance(answer, Decision)
    paused = [event for event in answer.events if event.type is E.paused]
    assert [event.data["scope"] for event in paused] == ["agent:claude"]
    assert paused[0].data["last"] == "todo/t5"


def test_counts_survive_the_journal_and_state_json() -> None:
    told = story(limit=9)
    fail(told, "t1")
    fail(told, "t3", CODEX)
    assert told.state.streaks == {"": 2, "agent:claude": 1, "agent:codex": 1}
    assert load(dump(told.state, 1)) == told.state == replay(State(), told.lines)


def test_the_same_failure_thrice_escalates_the_task() -> None:
    told = story(limit=9)
    for answer in ([E.failed], [E.failed], [E.failed, E.escalated]):
        assert fail(told, "t1", reason="cannot find module 'x'") == answer
        if answer == [E.failed]:
            told.ask(E.retried, "todo/t1", ADA)
    assert told.state.task("todo/t1").status is Status.escalated
    told.tell("todo/t1", (E.reopened,))
    assert fail(told, "t1", reason="cannot find module 'x'") == [E.failed]


def test_other_words_are_another_failure() -> None:
    told = story(limit=9)
    for reason in ("a", "a", "b", "a", "a"):
        assert fail(told, "t1", reason=reason) == [E.failed]
        told.ask(E.retried, "todo/t1", ADA)


@pytest.mark.parametrize(("actor", "ends"), [(CLAUDE, [E.submitted, E.escalated]), (BO, [E.submitted])])
def test_handing_in_what_was_sent_back_escalates_where_no_person_does_it(actor: Actor, ends: list[E]) -> None:
    told = story()
    pass_tests(told, "t1", actor)
    told.ask(E.rejected, "todo/t1", Actor("cy"), reason="no paging")
    fence = work(told, "t1", actor)
    assert held(told.ask(E.submitted, "todo/t1", actor, fence=fence)) == ends


def test_handing_in_twice_what_is_new_is_no_circle() -> None:
    told = story()
    pass_tests(told, "t1", CLAUDE)
    told.ask(E.rejected, "todo/t1", BO, reason="no paging")
    fence = work(told, "t1", CLAUDE)
    newer = replace(GOOD, head="b" * 40)
    for _ in range(2):
        answer = told.ask(E.submitted, "todo/t1", CLAUDE, newer, fence=fence)
        assert held(answer) == [E.submitted]
