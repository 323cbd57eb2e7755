"""Acceptance criteria: how answers are written, and what an approval needs."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kerrigan.decide.step import step
from kerrigan.load.github.answers import answers
from kerrigan.load.github.comments import by_comment
from kerrigan.model.decision import Decision, Refusal
from kerrigan.model.event import Actor, EventType
from kerrigan.model.forge.account import Account, account_of
from kerrigan.model.forge.facts import MET, NOT_MET, NOT_VERIFIED, Answer, Facts, Review
from kerrigan.model.project import Permission
from kerrigan.model.state import Status
from kerrigan.report.words import sentence
from tests.unit.decide_stage import (
    AT,
    CLAUDE,
    EVE,
    GOOD,
    HEAD,
    PLAN,
    TASKS,
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
TWO = project(replace(TASKS[0], acceptance=("it parses", "errors have a format")), *TASKS[1:])
BEFORE = state(contract=standing(Status.in_review, holder=None))
YES = (Answer(1, MET, "parsed it"), Answer(2, MET))


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("1: met", Answer(1, MET)),
        ("1: met, spectral is clean", Answer(1, MET, "spectral is clean")),
        ("2. Not met: there is no test", Answer(2, NOT_MET, "there is no test")),
        ("- AC-3: **met** (see the log)", Answer(3, MET, "see the log")),
        ("* 12) not-verified - no time", Answer(12, NOT_VERIFIED, "no time")),
        ("  4: unverified", Answer(4, NOT_VERIFIED)),
        ("- [x] 1. it parses", Answer(1, MET, "it parses")),
        ("- [ ] 2. errors have a format", Answer(2, NOT_VERIFIED, "errors have a format")),
        ("- [x] 2: not met, although the box says so", Answer(2, NOT_MET, "although the box says so")),
        ("- [ ] 1. Met Office data is loaded", Answer(1, NOT_VERIFIED, "Met Office data is loaded")),
    ],
)
def test_a_line_answers_one_criterion(line: str, found: Answer) -> None:
    assert answers(f"Thank you!\n{line}\r\nBye") == (found,)


@pytest.mark.parametrize(
    "line",
    ["", "met", "1 met", "0: met", "> 1: met", "1: metal", "1: met\u00e0", "1: looks good", "see 1: met", "1000: met"],
)
def test_a_line_that_is_no_answer_is_none(line: str) -> None:
    assert answers(line) == ()


@pytest.mark.parametrize("line", ["1: not ver\u0131fied", "1: unver\u0130fied", "1: \u017fo it is met"])
def test_letters_that_only_look_alike_in_one_case_are_no_answer(line: str) -> None:
    assert answers(line) == ()


@pytest.mark.parametrize(
    "text",
    [
        "Answer like this:\n```\n1: met\n```",
        "~~~~ text\r\n1: met\r\n~~~~",
        "<!--\n1: met, how you know\n-->",
        "<!-- 1: met -->",
        "Fine <!-- so\n1: met\n--> by me",
    ],
)
def test_what_a_reader_does_not_see_as_said_is_no_answer(text: str) -> None:
    assert answers(text) == ()
    assert answers(f"{text}\n\n2: met") == (Answer(2, MET),)


@given(st.text())
def test_any_text_is_read_without_an_error(text: str) -> None:
    assert all(1 <= answer.number <= 999 and len(answer.note) <= 500 for answer in answers(text))


def test_a_comment_answers_below_its_command() -> None:
    hint = by_comment("/kerrigan approve well done\n\n1: met\n2: met, tried it")
    assert (hint.asks, hint.reason) == (E.approved, "well done")
    assert hint.answers == (Answer(1, MET), Answer(2, MET, "tried it"))


@pytest.mark.parametrize(
    ("given_", "why"),
    [
        ((), "criterion 1 ('it parses') is not answered; criterion 2 ('errors have a format') is not answered"),
        (YES[:1], "criterion 2 ('errors have a format') is not answered"),
        ((*YES[:1], Answer(2, NOT_VERIFIED)), "criterion 2 ('errors have a format') is not verified"),
        ((*YES, Answer(2, NOT_MET)), "criterion 2 ('errors have a format') is not met"),
        ((*YES, Answer(3, MET)), "there is no criterion 3, only 2"),
    ],
)
def test_an_approval_that_does_not_answer_each_criterion_is_refused(given_: tuple[Answer, ...], why: str) -> None:
    answer = step(TWO, WORKSPACE, BEFORE, ask(E.approved, actor=EVE, answers=given_), GOOD)
    assert isinstance(answer, Refusal)
    assert answer.reason == f"{why}: answer each one, --criterion '1: met, how you know', or reject it"


def test_an_approval_writes_down_what_was_answered() -> None:
    answer = step(TWO, WORKSPACE, BEFORE, ask(E.approved, actor=EVE, answers=YES), GOOD)
    assert isinstance(answer, Decision)
    assert answer.events[0].data["criteria"] == [
        {"criterion": "it parses", "verdict": MET, "note": "parsed it"},
        {"criterion": "errors have a format", "verdict": MET, "note": ""},
    ]
    assert "it parses: met; errors have a format: met" in sentence(answer.events[0])


def test_a_rejection_may_answer_some_of_them() -> None:
    answer = step(TWO, WORKSPACE, BEFORE, ask(E.rejected, actor=EVE, reason="no", answers=(Answer(2, NOT_MET),)), GOOD)
    assert isinstance(answer, Decision)
    assert [row["verdict"] for row in answer.events[0].data["criteria"]] == [NOT_MET]


@pytest.mark.parametrize("actor", [CLAUDE, Actor("kerrigan", "app"), Actor("renovate[bot]", "app")])
def test_without_criteria_a_person_approves_and_nobody_else(actor: Actor) -> None:
    answer = step(PLAN, WORKSPACE, BEFORE, ask(E.approved, actor=actor), GOOD)
    assert isinstance(answer, Refusal)
    assert "no acceptance criteria to answer, so a person has to approve it" in answer.reason
    assert isinstance(step(PLAN, WORKSPACE, BEFORE, ask(E.approved, actor=EVE), GOOD), Decision)


def test_an_admin_may_approve_without_answers_and_says_why() -> None:
    answer = step(TWO, WORKSPACE, BEFORE, ask(E.approved, actor=EVE, force=True, reason="shown in the demo"), GOOD)
    assert isinstance(answer, Decision)
    assert answer.events[0].data["forced"] == "shown in the demo"


@pytest.mark.parametrize(("given_", "found"), [(YES, ["approved"]), ((), None)])
def test_a_review_on_the_forge_counts_when_it_answers(given_: tuple[Answer, ...], found: list[str] | None) -> None:
    story = Story(project=TWO, state=BEFORE)
    review = Review(Account("eve"), "approved", HEAD, answers=given_, permission=Permission.write)
    answer = swept(story, AT, contract=Facts(Permission.write, HEAD, 1, reviews=(review,)))
    assert (None if answer is None else types(answer)) == found


@pytest.mark.parametrize("login", ["claude-bot[bot]", "Claude-Bot[bot]", "renovate[bot]"])
def test_an_agents_review_on_the_forge_approves_nothing_without_criteria(login: str) -> None:
    review = Review(account_of(login), "approved", HEAD, permission=Permission.write)
    answer = swept(Story(state=BEFORE), AT, contract=Facts(Permission.write, HEAD, 1, reviews=(review,)))
    assert answer is None


def test_an_agents_review_on_the_forge_is_written_down_as_an_agents() -> None:
    review = Review(account_of("claude-bot[bot]"), "approved", HEAD, answers=YES, permission=Permission.write)
    answer = swept(Story(project=TWO, state=BEFORE), AT, contract=Facts(Permission.write, HEAD, 1, reviews=(review,)))
    assert answer is not None
    assert (answer.events[0].actor.login, answer.events[0].actor.kind) == ("claude", "agent")
