"""Every guard once where it holds and once where it does not, asked through the step as anyone would."""

from dataclasses import replace
from typing import Any

import pytest

from kerrigan.decide.guards.guards import GUARDS
from kerrigan.decide.situation import Situation
from kerrigan.decide.step import step
from kerrigan.model.decision import Decision, Refusal
from kerrigan.model.event import Actor, Run
from kerrigan.model.event import EventType as E
from kerrigan.model.forge.facts import Facts
from kerrigan.model.project import Permission
from kerrigan.model.state import Author, Feedback, Hold, Holder, State, Status
from kerrigan.model.timestamp import later
from tests.unit.decide_stage import (
    ADA,
    AT,
    BO,
    CLAUDE,
    EVE,
    GOOD,
    HEAD,
    PLAN,
    WORKSPACE,
    ask,
    done,
    standing,
    state,
)

S = Status
OTHER = "b" * 40
IN_RUN = Holder("ada", "person", "run-1", later(AT, 3600))
LAUNCH = done("screen")
SAME_AGAIN = Feedback("failed", "claude", "no network", times=3)


def refused(
    guard: str, kind: E, before: State, words: str, facts: Facts = GOOD, task: str = "todo/contract", **more: Any
) -> Any:
    return pytest.param(kind, before, words, facts, task, more, id=f"{guard}-{kind}")


REFUSED = [
    refused("write", E.claimed, State(), "permission 'read' in acme/api", replace(GOOD, permission=Permission.read)),
    refused("role", E.claimed, State(), "kerrigan.yml gives claude 'swe'", actor=CLAUDE),
    refused("role", E.claimed, State(), "ada acts as 'review'", actor=replace(ADA, role="review")),
    refused("ready", E.claimed, State(), "waits on todo/contract, which is open", task="todo/screen"),
    refused(
        "fence",
        E.started,
        state(contract=standing(S.claimed)),
        "fence 2 is not valid: the current claim of todo/contract has fence 3",
        fence=2,
    ),
    refused("holder", E.started, state(contract=standing(S.claimed)), "ada holds todo/contract, not bo", actor=BO),
    refused(
        "holder",
        E.submitted,
        state(contract=standing(S.working, holder=IN_RUN)),
        "in run run-1, not in run run-2",
        run=Run("run-2"),
    ),
    refused(
        "holder_or_person",
        E.handed_off,
        state(contract=standing(S.working)),
        "ada holds todo/contract, not claude",
        actor=CLAUDE,
        role="swe",
        fence=3,
    ),
    refused("role_given", E.handed_off, state(contract=standing(S.working)), "--role ROLE"),
    refused("role_given", E.handed_off, state(contract=standing(S.working)), "already", role="architect"),
    refused(
        "commits",
        E.submitted,
        state(contract=standing(S.working)),
        "has no branch kerrigan/todo/contract; git push origin kerrigan/todo/contract, then kerrigan task submit",
        replace(GOOD, head=None, delivered=None),
    ),
    refused(
        "commits",
        E.submitted,
        state(contract=standing(S.working)),
        "has no commit that the default branch lacks; commit, git push origin",
        replace(GOOD, ahead=0, delivered=None),
    ),
    refused(
        "commits",
        E.submitted,
        state(contract=standing(S.working)),
        "is merged already, as dddddddddd; kerrigan reconcile todo",
        replace(GOOD, ahead=0),
    ),
    refused(
        "same_head",
        E.tests_passed,
        state(contract=standing(S.testing)),
        "moved from aaaaaaaaaa to bbbbbbbbbb: submit again",
        replace(GOOD, head=OTHER),
    ),
    refused(
        "same_head", E.approved, state(contract=standing(S.in_review)), "is gone", replace(GOOD, head=None), actor=EVE
    ),
    refused(
        "same_head",
        E.approved,
        state(contract=standing(S.in_review)),
        "before aaaaaaaaaa was up for review: look at it, and say it again",
        said_at="2026-11-21T05:58:59Z",
        actor=EVE,
    ),
    refused(
        "checked",
        E.tests_passed,
        state(contract=standing(S.testing)),
        "are not finished",
        replace(GOOD, checks="pending"),
    ),
    refused(
        "checked", E.tests_passed, state(contract=standing(S.testing)), "'failure'", replace(GOOD, checks="failure")
    ),
    refused("not_author", E.approved, state(contract=standing(S.in_review)), "someone else", actor=BO),
    refused("not_author", E.approved, state(contract=standing(S.in_review)), "someone else", actor=Actor("Bo")),
    refused("not_author", E.approved, state(contract=standing(S.in_review)), "someone else"),
    refused(
        "not_author",
        E.approved,
        state(contract=standing(S.in_review, authors=(Author("bo"), Author("Eve")))),
        "someone else",
        actor=EVE,
    ),
    refused(
        "same_head", E.approved, state(contract=standing(S.in_review)), "look at it again", head="b" * 40, actor=EVE
    ),
    refused("fence", E.started, state(contract=standing(S.claimed)), "--fence 3", actor=Actor("ada", "agent")),
    refused("reason", E.rejected, state(contract=standing(S.in_review)), "--reason TEXT", reason=" ", actor=EVE),
    refused(
        "delivered",
        E.completed,
        state(contract=standing(S.approved)),
        "merge pull request #7 first",
        replace(GOOD, delivered=None),
    ),
    refused(
        "attempts_left",
        E.retried,
        state(contract=standing(S.failed, attempts=3)),
        "was tried 3 times, and kerrigan.yml allows 3; kerrigan task escalate",
    ),
    refused(
        "backed_off",
        E.retried,
        state(contract=standing(S.failed, attempts=2)),
        "tried again at 2026-11-21T06:01:",
        actor=Actor("kerrigan", "app"),
    ),
    refused(
        "exhausted", E.escalated, state(contract=standing(S.failed)), "only a person", actor=CLAUDE, reason="too hard"
    ),
    refused("human", E.reopened, done("contract"), "claude is an agent", actor=CLAUDE, reason="again"),
    *(
        refused("human", kind, before, "only a person", actor=Actor("renovate[bot]", "app"), reason="go")
        for kind, before in (
            (E.reopened, done("contract")),
            (E.granted, State()),
            (E.cancelled, State()),
            (E.unblocked, state(contract=standing(S.blocked))),
        )
    ),
    refused("external", E.confirmed, State(), "no external dependency"),
    refused(
        "named",
        E.confirmed,
        State(),
        "name one: 'legal'; kerrigan task confirm todo/launch",
        task="todo/launch",
        data={"what": "leagl"},
    ),
    refused("stopped", E.blocked, State(hold=Hold("stopped", "bo", "a leak")), "stopped by bo: a leak"),
    refused("paused", E.claimed, State(hold=Hold("paused", "bo", "lunch")), "todo is paused by bo: lunch"),
]


