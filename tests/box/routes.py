"""A route that the box answers itself, and what its handler gets."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tests.box.identities import Identity
from tests.box.messages import Answer, Json
from tests.box.repository import Repository


@dataclass(frozen=True)
class Call:
    """A request to one repository: who asks, what, and the variable words of the path."""

    repo: Repository
    who: Identity
    body: Json
    query: Mapping[str, str]
    words: tuple[str, ...]


@dataclass(frozen=True)
class Route:
    """Method and path below the repository, what the caller must be permitted, and who answers."""

    method: str
    path: str
    permission: str
    level: str
    answer: Callable[[Call], Answer]

    def match(self, method: str, path: str) -> tuple[str, ...] | None:
        """The variable words of the path; None when the route is another."""
        found = re.fullmatch(self.path, path) if method == self.method else None
        return None if found is None else tuple(word or "" for word in found.groups())
