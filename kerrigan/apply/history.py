"""The journal from its first event on, for those who read it."""

from collections.abc import Iterable, Iterator

from kerrigan.apply.stage import Stage
from kerrigan.decide.fold import event_of
from kerrigan.model.event import Event


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
