"""Whose commits a submission brings, who may review it, and what is written where something else was merged."""

from dataclasses import replace

import pytest

from kerrigan.decide.step import step
from kerrigan.model.decision import Decision, Refusal
from kerrigan.model.event import KERRIGAN, Actor
from kerrigan.model.forge.account import Account, Proof, account_of
from kerrigan.model.forge.facts import Facts
from kerrigan.model.project import Permission, ReviewBy
from kerrigan.model.state import Author, Holder, Status, TaskState
from kerrigan.report.words import sentence
from tests.unit.decide_stage import (
    ADA,
    AT,
    BO,
    CLAUDE,
    EVE,
    GOOD,
    HEAD,
    PLAN,
    PULL_REQUEST,
    TO_REVIEW,
    WORKSPACE,
    E,
    Story,
    ask,
    standing,
    state,
    swept,
)

C = "todo/contract"
OTHER = "b" * 40
TOKEN = account_of("ada", "User", Proof.token)
NO_ONE = Account("")


def handed_in(
    actor: Actor, holder: Actor, account: Account | None, names: tuple[str, ...] | None
) -> tuple[Author, ...]:
    """The authors after a submission; `names` are what the forge says of the commits, None where nobody asked."""
    held = Holder(holder.login, holder.kind, None, AT)
    before = standing(Status.testing, holder=held, authors=(Author(holder.login, holder.kind),))
    authors = None if names is None else tuple(map(account_of, names))
    facts = replace(GOOD, head=OTHER, authors=authors)
    request = ask(E.submitted, actor=actor, account=account, fence=3)
    answer = step(PLAN, WORKSPACE, state(contract=before), request, facts)
    assert isinstance(answer, Decision), answer
    return answer.state.task(C).authors


HOUSE = Author("claude", "agent", "app:claude-bot")


@pytest.mark.parametrize(
    ("actor", "holder", "account", "names", "added"),
    [
        # What an agent hands over is the agent's, whatever its commits say.
        (CLAUDE, CLAUDE, TOKEN, ("ada", ""), (Author("claude", "agent", "ada"),)),
        # Who pushed is known where the forge reported the push.
        (EVE, CLAUDE, account_of("eve"), ("bo",), (Author("eve"),)),
        (Actor("renovate[bot]", "app"), ADA, account_of("renovate[bot]"), None, (Author("renovate[bot]", "app"),)),
        # A person vouches for what the forge does not name, where it is their own task.
        (ADA, ADA, TOKEN, ("ada", "bo", ""), (Author("bo"),)),
        (ADA, BO, TOKEN, ("eve", ""), (Author("ada"), Author("eve"), Author("", ""))),
        (ADA, ADA, TOKEN, None, ()),
        # A push that is only found is whose the forge says, and unknown where it does not.
        (KERRIGAN, BO, None, ("eve", "claude-bot[bot]"), (Author("eve"), HOUSE)),
        (KERRIGAN, BO, None, ("eve", ""), (Author("eve"), Author("", ""))),
        (KERRIGAN, BO, None, ("",), (Author("", ""),)),
        (KERRIGAN, BO, None, None, (Author("", ""),)),
    ],
)
def test_whose_commits_are_handed_in(
    actor: Actor,
    holder: Actor,
    account: Account | None,
    names: tuple[str, ...] | None,
    added: tuple[Author, ...],
) -> None:
    assert handed_in(actor, holder, account, names) == (Author(holder.login, holder.kind), *added)


def test_authors_are_those_since_the_last_claim() -> None:
    told = Story()
    told.tell(C, TO_REVIEW, BO)
    told.tell(C, (E.rejected,), EVE)
    told.tell(C, TO_REVIEW, ADA)
    assert told.state.task(C).authors == (Author("ada"),)
    answer = told.ask(E.approved, C, BO)
    assert isinstance(answer, Decision), "what he wrote was sent back"


def may(reviewer: Actor, task: TaskState, review_by: ReviewBy = ReviewBy.another, permission: str = "write") -> str:
    """Why someone may not approve; empty where they may."""
    facts = replace(GOOD, permission=Permission(permission))
    rules = replace(WORKSPACE, review_by=review_by)
    answer = step(PLAN, rules, state(contract=task), ask(E.approved, actor=reviewer), facts)
    return answer.reason if isinstance(answer, Refusal) else ""


AGENTS = standing(
    Status.in_review,
    author="claude",
    holder=Holder("claude", "agent", "run", AT),
    authors=(Author("claude", "agent", "ada"),),
)
"""What claude has handed in by the account of ada."""


def test_the_owner_of_the_token_may_approve_what_an_agent_did_by_it() -> None:
    assert may(ADA, AGENTS) == ""
    assert may(ADA, AGENTS, ReviewBy.person) == ""
    refused = "an agent worked on todo/contract by the account of ada (work.review_by: other-person)"
    assert may(ADA, AGENTS, ReviewBy.other_person) == refused
    assert may(BO, AGENTS, ReviewBy.other_person) == ""


