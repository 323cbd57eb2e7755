"""What goes over the wire: a request as the box sees it, and its answer."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.box.identities import Identity

Json = dict[str, Any]


@dataclass(frozen=True)
class Request:
    """One request. `path` has neither the API's prefix nor the query; `headers` have lower-case names."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    token: str
    who: Identity | None

    @property
    def target(self) -> str:
        """The path with its query."""
        return self.path + ("?" + self.query if self.query else "")

    def json(self) -> Json:
        """The body as an object. Raises ValueError."""
        parsed = json.loads(self.body) if self.body else {}
        if not isinstance(parsed, dict):
            return {"": parsed}  # a bare list, as some routes take
        return parsed


@dataclass(frozen=True)
class Answer:
    """An answer; `raw` goes out as it is, in place of a JSON body."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes | None = None

    @property
    def ok(self) -> bool:
        """Whether the request had its effect."""
        return self.status < 300

    def content(self) -> bytes:
        """The bytes that go out."""
        if self.raw is not None:
            return self.raw
        return b"" if self.body is None else json.dumps(self.body).encode()


def said(status: int, message: str) -> Answer:
    """An error in GitHub's form."""
    return Answer(status, {"message": message, "status": str(status)})


NOT_FOUND = said(404, "Not Found")
FORBIDDEN = said(403, "Resource not accessible by integration")
NOT_ALLOWED = said(403, "Must have write access to the repository.")
