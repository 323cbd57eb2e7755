"""One value of an untrusted payload at a time: it is what it has to be, or an UnreadableError names its key."""

import re
from collections.abc import Mapping
from typing import Any

from kerrigan.errors import UnreadableError

COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
"""The id of a commit, SHA-1 or SHA-256."""

_LONGEST_LINE, _LONGEST_TEXT = 1_000, 65_536
_HIGHEST = 2**53
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_STEERS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""What ends a line or turns it round. The joiners of an emoji do neither, and labels and checks bear those."""


def inner(raw: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """An object."""
    found = raw.get(key)
    if not isinstance(found, dict):
        raise unusable(key, "an object", found)
    return found


def line(raw: Mapping[str, Any], key: str) -> str:
    """One line of text, of at most 1,000 characters."""
    found = raw.get(key)
    if not isinstance(found, str) or len(found) > _LONGEST_LINE or _STEERS.search(found):
        raise unusable(key, "a line of text", found)
    return found


def maybe_line(raw: Mapping[str, Any], key: str) -> str:
    """One line of text; empty where GitHub says null."""
    return "" if raw.get(key) is None else line(raw, key)


def prose(raw: Mapping[str, Any], key: str) -> str:
    """Text as somebody wrote it, without what a terminal would obey; empty where GitHub says null."""
    found = raw.get(key)
    if found is None:
        return ""
    if not isinstance(found, str) or len(found) > _LONGEST_TEXT:
        raise unusable(key, f"at most {_LONGEST_TEXT} characters of text", found)
    return _CONTROL.sub("", found).strip()


def matching(raw: Mapping[str, Any], key: str, pattern: re.Pattern[str]) -> str:
    """Printable text that is wholly what a pattern says."""
    found = line(raw, key)
    if not pattern.fullmatch(found) or not found.isprintable():
        raise unusable(key, f"text like {pattern.pattern}", found)
    return found


def number(raw: Mapping[str, Any], key: str) -> int:
    """A whole number from 0 that JSON can carry exactly."""
    found = raw.get(key)
    if not isinstance(found, int) or isinstance(found, bool) or not 0 <= found < _HIGHEST:
        raise unusable(key, "a number from 0", found)
    return found


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
