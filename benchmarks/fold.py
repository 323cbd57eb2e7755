"""What reading a journal costs from nothing, and which part of it; and the ready set of a large project.

Run it with `python -m benchmarks.fold [EVENTS]` (100,000 by default). No command folds from nothing: state.json holds
the full segments. The peers are `json.loads` of the same lines, and graphlib's sort of the same graph.
"""

import hashlib
import json
import sys
from collections import deque
from collections.abc import Callable
from functools import partial

from benchmarks.decide import AT, best, graphlib_sort, half_done, project_of
from benchmarks.journals import Growing
from kerrigan.decide.fold.fold import event_of, fold, replay
from kerrigan.decide.fold.state_json import dump, load
from kerrigan.decide.readiness import ready
from kerrigan.model.project import Workspace
from kerrigan.model.state import State

TASKS = 100_000


def show(title: str, actions: dict[str, Callable[[], object]]) -> None:
    """Run each, and print the times and their ratios to the first."""
    print(title)
    times = {name: best(action) for name, action in actions.items()}
    base = next(iter(times.values()))
    for name, time in times.items():
        print(f"  {name:<34} {time * 1000:9.1f} ms   {time / base:6.2f} x")


def consume(made: Callable[[str], object], lines: list[str]) -> None:
    """Make something of each line, and keep nothing."""
    deque(map(made, lines), maxlen=0)


def main(count: int) -> None:
    """Print both tables."""
    lines = list(Growing().more(count))
    events = [event_of(line, number) for number, line in enumerate(lines, 1)]
    state = replay(State(), lines)
    text = dump(state, count // 128)
    show(
        f"fold {count:,} events from nothing",
        {
            "json.loads of each line": partial(consume, json.loads, lines),
            "SHA-256 of each line": partial(consume, lambda line: hashlib.sha256(line.encode()).hexdigest(), lines),
            "lines to events": partial(consume, lambda line: event_of(line, 1), lines),
            "fold of the events": lambda: fold(State(), events),
            "all of it (replay)": lambda: replay(State(), lines),
            "state.json and the last 128 lines": lambda: fold(load(text), events[-128:]),
        },
    )
    project = project_of(TASKS)
    half, rules = half_done(project), Workspace()
    show(
        f"ready set of {TASKS:,} tasks",
        {"graphlib's sort": lambda: graphlib_sort(project), "ready": lambda: ready(project, rules, half, AT)},
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
