"""Ready set and critical path: does a task cost the same among 1,000 and 50,000, and how far from graphlib's own sort?

Run it with `python benchmarks/decide.py`. Every task depends on the one before it and on one ten tasks before.
"""

from collections.abc import Callable
from graphlib import TopologicalSorter
from time import perf_counter

from kerrigan.decide.fold.state_json import dump, load
from kerrigan.decide.plan import critical_path
from kerrigan.decide.readiness import ready
from kerrigan.model.project import Dependency, DependencyKind, Project, Repository, Task, Workspace
from kerrigan.model.state import State, Status, TaskState

AT = "2026-11-21T06:00:00.000Z"
SIZES, ROUNDS = (1_000, 10_000, 50_000), 7


def project_of(size: int) -> Project:
    """A project of `size` tasks with about two dependencies each."""
    tasks = (Task(f"big/t{n}", f"Task {n}", "swe", "api", _needs(n)) for n in range(size))
    return Project("big", "acme/api", {"api": Repository("api", "acme/api")}, {task.id: task for task in tasks})


def _needs(n: int) -> tuple[Dependency, ...]:
    before = [n - back for back in (1, 10) if n >= back]
    return tuple(Dependency(f"t{m}", DependencyKind.task, f"big/t{m}") for m in before)


def half_done(project: Project) -> State:
    """The first half of the tasks is done."""
    first = list(project.tasks)[: len(project.tasks) // 2]
    return State(tasks={task: TaskState(Status.done, fence=1, since=AT) for task in first})


def graphlib_sort(project: Project) -> object:
    """The named peer: the standard library's topological sort of the same graph."""
    graph = {task.id: [d.target for d in task.hard] for task in project.tasks.values()}
    return tuple(TopologicalSorter(graph).static_order())


def best(run: Callable[[], object]) -> float:
    """The fastest of some runs, in seconds."""
    times = []
    for _ in range(ROUNDS):
        start = perf_counter()
        run()
        times.append(perf_counter() - start)
    return min(times)


def measure(size: int) -> dict[str, float]:
    """Seconds for each thing at one size."""
    project = project_of(size)
    state, workspace = half_done(project), Workspace()
    text = dump(state, 1)
    return {
        "ready set": best(lambda: ready(project, workspace, state, AT)),
        "critical path": best(lambda: critical_path(project, State())),
        "state.json, read": best(lambda: load(text)),
        "state.json, written": best(lambda: dump(state, 1)),
        "graphlib sort": best(lambda: graphlib_sort(project)),
    }


def main() -> None:
    """Print the table of each size."""
    first = SIZES[0]
    found = {size: measure(size) for size in SIZES}
    for size, times in found.items():
        print(f"{f'{size:,} tasks':20} {'':12}   : graphlib   for a task, {size:,} : {first:,}")
        for name, seconds in times.items():
            growth = seconds / size / (found[first][name] / first)
            print(f"  {name:18} {seconds * 1000:9.1f} ms {seconds / times['graphlib sort']:12.2f} x {growth:18.2f} x")


if __name__ == "__main__":
    main()
