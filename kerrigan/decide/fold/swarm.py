"""What events of format 2 change beside tasks: runs of work, notes, ideas, circuits. Each in a mapping of its own."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from kerrigan.model.event import Event, EventType
from kerrigan.model.state import TaskState
from kerrigan.model.swarm import Circuit, Idea, Note, StopRequest, WorkRun
from kerrigan.model.timestamp import later, seconds_between

SEGMENT = 128
"""Notes are forgotten after so many events, as the last event of each of the journal's files is folded."""

DAY = 24 * 3600.0

RETENTION = {"routine": 90 * DAY, "ephemeral": 7 * DAY}
"""Seconds after which a note of a tier is forgotten, unless it is pinned; the other tiers stay."""

CLOSED_IDEAS = 100
"""So many accepted and rejected ideas are remembered, the latest ones: what was proposed once is known again."""

RUNS = frozenset({EventType.work_started, EventType.work_stop_requested, EventType.work_ended})
NOTES = frozenset({EventType.note_added, EventType.note_pinned, EventType.note_dropped})
IDEAS = frozenset({EventType.idea_proposed, EventType.idea_accepted, EventType.idea_rejected})

TAKEN_BACK = frozenset({"limited", "refused", "out_of_money", "stopped", "superseded"})
"""Outcomes that are no fault of the task or the agent: they count as no attempt, and as no failure."""

TRIPS = frozenset({"limited", "refused", "out_of_money"})
"""Outcomes by which a provider holds an agent back."""

FIRST_PAUSE, LONGEST_PAUSE = 300.0, 3600.0
"""Seconds for which a limited agent pauses where its provider does not say: doubled each time, up to the second."""


def attempt_of(event: Event) -> Mapping[str, Any]:
    """What an event says of the attempt that it ended; empty where it ended none."""
    attempt = event.data.get("attempt")
    return attempt if isinstance(attempt, Mapping) else {}


def runs_after(runs: dict[str, WorkRun], event: Event) -> None:
    """Take in an event of a run of work. A run that ended is kept only for what it held."""
    data = event.data
    match event.type:
        case EventType.work_started:
            runs[str(data["run"])] = _started(event)
        case EventType.work_stop_requested:
            stop = StopRequest(str(data["how"]), event.actor.login, str(data.get("reason", "")), event.at)
            asked = [data["run"]] if data.get("run") is not None else list(runs)
            runs |= {run: replace(runs[run], stop=stop) for run in asked if run in runs}
        case _:
            before = runs.pop(str(data["run"]), None)
            held = {str(task): int(fence) for task, fence in dict(data.get("held") or {}).items()}
            if before and held:
                runs[before.run] = replace(before, ended=str(data.get("reason", "")), held=held)


def _started(event: Event) -> WorkRun:
    data = event.data
    return WorkRun(
        run=str(data["run"]),
        by=event.actor.login,
        since=event.at,
        host=str(data.get("host", "")),
        agents={str(name): int(count) for name, count in dict(data.get("agents") or {}).items()},
        budget_usd=None if data.get("budget_usd") is None else str(data["budget_usd"]),
        until=data.get("until"),
        window=str(data.get("window") or ""),
        version=str(data.get("version", "")),
    )


def let_go(runs: dict[str, WorkRun], task: str, standing: TaskState) -> None:
    """Forget what runs that ended held of a task whose claim is over by now."""
    for run in [run for run in runs.values() if run.ended and task in run.held]:
        if standing.holder and standing.fence == run.held[task]:
            continue
        left = {other: fence for other, fence in run.held.items() if other != task}
        del runs[run.run]
        if left:
            runs[run.run] = replace(run, held=left)


def notes_after(notes: dict[str, Note], event: Event) -> None:
    """Take in an event of a note."""
    data = event.data
    if event.type is EventType.note_added:
        text, tier = str(data["text"]), str(data["tier"])
        notes[event.id] = Note(event.id, tier, text, event.actor.login, event.at, event.task)
    elif event.type is EventType.note_dropped:
        notes.pop(str(data["note"]), None)
    elif note := notes.get(str(data["note"])):
        notes[note.id] = replace(note, pinned=True)


def forget(notes: dict[str, Note], event: Event) -> None:
    """Forget the notes that are older than their tier is kept, once for each full file of the journal."""
    if event.seq % SEGMENT == 0:
        for note in [note for note in notes.values() if not note.pinned and note.tier in RETENTION]:
            if seconds_between(note.at, event.at) > RETENTION[note.tier]:
                del notes[note.id]


def ideas_after(ideas: dict[str, Idea], event: Event) -> None:
    """Take in an event of an idea."""
    data = event.data
    if event.type is EventType.idea_proposed:
        title, category = str(data["title"]), str(data["category"])
        ideas[event.id] = Idea(event.id, title, category, event.actor.login, event.at)
    elif idea := ideas.pop(str(data["idea"]), None):
        ideas[idea.id] = replace(idea, status=event.type.value.removeprefix("idea_"))
        closed = [idea.id for idea in ideas.values() if idea.status != "proposed"]
        for known in closed[:-CLOSED_IDEAS]:
            del ideas[known]


def circuits_after(circuits: dict[str, Circuit], event: Event) -> None:
    """Take in how an attempt ended: it opens the circuit of its agent on its host, or closes it."""
    if event.type is EventType.resumed:
        scope = str(event.data.get("scope", ""))
        for key in [key for key, one in circuits.items() if scope == f"agent:{one.agent}"]:
            del circuits[key]
        return
    attempt = attempt_of(event)
    outcome, agent = attempt.get("outcome"), str(attempt.get("agent", "")).casefold()
    host = str(attempt.get("host") or "github")
    key = f"{agent}@{host}"
    if outcome in TRIPS and agent:
        times = circuits[key].times + 1 if key in circuits else 1
        circuits[key] = Circuit(agent, host, str(outcome), _until(attempt, event.at, times), times)
    elif outcome is not None and outcome not in TAKEN_BACK:
        circuits.pop(key, None)


def _until(attempt: Mapping[str, Any], at: str, times: int) -> str | None:
    if attempt.get("until"):
        return str(attempt["until"])
    pause = min(FIRST_PAUSE * 2 ** min(times - 1, 20), LONGEST_PAUSE)
    return later(at, pause) if attempt["outcome"] == "limited" else None
