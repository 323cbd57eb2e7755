"""Waiting for files to change, by looking at them from time to time: that works on every machine and file system."""

import time
from collections.abc import Iterator
from pathlib import Path

from kerrigan.files import Wanted, stamps

SECONDS = 0.5
"""How long to wait between two looks."""
_READ = (".md", ".yml", ".yaml", ".json", ".jsonl")


def changes(root: Path) -> Iterator[None]:
    """Yields at once, and again whenever a file below `root` that a check may read has changed and lies still."""
    seen = _look(root)
    while True:
        yield
        while (now := _look_again(root)) == seen:
            pass
        # An editor writes in steps, and may take a file away for a moment.
        while (after := _look_again(root)) != now:
            now = after
        seen = now


def _look_again(root: Path) -> dict[str, tuple[int, int, int]]:
    time.sleep(SECONDS)
    return _look(root)


def _look(root: Path) -> dict[str, tuple[int, int, int]]:
    return stamps(root, Wanted(lambda path: path.endswith(_READ)))
