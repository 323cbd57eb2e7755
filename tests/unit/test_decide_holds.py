"""Brakes on an agent, a role or a repository: what they keep back, what they leave alone, and who ends them."""

from dataclasses import replace
from typing import Any

import pytest

from kerrigan.decide.dispatches.dispatch import to_send
from kerrigan.decide.fold.fold import replay
from kerrigan.decide.fold.state_json import dump, load
from kerrigan.decide.limits.holds import brake
from kerrigan.decide.readiness import readiness, ready
from kerrigan.model.decision import Decision, Refusal
from kerrigan.model.event import Actor
from kerrigan.model.event import EventType as E
from kerrigan.model.project import Permission
from kerrigan.model.state import State
from tests.unit.decide_stage import ADA, AT, BO, CLAUDE, GOOD, PLAN, TASKS, TO_DONE, Story, ask, project

CODEX = Actor("codex", "agent")


def brake_on(told: Story, kind: E, scope: str = "", actor: Actor = ADA, **more: Any) -> Decision | Refusal:
    request = ask(kind, None, actor, **{"reason": "lunch", "data": {"scope": scope} if scope else {}, **more})
    answer = brake(told.project, told.workspace, told.state, request, GOOD)
    told.record(answer)
    return answer


@pytest.fixture
def told() -> Story:
    """The contract is done: the endpoint (api) and the screen (web) are ready, both for the role swe."""
    story = Story()
    story.tell("todo/contract", TO_DONE)
    return story


def open_to(told: Story) -> tuple[str, ...]:
    return ready(told.project, told.workspace, told.state, AT)


@pytest.mark.parametrize(
    ("scope", "left"),
    [("role:swe", ()), ("repository:web", ("todo/endpoint",)), ("agent:claude", ("todo/endpoint", "todo/screen"))],
)
def test_a_part_that_is_held_keeps_back_what_is_its_own(told: Story, scope: str, left: tuple[str, ...]) -> None:
    assert isinstance(brake_on(told, E.paused, scope), Decision)
    assert open_to(told) == left
    brake_on(told, E.resumed, scope)
    assert open_to(told) == ("todo/endpoint", "todo/screen")


def test_a_held_role_says_who_holds_it_and_how_it_goes_on(told: Story) -> None:
    brake_on(told, E.paused, "role:swe", BO)
    word, (reason,) = readiness(told.project, told.workspace, told.state, "todo/screen", AT)
    assert (word, reason.kind, reason.on) == ("held", "held", "role:swe")
    assert reason.message == "the role 'swe' is paused by bo: lunch"
    assert reason.next == "kerrigan resume todo --role swe --reason TEXT"
    refused = told.ask(E.claimed, "todo/screen", CLAUDE)
    assert isinstance(refused, Refusal)
    assert "paused by bo: lunch" in refused.reason


def test_a_paused_agent_claims_nothing_and_leaves_the_others_alone(told: Story) -> None:
    brake_on(told, E.paused, "agent:claude")
    refused = told.ask(E.claimed, "todo/screen", Actor("Claude", "agent"))
    assert isinstance(refused, Refusal)
    assert "the agent 'claude' is paused by ada: lunch" in refused.reason
    assert "kerrigan resume todo --agent claude" in refused.next
    forced = told.ask(E.claimed, "todo/screen", CLAUDE, force=True, reason="now")
    assert isinstance(forced, Refusal)
    assert isinstance(told.ask(E.claimed, "todo/screen", CODEX), Decision)


def test_a_task_that_names_a_paused_agent_is_held(told: Story) -> None:
    told.project = project(*(replace(task, agent="Claude") for task in TASKS))
    brake_on(told, E.paused, "agent:claude")
    assert open_to(told) == ()


def test_what_is_in_work_goes_on_under_a_pause(told: Story) -> None:
    for kind, fence in ((E.claimed, None), (E.started, 1)):
        told.ask(kind, "todo/endpoint", CODEX, fence=fence)
    brake_on(told, E.paused, "agent:codex")
    brake_on(told, E.paused, "repository:api")
    assert isinstance(told.ask(E.submitted, "todo/endpoint", CODEX, fence=1), Decision)


def test_nobody_is_woken_in_a_held_repository_or_for_a_held_role_until_it_goes_on(told: Story) -> None:
    def woken() -> list[str | None]:
        return [d.task for d in to_send(told.project, told.workspace, told.state, AT)]

    assert woken() == ["todo/screen"]
    for scope in ("repository:web", "role:swe"):
        brake_on(told, E.paused, scope)
        assert woken() == []
        brake_on(told, E.resumed, scope)
        assert woken() == ["todo/screen"]


def test_only_resuming_the_same_part_ends_a_hold(told: Story) -> None:
    brake_on(told, E.paused, "role:swe")
    brake_on(told, E.paused, "repository:web")
    brake_on(told, E.paused)
    brake_on(told, E.resumed)
    assert sorted(told.state.holds) == ["repository:web", "role:swe"]
    assert isinstance(brake_on(told, E.resumed, "agent:claude"), Refusal)
    brake_on(told, E.resumed, "role:swe")
    assert sorted(told.state.holds) == ["repository:web"]


def test_several_holds_survive_the_journal_and_state_json(told: Story) -> None:
    brake_on(told, E.paused, "role:swe")
    brake_on(told, E.paused, "agent:claude", BO)
    assert load(dump(told.state, 1)) == told.state == replay(State(), told.lines)


@pytest.mark.parametrize(
    ("kind", "scope", "actor", "words"),
    [
        (E.paused, "agent:cluade", ADA, "todo has no agent 'cluade'; it has: claude, codex"),
        (E.paused, "role:sew", ADA, "todo has no role 'sew'; it has: architect, deployment, swe"),
        (E.paused, "repository:acme/web", ADA, "it has: api, web"),
        (E.paused, "colour:red", ADA, "todo has no colour 'red'; it has: none"),
        (E.resumed, "role:swe", ADA, "the role 'swe' is running, not held"),
        (E.stopped, "role:swe", ADA, "not held"),
    ],
)
def test_what_a_brake_on_a_part_refuses(told: Story, kind: E, scope: str, actor: Actor, words: str) -> None:
    refused = brake_on(told, kind, scope, actor)
    assert isinstance(refused, Refusal)
    assert words in refused.reason


def test_it_is_held_once_only_a_person_resumes_and_a_stop_covers_it(told: Story) -> None:
    brake_on(told, E.paused, "agent:claude")
    again = brake_on(told, E.paused, "agent:claude")
    assert isinstance(again, Refusal)
    assert "is paused by ada already" in again.reason
    assert again.allowed == ("resume",)
    by_itself = brake_on(told, E.resumed, "agent:claude", CLAUDE)
    assert isinstance(by_itself, Refusal)
    assert "only a person resumes" in by_itself.reason
    assert "resume" not in by_itself.allowed
    brake_on(told, E.stopped)
    assert isinstance(brake_on(told, E.resumed, "agent:claude"), Refusal)
    assert isinstance(brake_on(told, E.paused, "agent:codex"), Refusal)


def test_it_needs_write_permission_and_a_reason() -> None:
    request = ask(E.paused, None, data={"scope": "role:swe"})
    readers = replace(GOOD, permission=Permission.read)
    assert isinstance(brake(PLAN, Story().workspace, State(), replace(request, reason="so"), readers), Refusal)
    assert isinstance(brake(PLAN, Story().workspace, State(), request, GOOD), Refusal)