@pytest.mark.parametrize(("kind", "before", "words", "facts", "task", "more"), REFUSED)
def test_a_guard_that_does_not_hold_refuses_in_words(
    kind: E, before: State, words: str, facts: Facts, task: str, more: dict[str, Any]
) -> None:
    answer = step(PLAN, WORKSPACE, before, ask(kind, task, **more), facts)
    assert isinstance(answer, Refusal)
    assert words in f"{answer.reason}; {answer.next}"


PASSED = [
    (E.claimed, State(), {}),
    (E.claimed, done("contract"), {"task": "todo/screen", "actor": CLAUDE}),
    (E.submitted, state(contract=standing(S.working, holder=IN_RUN)), {"run": Run("run-1"), "fence": 3}),
    (E.handed_off, state(contract=standing(S.in_review)), {"actor": BO, "role": "swe"}),
    (E.tests_failed, state(contract=standing(S.testing)), {}),
    (E.rejected, state(contract=standing(S.in_review)), {"reason": "no paging", "actor": EVE}),
    (E.retried, state(contract=standing(S.failed, attempts=2)), {}),
    (E.approved, state(contract=standing(S.in_review)), {"actor": EVE, "said_at": "2026-11-21T05:59:00Z"}),
    (
        E.rejected,
        state(contract=standing(S.approved)),
        {"actor": EVE, "said_at": "2026-11-21T05:00:00Z", "reason": "late, and still so"},
    ),
    (E.retried, state(contract=standing(S.failed, since=later(AT, -75))), {"actor": Actor("kerrigan", "app")}),
    (E.escalated, state(contract=standing(S.failed, attempts=3)), {"actor": CLAUDE, "reason": "too hard"}),
    (E.escalated, state(contract=standing(S.failed, feedback=SAME_AGAIN)), {"actor": CLAUDE, "reason": "no end"}),
    (E.escalated, state(contract=standing(S.in_review, review_cycles=3)), {"actor": CLAUDE, "reason": "no end"}),
    (E.escalated, state(contract=standing(S.blocked)), {"reason": "nobody answers"}),
    (E.confirmed, State(), {"task": "todo/launch"}),
    (E.confirmed, State(), {"task": "todo/launch", "reason": "they signed on Monday"}),
    (E.granted, State(), {"task": "todo/launch", "data": {"what": "merge"}}),
]


@pytest.mark.parametrize(("kind", "before", "more"), PASSED)
def test_where_the_guards_hold_it_happens(kind: E, before: State, more: dict[str, Any]) -> None:
    answer = step(PLAN, WORKSPACE, before, ask(kind, **more), GOOD)
    assert isinstance(answer, Decision), answer


def test_a_claim_is_over_by_its_run_or_by_its_lease() -> None:
    request, task = ask(E.expired), PLAN.tasks["todo/contract"]
    s = Situation(PLAN, WORKSPACE, state(contract=standing(S.working)), task, request, GOOD)
    assert "lasts until" in str(GUARDS["over"](s))
    assert GUARDS["over"](replace(s, facts=replace(GOOD, run_ended=True))) is None
    assert GUARDS["over"](replace(s, request=replace(request, at=later(AT, 3600)))) is None


