"""Cycles: tasks that wait for each other, over every project and repository of the tree. Linear, no recursion."""

from collections import deque
from collections.abc import Iterator, Mapping

from kerrigan.model.project import Dependency, DependencyKind, Project, Task
from kerrigan.model.source import Diagnostic, Related, Severity
from kerrigan.model.tree import Tree

Edges = Mapping[str, Mapping[str, Dependency]]
"""For each task, the tasks that it waits for, and the entry that says so."""


def cycles(tree: Tree) -> Iterator[Diagnostic]:
    """One diagnostic for each group of tasks that wait for each other: a shortest cycle, every edge with its place."""
    home: dict[str, Project] = {task: project for project in tree.projects for task in project.tasks}
    tasks: dict[str, Task] = {task.id: task for project in tree.projects for task in project.tasks.values()}
    edges = {task.id: _waits_for(task, tasks) for task in tasks.values()}
    for group in _groups(edges):
        start = min(group, key=lambda task: (tasks[task].path, tasks[task].span))
        yield _diagnostic(_shortest(start, group, edges), edges, tasks, home)


def _waits_for(task: Task, tasks: Mapping[str, Task]) -> dict[str, Dependency]:
    hard = (d for d in task.hard if d.kind is DependencyKind.task)
    return {d.target: d for d in reversed(list(hard)) if d.target in tasks and d.target != task.id}


def _groups(edges: Edges) -> Iterator[frozenset[str]]:
    """The strongly connected components of more than one task (Tarjan, with a stack of its own)."""
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    path: list[str] = []
    on_path: dict[str, int] = {}
    for root in edges:
        work = [] if root in order else [(root, iter(edges[root]))]
        while work:
            task, targets = work[-1]
            if task not in order:
                order[task] = low[task] = len(order)
                on_path[task] = len(path)
                path.append(task)
            for target in targets:
                if target not in order:
                    work.append((target, iter(edges[target])))
                    break
                if target in on_path:
                    low[task] = min(low[task], order[target])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[task])
                if low[task] == order[task]:
                    group = frozenset(path[on_path[task] :])
                    del path[on_path[task] :]
                    for member in group:
                        del on_path[member]
                    if len(group) > 1:
                        yield group


def _shortest(start: str, group: frozenset[str], edges: Edges) -> list[str]:
    """The shortest way from `start` back to itself, inside of its group."""
    came_from: dict[str, str] = {}
    queue = deque([start])
    while queue:
        task = queue.popleft()
        for target in edges[task]:
            if target == start:
                way = [task]
                while way[-1] != start:
                    way.append(came_from[way[-1]])
                return way[::-1]
            if target in group and target not in came_from:
                came_from[target] = task
                queue.append(target)
    raise AssertionError(f"{start} is in no cycle")


def _diagnostic(way: list[str], edges: Edges, tasks: Mapping[str, Task], home: Mapping[str, Project]) -> Diagnostic:
    pairs = list(zip(way, [*way[1:], way[0]], strict=True))
    where = {task: _slug(tasks[task], home[task]) for task in way}
    related = tuple(
        Related(tasks[a].path, edges[a][b].span, f"{a} ({where[a]}) waits for {b} ({where[b]})") for a, b in pairs
    )
    slugs = sorted(set(where.values()))
    across = f", across {' and '.join(slugs)}" if len(slugs) > 1 else ""
    message = f"these tasks wait for each other: {' -> '.join([*way, way[0]])}{across}"
    last, first = pairs[-1]
    hint = "take one of these dependencies out, or make it soft with '~'"
    span = edges[last][first].span
    return Diagnostic("dependency-cycle", Severity.error, tasks[last].path, span, message, hint, related)


def _slug(task: Task, project: Project) -> str:
    found = project.repositories.get(task.repository)
    return found.slug if found else task.repository
