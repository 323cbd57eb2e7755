"""Labels and comments: what they ask for, and what they do not."""

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kerrigan.decide import lifecycle
from kerrigan.decide.limits import holds as brake
from kerrigan.load.github.asks import GRANTS, PROJECT_VERBS, TASK_VERBS, VERBS, by_label
from kerrigan.load.github.comments import OPTIONS, by_comment
from kerrigan.load.github.webhook import read_event
from kerrigan.model.decision import EventRequest
from kerrigan.model.event import EventType
from kerrigan.model.forge.account import Account
from tests.unit.webhook_payloads import BRANCH, HEAD, comment, issue, labeled

BOT = {"login": "helpful[bot]", "type": "Bot"}


DOCS = Path(__file__).parents[2] / "docs" / "comments.md"


def documented(title: str) -> list[str]:
    """The first cells of the table below a heading of docs/comments.md."""
    part = DOCS.read_text(encoding="utf-8").split(f"## {title}\n")[1].split("\n## ")[0]
    return re.findall(r"^\| `([^`]+)` \|", part, re.MULTILINE)


def test_the_page_shows_every_verb_in_a_comment_that_asks_for_it() -> None:
    asked = {by_comment(comment).asks: comment for comment in documented("Comments")}
    assert set(asked) == set(VERBS.values())
    assert all(by_comment(comment).wrong == "" for comment in asked.values())
    assert (by_comment(asked[EventType.granted]).what, by_comment(asked[EventType.handed_off]).role) == (
        "start",
        "testing",
    )


def test_the_page_shows_every_option_and_every_label() -> None:
    assert {by_label(label).asks for label in documented("Labels")} == {
        EventType.granted,
        EventType.handed_off,
        EventType.retried,
    }
    assert {label for label in documented("Labels") if label in GRANTS} == set(GRANTS)
    text = DOCS.read_text(encoding="utf-8")
    assert set(re.findall(r"`--([a-z]+) ", text)) == set(OPTIONS)


def test_the_verbs_are_those_of_the_table_and_of_the_brakes() -> None:
    assert TASK_VERBS == lifecycle.VERBS
    assert {event: verb for verb, event in PROJECT_VERBS.items()} == brake.VERBS


@pytest.mark.parametrize(
    ("label", "asks", "role", "what"),
    [
        ("role:testing", EventType.handed_off, "testing", ""),
        ("Role:Testing", EventType.handed_off, "testing", ""),
        ("agent:go", EventType.granted, "", "go"),
        ("agent:sprint", EventType.granted, "", "sprint"),
        ("autonomy:override", EventType.granted, "", "override"),
        ("kerrigan:retry", EventType.retried, "", ""),
        ("Kerrigan:Retry", EventType.retried, "", ""),
        ("kerrigan:pause", EventType.paused, "", ""),
        ("kerrigan:stop", EventType.stopped, "", ""),
    ],
)
def test_a_label_asks(label: str, asks: EventType, role: str, what: str) -> None:
    assert by_label(label) == EventRequest("ask", asks=asks, role=role, what=what, said=label, reason=f"label {label}")


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_every_verb_can_be_asked_by_label_and_by_comment(verb: str) -> None:
    assert by_label(f"kerrigan:{verb}").asks == by_comment(f"/kerrigan {verb}").asks == VERBS[verb]


@pytest.mark.parametrize(
    ("label", "wrong"),
    [
        ("kerrigan:destroy", "unknown request 'destroy'"),
        ("kerrigan:aprove", "unknown request 'aprove'; did you mean 'approve'?"),
        ("kerrigan:", "unknown request ''"),
        ("role:", "'role:' names no role: expected role:NAME in lower-case letters"),
        ("role:../..", "'role:../..' names no role: expected role:NAME in lower-case letters"),
    ],
)
def test_a_request_that_cannot_be_meant_is_one_for_nothing_so_that_it_is_answered(label: str, wrong: str) -> None:
    assert by_label(label) == EventRequest("ask", said=label, wrong=wrong)


@pytest.mark.parametrize("label", ["bug", "", ":", "kerrigan", "status", "role", "agent:copilot", "autonomy:none"])
def test_other_peoples_labels_are_nothing(label: str) -> None:
    assert by_label(label) == EventRequest("nothing")