def test_agents_are_compared_with_agents_and_logins_with_logins() -> None:
    assert may(CLAUDE, AGENTS) == "claude has worked on todo/contract, so someone else has to review it"
    assert may(Actor("claude"), AGENTS) == "", "a user of that name is someone else"
    persons = replace(AGENTS, author="claude", holder=Holder("claude", "person", None, AT), authors=(Author("claude"),))
    assert "has worked on" in may(Actor("Claude"), persons)
    # The agent of that name would be refused only for the criteria that the task does not have.
    assert "no acceptance criteria" in may(CLAUDE, persons)


def test_who_wrote_it_does_not_approve_it_by_an_agent_of_their_own() -> None:
    ours = standing(Status.in_review, author="Ada", holder=None, authors=(Author("Ada"),))
    codex = Actor("codex", "agent")

    def approves(task: TaskState, account: Account) -> str:
        request = ask(E.approved, actor=codex, account=account, force=False)
        answer = step(PLAN, WORKSPACE, state(contract=task), request, GOOD)
        return answer.reason if isinstance(answer, Refusal) else ""

    assert "ada, by which codex acts, has worked on todo/contract" in approves(ours, TOKEN)
    assert "no acceptance criteria" in approves(ours, account_of("bo", proof=Proof.token)), "the account of another"
    assert "no acceptance criteria" in approves(AGENTS, TOKEN), "two agents of one account are two"


@pytest.mark.parametrize("review_by", [ReviewBy.person, ReviewBy.other_person])
def test_an_agent_does_not_approve_where_a_person_has_to(review_by: ReviewBy) -> None:
    codex = Actor("codex", "agent")
    why = f"codex is an agent, and a person approves todo/contract (work.review_by: {review_by})"
    assert may(codex, AGENTS, review_by) == why
    rules = replace(WORKSPACE, review_by=review_by)
    sent_back = ask(E.rejected, actor=codex, reason="no")
    assert isinstance(step(PLAN, rules, state(contract=AGENTS), sent_back, GOOD), Decision), "it may send it back"


def test_what_was_pushed_by_no_one_knows_whom_an_admin_reviews() -> None:
    unknown = replace(AGENTS, authors=(*AGENTS.authors, Author("", "")))
    assert "the forge does not say who pushed to kerrigan/todo/contract" in may(BO, unknown)
    assert may(BO, unknown, permission="admin") == ""
    assert "has worked on" in may(CLAUDE, unknown, permission="admin")


def test_of_the_first_format_a_login_is_an_author_whatever_it_was() -> None:
    old = standing(Status.in_review, holder=None, author="claude", authors=())
    for reviewer in (CLAUDE, Actor("Claude")):
        assert "has worked on" in may(reviewer, old)


def test_a_push_onto_anothers_branch_that_reconcile_finds_is_not_reviewed_by_who_pushed() -> None:
    told = Story()
    told.tell(C, TO_REVIEW, BO)
    pushed = replace(PULL_REQUEST, head=OTHER)
    found = Facts(Permission.write, OTHER, 1, pushed, authors=(account_of("eve"),))
    swept(told, AT, contract=found)
    told.ask(E.tests_passed, C, BO, replace(GOOD, head=OTHER))
    for reviewer, words in ((EVE, "has worked on"), (BO, "has worked on"), (ADA, "")):
        answer = told.ask(E.approved, C, reviewer, replace(GOOD, head=OTHER))
        assert (words in answer.reason) if isinstance(answer, Refusal) else not words


@pytest.mark.parametrize(
    ("status", "delivered", "merged", "data", "flags"),
    [
        (Status.approved, HEAD, HEAD, {"commit": HEAD}, ()),
        (Status.approved, HEAD, None, {"commit": HEAD}, ()),
        (Status.approved, "d" * 40, HEAD, {"commit": "d" * 40}, ()),
        (Status.approved, HEAD, OTHER, {"commit": OTHER, "head": OTHER}, ("merged-unreviewed",)),
        (Status.approved, "d" * 40, OTHER, {"commit": "d" * 40, "head": OTHER}, ("merged-unreviewed",)),
        (
            Status.in_review,
            HEAD,
            OTHER,
            {"commit": OTHER, "head": OTHER, "early": True},
            ("merged-before-approval", "merged-unreviewed"),
        ),
    ],
)
def test_what_was_merged_is_named_and_flagged_where_no_one_reviewed_it(
    status: Status, delivered: str, merged: str | None, data: dict[str, object], flags: tuple[str, ...]
) -> None:
    facts = replace(GOOD, delivered=delivered, merged=merged)
    rules = replace(WORKSPACE, level=0)
    answer = step(PLAN, rules, state(contract=standing(status)), ask(E.completed, actor=KERRIGAN), facts)
    assert isinstance(answer, Decision)
    after = answer.state.task(C)
    assert (answer.events[0].data, after.flags) == (data, flags)
    assert after.submission is not None
    assert after.submission.head == data.get("head", HEAD)
    assert ("with commits that no one reviewed" in sentence(answer.events[0])) == ("head" in data)
