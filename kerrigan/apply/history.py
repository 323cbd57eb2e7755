"""The journal from its first event on, for those who read it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kerrigan.apply.stage import Stage
from kerrigan.decide.fold import event_of
from kerrigan.model.event import Event, EventType


@dataclass(frozen=True, slots=True)
class Choice:
    """Which events are wanted; None or empty leaves none out. `after` and `before` are stamps, both exclusive."""

    task: str | None = None
    by: str | None = None
    types: frozenset[EventType] = frozenset()
    after: str | None = None
    before: str | None = None

    def takes(self, event: Event) -> bool:
        """Whether an event is one of them."""
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


def parsed(history: Iterable[str]) -> Iterator[tuple[str, Event]]:
    """Each line with its event. Raises BrokenLineError at the first line that is none."""
    for number, line in enumerate(history, 1):
        yield line, event_of(line, number)


def events(stage: Stage) -> tuple[Event, ...]:
    """Every event of the journal, oldest first."""
    return tuple(event for _, event in parsed(lines(stage)))
