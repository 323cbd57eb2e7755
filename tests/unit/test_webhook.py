"""Payloads of GitHub's shape, well-formed, malformed and hostile."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kerrigan.errors import UnreadableError
from kerrigan.load.github.webhook import read_event
from kerrigan.model.decision import EventRequest
from kerrigan.model.event import EventType
from kerrigan.model.forge.account import Account
from tests.unit.webhook_payloads import (
    BRANCH,
    HEAD,
    REPOSITORY,
    SEEN,
    check_run,
    check_suite,
    comment,
    dispatch,
    fork,
    issue,
    labeled,
    merge_group,
    pull_request,
    push,
    review,
    status,
    workflow_dispatch,
    workflow_run,
)  # fmt: skip


def test_a_dispatch_says_what_to_work_on() -> None:
    assert read_event("repository_dispatch", dispatch()) == EventRequest(
        kind="dispatch",
        repository="acme/web",
        sender=Account("ada"),
        project="todo",
        task="todo/screen",
        home="acme/api",
        key="0123456789abcdef",
        fence=0,
    )


def test_a_run_by_hand_says_which_task_to_start() -> None:
    asked = EventRequest("start", "acme/web", Account("ada"), project="todo", task="todo/screen")
    assert read_event("workflow_dispatch", workflow_dispatch()) == asked
    for inputs in (None, {}, {"other": "x"}):
        assert read_event("workflow_dispatch", workflow_dispatch(inputs=inputs)).kind == "nothing"
    for task in ("screen", "todo/Screen", "todo/screen; rm -rf /", 7, ["todo/screen"]):
        raises_about("task", "workflow_dispatch", workflow_dispatch(inputs={"task": task}))


def test_a_merge_says_which_branch_it_brought() -> None:
    hint = read_event("pull_request", pull_request("closed", merged=True, merge_commit_sha=SEEN))
    assert hint == EventRequest("merged", "acme/web", Account("ada"), number=7, branch=BRANCH, head=HEAD, is_pull=True)


@pytest.mark.parametrize(
    ("name", "payload", "kind"),
    [
        ("repository_dispatch", dispatch("kerrigan-recheck"), "recheck"),
        ("repository_dispatch", dispatch("kerrigan-event", task=None), "tell"),
        ("repository_dispatch", dispatch("deploy"), "nothing"),
        ("pull_request", pull_request("closed"), "pull_request"),
        ("pull_request", pull_request("opened"), "pull_request"),
        ("pull_request", pull_request("synchronize"), "pull_request"),
        ("pull_request", pull_request("opened", merged=True), "pull_request"),
        ("pull_request", pull_request("assigned"), "nothing"),
        ("pull_request_review", review("commented"), "nothing"),
        ("pull_request_review", review("approved", "edited"), "nothing"),
        ("pull_request_review", review("dismissed", "dismissed"), "pull_request"),
        ("issues", issue("opened"), "nothing"),
        ("issues", issue("closed"), "nothing"),
        ("star", {"action": "created"}, "nothing"),
        ("", {}, "nothing"),
    ],
)
def test_kinds(name: str, payload: dict[str, Any], kind: str) -> None:
    assert read_event(name, payload).kind == kind


@pytest.mark.parametrize(
    ("state", "asks", "reason"),
    [
        ("approved", EventType.approved, ""),
        ("APPROVED", EventType.approved, ""),
        ("changes_requested", EventType.rejected, "no error format"),
    ],
)
def test_a_review_asks_for_what_it_says_about_what_was_seen(state: str, asks: EventType, reason: str) -> None:
    hint = read_event("pull_request_review", review(state))
    assert (hint.kind, hint.asks, hint.reason, hint.head, hint.branch) == ("review", asks, reason, SEEN, BRANCH)


def test_a_reason_keeps_its_lines_and_loses_what_a_terminal_would_obey() -> None:
    hint = read_event("pull_request_review", review("changes_requested", body="one\r\n\ttwo\x1b[2J\0\ud800\n"))
    assert hint.reason == "one\n\ttwo[2J"
    assert read_event("pull_request_review", review("changes_requested", body=None)).reason == ""


@pytest.mark.parametrize("repo", [{"full_name": "mallory/web"}, None])
@pytest.mark.parametrize(
    "payload", [pull_request("opened"), pull_request("closed", merged=True), labeled("agent:go"), labeled("role:swe")]
)
def test_the_branch_of_a_fork_is_nobodys_task(payload: dict[str, Any], repo: object) -> None:
    hint = read_event("pull_request", fork(payload, repo))
    assert hint == EventRequest("foreign", "acme/web", Account("ada"), number=7, head=HEAD, is_pull=True)


@pytest.mark.parametrize("repo", [{"full_name": "mallory/web"}, None])
@pytest.mark.parametrize("payload", [review("approved"), review("dismissed", "dismissed")])
def test_a_review_of_a_forks_pull_request_is_nothing(payload: dict[str, Any], repo: object) -> None:
    assert read_event("pull_request_review", fork(payload, repo)).kind == "nothing"


@pytest.mark.parametrize(
    ("login", "kind", "is_app"),
    [
        ("Copilot", "Bot", True),
        ("kerrigan[bot]", "Bot", True),
        ("kerrigan[bot]", None, True),
        ("claude", "User", False),
        ("ada", None, False),
    ],
)
def test_an_account_is_an_apps_by_its_type_or_its_login(login: str, kind: str | None, is_app: bool) -> None:
    payload = dispatch() | {"sender": {"login": login, "type": kind}}
    assert read_event("repository_dispatch", payload).sender == Account(login, is_app)


def test_a_name_of_gits_is_a_login_too() -> None:
    payload = dispatch() | {"sender": {"login": "Ádá O'Hara, Jr.", "type": "User"}}
    assert read_event("repository_dispatch", payload).sender.login == "Ádá O'Hara, Jr."


@pytest.mark.parametrize(
    ("changed", "key"),
    [
        ({"project": "../../etc"}, "project"),
        ({"project": "x" * 10_000_000}, "project"),
        ({"project": None}, "project"),
        ({"task": None}, "task"),
        ({"task": "todo/screen\n::error::"}, "task"),
        ({"task": "other/screen"}, "task"),
        ({"task": ["todo/screen"]}, "task"),
        ({"home": "../.."}, "home"),
        ({"home": "acme/api; rm -rf /"}, "home"),
        ({"home": "acme/..\u2028"}, "home"),
        ({"key": None}, "key"),
        ({"key": "$(id)"}, "key"),
        ({"fence": -1}, "fence"),
        ({"fence": True}, "fence"),
        ({"fence": 1.0}, "fence"),
        ({"fence": 10**5000}, "fence"),
    ],
)
def test_a_dispatch_that_cannot_be_meant(changed: dict[str, object], key: str) -> None:
    raises_about(key, "repository_dispatch", dispatch("kerrigan-task", **changed))


@pytest.mark.parametrize(
    ("payload", "key"),
    [
        ({}, "action"),
        (pull_request("opened") | {"repository": {"full_name": "acme"}}, "full_name"),
        (pull_request("opened") | {"sender": {}}, "login"),
        (pull_request("opened") | {"sender": {"login": "ada\u200b"}}, "login"),
        (pull_request("opened") | {"sender": None}, "sender"),
        (pull_request("opened") | {"repository": REPOSITORY | {"full_name": "acme/" + "x" * 10_000}}, "full_name"),
        (labeled("role:\u202egp.exe"), "name"),
        (labeled(["agent:go"]), "name"),
        (pull_request("labeled"), "label"),
        (pull_request("opened") | {"sender": {"login": "ada/../root"}}, "login"),
        (labeled("agent:go\nrole:swe"), "name"),
        (pull_request("opened", number="7"), "number"),
        (pull_request("opened", head={"ref": BRANCH, "sha": HEAD}), "repo"),
        (pull_request("opened", head={"ref": BRANCH, "sha": "--help", "repo": REPOSITORY}), "sha"),
        (pull_request("opened", head={"ref": "a\nb", "sha": HEAD, "repo": REPOSITORY}), "ref"),
    ],
)
def test_a_pull_request_that_cannot_be_meant(payload: dict[str, Any], key: str) -> None:
    raises_about(key, "pull_request", payload)


@pytest.mark.parametrize("changed", [{"body": 7}, {"body": "x" * 10_000_000}])
def test_a_review_that_cannot_be_meant(changed: dict[str, object]) -> None:
    raises_about("body", "pull_request_review", review("changes_requested", **changed))


def raises_about(key: str, name: str, payload: dict[str, Any]) -> None:
    with pytest.raises(UnreadableError, match=f"'{key}'") as raised:
        read_event(name, payload)
    assert raised.value.kind == "payload"
    assert raised.value.message.isprintable()
    assert len(raised.value.message) < 400


WELL_FORMED = [
    ("repository_dispatch", dispatch()),
    ("pull_request", labeled("role:swe")),
    ("pull_request", labeled("role:swe", "unlabeled")),
    ("pull_request", pull_request("closed", merged=True)),
    ("pull_request_review", review("changes_requested")),
    ("issues", issue("labeled", label={"name": "kerrigan:retry"})),
    ("issue_comment", comment("/kerrigan reject no error format")),
    ("check_run", check_run()),
    ("check_suite", check_suite()),
    ("status", status()),
    ("workflow_run", workflow_run()),
    ("push", push()),
    ("merge_group", merge_group()),
    ("workflow_dispatch", workflow_dispatch()),
]
KINDS = {
    "dispatch", "recheck", "tell", "pull_request", "merged", "review", "foreign", "ask", "view", "checks", "run_ended",
    "pushed", "queue", "start", "nothing", "unreadable",
}  # fmt: skip
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(st.sampled_from(WELL_FORMED), st.data())
def test_no_payload_is_a_crash(well_formed: tuple[str, dict[str, Any]], data: st.DataObject) -> None:
    name, payload = well_formed
    assert outcome(name, damaged(payload, data)) in KINDS


def outcome(name: str, payload: dict[str, Any]) -> str:
    try:
        return read_event(name, payload).kind
    except UnreadableError as error:
        return "unreadable" if error.message.isprintable() else error.message


def damaged(payload: dict[str, Any], data: st.DataObject) -> dict[str, Any]:
    """The payload with junk at one place, or nothing, however deep."""
    key = data.draw(st.sampled_from(sorted(payload)))
    inner = payload[key]
    if isinstance(inner, dict) and inner and data.draw(st.booleans()):
        return payload | {key: damaged(inner, data)}
    if data.draw(st.booleans()):
        return {k: v for k, v in payload.items() if k != key}
    return payload | {key: data.draw(JUNK)}
