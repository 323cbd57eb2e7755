"""What happened at the box: requests, events, problems; and whether something is still happening."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import RLock

from tests.box.messages import Json


@dataclass
class Seen:
    """A request that came, and the status it was answered with; 0 when the connection was dropped."""

    method: str
    target: str
    login: str | None
    status: int = 0


@dataclass(frozen=True)
class Event:
    """An event that was announced, with the ids of the runs that it started."""

    slug: str
    name: str
    actor: str
    payload: Json = field(repr=False)
    runs: list[int] = field(default_factory=list)

    @property
    def action(self) -> str | None:
        """`labeled`, `opened` and the like; the event type of a repository_dispatch."""
        action = self.payload.get("action")
        return None if action is None else str(action)


class Activity:
    """The record of a box. Problems are the box's own: a test that has one proves nothing."""

    def __init__(self) -> None:
        self.requests: list[Seen] = []
        self.events: list[Event] = []
        self.problems: list[str] = []
        self._open = 0
        self._touched = time.monotonic()
        self._lock = RLock()

    def touch(self) -> None:
        """Something was written just now."""
        self._touched = time.monotonic()

    def record(self, request: Seen) -> None:
        """A request of a client came."""
        with self._lock:
            self.requests.append(request)

    @contextmanager
    def answering(self, method: str) -> Iterator[None]:
        """Something is being answered; all but a GET writes."""
        with self._lock:
            self._open += 1
        try:
            yield
        finally:
            with self._lock:
                self._open -= 1
            if method != "GET":
                self.touch()

    def is_quiet(self, seconds: float) -> bool:
        """Whether no request is open and nothing was written for so long."""
        return self._open == 0 and time.monotonic() - self._touched > seconds
