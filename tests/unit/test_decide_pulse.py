"""Heartbeats: how a claim is, when its work counts as stuck, and how long it may last in all."""

from dataclasses import replace

import pytest

from kerrigan.decide.claim_health import claim_health, is_early
from kerrigan.decide.step import step
from kerrigan.model.decision import Decision, Refusal
from kerrigan.model.event import EventType
from kerrigan.model.forge.facts import Facts
from kerrigan.model.project import Permission
from kerrigan.model.state import Heartbeat, Status
from kerrigan.model.timestamp import later
from tests.unit.decide_stage import (
    ADA,
    AT,
    BO,
    GOOD,
    PLAN,
    TO_WORK,
    WORKSPACE,
    Story,
    ask,
    standing,
    state,
    swept,
    types,
)

E = EventType
MINUTE = replace(WORKSPACE, heartbeat=60.0)


@pytest.mark.parametrize(
    ("age", "found"),
    [
        (0, "healthy"),
        (59, "healthy"),
        (60, "degraded"),
        (119, "degraded"),
        (121, "unresponsive"),
        (9999, "unresponsive"),
    ],
)
def test_a_claim_is_classed_by_the_age_of_its_last_heartbeat(age: int, found: str) -> None:
    beating = standing(Status.working, heartbeat=Heartbeat(AT, "t1", AT))
    assert claim_health(beating, MINUTE, later(AT, age)) == found


def test_without_a_heartbeat_there_is_no_pulse_and_none_after_the_work() -> None:
    assert claim_health(standing(Status.working), MINUTE, AT) is None
    assert claim_health(standing(Status.testing, heartbeat=Heartbeat(AT, "t1", AT)), MINUTE, AT) is None


@pytest.mark.parametrize(
    ("minutes", "tree", "found"), [(29, "t1", "healthy"), (31, "t1", "stuck"), (31, "", "healthy")]
)
def test_work_whose_files_stay_the_same_while_its_heart_beats_is_stuck(minutes: int, tree: str, found: str) -> None:
    at = later(AT, minutes * 60)
    assert claim_health(standing(Status.working, heartbeat=Heartbeat(at, tree, AT)), MINUTE, at) == found


def beat(story: Story, at: str, tree: str) -> Decision | Refusal:
    story.at = at
    return story.ask(E.heartbeat, "todo/contract", facts=Facts(Permission.write, tree=tree), fence=1)


def test_a_heartbeat_renews_the_lease_and_remembers_since_when_the_files_are_the_same() -> None:
    story = Story(workspace=replace(WORKSPACE, lease=600.0))
    story.tell("todo/contract", TO_WORK)
    beat(story, later(AT, 300), "t1")
    beat(story, later(AT, 600), "t1")
    standing = story.state.task("todo/contract")
    assert standing.heartbeat == Heartbeat(later(AT, 600), "t1", later(AT, 300))
    assert standing.holder is not None
    assert standing.holder.lease_until == later(AT, 1200)
    beat(story, later(AT, 900), "t2")
    assert story.state.task("todo/contract").heartbeat == Heartbeat(later(AT, 900), "t2", later(AT, 900))
    assert swept(story, later(AT, 1499)) is None
    assert types(swept(story, later(AT, 1500)))[0] == "expired"
    assert story.state.task("todo/contract").heartbeat is None


def test_a_late_or_foreign_heartbeat_is_refused() -> None:
    before = state(contract=standing(Status.working))
    for actor, fence, why in [(ADA, 2, "fence 2 is not valid"), (BO, 3, "ada holds todo/contract, not bo")]:
        answer = step(PLAN, WORKSPACE, before, ask(E.heartbeat, actor=actor, fence=fence), GOOD)
        assert isinstance(answer, Refusal)
        assert why in answer.reason


def test_stuck_work_is_escalated_once_and_says_so() -> None:
    story = Story()
    story.tell("todo/contract", TO_WORK)
    for minute in (0, 15, 29):
        beat(story, later(AT, minute * 60), "t1")
        assert swept(story, later(AT, minute * 60 + 1)) is None
    assert story.state.task("todo/contract").status is Status.working
    answer = swept(story, later(AT, 31 * 60))
    assert types(answer)[0] == "escalated"
    assert isinstance(answer, Decision)
    assert (
        answer.events[0].data["reason"]
        == f"stuck: ada is alive, and its files are the same since {AT} (claims.stuck_after)"
    )
    assert swept(story, later(AT, 32 * 60)) is None
    late = beat(story, later(AT, 33 * 60), "t2")
    assert isinstance(late, Refusal)


def test_work_that_goes_on_is_left_alone_until_its_time_is_over() -> None:
    story = Story()
    story.tell("todo/contract", TO_WORK)
    for minute in range(0, 8 * 60, 10):
        beat(story, later(AT, minute * 60), f"t{minute}")
        assert swept(story, later(AT, minute * 60 + 1)) is None
    assert types(swept(story, later(AT, 8 * 3600)))[0] == "expired"


def test_a_heartbeat_is_early_within_half_the_time_to_it() -> None:
    beating = standing(Status.working, heartbeat=Heartbeat(AT, "t1", AT))
    assert [is_early(beating, MINUTE, later(AT, age)) for age in (-1, 0, 29, 30, 60)] == [
        False,
        True,
        True,
        False,
        False,
    ]
    assert not is_early(standing(Status.working), MINUTE, AT)
