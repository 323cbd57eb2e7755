"""The order of a project's tasks and the longest chain of what is left. Linear, and no recursion: chains get long."""

from collections import deque
from collections.abc import Mapping

from kerrigan.model.project import Project
from kerrigan.model.state import State, Status


def order(project: Project) -> tuple[str, ...]:
    """The tasks, each after what it depends on, soft ones too; else in the order of the file.

    Tasks on a cycle, and what waits for them, come last: the check reports the cycle, the order must not fail.
    """
    needs = {task: _inside(project, task) for task in project.tasks}
    waiting = {task: len(targets) for task, targets in needs.items()}
    followers: dict[str, list[str]] = {task: [] for task in needs}
    for task, targets in needs.items():
        for target in targets:
            followers[target].append(task)
    free = deque(task for task, count in waiting.items() if not count)
    found: list[str] = []
    while free:
        task = free.popleft()
        found.append(task)
        for follower in followers[task]:
            waiting[follower] -= 1
            if not waiting[follower]:
                free.append(follower)
    return (*found, *(task for task, count in waiting.items() if count))


def critical_path(project: Project, state: State) -> tuple[str, ...]:
    """The longest chain of hard dependencies among tasks that are not done, first to last."""
    before: dict[str, str | None] = {}
    length: dict[str, int] = {}
    for task in order(project):
        if state.task(task).status in {Status.done, Status.cancelled}:
            continue
        hard = (d.target for d in project.tasks[task].hard)
        longest = max((target for target in hard if target in length), key=length.__getitem__, default=None)
        before[task] = longest
        length[task] = 1 + (length[longest] if longest else 0)
    last = max(length, key=length.__getitem__, default=None)
    return _walk_back(before, last)


def _walk_back(before: Mapping[str, str | None], last: str | None) -> tuple[str, ...]:
    path: list[str] = []
    while last is not None:
        path.append(last)
        last = before[last]
    return tuple(reversed(path))


def _inside(project: Project, task: str) -> frozenset[str]:
    return frozenset(d.target for d in project.tasks[task].depends_on if d.target in project.tasks)
