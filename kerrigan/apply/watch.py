"""Waiting for files to change, by looking at them from time to time: that works on every machine and file system."""

import time
from collections.abc import Iterator
from pathlib import Path

from kerrigan.files import stamps

SECONDS = 0.5
"""How long to wait between two looks; longer where a look takes long."""
_READ = (".md", ".yml", ".yaml", ".json", ".jsonl")


def changes(root: Path) -> Iterator[None]:
    """Yields at once, and again whenever a file below `root` that a check may read has changed and lies still."""
    while True:
        seen = _look(root)
        yield
        while (now := _look(root)) == seen:
            _wait()
        while now != seen:
            # An editor writes in steps, and may take a file away for a moment.
            seen = now
            _wait()
            now = _look(root)


def _look(root: Path) -> dict[str, tuple[int, int, int]]:
    return stamps(root, lambda path: path.endswith(_READ))


def _wait() -> None:
    time.sleep(SECONDS)
