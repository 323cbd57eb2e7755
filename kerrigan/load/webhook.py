"""A webhook payload of GitHub's shape to a hint. Payloads are untrusted: nothing is believed but what is read here."""

import re
from collections.abc import Mapping
from typing import Any

from kerrigan.errors import UnreadableError
from kerrigan.load.dependency import ID
from kerrigan.model.decision import Hint
from kerrigan.model.event import Actor, EventType

KINDS = {"kerrigan-task": "dispatch", "kerrigan-recheck": "recheck", "kerrigan-event": "tell"}
"""What a repository_dispatch of Kerrigan's may be."""

_LOGIN = re.compile(r"[\w.@+ \[\]-]{1,100}")
_SLUG = re.compile(r"[\w.-]{1,100}/[\w.-]{1,100}")
_REVIEWS = {"approved": EventType.approved, "changes_requested": EventType.rejected}


def read_event(name: str, payload: Mapping[str, Any]) -> Hint:
    """The hint in a payload. Raises UnreadableError that names the key that is missing or cannot be meant."""
    match name:
        case "repository_dispatch":
            return _dispatch(payload)
        case "pull_request" | "pull_request_review":
            return _pull_request(name, payload)
        case _:
            return Hint("nothing")


def _dispatch(payload: Mapping[str, Any]) -> Hint:
    kind = KINDS.get(_text(payload, "action"))
    if kind is None:
        return Hint("nothing")
    body = _object(payload, "client_payload")
    return Hint(
        kind=kind,
        repository=_matching(_object(payload, "repository"), "full_name", _SLUG),
        actor=_sender(payload),
        project=_matching(body, "project", re.compile(ID)),
        task=_matching(body, "task", re.compile(f"{ID}/{ID}")) if body.get("task") is not None else None,
        home=_matching(body, "home", _SLUG),
        key=_matching(body, "key", re.compile(r"[0-9a-f]{8,64}")),
        fence=_number(body, "fence"),
    )


def _pull_request(name: str, payload: Mapping[str, Any]) -> Hint:
    pull_request = _object(payload, "pull_request")
    head = _object(pull_request, "head")
    closed = name == "pull_request" and _text(payload, "action") == "closed"
    review = _object(payload, "review") if name == "pull_request_review" else {}
    asks = _REVIEWS.get(str(review.get("state")).lower())
    return Hint(
        kind="merged" if closed and pull_request.get("merged") is True else "review" if asks else "pull_request",
        repository=_matching(_object(payload, "repository"), "full_name", _SLUG),
        actor=_sender(payload),
        number=_number(pull_request, "number"),
        branch=_text(head, "ref"),
        head=_matching(head, "sha", re.compile(r"[0-9a-f]{40,64}")),
        asks=asks,
        reason=str(review.get("body") or ""),
    )


def _sender(payload: Mapping[str, Any]) -> Actor:
    sender = _object(payload, "sender")
    return Actor(_matching(sender, "login", _LOGIN), "app" if sender.get("type") == "Bot" else "person")


def _object(raw: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = raw.get(key)
    if not isinstance(found, dict):
        raise _unusable(key, "an object", found)
    return found


def _text(raw: Mapping[str, Any], key: str) -> str:
    found = raw.get(key)
    if not isinstance(found, str) or len(found) > 1000 or not found.isprintable():
        raise _unusable(key, "a line of text", found)
    return found


def _matching(raw: Mapping[str, Any], key: str, pattern: re.Pattern[str]) -> str:
    found = _text(raw, key)
    if not pattern.fullmatch(found):
        raise _unusable(key, f"text like {pattern.pattern}", found)
    return found


def _number(raw: Mapping[str, Any], key: str) -> int:
    found = raw.get(key)
    if not isinstance(found, int) or isinstance(found, bool) or found < 0:
        raise _unusable(key, "a number", found)
    return found


def _unusable(key: str, expected: str, found: object) -> UnreadableError:
    shown = ascii(found)[:60]
    return UnreadableError(
        f"the payload's '{key}' is {shown}, expected {expected}",
        kind="payload",
        next_step="hand over the webhook's JSON as GitHub sent it",
    )
