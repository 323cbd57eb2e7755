"""A webhook payload of GitHub's shape to a hint. Payloads are untrusted: nothing is believed but what is read here."""

import re
from collections.abc import Mapping
from typing import Any

from kerrigan.errors import UnreadableError
from kerrigan.load.names import ID, SLUG
from kerrigan.model.decision import Hint
from kerrigan.model.event import Actor, EventType

DISPATCHES = {"kerrigan-task": "dispatch", "kerrigan-recheck": "recheck", "kerrigan-event": "tell"}
"""The types of a repository_dispatch of Kerrigan's, and the hints they are."""

CHANGES = frozenset(
    {"opened", "reopened", "synchronize", "edited", "labeled", "unlabeled", "ready_for_review", "closed"}
)
"""What may happen to a pull request that a gate or a label depends on."""

REVIEWS = {"approved": EventType.approved, "changes_requested": EventType.rejected}
"""What a submitted review asks for; a comment asks for nothing."""

_ID = re.compile(ID)
_TASK = re.compile(f"{ID}/{ID}")
_SLUG = re.compile(SLUG, re.ASCII)
_KEY = re.compile(r"[0-9a-f]{8,64}")
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_LOGIN = re.compile(r"[^/\\<>|;&$`\"?#%]{1,100}")
"""GitHub's logins are narrower; on the local forge it is git's user.name, so `Ada O'Hara` is one too."""

_LONGEST_LINE, _LONGEST_TEXT = 1_000, 65_536
_HIGHEST = 2**53
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def read_event(name: str, payload: Mapping[str, Any]) -> Hint:
    """The hint in a payload. Raises UnreadableError that names the key that is missing or cannot be meant."""
    match name:
        case "repository_dispatch":
            return _dispatch(payload)
        case "pull_request":
            return _pull_request(payload)
        case "pull_request_review":
            return _review(payload)
        case _:
            return Hint("nothing")


def _dispatch(payload: Mapping[str, Any]) -> Hint:
    kind = DISPATCHES.get(_line(payload, "action"))
    if kind is None:
        return Hint("nothing")
    body = _object(payload, "client_payload")
    project = _matching(body, "project", _ID)
    task = None if kind != "dispatch" and body.get("task") is None else _matching(body, "task", _TASK)
    if task is not None and not task.startswith(f"{project}/"):
        raise _unusable("task", f"a task of project '{project}'", task)
    return Hint(
        kind=kind,
        repository=_repository(payload),
        actor=_sender(payload),
        project=project,
        task=task,
        home=_matching(body, "home", _SLUG),
        key=_matching(body, "key", _KEY),
        fence=_number(body, "fence"),
    )


def _pull_request(payload: Mapping[str, Any]) -> Hint:
    action = _line(payload, "action")
    if action not in CHANGES or _is_foreign(payload):
        return Hint("nothing")
    if action == "labeled":
        _line(_object(payload, "label"), "name")
    pull_request = _object(payload, "pull_request")
    head = _object(pull_request, "head")
    return Hint(
        kind="merged" if action == "closed" and pull_request.get("merged") is True else "pull_request",
        repository=_repository(payload),
        actor=_sender(payload),
        number=_number(pull_request, "number"),
        branch=_line(head, "ref"),
        head=_matching(head, "sha", _COMMIT),
    )


def _review(payload: Mapping[str, Any]) -> Hint:
    review = _object(payload, "review")
    asks = REVIEWS.get(_line(review, "state").lower())
    if _line(payload, "action") != "submitted" or asks is None or _is_foreign(payload):
        return Hint("nothing")
    pull_request = _object(payload, "pull_request")
    return Hint(
        kind="review",
        repository=_repository(payload),
        actor=_sender(payload),
        number=_number(pull_request, "number"),
        branch=_line(_object(pull_request, "head"), "ref"),
        # What was looked at, which need not be where the branch is by now.
        head=_matching(review, "commit_id", _COMMIT),
        asks=asks,
        reason=_prose(review, "body") if asks is EventType.rejected else "",
    )


def _is_foreign(payload: Mapping[str, Any]) -> bool:
    # A fork's branch may bear the name of a task's branch and still has nothing to do with it.
    head = _object(_object(payload, "pull_request"), "head")
    is_deleted = "repo" in head and head["repo"] is None
    return is_deleted or _line(_object(head, "repo"), "full_name") != _repository(payload)


def _repository(payload: Mapping[str, Any]) -> str:
    return _matching(_object(payload, "repository"), "full_name", _SLUG)


def _sender(payload: Mapping[str, Any]) -> Actor:
    sender = _object(payload, "sender")
    return Actor(_matching(sender, "login", _LOGIN), "app" if sender.get("type") == "Bot" else "person")


def _object(raw: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = raw.get(key)
    if not isinstance(found, dict):
        raise _unusable(key, "an object", found)
    return found


def _line(raw: Mapping[str, Any], key: str) -> str:
    found = raw.get(key)
    if not isinstance(found, str) or len(found) > _LONGEST_LINE or not found.isprintable():
        raise _unusable(key, "a line of text", found)
    return found


def _prose(raw: Mapping[str, Any], key: str) -> str:
    found = raw.get(key)
    if found is None:
        return ""
    if not isinstance(found, str) or len(found) > _LONGEST_TEXT:
        raise _unusable(key, f"at most {_LONGEST_TEXT} characters of text", found)
    return _CONTROL.sub("", found).strip()


def _matching(raw: Mapping[str, Any], key: str, pattern: re.Pattern[str]) -> str:
    found = _line(raw, key)
    if not pattern.fullmatch(found):
        raise _unusable(key, f"text like {pattern.pattern}", found)
    return found


def _number(raw: Mapping[str, Any], key: str) -> int:
    found = raw.get(key)
    if not isinstance(found, int) or isinstance(found, bool) or not 0 <= found < _HIGHEST:
        raise _unusable(key, "a number from 0", found)
    return found


def _unusable(key: str, expected: str, found: object) -> UnreadableError:
    return UnreadableError(
        f"the payload's '{key}' is {_shown(found)}; expected {expected}",
        kind="payload",
        next_step="hand over the webhook's JSON as GitHub sent it",
    )


def _shown(found: object) -> str:
    match found:
        case None:
            return "missing"
        case str():
            return f"{found[:60]!a}{'…' if len(found) > 60 else ''}"
        case bool():
            return "true or false"
        case int() if abs(found) < _HIGHEST:
            return str(found)
        case int() | float():
            return "another number"
        case list():
            return "a list"
        case _:
            return "an object"
