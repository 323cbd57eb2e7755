"""Home's own tasks: dispatched where its workflows start agents, and told to its workflows by everybody else."""

from dataclasses import replace

from kerrigan.decide.dispatches.dispatch import hints, to_send
from kerrigan.decide.limits.holds import brake
from kerrigan.model.decision import Decision
from kerrigan.model.event import Actor, EventType
from kerrigan.model.forge.facts import Facts
from kerrigan.model.project import Limits, Permission
from kerrigan.model.state import TASK, Hold
from tests.unit.decide_stage import ADA, AT, GOOD, TO_DONE, TO_REVIEW, WORKSPACE, Story, ask, swept, types

E = EventType
STARTS = replace(GOOD, home_starts_agents=True)
HOME, WEB = "acme/api", "acme/web"


def sent_to(story: Story, slug: str) -> list[str | None]:
    """The tasks that a repository is asked to work on."""
    return [d.task for d in story.state.dispatches.values() if (d.kind, d.to) == (TASK, slug)]


def test_a_plan_is_dispatched_at_home_where_its_workflows_start_agents_and_nowhere_else() -> None:
    silent, listening = Story(), Story()
    assert swept(silent, contract=GOOD) is None, "nobody would answer, and a person would be called in the end"
    assert types(swept(listening, contract=STARTS)) == ["dispatch_requested"]
    assert (sent_to(listening, HOME), sent_to(listening, WEB)) == (["todo/contract"], [])
    assert swept(listening, contract=STARTS) is None, "once"


def test_what_a_completion_makes_ready_at_home_is_asked_for_in_the_same_decision() -> None:
    story = Story()
    story.tell("todo/contract", TO_REVIEW)
    story.ask(E.approved, "todo/contract", facts=STARTS, force=True, reason="because")
    assert types(story.ask(E.completed, "todo/contract", facts=STARTS))[:1] == ["completed"]
    assert "todo/endpoint" in sent_to(story, HOME)
    assert "todo/screen" in sent_to(story, WEB)


def test_the_claim_of_an_agent_at_home_answers_its_dispatch() -> None:
    story = Story()
    swept(story, contract=STARTS)
    (dispatch,) = story.state.dispatches.values()
    assert types(story.ask(E.claimed, "todo/contract", Actor("command", "agent"), cause=dispatch.key)) == [
        "claimed",
        "dispatch_acknowledged",
    ]


def test_home_is_woken_for_no_more_than_there_is_room_for() -> None:
    narrow = replace(WORKSPACE, limits=Limits(parallel=1))
    story = Story(workspace=narrow)
    story.tell("todo/contract", TO_DONE)
    swept(story, endpoint=STARTS)
    assert len(to_send(story.project, narrow, story.state, AT)) == 1


def test_a_project_that_is_resumed_asks_home_again() -> None:
    story = Story()
    held = replace(story.state, hold=Hold("paused", "ada", "lunch"))
    facts = Facts(permission=Permission.admin, home_starts_agents=True)
    answer = brake(story.project, WORKSPACE, held, ask(E.resumed, None, ADA, reason="go on"), facts)
    assert isinstance(answer, Decision)
    assert [(e.type, e.task) for e in answer.events[1:]] == [(E.dispatch_requested, "todo/contract")]


def test_home_is_told_of_its_own_tasks_that_a_change_has_made_ready() -> None:
    story = Story()
    story.tell("todo/contract", TO_REVIEW)
    before = story.state
    story.tell("todo/contract", [E.approved, E.completed])
    told = hints(story.project, WORKSPACE, before, story.state, AT)
    assert [(hint.kind, hint.to, hint.task) for hint in told] == [("kerrigan-event", HOME, "todo/endpoint")]
    assert hints(story.project, WORKSPACE, story.state, story.state, AT) == ()
    after = replace(story.state, hold=Hold("paused", "ada", "lunch"))
    assert hints(story.project, WORKSPACE, before, after, AT) == (), "a held project has nothing ready"
    released = Story()
    released.tell("todo/contract", [E.claimed])
    claimed = released.state
    released.tell("todo/contract", [E.released])
    assert [h.task for h in hints(story.project, WORKSPACE, claimed, released.state, AT)] == ["todo/contract"]
