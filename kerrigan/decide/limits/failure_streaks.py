"""Failures in a row: counted while the journal is folded, of every agent and of the whole project."""

from kerrigan.decide.fold.swarm import TAKEN_BACK, attempt_of
from kerrigan.model.event import Event, EventType
from kerrigan.model.state import TaskState

FAILURES = frozenset({EventType.failed, EventType.tests_failed, EventType.expired})
SUCCESSES = frozenset({EventType.tests_passed, EventType.approved, EventType.completed})

PROJECT = ""
"""The key of the whole project among the counts; an agent's is its scope, `agent:claude`."""


def count(streaks: dict[str, int], standing: TaskState, event: Event) -> None:
    """Count a task's event in: failures in a row, of the project and of the agent that holds the task."""
    if attempt_of(event).get("outcome") in TAKEN_BACK:
        return
    holder = standing.holder
    who = [PROJECT, *([f"agent:{holder.login.casefold()}"] if holder and holder.kind == "agent" else [])]
    for key in who:
        if event.type in FAILURES:
            streaks[key] = streaks.get(key, 0) + 1
        elif event.type in SUCCESSES:
            streaks.pop(key, None)


def begin_anew(streaks: dict[str, int], scope: str) -> None:
    """Forget what came before a brake was put on or taken off; what an agent's pause has ended is not the project's."""
    streaks.pop(scope, None)
    streaks.pop(PROJECT, None)
