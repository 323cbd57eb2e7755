"""One request to GitHub's API, what came back, and which of our errors that is."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kerrigan.errors import KerriganError, UndecidedError, UnreadableError

_LIMITED = ("rate limit", "abuse detection", "retry your request again later")
_UNTOLD_PAUSE = 60.0
"""Seconds to wait at a rate limit where GitHub does not say how long: its documentation asks for a minute."""
_NEXT = re.compile(r'<([^<>]+)>;[^,]*rel="next"')
_LONGEST = 400

Json = Any


@dataclass(frozen=True, slots=True)
class ApiRequest:
    """A request: `path` begins with `/` below the API's address, or is an address that GitHub itself gave."""

    verb: str
    path: str
    query: Mapping[str, str | int] = field(default_factory=dict)
    body: Json = None

    @property
    def reads(self) -> bool:
        """Whether asking again changes nothing: a read, or a query of GraphQL, where Kerrigan sends no mutation."""
        return self.verb == "GET" or self.path.endswith("/graphql")

    def __str__(self) -> str:
        return f"{self.verb} {self.path}"


@dataclass(frozen=True, slots=True)
class Response:
    """What GitHub said: header names are in lower case."""

    ask: ApiRequest
    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def good(self) -> bool:
        """Whether GitHub did what was asked."""
        return 200 <= self.status < 300

    @property
    def json(self) -> Json:
        """The body. Raises UndecidedError where it is no JSON: a proxy answered, or GitHub's own error page."""
        try:
            return json.loads(self.text) if self.text else None
        except ValueError as error:
            raise self.not_understood("it is no JSON") from error

    @property
    def next_page(self) -> str | None:
        """The address of the next page of a list."""
        found = _NEXT.search(self.headers.get("link", ""))
        return found.group(1) if found else None

    @property
    def limited(self) -> bool:
        """Whether a rate limit refused it, before it had any effect. GitHub uses 429 and 403 for the same."""
        told = self.headers.get("x-ratelimit-remaining") == "0" or "retry-after" in self.headers
        said = self.said.lower()
        return self.status == 429 or (self.status == 403 and (told or any(words in said for words in _LIMITED)))

    def pause(self, now: float) -> float:
        """How many seconds a rate limit asks to wait, in the order that GitHub documents."""
        after, reset = (_number(self.headers.get(name, "")) for name in ("retry-after", "x-ratelimit-reset"))
        if after is not None:
            return max(after, 1.0)
        if self.headers.get("x-ratelimit-remaining") == "0" and reset is not None:
            return max(reset - now, 0.0) + 1.0
        return _UNTOLD_PAUSE

    @property
    def said(self) -> str:
        """GitHub's own words, in one line that is safe to show."""
        try:
            raw = json.loads(self.text)
        except ValueError:
            return ""
        if not isinstance(raw, dict):
            return ""
        errors = raw.get("errors")
        details = [_detail(each) for each in errors] if isinstance(errors, list) else []
        told = "; ".join(filter(None, [str(raw.get("message") or ""), *details]))
        return "".join(c for c in told if c.isprintable())[:_LONGEST]

    def error(self) -> KerriganError:
        """What a refused request is: not looked at or not known (4), or an answer that is no (3)."""
        if self.limited:
            return self._undecided("rate-limit", "wait for the limit to pass, then run the command again")
        if self.status == 401:
            return self._undecided("token", "set KERRIGAN_TOKEN to a token that is valid on this server")
        if self.status >= 500:
            return self._undecided("server", "try again: whatever was done already is found and not done twice")
        if self.status == 403:
            return self._forbidden()
        if self.status == 404:
            return self._not_found()
        return UnreadableError(self._found(), kind="refused-by-github", next_step="fix what GitHub reports")

    def not_understood(self, why: object) -> UndecidedError:
        """The error of an answer that is not what GitHub documents."""
        return UndecidedError(
            f"the answer to {self.ask} is not what GitHub documents: {why}"[:_LONGEST],
            kind="bad-answer",
            next_step="check the API's address and https://www.githubstatus.com, then try again",
        )

    def _undecided(self, kind: str, next_step: str) -> UndecidedError:
        return UndecidedError(self._found(), kind=kind, next_step=next_step)

    def _forbidden(self) -> KerriganError:
        needed = self.headers.get("x-accepted-github-permissions", "")[:_LONGEST]
        next_step = f"give the token one of: {needed}" if needed else "give the token the permission that it lacks"
        if self.ask.reads:
            return self._undecided("permission", next_step)
        return UnreadableError(self._found(), kind="permission", next_step=next_step)

    def _not_found(self) -> UnreadableError:
        return UnreadableError(
            f"{self._found()}; GitHub says so too of a private repository that the token does not reach",
            kind="not-found",
            next_step="check the repository's name, and that the token may reach it",
        )

    def _found(self) -> str:
        return f"GitHub answered {self.status} to {self.ask}" + (f": {self.said}" if self.said else "")


def unread(raw: Json) -> None:
    """What there is to read in the answer to a write that no one looks at."""


def _detail(error: Json) -> str:
    if not isinstance(error, dict):
        return str(error)
    if error.get("message"):
        return str(error["message"])
    return " ".join(str(error[key]) for key in ("resource", "field", "code") if error.get(key))


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
