"""The journal from its first event on: read it, and prove that it is what was written."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kerrigan.apply.stage import Stage
from kerrigan.decide.fold import dump, replay
from kerrigan.errors import KerriganError, UnreadableError
from kerrigan.load.documents import parse_json
from kerrigan.model.event import Event
from kerrigan.model.state import State


@dataclass(frozen=True, slots=True)
class Audit:
    """What a verification found: how many events, and the first thing that is wrong, or nothing."""

    project: str
    events: int
    problem: str = ""

    @property
    def sound(self) -> bool:
        """Whether the journal is what was written."""
        return not self.problem

    @property
    def words(self) -> str:
        """The finding in a sentence."""
        if self.sound:
            return f"journal of {self.project}: {self.events} events, every hash holds"
        return f"journal of {self.project}: {self.problem}"

    def to_json(self) -> dict[str, object]:
        """The finding for machines."""
        return {"project": self.project, "events": self.events, "sound": self.sound, "problem": self.problem}


def lines(stage: Stage) -> tuple[str, ...]:
    """Every line of the journal, oldest first."""
    return stage.journal.history(stage.snapshot)


def parsed(history: Iterable[str]) -> Iterator[tuple[str, Event]]:
    """Each line with its event. Raises UnreadableError at the first line that is none."""
    for number, line in enumerate(history, 1):
        document = parse_json(f"line {number}", line)
        if not isinstance(document.data, dict):
            raise UnreadableError(
                f"line {number} of the journal is no event", kind="journal", next_step="kerrigan audit verify"
            )
        yield line, Event.from_json(document.data)


def events(stage: Stage) -> tuple[Event, ...]:
    """Every event of the journal, oldest first."""
    return tuple(event for _, event in parsed(lines(stage)))


def verify(stage: Stage) -> Audit:
    """Check numbering, hash chain, state.json against the fold, and that no commit ever took a line away."""
    history = lines(stage)
    name, snapshot = stage.project.name, stage.snapshot
    try:
        replay(State(), history)
        sealed = replay(State(), history[: len(history) - len(snapshot.lines)])
    except KerriganError as error:
        return Audit(name, len(history), error.message)
    if snapshot.state is not None and snapshot.state != dump(sealed, snapshot.segment - 1):
        return Audit(name, len(history), "state.json is not the fold of the full segments")
    if snapshot.rewritten:
        accept = f"if that is right: git update-ref refs/kerrigan/seen/{name} {snapshot.tip}"
        return Audit(name, len(history), f"the branch does not descend from what this clone saw last; {accept}")
    shrunk = stage.journal.shrunk(snapshot)
    return Audit(name, len(history), f"commit {shrunk} takes lines away that were there before it" if shrunk else "")
