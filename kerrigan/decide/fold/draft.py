"""A state while events are added to it: the mappings are copied once, then each event costs the same."""

from kerrigan.decide.dispatches.outbox import DISPATCHES, record_dispatch
from kerrigan.decide.fold.reducers import hold_after, imported_after, task_after
from kerrigan.decide.fold.swarm import (
    IDEAS,
    NOTES,
    RUNS,
    circuits_after,
    forget,
    ideas_after,
    let_go,
    notes_after,
    runs_after,
)
from kerrigan.decide.lifecycle import TRANSITIONS
from kerrigan.decide.limits.failure_streaks import begin_anew, count
from kerrigan.decide.money.ledger import MONEY, Balances
from kerrigan.model.event import Event, EventType
from kerrigan.model.state import NEW, Beyond, State, TaskState


class Draft:
    """Takes in one event after the other. `beyond` is the first thing that it had to pass over."""

    def __init__(self, state: State) -> None:
        self.seq = state.seq
        self.last = state.last
        self.beyond = state.beyond
        self._tasks = dict(state.tasks)
        self._dispatches = dict(state.dispatches)
        self._hold = state.hold
        self._holds = dict(state.holds)
        self._streaks = dict(state.streaks)
        self._books = Balances(state.ledger)
        self._runs, self._notes = dict(state.runs), dict(state.notes)
        self._ideas, self._circuits = dict(state.ideas), dict(state.circuits)

    def task(self, task: str) -> TaskState:
        """The state of a task so far."""
        return self._tasks.get(task, NEW)

    def add(self, event: Event) -> None:
        """Take one event in. Raises ValueError, KeyError or TypeError when it lacks what its type needs."""
        kind = event.type
        if kind in TRANSITIONS:
            self._move(event)
        elif kind in MONEY:
            self._books.add(event)
        elif kind in DISPATCHES:
            record_dispatch(self._dispatches, event)
        elif kind is EventType.imported:
            # No one worked for it here: neither streaks nor balances count it.
            self._tasks |= {task: imported_after(self.task(task), event) for task in event.imported}
        elif kind in RUNS:
            runs_after(self._runs, event)
        elif kind in NOTES:
            notes_after(self._notes, event)
        elif kind in IDEAS:
            ideas_after(self._ideas, event)
        else:
            self._brake(str(event.data.get("scope", "")), event)
        circuits_after(self._circuits, event)
        forget(self._notes, event)
        self.seq = event.seq

    def pass_over(self, seq: int, beyond: Beyond) -> None:
        """Count an event that cannot be taken in, because a newer Kerrigan wrote it."""
        self.seq = seq
        self.beyond = self.beyond or beyond

    def _move(self, event: Event) -> None:
        if not isinstance(event.task, str):
            raise ValueError(f"'{event.type}' names no task")
        before, after = self.task(event.task), task_after(self.task(event.task), event)
        count(self._streaks, before, event)
        self._tasks[event.task] = after
        self._books.move(event, after.status)
        let_go(self._runs, event.task, after)

    def _brake(self, scope: str, event: Event) -> None:
        begin_anew(self._streaks, scope)
        if not scope:
            self._hold = hold_after(self._hold, event)
        elif hold := hold_after(self._holds.get(scope), event):
            self._holds[scope] = hold
        else:
            self._holds.pop(scope, None)

    def state(self) -> State:
        """What holds now."""
        return State(
            seq=self.seq,
            last=self.last,
            tasks=dict(self._tasks),
            dispatches=dict(self._dispatches),
            hold=self._hold,
            holds=dict(self._holds),
            streaks=dict(self._streaks),
            ledger=self._books.ledger(),
            runs=dict(self._runs),
            notes=dict(self._notes),
            ideas=dict(self._ideas),
            circuits=dict(self._circuits),
            beyond=self.beyond,
        )
