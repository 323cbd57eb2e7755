"""One value of an untrusted payload at a time: it is what it has to be, or an UnreadableError names its key."""

import re
from collections.abc import Mapping
from typing import Any

from kerrigan.errors import UnreadableError
from kerrigan.model.forge.account import Account, account_of
from kerrigan.model.names import SLUG

Payload = Mapping[str, Any]
"""An object of JSON, believed in nothing."""

COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
"""The id of a commit, SHA-1 or SHA-256."""

NAME = re.compile(SLUG, re.ASCII)
"""A repository as `owner/name`."""

_LOGIN = re.compile(r"[^/\\<>|;&$`\"?#%]{1,100}")
"""GitHub's logins are narrower; on the local forge it is git's user.name, so `Ada O'Hara` is one too."""

_LONGEST_LINE, _LONGEST_TEXT = 1_000, 65_536
_HIGHEST = 2**53
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?Z", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_STEERS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""What ends a line or turns it round. The joiners of an emoji do neither, and labels and checks bear those."""


def inner(raw: Payload, key: str) -> Payload:
    """An object."""
    found = raw.get(key)
    if not isinstance(found, dict):
        raise unusable(key, "an object", found)
    return found


def line(raw: Payload, key: str) -> str:
    """One line of text, of at most 1,000 characters."""
    found = raw.get(key)
    if not isinstance(found, str) or len(found) > _LONGEST_LINE or _STEERS.search(found):
        raise unusable(key, "a line of text", found)
    return found


def maybe_line(raw: Payload, key: str) -> str:
    """One line of text; empty where GitHub says null."""
    return "" if raw.get(key) is None else line(raw, key)


def prose(raw: Payload, key: str) -> str:
    """Text as someone wrote it, without what a terminal would obey; empty where GitHub says null."""
    found = raw.get(key)
    if found is None:
        return ""
    if not isinstance(found, str) or len(found) > _LONGEST_TEXT:
        raise unusable(key, f"at most {_LONGEST_TEXT} characters of text", found)
    return _CONTROL.sub("", found)


def matching(raw: Payload, key: str, pattern: re.Pattern[str]) -> str:
    """Printable text that is wholly what a pattern says."""
    found = line(raw, key)
    if not pattern.fullmatch(found) or not found.isprintable():
        raise unusable(key, f"text like {pattern.pattern}", found)
    return found


def number(raw: Payload, key: str) -> int:
    """A whole number from 0 that JSON can carry exactly."""
    found = raw.get(key)
    if not isinstance(found, int) or isinstance(found, bool) or not 0 <= found < _HIGHEST:
        raise unusable(key, "a number from 0", found)
    return found


def moment(raw: Payload, key: str) -> str | None:
    """A point in time as GitHub writes it, in UTC; None where it is missing or something else."""
    found = raw.get(key)
    return found if isinstance(found, str) and _MOMENT.fullmatch(found) else None


def repository(payload: Payload) -> str:
    """The repository that the event is of."""
    return matching(inner(payload, "repository"), "full_name", NAME)


def sender(payload: Payload) -> Account:
    """The account that brought the event about."""
    found = inner(payload, "sender")
    return account_of(matching(found, "login", _LOGIN), found.get("type"))


def unusable(key: str, expected: str, found: object) -> UnreadableError:
    """The error that names a key, what was expected there and what was found."""
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
