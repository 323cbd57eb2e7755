"""Faults that a test plants: an answer that never comes, or comes wrong, before or after the effect."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Any, Literal


@dataclass
class Fault:
    """What happens to the next `times` requests of this method whose path matches; no status: the connection drops.

    `then` is what else happens at that moment; with `when="beside"` it is all, and the request is answered as ever.
    Paths of git match too. libcurl sends a POST again by itself when a kept connection dies before the first byte of
    the answer, so it takes `times=3` to make a push fail for good.
    """

    method: str
    path: str
    status: int | None = None
    when: Literal["before", "after", "beside"] = "before"
    times: int = 1
    body: Any = field(default_factory=lambda: {"message": "Server Error"})
    headers: Mapping[str, str] = field(default_factory=dict)
    then: Callable[[], object] = lambda: None


class Faults:
    """The faults that still wait for their request."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []
        self._lock = Lock()

    def plant(self, *faults: Fault) -> None:
        """Let these faults happen, each as soon as its request comes."""
        with self._lock:
            self._waiting += [replace(fault) for fault in faults]

    def clear(self) -> None:
        """Let none happen any more."""
        with self._lock:
            self._waiting.clear()

    def take(self, method: str, target: str) -> Fault | None:
        """The fault that hits this request."""
        with self._lock:
            for fault in self._waiting:
                if fault.method == method and re.search(fault.path, target):
                    fault.times -= 1
                    if fault.times < 1:
                        self._waiting.remove(fault)
                    return fault
        return None

    def __len__(self) -> int:
        return sum(fault.times for fault in self._waiting)
