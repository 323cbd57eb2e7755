"""What reconcile finds automatically: by the same table, from the journal, the time and what the forge says."""

from dataclasses import replace

import pytest

from kerrigan.decide.reconcile import reconcile_project
from kerrigan.decide.situation import Situation
from kerrigan.model.decision import Decision
from kerrigan.model.event import KERRIGAN, EventType
from kerrigan.model.forge.account import Account
from kerrigan.model.forge.facts import Facts, Review
from kerrigan.model.project import Permission, Task
from kerrigan.model.state import RECHECK, Hold, Holder, State, Status, Submission
from kerrigan.model.timestamp import later
from tests.unit.decide_stage import (
    AT,
    GOOD,
    HEAD,
    PLAN,
    TO_DONE,
    TO_REVIEW,
    WORKSPACE,
    Story,
    ask,
    project,
    standing,
    state,
    swept,
    types,
)

E = EventType


def review(login: str, state: str, head: str = HEAD, body: str = "") -> Review:
    """What someone who may write says of a commit."""
    return Review(Account(login), state, head, body, permission=Permission.write)


def test_a_sweep_of_a_quiet_project_does_nothing() -> None:
    woken = Story()
    woken.tell("todo/contract", TO_DONE)
    assert swept(woken) is None


def test_a_sweep_ends_claims_whose_run_or_lease_is_over() -> None:
    story = Story()
    story.tell("todo/contract", [E.claimed, E.started])
    assert swept(story) is None
    assert types(swept(story, contract=Facts(run_ended=True))) == ["expired"]
    story.tell("todo/contract", [E.claimed])
    assert types(swept(story, later(AT, WORKSPACE.lease))) == ["expired"]
    assert story.state.task("todo/contract").status is Status.open


@pytest.mark.parametrize("before_it_dies", [[E.claimed], [E.claimed, E.started]])
def test_a_run_that_dies_each_time_is_not_begun_for_ever(before_it_dies: list[EventType]) -> None:
    story = Story(workspace=replace(WORKSPACE, attempts=2))
    died = Facts(run_ended=True)
    story.tell("todo/contract", before_it_dies)
    assert types(swept(story, contract=died)) == ["expired"]
    story.tell("todo/contract", before_it_dies)
    last = types(swept(story, contract=died))
    if E.started not in before_it_dies:
        assert last == ["expired"]
        story.tell("todo/contract", before_it_dies)
        last = types(swept(story, contract=died))
    assert last == ["escalated"]
    assert swept(story, contract=died) is None


def test_a_sweep_finds_the_merge_that_no_event_told() -> None:
    story = Story()
    story.tell("todo/contract", TO_REVIEW)
    assert types(swept(story, contract=Facts(delivered="d" * 40))) == ["completed", "dispatch_requested"]


def test_a_sweep_has_gates_looked_at_again_where_an_approval_counts_as_done() -> None:
    """What it finds frees others, and what it takes back must not leave their gates green."""
    satisfying = replace(WORKSPACE, satisfied_by="approved")
    waiting = {"screen": standing(Status.in_review, submission=Submission("acme/web", 8, HEAD))}
    for status, said, event in (
        (Status.in_review, "approved", "approved"),
        (Status.approved, "changes_requested", "rejected"),
    ):
        story = Story(workspace=satisfying, state=state(contract=standing(status), **waiting))
        facts = {"todo/contract": Facts(head=HEAD, reviews=(review("eve", said, HEAD, "because"),))}
        answer = reconcile_project(PLAN, satisfying, story.state, facts, ask(E.expired, None, KERRIGAN))
        assert types(answer)[:2] == [event, "dispatch_requested"]
        assert isinstance(answer, Decision)
        assert answer.events[1].data["kind"] == RECHECK


def test_a_sweep_takes_every_step_that_happened_meanwhile() -> None:
    story = Story(state=state(contract=standing(Status.testing)))
    reviews = (
        review("bo", "approved", HEAD),
        review("eve", "approved", HEAD),
    )
    green = Facts(head=HEAD, checks="success", reviews=reviews)
    answer = swept(story, contract=green)
    assert types(answer) == ["tests_passed", "approved"]
    assert isinstance(answer, Decision)
    assert [event.actor.login for event in answer.events] == ["kerrigan", "eve"], "bo is the author"


