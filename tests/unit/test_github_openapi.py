"""The oracle of the other tests: GitHub's description of its API, and that it does say no."""

from typing import Any

import pytest

from tests.github_newer import NEWER
from tests.openapi import DATA, USED, OpenApi

OPENAPI = OpenApi.vendored()
HERE = "/repos/acme/api"


@pytest.mark.parametrize(
    ("verb", "target", "body"),
    [
        ("GET", "/user", None),
        ("GET", f"{HERE}/git/ref/heads/kerrigan/todo/a%20b", None),
        ("GET", f"{HERE}/compare/release%2F1...{'1' * 40}?per_page=1", None),
        ("GET", f"{HERE}/pulls?state=open&head=acme:x&per_page=100", None),
        ("POST", f"{HERE}/issues/5/labels", {"labels": ["bug"]}),
        ("POST", f"{HERE}/dispatches", {"event_type": "x", "client_payload": {"a": {"b": 1}}}),
        ("DELETE", f"{HERE}/issues/5/labels/role%3Aswe", None),
    ],
)
def test_a_request_that_github_takes(verb: str, target: str, body: Any) -> None:
    assert OPENAPI.request(verb, target, body) == []


@pytest.mark.parametrize(
    ("verb", "target", "body", "expected"),
    [
        ("GET", "/users", None, "no request that Kerrigan is known to make"),
        ("PATCH", f"{HERE}/git/ref/heads/x", {"sha": "1"}, "no request that Kerrigan is known to make"),
        ("GET", f"{HERE}/pulls/five", None, "'five' is not of type 'integer'"),
        ("GET", f"{HERE}/pulls?state=opened", None, "'opened' is not one of"),
        ("GET", f"{HERE}/pulls?branch=x", None, "no query parameter branch"),
        ("GET", "/user", {}, "there is a body"),
        ("POST", f"{HERE}/pulls", None, "the body is missing"),
        ("POST", f"{HERE}/pulls", {"head": "x"}, "'base' is a required property"),
        ("POST", f"{HERE}/pulls", {"head": "x", "base": "y", "labels": []}, "'labels' was unexpected"),
        ("POST", f"{HERE}/statuses/{'1' * 40}", {"state": "passed"}, "'passed' is not one of"),
        ("POST", f"{HERE}/issues/5/labels", {"labels": []}, "not valid under any"),
        ("POST", f"{HERE}/issues/comments/5/reactions", {"content": "thumbsup"}, "'thumbsup' is not one of"),
        ("POST", f"{HERE}/dispatches", {"event_type": ""}, "should be non-empty"),
        ("POST", f"{HERE}/dispatches", {"event_type": "x", "client_payload": dict.fromkeys("abcdefghijk")}, "too many"),
    ],
)
def test_a_request_that_github_does_not_take(verb: str, target: str, body: Any, expected: str) -> None:
    assert any(expected in error for error in OPENAPI.request(verb, target, body))


def test_an_answer_may_leave_out_but_not_invent() -> None:
    path = f"{HERE}/pulls/5"
    assert OPENAPI.answer("GET", path, 200, {"number": 5, "merged_at": None, "labels": [{"name": "bug"}]}) == []
    assert OPENAPI.answer("GET", path, 200, {"numer": 5})
    assert OPENAPI.answer("GET", path, 200, {"number": "5"})
    assert OPENAPI.answer("GET", path, 201, {}) == [f"201 is no answer to GET {path}"]
    assert OPENAPI.answer("POST", f"{HERE}/dispatches", 204, None) == []
    assert OPENAPI.answer("POST", f"{HERE}/dispatches", 204, {}) == ["204 has no body"]


def test_the_part_that_is_kept_is_small_and_whole() -> None:
    assert DATA.stat().st_size < 60_000
    assert {path: set(verbs) for path, verbs in OPENAPI.document["paths"].items()} == {
        path: set(verbs.split()) for path, verbs in USED.items()
    } | {path: {"get"} for path in NEWER}
    assert set(OPENAPI.document["examples"]) == {path for path, verbs in USED.items() if "get" in verbs}