def test_the_label_of_a_pull_request_says_which() -> None:
    hint = read_event("pull_request", labeled("kerrigan:retry"))
    assert hint == EventRequest(
        kind="ask",
        repository="acme/web",
        sender=Account("ada"),
        number=7,
        is_pull=True,
        branch=BRANCH,
        head=HEAD,
        asks=EventType.retried,
        reason="label kerrigan:retry",
        said="kerrigan:retry",
    )


@pytest.mark.parametrize(
    ("more", "is_pull"),
    [({}, False), ({"issue": {"number": 9, "pull_request": {"url": "…"}}}, True), ({"pull_request": {}}, True)],
)
def test_the_label_of_an_issue_may_be_a_pull_requests(more: dict[str, Any], is_pull: bool) -> None:
    hint = read_event("issues", issue("labeled", label={"name": "role:swe"}) | more)
    assert (hint.kind, hint.number, hint.is_pull, hint.role) == ("ask", 9, is_pull, "swe")


@pytest.mark.parametrize(
    ("label", "action", "kind"),
    [
        ("status:done", "labeled", "view"),
        ("status:done", "unlabeled", "view"),
        ("role:swe", "unlabeled", "view"),
        ("agent:go", "unlabeled", "view"),
        ("kerrigan:retry", "unlabeled", "view"),
        ("bug", "labeled", "nothing"),
        ("bug", "unlabeled", "nothing"),
        ("\N{WOMAN}\u200d\N{PERSONAL COMPUTER}", "labeled", "nothing"),
    ],
)
def test_only_a_label_that_is_set_asks(label: str, action: str, kind: str) -> None:
    for hint in (
        read_event("pull_request", labeled(label, action)),
        read_event("issues", issue(action, label={"name": label})),
    ):
        assert (hint.kind, hint.asks) == (kind, None)


def test_a_label_that_was_deleted_altogether_is_looked_at() -> None:
    assert read_event("issues", issue("unlabeled")).kind == "view"


def test_a_label_set_by_an_app_says_so() -> None:
    by_app = read_event("pull_request", labeled("role:swe") | {"sender": BOT})
    assert (by_app.sender, by_app.kind) == (Account("helpful[bot]", is_app=True), "view"), "an app's label never asks"


def test_a_comment_asks_with_its_words_and_can_be_answered() -> None:
    assert read_event("issue_comment", comment("\n\n/kerrigan reject  no error format \r\n\nSorry!")) == EventRequest(
        kind="ask",
        repository="acme/web",
        sender=Account("ada"),
        number=9,
        asks=EventType.rejected,
        reason="no error format",
        said="/kerrigan reject",
        comment=492700400,
        text="\n\n/kerrigan reject  no error format \n\nSorry!",
    )


def test_a_comment_on_a_pull_request_says_so() -> None:
    payload = comment("/kerrigan approve")
    payload["issue"] |= {"pull_request": {"url": "…"}}
    assert read_event("issue_comment", payload).is_pull


@pytest.mark.parametrize(
    ("body", "asks", "role", "what", "reason"),
    [
        ("/kerrigan approve", EventType.approved, "", "", ""),
        ("\n \n  /kerrigan approve\n", EventType.approved, "", "", ""),
        ("/Kerrigan APPROVE", EventType.approved, "", "", ""),
        ("/kerrigan hand-off testing it is all there", EventType.handed_off, "testing", "", "it is all there"),
        ("/kerrigan hand-off Testing", EventType.handed_off, "testing", "", ""),
        ("/kerrigan hand-off", EventType.handed_off, "", "", ""),
        ("/kerrigan grant", EventType.granted, "", "", ""),
        ("/kerrigan grant Merge it is Friday", EventType.granted, "", "merge", "it is Friday"),
        ("/kerrigan grant I trust it", EventType.granted, "", "i", "trust it"),
        ("/kerrigan confirm legal sign-off", EventType.confirmed, "", "", "legal sign-off"),
        ("/kerrigan pause the API is down", EventType.paused, "", "", "the API is down"),
        ('/kerrigan reject --reason "no error format"', EventType.rejected, "", "", "no error format"),
        ("/kerrigan reject --reason='no error format'", EventType.rejected, "", "", "no error format"),
        ("/kerrigan reject --reason no error format", EventType.rejected, "", "", "no error format"),
        ("/kerrigan reject --REASON \u201cno --force\u201d", EventType.rejected, "", "", "no --force"),
        ('/kerrigan reject "no --force"', EventType.rejected, "", "", '"no --force"'),
        ("/kerrigan hand-off --role Testing --reason it is there", EventType.handed_off, "testing", "", "it is there"),
        ("/kerrigan hand-off testing --reason it is there", EventType.handed_off, "testing", "", "it is there"),
        ("/kerrigan grant --what merge", EventType.granted, "", "merge", ""),
        ("/kerrigan grant merge --reason='go on'", EventType.granted, "", "merge", "go on"),
        ("/kerrigan confirm --what Legal", EventType.confirmed, "", "Legal", ""),
    ],
)
def test_a_command(body: str, asks: EventType, role: str, what: str, reason: str) -> None:
    hint = by_comment(body)
    assert (hint.kind, hint.asks, hint.role, hint.what, hint.reason) == ("ask", asks, role, what, reason)


