"""The journal from its first event on, for those who read it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kerrigan.apply.state.stage import Stage
from kerrigan.decide.fold.fold import NEWER, BrokenLineError, event_of
from kerrigan.model.event import Event, EventType


@dataclass(frozen=True, slots=True)
class Choice:
    """Which events are wanted; None or empty leaves none out. `after` and `before` are stamps, both exclusive."""

    task: str | None = None
    by: str | None = None
    types: frozenset[EventType] = frozenset()
    after: str | None = None
    before: str | None = None

    def takes(self, event: Event | None) -> bool:
        """Whether an event is one of them; one that is not known is only where nothing is left out."""
        if event is None:
            return self == Choice()
        return (
            (self.task is None or event.is_about(self.task))
            and (self.by is None or event.actor.is_login(self.by))
            and (not self.types or event.type in self.types)
            and (self.after is None or event.at > self.after)
            and (self.before is None or event.at < self.before)
        )


def lines(stage: Stage) -> tuple[str, ...]:
    """Every line of the journal, oldest first."""
    return stage.journal.history(stage.snapshot)


def parsed(history: Iterable[str]) -> Iterator[tuple[str, Event | None]]:
    """Each line with its event, None for one that only a newer Kerrigan knows.

    Raises BrokenLineError at the first line that is no event.
    """
    for number, line in enumerate(history, 1):
        try:
            yield line, event_of(line, number)
        except BrokenLineError as error:
            if error.kind != NEWER:
                raise
            yield line, None


def events(stage: Stage) -> tuple[Event, ...]:
    """Every event of the journal that is known, oldest first."""
    return known(lines(stage))


def known(history: Iterable[str]) -> tuple[Event, ...]:
    """The events of lines, without those that only a newer Kerrigan knows."""
    return tuple(event for _, event in parsed(history) if event)
