"""GitHub's own webhook examples, as the npm package @octokit/webhooks-examples has them: no crash, and what each is.

`npm ci` in tests/e2e/node installs them.
"""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kerrigan.errors import UnreadableError
from kerrigan.load.github.webhook import read_event

FOLDER = Path(__file__).parent / "e2e/node/node_modules/@octokit/webhooks-examples"
SERVERS = ("api.github.com", "ghes-31", "ghes-32", "ghes-33", "ghes-34", "ghes-35")

KINDS = {
    ("check_run", "completed"): {"checks"},
    ("check_suite", "completed"): {"checks"},
    ("merge_group", "checks_requested"): {"queue"},
    ("pull_request", "opened"): {"pull_request"},
    ("pull_request", "reopened"): {"pull_request"},
    ("pull_request", "synchronize"): {"pull_request"},
    ("pull_request", "ready_for_review"): {"pull_request"},
    ("pull_request", "converted_to_draft"): {"pull_request"},
    ("pull_request", "closed"): {"pull_request"},  # none of them was merged
    ("pull_request_review", "dismissed"): {"pull_request"},
    ("push", None): {"pushed", "nothing"},  # to the default branch, and of tags
    ("status", None): {"checks"},
    ("workflow_run", "completed"): {"run_ended"},
}
"""Which hints come out, by event and action. All others are nothing: nobody labelled or commented for Kerrigan."""

SCREEN = {"project": "todo", "task": "todo/screen", "home": "acme/api", "key": "0123456789abcdef", "fence": 1}

STEERED: list[tuple[str, str | None, tuple[str, ...], object, str]] = [
    ("pull_request", "labeled", ("label", "name"), "role:testing", "ask"),
    ("pull_request", "labeled", ("label", "name"), "agent:go", "ask"),
    ("pull_request", "labeled", ("label", "name"), "status:done", "view"),
    ("pull_request", "unlabeled", ("label", "name"), "kerrigan:retry", "view"),
    ("pull_request", "closed", ("pull_request", "merged"), True, "merged"),
    ("pull_request", "opened", ("pull_request", "head", "repo", "full_name"), "mallory/web", "foreign"),
    ("pull_request", "synchronize", ("pull_request", "head", "repo"), None, "foreign"),
    ("pull_request", "edited", ("pull_request", "body"), "Depends-on: #1", "pull_request"),
    ("pull_request_review", "submitted", ("review", "state"), "approved", "review"),
    ("pull_request_review", "submitted", ("review", "state"), "changes_requested", "review"),
    ("issues", "labeled", ("label", "name"), "kerrigan:pause", "ask"),
    ("issues", "unlabeled", ("label", "name"), "role:swe", "view"),
    ("issue_comment", "created", ("comment", "body"), "/kerrigan approve", "ask"),
    ("issue_comment", "created", ("comment", "user", "type"), "Bot", "nothing"),
    ("issue_comment", "deleted", ("comment", "body"), "/kerrigan approve", "nothing"),
    ("check_run", "completed", ("check_run", "name"), "kerrigan gate", "nothing"),
    ("check_suite", "completed", ("check_suite", "head_branch"), None, "checks"),
    ("status", None, ("context",), "kerrigan/gate", "nothing"),
    ("workflow_run", "completed", ("workflow_run", "head_repository"), None, "run_ended"),
    ("push", None, ("deleted",), True, "nothing"),
    ("repository_dispatch", "kerrigan-task", ("client_payload",), SCREEN, "dispatch"),
    ("repository_dispatch", "kerrigan-recheck", ("client_payload",), SCREEN, "recheck"),
]
"""What the examples would be with one thing in them changed: event, action, where, to what, and the hint then."""

ALL = {kind for kinds in KINDS.values() for kind in kinds} | {kind for *_, kind in STEERED} | {"unreadable"}

JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["x" * 300, "a\nb", "7"]),
    lambda within: st.lists(within, max_size=2) | st.dictionaries(st.text(), within, max_size=2),
    max_leaves=4,
)


@cache
def examples(server: str) -> list[tuple[str, dict[str, Any]]]:
    if not FOLDER.is_dir():
        pytest.skip("the npm package @octokit/webhooks-examples is missing: run `npm ci` in tests/e2e/node")
    events = json.loads((FOLDER / server / "index.json").read_text(encoding="utf-8"))
    return [(event["name"], payload) for event in events for payload in event["examples"]]


def action(payload: dict[str, Any]) -> str | None:
    return payload.get("action")


def changed(payload: dict[str, Any], path: tuple[str, ...], value: object) -> dict[str, Any]:
    key, *deeper = path
    return payload | {key: changed(payload[key], tuple(deeper), value) if deeper else value}


def paths(payload: object, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for key, value in payload.items() if isinstance(payload, dict) else ():
        yield (*above, key)
        yield from paths(value, (*above, key))


def test_every_example_of_github_is_the_hint_that_one_would_expect() -> None:
    found: dict[tuple[str, str | None], set[str]] = {}
    for name, payload in examples("api.github.com"):
        found.setdefault((name, action(payload)), set()).add(read_event(name, payload).kind)
    assert {pair: kinds for pair, kinds in found.items() if kinds != {"nothing"}} == KINDS
    assert len(examples("api.github.com")) >= 329


@pytest.mark.parametrize("server", SERVERS)
def test_every_example_of_every_server_is_read(server: str) -> None:
    for name, payload in examples(server):
        assert read_event(name, payload).kind in KINDS.get((name, action(payload)), set()) | {"nothing"}


@pytest.mark.parametrize(("name", "act", "path", "value", "kind"), STEERED)
def test_an_example_with_one_thing_of_ours_in_it(
    name: str, act: str | None, path: tuple[str, ...], value: object, kind: str
) -> None:
    assert {read_event(name, changed(payload, path, value)).kind for payload in of(name, act)} == {kind}


def of(name: str, act: str | None) -> list[dict[str, Any]]:
    """The examples of an event and an action; of the two actions that GitHub shows no example of, made from others."""
    mine = [payload for event, payload in examples("api.github.com") if event == name]
    if name == "repository_dispatch" or act == "edited":
        mine = [payload | {"action": act} for payload in mine]
    return [payload for payload in mine if action(payload) == act]


@given(st.data())
def test_no_damage_to_an_example_is_a_crash(data: st.DataObject) -> None:
    name, payload = data.draw(st.sampled_from(readable()))
    for _ in range(data.draw(st.integers(1, 3))):
        payload = changed(payload, data.draw(st.sampled_from(sorted(paths(payload)))), data.draw(JUNK))
    assert outcome(name, payload) in ALL


@cache
def readable() -> list[tuple[str, dict[str, Any]]]:
    """The examples that are something, and those that one change makes something."""
    found = [(name, payload) for name, payload in examples("api.github.com") if (name, action(payload)) in KINDS]
    return found + [
        (name, changed(payload, path, value)) for name, act, path, value, _ in STEERED for payload in of(name, act)
    ]


def outcome(name: str, payload: dict[str, Any]) -> str:
    try:
        return read_event(name, payload).kind
    except UnreadableError:
        return "unreadable"
