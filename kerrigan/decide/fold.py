"""From journal lines to state and back: fold, replay, the hash chain, and state.json."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, replace
from typing import Any

from kerrigan.decide.changes import DISPATCHES, hold_after, imported_after, record_dispatch, task_after
from kerrigan.decide.ledger import MONEY, Books, ledger_json, ledger_of
from kerrigan.decide.lifecycle import TRANSITIONS
from kerrigan.decide.streaks import begin_anew, count
from kerrigan.errors import UnreadableError
from kerrigan.model.event import FORMAT, Event, EventType, digest
from kerrigan.model.state import (
    NEW,
    Dispatch,
    DispatchStatus,
    Feedback,
    Heartbeat,
    Hold,
    Holder,
    State,
    Status,
    Submission,
    TaskState,
)
from kerrigan.model.timestamp import seconds_between
from kerrigan.model.usage import Ledger

_VERSION = re.compile(r"[0-9]{1,4}(\.[0-9]{1,4}){1,3}")
AN_INSTANT = "1970-01-01T00:00:00.000Z"


class BrokenLineError(UnreadableError):
    """A line that does not belong where it stands; `line` counts from 1. Its kind is journal, or journal-format."""

    def __init__(self, line: int, what: str, kind: str, next_step: str) -> None:
        super().__init__(f"line {line} of the journal {what}", kind=kind, next_step=next_step)
        self.line = line


class Draft:
    """A state while events are added to it: the mappings are copied once, then each event costs the same."""

    def __init__(self, state: State) -> None:
        self.seq = state.seq
        self.last = state.last
        self._tasks = dict(state.tasks)
        self._dispatches = dict(state.dispatches)
        self._hold = state.hold
        self._holds = dict(state.holds)
        self._streaks = dict(state.streaks)
        self._books = Books(state.ledger)

    def task(self, task: str) -> TaskState:
        """The state of a task so far."""
        return self._tasks.get(task, NEW)

    def add(self, event: Event) -> None:
        """Take one event in. Raises ValueError, KeyError or TypeError when it lacks what its type needs."""
        if event.type in TRANSITIONS:
            if not isinstance(event.task, str):
                raise ValueError(f"'{event.type}' names no task")
            before, after = self.task(event.task), task_after(self.task(event.task), event)
            count(self._streaks, before, event)
            self._tasks[event.task] = after
            self._books.move(event, after.status)
        elif event.type in MONEY:
            self._books.add(event)
        elif event.type in DISPATCHES:
            record_dispatch(self._dispatches, event)
        elif event.type is EventType.imported:
            # Nobody worked for it here: neither streaks nor books hear of it.
            self._tasks |= {task: imported_after(self.task(task), event) for task in event.imported}
        else:
            self._brake(str(event.data.get("scope", "")), event)
        self.seq = event.seq

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
        tasks, dispatches, holds = dict(self._tasks), dict(self._dispatches), dict(self._holds)
        streaks, ledger = dict(self._streaks), self._books.ledger()
        return State(self.seq, self.last, tasks, dispatches, self._hold, holds, streaks, ledger)


def fold(state: State, events: Iterable[Event]) -> State:
    """The state after events. `last` is left as it was: only who knows the lines knows their hash."""
    draft = Draft(state)
    for event in events:
        draft.add(event)
    return draft.state()


def replay(state: State, lines: Iterable[str]) -> State:
    """The state after journal lines, each checked: format, number, and the hash of the line before.

    Raises BrokenLineError at the first line that does not hold.
    """
    draft = Draft(state)
    for line in lines:
        number = draft.seq + 1
        event = event_of(line, number)
        if event.seq != number:
            raise _broken(number, f"is numbered {event.seq}, so lines are missing, doubled or out of order")
        if event.prev != draft.last:
            raise _broken(number, "does not carry the hash of the line before it, so one of the two was changed")
        try:
            draft.add(event)
        except (KeyError, TypeError, ValueError) as error:
            raise _broken(number, f"is a '{event.type}' without what it needs: {error}") from error
        draft.last = digest(line)
    return draft.state()


def event_of(line: str, number: int) -> Event:
    """The event of the line of this number. Raises BrokenLineError when it is none, or one of a newer format."""
    try:
        raw = json.loads(line)
        newer = raw["v"] > FORMAT
        if not newer:
            seconds_between(AN_INSTANT, raw["at"])  # else whoever counts with it finds out too late
            return Event.from_json(raw)
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise _broken(number, f"is not an event: {type(error).__name__}: {error}") from error
    what = f"has format {raw['v']}, and this Kerrigan reads formats up to {FORMAT}"
    raise BrokenLineError(number, what, "journal-format", _newer(raw))


def _broken(number: int, what: str) -> BrokenLineError:
    mend = "look at the branch's history with `git log -p`: the commit that changed the line is the culprit"
    return BrokenLineError(number, what, "journal", mend)


def chain(events: Iterable[Event], last: str) -> tuple[tuple[Event, ...], tuple[str, ...], str]:
    """The events with `prev` set, their lines, and the hash of the last line."""
    chained: list[Event] = []
    lines: list[str] = []
    for event in events:
        linked = replace(event, prev=last)
        line = linked.to_line()
        chained.append(linked)
        lines.append(line)
        last = digest(line)
    return tuple(chained), tuple(lines), last


def dump(state: State, segments: int) -> str:
    """The text of state.json: the fold of the first `segments` segments, the same text for the same state."""
    whole = {
        "v": FORMAT,
        "segments": segments,
        "seq": state.seq,
        "last": state.last,
        "hold": asdict(state.hold) if state.hold else None,
        "holds": {scope: asdict(state.holds[scope]) for scope in sorted(state.holds)},
        "streaks": {scope: state.streaks[scope] for scope in sorted(state.streaks)},
        "tasks": {task: _task_json(state.tasks[task]) for task in sorted(state.tasks)},
        "dispatches": {key: asdict(state.dispatches[key]) for key in sorted(state.dispatches)},
        # Left out while there is none, as it was in every journal before money was counted.
        **({"ledger": ledger_json(state.ledger)} if state.ledger != Ledger() else {}),
    }
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


_NEW = asdict(NEW)


def _task_json(task: TaskState) -> dict[str, Any]:
    return {name: value for name, value in asdict(task).items() if value != _NEW[name]}


def load(text: str) -> State:
    """The state in a state.json. Raises UnreadableError when it is none, or of a newer format."""
    try:
        raw = json.loads(text)
        if raw["v"] <= FORMAT:
            return _state(raw)
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise UnreadableError(
            f"state.json of the journal is damaged: {type(error).__name__}: {error}",
            kind="journal",
            next_step="kerrigan audit verify",
        ) from error
    raise UnreadableError(
        f"state.json has format {raw['v']}, and this Kerrigan reads formats up to {FORMAT}",
        kind="journal-format",
        next_step=_newer(raw),
    )


def _newer(raw: Mapping[str, Any]) -> str:
    needs = raw.get("needs")
    is_version = isinstance(needs, str) and _VERSION.fullmatch(needs)
    return f"install Kerrigan {needs} or newer" if is_version else "install a newer Kerrigan"


def _state(raw: dict[str, Any]) -> State:
    return State(
        seq=int(raw["seq"]),
        last=str(raw["last"]),
        tasks={task: _task(fields) for task, fields in raw["tasks"].items()},
        dispatches={key: _dispatch(fields) for key, fields in raw["dispatches"].items() if not _is_over(fields)},
        hold=Hold(**raw["hold"]) if raw["hold"] else None,
        holds={scope: Hold(**fields) for scope, fields in raw.get("holds", {}).items()},
        streaks={scope: int(times) for scope, times in raw.get("streaks", {}).items()},
        ledger=ledger_of(raw.get("ledger", {})),
    )


_PARTS: Mapping[str, Callable[[Any], Any]] = {
    "status": Status,
    "holder": lambda raw: Holder(**raw),
    "heartbeat": lambda raw: Heartbeat(**raw),
    "submission": lambda raw: Submission(**raw),
    "feedback": lambda raw: Feedback(**raw),
    "made": lambda raw: {path: tuple(ids) for path, ids in raw.items()},
    "confirmed": tuple,
    "granted": tuple,
    "flags": tuple,
}


def _task(raw: dict[str, Any]) -> TaskState:
    return TaskState(**{name: _PARTS[name](value) if name in _PARTS else value for name, value in raw.items()})


def _is_over(dispatch: Mapping[str, Any]) -> bool:
    # An older Kerrigan kept them.
    return DispatchStatus(dispatch["status"]) is DispatchStatus.acknowledged


def _dispatch(raw: dict[str, Any]) -> Dispatch:
    return Dispatch(**{**raw, "status": DispatchStatus(raw["status"])})