@pytest.mark.parametrize(
    ("body", "said", "wrong"),
    [
        ("/kerrigan", "", "a verb is missing: /kerrigan VERB"),
        ("/kerrigan aprove", "aprove", "unknown command 'aprove'; did you mean 'approve'?"),
        ("/kerrigan \u202eevorppa please", "evorppa", "unknown command 'evorppa'"),
        ("/kerrigan " + "x" * 1000, "x" * 60, f"unknown command '{'x' * 60}'"),
        (
            "/kerrigan approve --force --reason x",
            "approve",
            "unknown option '--force'; a comment takes --reason, --role, --what, --criterion",
        ),
        ("/kerrigan hand-off --role ../..", "hand-off", "--role '../..' says nothing that is understood"),
        ("/kerrigan approve --criterion fine", "approve", "--criterion 'fine' says nothing that is understood"),
    ],
)
def test_an_unknown_command_is_an_ask_for_nothing_so_that_it_is_answered(body: str, said: str, wrong: str) -> None:
    assert by_comment(body) == EventRequest("ask", said=f"/kerrigan {said}".strip(), wrong=wrong)


def test_a_criterion_is_answered_as_on_the_command_line_too() -> None:
    hint = by_comment("/kerrigan approve --criterion '1: met, the lint is clean'\n2: not met")
    assert [(answer.number, answer.verdict) for answer in hint.answers] == [(2, "not met"), (1, "met")]


@given(st.text("-a \"'=\t", max_size=60).map(lambda text: text * 1000))
def test_no_length_of_options_is_slow(words: str) -> None:
    assert by_comment(f"/kerrigan reject --{words}").kind == "ask"


@pytest.mark.parametrize(
    "body",
    ["", "  \n", "approve", "Please\n/kerrigan approve", "/kerriganapprove", "> /kerrigan approve", "    /kerrigan go",
     "\t/kerrigan approve", "`/kerrigan approve`", "<!-- \n/kerrigan approve -->"],
)  # fmt: skip
def test_other_comments_are_nothing(body: str) -> None:
    assert by_comment(body) == EventRequest("nothing")


@pytest.mark.parametrize(
    "payload",
    [
        comment("/kerrigan approve", "edited"),
        comment("/kerrigan approve", "deleted"),
        comment("/kerrigan approve", user=BOT),
        comment("/kerrigan approve", user=None),
        comment("/kerrigan approve") | {"sender": BOT},
        comment("/kerrigan approve") | {"sender": None},
        comment(None),
        comment("    /kerrigan approve"),
    ],
)
def test_who_edits_or_quotes_or_is_a_machine_asks_nothing(payload: dict[str, Any]) -> None:
    assert read_event("issue_comment", payload) == EventRequest("nothing")


@given(st.text())
def test_no_text_is_a_crash(text: str) -> None:
    assert by_label(text).kind in {"ask", "view", "nothing"}
    assert by_comment(f"/kerrigan {text}").kind == "ask"


@given(st.sampled_from(sorted(VERBS)), st.text(), st.text())
def test_the_longest_comment_is_read_and_only_its_first_line_asks(verb: str, first: str, rest: str) -> None:
    line = "".join(first.split())
    hint = by_comment(f"/kerrigan {verb} {line}\n{rest}")
    assert hint.asks is VERBS[verb] or (line.startswith("--") and hint.wrong)
    assert hint.reason in {line, ""}
