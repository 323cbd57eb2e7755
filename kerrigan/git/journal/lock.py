"""One process at a time: a lock that the system takes back when its holder dies."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from kerrigan.errors import UndecidedError

PATIENCE = 60.0
"""Seconds to wait for the process that holds a lock."""


@contextmanager
def alone(file: Path) -> Iterator[bool]:
    """Hold the lock of a file; the value says whether another process held it before.

    Raises UndecidedError where it is not to be had.
    """
    lock = FileLock(file)
    try:
        try:
            lock.acquire(timeout=0)
            waited = False
        except Timeout:
            lock.acquire(timeout=PATIENCE)
            waited = True
    except (OSError, Timeout) as error:
        raise UndecidedError(
            f"{file} cannot be locked: {error}",
            kind="lock",
            next_step="try again when the other commands have ended",
        ) from error
    try:
        yield waited
    finally:
        lock.release()
