"""Writes to branches: one at a time in a repository, copied to the other store, then announced."""

from collections.abc import Callable
from typing import TypeVar

from tests.box import replay
from tests.box.activity import Activity
from tests.box.commands import CommandError
from tests.box.emulator import Emulator
from tests.box.events import Events
from tests.box.identities import KEEPER
from tests.box.repository import NOBODY, Repository

Result = TypeVar("Result")


class Writes:
    """Carries out writes. A drift between the stores is a problem of the box, never an answer to the writer."""

    def __init__(self, emulator: Emulator, events: Events, activity: Activity) -> None:
        self._emulator, self._events, self._activity = emulator, events, activity

    def to_git(self, repo: Repository, login: str, write: Callable[[], Result]) -> Result:
        """A write to the bare repository: a push or a merge."""
        return self._write(repo, login, write, replay.to_emulator)

    def to_emulator(self, repo: Repository, login: str, write: Callable[[], Result]) -> Result:
        """A write over REST that the emulator answers."""
        return self._write(repo, login, write, replay.from_emulator)

    def _write(
        self,
        repo: Repository,
        login: str,
        write: Callable[[], Result],
        copy: Callable[[Repository, Emulator], None],
    ) -> Result:
        with repo.lock:
            before = repo.heads()
            result = write()
            try:
                copy(repo, self._emulator)
            except (replay.DriftError, CommandError) as error:
                self._activity.problems.append(f"drift: {error}")
            after = repo.heads()
            for ref in sorted(before.keys() | after.keys()):
                old, new = before.get(ref, NOBODY), after.get(ref, NOBODY)
                if old != new and login != KEEPER:
                    self._events.moved(repo, old, new, ref, login)
            return result
