"""Labels and comments: what they ask for, and what they do not."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kerrigan.decide import brake, lifecycle
from kerrigan.load.asks import PROJECT_VERBS, TASK_VERBS, VERBS, by_comment, by_label
from kerrigan.load.webhook import read_event
from kerrigan.model.account import Account
from kerrigan.model.decision import Hint
from kerrigan.model.event import EventType
from tests.unit.webhook_payloads import BRANCH, HEAD, comment, issue, labeled

BOT = {"login": "helpful[bot]", "type": "Bot"}


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
    assert by_label(label) == Hint("ask", asks=asks, role=role, what=what, said=label, reason=f"label {label}")


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_every_verb_can_be_asked_by_label_and_by_comment(verb: str) -> None:
    assert by_label(f"kerrigan:{verb}").asks == by_comment(f"/kerrigan {verb}").asks == VERBS[verb]


@pytest.mark.parametrize("label", ["kerrigan:destroy", "kerrigan:", "role:", "role:../..", "role:" + "x" * 300])
def test_a_request_that_cannot_be_meant_is_one_for_nothing_so_that_it_is_answered(label: str) -> None:
    hint = by_label(label)
    assert (hint.kind, hint.asks, hint.said) == ("ask", None, label)


@pytest.mark.parametrize("label", ["bug", "", ":", "kerrigan", "status", "role", "agent:copilot", "autonomy:none"])
def test_other_peoples_labels_are_nothing(label: str) -> None:
    assert by_label(label) == Hint("nothing")


def test_the_label_of_a_pull_request_says_which() -> None:
    hint = read_event("pull_request", labeled("kerrigan:retry"))
    assert hint == Hint(
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
    assert read_event("issue_comment", comment("\n\n/kerrigan reject  no error format \r\n\nSorry!")) == Hint(
        kind="ask",
        repository="acme/web",
        sender=Account("ada"),
        number=9,
        asks=EventType.rejected,
        reason="no error format",
        said="/kerrigan reject",
        comment=492700400,
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
    ],
)
def test_a_command(body: str, asks: EventType, role: str, what: str, reason: str) -> None:
    hint = by_comment(body)
    assert (hint.kind, hint.asks, hint.role, hint.what, hint.reason) == ("ask", asks, role, what, reason)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("/kerrigan", "/kerrigan"),
        ("/kerrigan aprove", "/kerrigan aprove"),
        ("/kerrigan \u202eevorppa please", "/kerrigan evorppa"),
        ("/kerrigan " + "x" * 1000, "/kerrigan " + "x" * 60),
    ],
)
def test_an_unknown_command_is_an_ask_for_nothing_so_that_it_is_answered(body: str, said: str) -> None:
    assert by_comment(body) == Hint("ask", said=said)


@pytest.mark.parametrize(
    "body",
    ["", "  \n", "approve", "Please\n/kerrigan approve", "/kerriganapprove", "> /kerrigan approve", "    /kerrigan go",
     "\t/kerrigan approve", "`/kerrigan approve`", "<!-- \n/kerrigan approve -->"],
)  # fmt: skip
def test_other_comments_are_nothing(body: str) -> None:
    assert by_comment(body) == Hint("nothing")


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
    assert read_event("issue_comment", payload) == Hint("nothing")


@given(st.text())
def test_no_text_is_a_crash(text: str) -> None:
    assert by_label(text).kind in {"ask", "view", "nothing"}
    assert by_comment(f"/kerrigan {text}").kind == "ask"


@given(st.sampled_from(sorted(VERBS)), st.text(), st.text())
def test_the_longest_comment_is_read_and_only_its_first_line_asks(verb: str, first: str, rest: str) -> None:
    line = "".join(first.split())
    hint = by_comment(f"/kerrigan {verb} {line}\n{rest}")
    assert hint.asks is VERBS[verb]
    assert hint.reason in {line, ""}
