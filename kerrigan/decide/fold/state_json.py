"""state.json, the fold of a journal's full files, to text and back."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, fields, replace
from typing import Any, TypeVar

from kerrigan.decide.fold.fold import NEWER, version_step
from kerrigan.decide.money.ledger import ledger_json, ledger_of
from kerrigan.errors import UnreadableError
from kerrigan.model.event import FORMAT, NEEDS
from kerrigan.model.state import (
    NEW,
    Assignee,
    Author,
    Beyond,
    Dispatch,
    DispatchStatus,
    Feedback,
    Heartbeat,
    Hold,
    Holder,
    Question,
    State,
    Status,
    Submission,
    TaskState,
)
from kerrigan.model.swarm import Circuit, Idea, Note, StopRequest, WorkRun
from kerrigan.model.usage import Ledger

T = TypeVar("T")
Raw = Mapping[str, Any]

LATER = ("runs", "notes", "ideas", "circuits")
"""What format 2 brought: left out while there is none of it, as the ledger is."""

KEYS = frozenset(
    {"v", "needs", "segments", "seq", "last", "hold", "holds", "streaks", "tasks", "dispatches", "ledger", *LATER}
)


def dump(state: State, segments: int) -> str:
    """The text of state.json: the fold of the first `segments` segments, the same text for the same state."""
    whole = {
        "v": FORMAT,
        "needs": NEEDS,
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
        # In the order in which they came: which ideas are forgotten goes by that.
        **{name: {key: asdict(one) for key, one in found.items()} for name, found in _later(state)},
    }
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _later(state: State) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name in LATER:
        if found := getattr(state, name):
            yield name, found


_NEW = asdict(NEW)


def _task_json(task: TaskState) -> dict[str, Any]:
    return {name: value for name, value in asdict(task).items() if value != _NEW[name]}


def load(text: str) -> State:
    """The state in a state.json, with `beyond` for what only a newer Kerrigan knows of it.

    Raises UnreadableError when it is none, or when too little of a newer one is understood.
    """
    raw: Any = None
    try:
        raw = json.loads(text)
        return _Reader().state(raw)
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
        version = raw.get("v") if isinstance(raw, dict) else None
        if isinstance(version, int) and version > FORMAT:
            raise UnreadableError(_format(version), kind=NEWER, next_step=version_step(raw.get("needs"))) from error
        raise UnreadableError(
            f"state.json of the journal is damaged: {type(error).__name__}: {error}",
            kind="journal",
            next_step="kerrigan audit verify",
        ) from error


def _format(version: int) -> str:
    return f"state.json has format {version}, and this Kerrigan reads formats up to {FORMAT}"


class _Reader:
    """Reads the parts of one state.json and remembers the first key that it does not know."""

    def __init__(self) -> None:
        self._unknown = ""

    def state(self, raw: Raw) -> State:
        self._known(raw, KEYS)
        state = State(
            seq=int(raw["seq"]),
            last=str(raw["last"]),
            tasks={task: self._task(of) for task, of in raw["tasks"].items()},
            dispatches={key: self._dispatch(of) for key, of in raw["dispatches"].items() if not _is_over(of)},
            hold=self.part(Hold, raw["hold"]) if raw["hold"] else None,
            holds={scope: self.part(Hold, of) for scope, of in raw.get("holds", {}).items()},
            streaks={scope: int(times) for scope, times in raw.get("streaks", {}).items()},
            ledger=ledger_of(raw.get("ledger", {})),
            runs={key: self._run(of) for key, of in raw.get("runs", {}).items()},
            notes={key: self.part(Note, of) for key, of in raw.get("notes", {}).items()},
            ideas={key: self.part(Idea, of) for key, of in raw.get("ideas", {}).items()},
            circuits={key: self.part(Circuit, of) for key, of in raw.get("circuits", {}).items()},
        )
        what = (
            f"state.json has the key '{self._unknown[:40]}', which this Kerrigan does not know" if self._unknown else ""
        )
        what = _format(raw["v"]) if raw["v"] > FORMAT else what
        return replace(state, beyond=Beyond(what, version_step(raw.get("needs")))) if what else state

    def part(self, kind: type[T], raw: Raw) -> T:
        """A part of these fields; those that it does not have are passed over."""
        return kind(**self._known(raw, frozenset(field.name for field in fields(kind))))  # type: ignore[arg-type]

    def _known(self, raw: Raw, names: frozenset[str]) -> dict[str, Any]:
        known = {key: value for key, value in raw.items() if key in names}
        self._unknown = self._unknown or next((key for key in raw if key not in names), "")
        return known

    def _task(self, raw: Raw) -> TaskState:
        found = self._known(raw, _TASK)
        return TaskState(**{name: _PARTS[name](self, of) if name in _PARTS else of for name, of in found.items()})

    def _dispatch(self, raw: Raw) -> Dispatch:
        return replace(self.part(Dispatch, raw), status=DispatchStatus(raw["status"]))

    def _run(self, raw: Raw) -> WorkRun:
        run = self.part(WorkRun, raw)
        return replace(run, stop=self.part(StopRequest, raw["stop"])) if raw.get("stop") else run


def _is_over(dispatch: Raw) -> bool:
    # An older Kerrigan kept them.
    return DispatchStatus(dispatch["status"]) is DispatchStatus.acknowledged


_TASK = frozenset(field.name for field in fields(TaskState))

_PARTS: Mapping[str, Callable[[_Reader, Any], Any]] = {
    "status": lambda reader, raw: Status(raw),
    "holder": lambda reader, raw: reader.part(Holder, raw),
    "review": lambda reader, raw: reader.part(Holder, raw),
    "heartbeat": lambda reader, raw: reader.part(Heartbeat, raw),
    "submission": lambda reader, raw: reader.part(Submission, raw),
    "feedback": lambda reader, raw: reader.part(Feedback, raw),
    "assigned": lambda reader, raw: reader.part(Assignee, raw),
    "authors": lambda reader, raw: tuple(reader.part(Author, one) for one in raw),
    "questions": lambda reader, raw: tuple(reader.part(Question, one) for one in raw),
    "made": lambda reader, raw: {path: tuple(ids) for path, ids in raw.items()},
    "confirmed": lambda reader, raw: tuple(raw),
    "granted": lambda reader, raw: tuple(raw),
    "flags": lambda reader, raw: tuple(raw),
}
