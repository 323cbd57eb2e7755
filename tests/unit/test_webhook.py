"""Payloads of GitHub's shape, well-formed, malformed and hostile."""

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kerrigan.errors import UnreadableError
from kerrigan.load.webhook import read_event
from kerrigan.model.event import EventType

SENDER = {"login": "ada", "type": "User"}
REPOSITORY = {"full_name": "acme/web"}
HEAD = "a" * 40


def dispatch(action: str = "kerrigan-task", /, **changed: object) -> dict[str, Any]:
    payload = {"project": "todo", "task": "todo/screen", "home": "acme/api", "key": "0" * 16, "fence": 0} | changed
    return {"action": action, "client_payload": payload, "repository": REPOSITORY, "sender": SENDER}


def pull_request(action: str, **changed: object) -> dict[str, Any]:
    body = {"number": 7, "merged": False, "head": {"ref": "kerrigan/todo/screen", "sha": HEAD}} | changed
    return {"action": action, "pull_request": body, "repository": REPOSITORY, "sender": SENDER}


def test_a_dispatch_says_what_to_work_on() -> None:
    hint = read_event("repository_dispatch", dispatch())
    assert (hint.kind, hint.task, hint.home, hint.key, hint.fence) == (
        "dispatch",
        "todo/screen",
        "acme/api",
        "0" * 16,
        0,
    )


@pytest.mark.parametrize(
    ("name", "payload", "kind"),
    [
        ("repository_dispatch", dispatch("kerrigan-recheck"), "recheck"),
        ("repository_dispatch", dispatch("kerrigan-event", task=None), "tell"),
        ("repository_dispatch", dispatch("deploy"), "nothing"),
        ("pull_request", pull_request("closed", merged=True), "merged"),
        ("pull_request", pull_request("closed"), "pull_request"),
        ("pull_request", pull_request("labeled"), "pull_request"),
        ("pull_request_review", pull_request("submitted") | {"review": {"state": "commented"}}, "pull_request"),
        ("star", {}, "nothing"),
    ],
)
def test_kinds(name: str, payload: dict[str, Any], kind: str) -> None:
    assert read_event(name, payload).kind == kind


def test_a_review_asks_for_what_it_says() -> None:
    review = {"review": {"state": "changes_requested", "body": "no error format"}}
    hint = read_event("pull_request_review", pull_request("submitted") | review)
    assert (hint.kind, hint.asks, hint.reason) == ("review", EventType.rejected, "no error format")


def test_a_bot_is_an_app() -> None:
    payload = dispatch() | {"sender": {"login": "kerrigan[bot]", "type": "Bot"}}
    assert read_event("repository_dispatch", payload).actor.kind == "app"


@pytest.mark.parametrize(
    ("changed", "key"),
    [
        ({"project": "../../etc"}, "project"),
        ({"task": "todo/screen\n::error::"}, "task"),
        ({"home": "acme/api; rm -rf /"}, "home"),
        ({"key": None}, "key"),
        ({"key": "$(id)"}, "key"),
        ({"fence": -1}, "fence"),
        ({"fence": True}, "fence"),
        ({"project": "x" * 10_000_000}, "project"),
    ],
)
def test_what_cannot_be_meant_is_named(changed: dict[str, object], key: str) -> None:
    with pytest.raises(UnreadableError, match=f"'{key}'") as raised:
        read_event("repository_dispatch", dispatch("kerrigan-task", **changed))
    assert len(raised.value.message) < 400


@given(
    st.sampled_from(["repository_dispatch", "pull_request", "pull_request_review", "push"]),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.sampled_from(list(dispatch())), inner),
        max_leaves=10,
    ),
)
def test_no_payload_is_a_crash(name: str, value: object) -> None:
    payload = value if isinstance(value, dict) else {"action": "closed", "client_payload": value, "pull_request": value}
    with contextlib.suppress(UnreadableError):
        read_event(name, payload)