def test_a_sweep_finds_a_push_that_no_event_told_and_believes_nothing_that_was_said_before_it() -> None:
    before = standing(Status.approved, holder=Holder("claude", "agent", "run-1", AT), author="claude")
    story = Story(state=state(contract=before))
    pushed = replace(GOOD, head="b" * 40, delivered=None, checks="success")
    answer = swept(story, contract=pushed)
    assert types(answer) == ["submitted"]
    assert isinstance(answer, Decision)
    after = answer.state.task("todo/contract")
    assert (after.status, after.author) == (Status.testing, "claude")
    assert swept(Story(state=state(contract=before)), contract=replace(pushed, pull_request=None)) is None


def test_a_sweep_believes_no_review_of_another_commit_and_no_silence() -> None:
    stale = Facts(
        head=HEAD,
        checks="missing",
        reviews=(review("eve", "approved", "b" * 40),),
    )
    assert swept(Story(state=state(contract=standing(Status.testing))), contract=stale) is None
    assert swept(Story(state=state(contract=standing(Status.in_review))), contract=stale) is None
    late = later(AT, WORKSPACE.tests_within)
    assert types(swept(Story(state=state(contract=standing(Status.testing))), late, contract=stale)) == ["escalated"]


def test_a_sweep_sends_back_what_failed_or_was_not_liked() -> None:
    red = Facts(head=HEAD, checks="failure")
    assert types(swept(Story(state=state(contract=standing(Status.testing))), contract=red)) == ["tests_failed"]
    unhappy = Facts(head=HEAD, reviews=(review("eve", "changes_requested", HEAD, ""),))
    answer = swept(Story(state=state(contract=standing(Status.in_review))), contract=unhappy)
    assert types(answer) == ["rejected"]


def test_a_sweep_retries_after_the_pause_and_escalates_at_the_end() -> None:
    story = Story(workspace=replace(WORKSPACE, attempts=2))
    story.tell("todo/contract", [E.claimed, E.started, E.failed])
    assert swept(story, later(AT, 60)) is None
    story.at = later(AT, 75)
    assert types(swept(story, story.at)) == ["retried"]
    story.tell("todo/contract", [E.claimed, E.started, E.failed])
    assert types(swept(story, story.at)) == ["escalated"]
    assert story.state.task("todo/contract").status is Status.escalated


def test_a_pause_that_leads_past_all_calendars_ends_with_them() -> None:
    for_ever = replace(WORKSPACE, retry_after=999_999 * 86_400.0, attempts=99)
    failed = state(contract=standing(Status.failed, attempts=20))
    asked = ask(E.retried, "todo/contract", KERRIGAN)
    found = Situation(PLAN, for_ever, failed, PLAN.tasks["todo/contract"], asked, Facts())
    assert found.retry_at == "9999-12-31T23:59:59.999Z"


def test_what_failed_together_is_not_tried_again_together() -> None:
    names = [f"todo/t{number}" for number in range(50)]
    plan = project(*(Task(name, "A task", "swe", "api") for name in names))
    failed = State(tasks={name: standing(Status.failed, since=AT, attempts=2) for name in names})
    asked = ask(E.retried, None, KERRIGAN)
    times = [Situation(plan, WORKSPACE, failed, plan.tasks[name], asked, Facts()).retry_at for name in names]
    assert min(times) >= later(AT, 120)
    assert max(times) <= later(AT, 150)
    assert len(set(times)) == 50


def test_a_merge_outweighs_used_up_review_cycles() -> None:
    used_up = standing(Status.in_review, review_cycles=3)
    story = Story(state=state(contract=used_up))
    assert types(reconcile_project(PLAN, WORKSPACE, story.state, {}, ask(E.expired, None, KERRIGAN))) == ["escalated"]
    assert types(swept(story, contract=Facts(delivered="d" * 40)))[:2] == ["completed", "dispatch_requested"]


def test_a_sweep_of_a_stopped_project_writes_nothing() -> None:
    story = Story(state=replace(state(contract=standing(Status.working)), hold=Hold("stopped", "bo", "a leak")))
    assert swept(story, contract=Facts(run_ended=True)) is None
