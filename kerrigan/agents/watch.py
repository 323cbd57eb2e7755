"""What an agent does while it runs: changes of files, lines of its own record, and requests that it tries again."""

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kerrigan.agents.profile import RetryWatch

MOST_FILES = 200_000
"""How many files of a folder are looked at for a change."""

CARRY = 64_000
"""How much of a line without an end is kept, in bytes."""


@dataclass(slots=True)
class Activity:
    """Whether anything has changed below a folder, or below what some patterns name in another one."""

    tree: Path
    home: Path
    patterns: Sequence[str] = ()
    _last: tuple[tuple[int, int], ...] | None = None

    def changed(self) -> bool:
        """Whether a file is new, gone or written since this was last called; True at the first call."""
        named = [path for pattern in self.patterns for path in sorted(self.home.glob(pattern))]
        found = tuple(_fingerprint(folder) for folder in [self.tree, *named])
        before, self._last = self._last, found
        return found != before


def _fingerprint(folder: Path) -> tuple[int, int]:
    """How many files there are, and the sum of when each was written: no single change leaves both alone."""
    if folder.is_file():
        state = folder.stat()
        return 1, state.st_mtime_ns + state.st_size
    files = sums = 0
    waiting = [str(folder)]
    while waiting and files < MOST_FILES:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    state = entry.stat(follow_symlinks=False)
                    files, sums = files + 1, sums + state.st_mtime_ns + state.st_size
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
        except OSError:
            continue  # it went while it was looked at
    return files, sums


@dataclass(slots=True)
class Retries:
    """Counts the requests that an agent tries again, until there are too many."""

    watch: RetryWatch | None
    failures: int = 0
    _failed_at: float | None = None
    _carry: bytes = b""

    def feed(self, stream: str, chunk: bytes, now: float) -> None:
        """The next bytes of a stream, at a time of a monotonic clock."""
        if self.watch is None or stream != self.watch.stream:
            return
        *lines, rest = (self._carry + chunk).split(b"\n")
        self._carry = rest[-CARRY:]
        for line in lines:
            if self.watch.failure.search(line):
                self.failures, self._failed_at = self.failures + 1, now
            elif self.watch.success.search(line):
                self.failures, self._failed_at = 0, None

    def enough(self, now: float) -> bool:
        """Whether the run is not worth waiting for."""
        if self.watch is None or self._failed_at is None:
            return False
        return self.failures >= self.watch.times or now - self._failed_at >= self.watch.patience


@dataclass(slots=True)
class Record:
    """The record of its session that an agent writes below HOME: where it is, and what is new in it."""

    home: Path
    pattern: str
    path: Path | None = None
    _read: int = field(default=0)

    def news(self) -> bytes:
        """The bytes that came since the last call, at most a megabyte."""
        found = self.find()
        if found is None:
            return b""
        try:
            with found.open("rb") as file:
                file.seek(self._read)
                chunk = file.read(1_000_000)
        except OSError:
            return b""
        self._read += len(chunk)
        return chunk

    def find(self) -> Path | None:
        """The file, once it is there."""
        if self.path is None and self.pattern:
            self.path = next(iter(sorted(self.home.glob(self.pattern))), None)
        return self.path


def now() -> float:
    """Seconds on a clock that never goes back."""
    return time.monotonic()