def test_force_needs_admin_and_a_reason_and_is_written_down() -> None:
    def forced(permission: Permission, reason: str) -> Decision | Refusal:
        request = ask(E.claimed, "todo/screen", force=True, reason=reason)
        return step(PLAN, WORKSPACE, State(), request, replace(GOOD, permission=permission))

    by_writer, wordless, by_admin = (
        forced(Permission.write, "now"),
        forced(Permission.admin, ""),
        forced(Permission.admin, "now"),
    )
    assert isinstance(by_writer, Refusal)
    assert "needs admin" in by_writer.reason
    assert isinstance(wordless, Refusal)
    assert wordless.next == "kerrigan task claim todo/screen --force --reason TEXT"
    assert by_writer.next == "an admin: kerrigan task claim todo/screen --force --reason TEXT"
    assert isinstance(by_admin, Decision)
    assert by_admin.events[0].data["forced"] == "now"


@pytest.mark.parametrize(
    ("kind", "before", "facts"),
    [
        (E.started, state(contract=standing(S.claimed)), GOOD),
        (E.submitted, state(contract=standing(S.working)), GOOD),
        (E.completed, state(contract=standing(S.approved)), replace(GOOD, delivered=None)),
        (E.claimed, State(hold=Hold("stopped", "ada", "a leak")), GOOD),
        (E.approved, state(contract=standing(S.testing)), GOOD),
    ],
)
def test_what_force_never_does(kind: E, before: State, facts: Facts) -> None:
    answer = step(PLAN, WORKSPACE, before, ask(kind, actor=BO, force=True, reason="now"), facts)
    assert isinstance(answer, Refusal)


def test_a_refusal_says_what_this_actor_may_ask_now() -> None:
    before = state(contract=standing(S.claimed))

    def may(actor: Actor) -> tuple[str, ...]:
        answer = step(PLAN, WORKSPACE, before, ask(E.claimed, actor=actor), GOOD)
        assert isinstance(answer, Refusal)
        assert answer.holder == before.tasks["todo/contract"].holder
        return answer.allowed

    mine = ("start", "complete", "fail", "escalate", "release", "block", "hand-off", "grant", "cancel", "heartbeat")
    assert may(ADA) == mine
    assert may(BO) == ("complete", "escalate", "block", "hand-off", "grant", "cancel")
    assert may(CLAUDE) == ("complete", "block"), "anyone who says so: it is merged"


def test_the_commit_is_recorded_that_was_judged() -> None:
    answer = step(PLAN, WORKSPACE, state(contract=standing(S.in_review)), ask(E.approved, actor=EVE), GOOD)
    assert isinstance(answer, Decision)
    assert answer.events[0].data["head"] == answer.events[0].expect.head == HEAD


def test_a_role_hands_off_what_it_owes_and_an_admin_may_force_it() -> None:
    owing = replace(WORKSPACE, produces={"architect": ("docs/*.yml", "notes.md")})
    before = state(contract=standing(S.working))

    def hand_off(files: set[str] | None, **more: Any) -> Decision | Refusal:
        facts = replace(GOOD, files=None if files is None else frozenset(files))
        return step(PLAN, owing, before, ask(E.handed_off, role="swe", **more), facts)

    refused = hand_off({"docs/openapi.yml"})
    assert isinstance(refused, Refusal)
    assert "still owes 'notes.md'" in refused.reason
    assert isinstance(hand_off(None), Refusal)
    assert isinstance(hand_off({"docs/openapi.yml", "notes.md"}), Decision)
    assert isinstance(hand_off(set(), force=True, reason="later"), Decision)


def test_whoever_pushes_onto_what_was_handed_in_hands_it_in_anew_and_no_author_of_it_reviews_it() -> None:
    """The run that held the claim has ended by then, and `Update branch` is a push of anyone who pressed it."""
    before = state(contract=standing(S.approved, holder=Holder("claude", "agent", "run-1", AT), author="claude"))
    pushed = replace(GOOD, head=OTHER)

    def hand_in(actor: Actor, facts: Facts = pushed) -> Decision | Refusal:
        return step(PLAN, WORKSPACE, before, ask(E.submitted, actor=actor, run=Run("run-2"), fence=3), facts)

    answer = hand_in(EVE)
    assert isinstance(answer, Decision)
    after = answer.state.task("todo/contract")
    assert (after.status, after.submission and after.submission.head, after.author) == (S.testing, OTHER, "eve")
    assert after.holder == before.tasks["todo/contract"].holder
    assert isinstance(hand_in(CLAUDE), Decision)
    assert isinstance(hand_in(EVE, GOOD), Refusal), "nothing was pushed"
    assert isinstance(hand_in(EVE, replace(pushed, pull_request=None)), Refusal), "nothing is open"
    reviewed = state(contract=replace(after, status=S.in_review))
    for reviewer, may in ((EVE, False), (CLAUDE, False), (Actor("Claude"), True), (BO, True)):
        said = step(PLAN, WORKSPACE, reviewed, ask(E.approved, actor=reviewer), pushed)
        assert isinstance(said, Decision) is may, said
