"""Whatever is asked in whatever order, by whomever: what is written down holds together."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from kerrigan.decide.fold.fold import replay
from kerrigan.decide.lifecycle import HELD, TRANSITIONS
from kerrigan.decide.readiness import readiness
from kerrigan.decide.reconcile import reconcile_project
from kerrigan.model.decision import Decision, Refusal
from kerrigan.model.event import Actor, EventType
from kerrigan.model.forge.facts import Facts
from kerrigan.model.project import Permission
from kerrigan.model.state import State, Status
from kerrigan.model.timestamp import later
from tests.unit.decide_stage import ADA, AT, BO, CLAUDE, GOOD, PLAN, Story, ask

FACTS = st.builds(
    Facts,
    permission=st.sampled_from([Permission.read, Permission.write, Permission.write, Permission.admin]),
    head=st.sampled_from([GOOD.head, GOOD.head, None, "b" * 40]),
    ahead=st.sampled_from([0, 1, 1]),
    checks=st.sampled_from([None, "success", "pending", "failure"]),
    delivered=st.sampled_from([GOOD.delivered, None]),
    run_ended=st.booleans(),
)
ASKS = st.tuples(
    st.sampled_from(list(EventType)),
    st.sampled_from(list(PLAN.tasks)),
    st.sampled_from([ADA, BO, CLAUDE]),
    FACTS,
    st.sampled_from([None, None, 1, 2]),
    st.booleans(),
)


def check(before: State, answer: Decision | Refusal | None, story: Story) -> None:
    if isinstance(answer, Decision):
        assert story.state == replace(answer.state, last=story.state.last)
    else:
        assert story.state == before
    for name, task in story.state.tasks.items():
        assert (task.holder is not None) == (task.status in HELD)
        assert task.fence in {before.task(name).fence, before.task(name).fence + 1}
        assert task.author is not None or task.submission is None


def check_done(before: State, answer: Decision | Refusal | None) -> None:
    """A claim that nobody forced was made of a ready task, and a completion brings its commit."""
    for event in answer.events if isinstance(answer, Decision) else ():
        if event.type is EventType.claimed and "forced" not in event.data:
            word, reasons = readiness(PLAN, Story().workspace, before, str(event.task), event.at)
            assert word == "ready" or (event.actor.kind == "person" and {r.kind for r in reasons} == {"grant"})
        if event.type is EventType.completed:
            assert event.data["commit"] == GOOD.delivered
        if event.type in TRANSITIONS:
            assert Status(event.expect.status) in TRANSITIONS[event.type].sources


@settings(max_examples=60)
@given(st.lists(ASKS, max_size=40))
def test_any_sequence_of_requests_keeps_the_journal_sound(
    asks: list[tuple[EventType, str, Actor, Facts, int, bool]],
) -> None:
    story = Story()
    for kind, task, actor, facts, fence, force in asks:
        before = story.state
        answer = story.ask(kind, task, actor, facts, fence=fence, force=force, reason="so", role="swe")
        check(before, answer, story)
        check_done(before, answer)
    assert replay(State(), story.lines) == story.state


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.sampled_from(sorted(TRANSITIONS)), st.sampled_from(sorted(PLAN.tasks))), max_size=30), FACTS
)
def test_a_sweep_is_sound_and_the_second_one_finds_only_what_the_first_made_due(
    asks: list[tuple[EventType, str]], facts: Facts
) -> None:
    story = Story()
    for kind, task in asks:
        story.ask(kind, task, ADA, GOOD, reason="so", role="swe", force=kind is EventType.approved)
    answer = None
    at, known = later(AT, 9 * 3600), dict.fromkeys(PLAN.tasks, facts)
    for _ in range(3):
        before = story.state
        answer = reconcile_project(
            PLAN, story.workspace, before, known, ask(EventType.expired, None, Actor("kerrigan", "app"), at)
        )
        story.record(answer)
        check(before, answer, story)
        check_done(before, answer)
    assert answer is None
