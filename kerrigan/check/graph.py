"""Cycles: tasks that wait for each other, over every project and repository of the tree. Linear, no recursion."""

from collections import deque
from collections.abc import Iterator, Mapping

from kerrigan.model.checks.source import Diagnostic, Related, Severity
from kerrigan.model.checks.tree import Tree
from kerrigan.model.project import Dependency, DependencyKind, Project, Task

Edges = Mapping[str, Mapping[str, Dependency]]
"""For each task, the tasks that it waits for, and the entry that says so."""

DEEPEST = 20
"""How many cycles through the same tasks are told: to find them all can take for ever."""

LONGEST = 12
"""How many tasks of a cycle its message names."""


def cycles(tree: Tree) -> Iterator[Diagnostic]:
    """The cycles, each told once, with every edge's place; who fixes those told has fixed all.

    Of those that share tasks the shortest comes first; after the first twenty of them the rest has to wait. One that
    lies in siblings alone is theirs to tell; of the others an edge of this tree is the place.
    """
    projects = (*(tree.siblings.projects if tree.siblings else ()), *tree.projects)
    home: dict[str, Project] = {task: project for project in projects for task in project.tasks}
    tasks: dict[str, Task] = {task.id: task for project in projects for task in project.tasks.values()}
    own = frozenset(task for project in tree.projects for task in project.tasks)
    edges = waits(tasks)
    groups = deque((group, edges, 1) for group in knots(edges))
    while groups:
        group, edges, depth = groups.popleft()
        if not group & own:
            continue
        start = min(group & own, key=lambda task: (tasks[task].path, tasks[task].span))
        way = _shortest(start, group, edges)
        if way[-1] not in own:
            way = [*way[1:], start]
        yield _diagnostic(way, edges, tasks, home)
        if depth < DEEPEST:
            left = _without(way[-1], way[0], group, edges)
            groups.extend((inner, left, depth + 1) for inner in knots(left))


def _without(last: str, first: str, group: frozenset[str], edges: Edges) -> Edges:
    """The edges inside of a group, but for the one that closes the cycle just told."""
    inner = {task: {to: entry for to, entry in edges[task].items() if to in group} for task in edges if task in group}
    del inner[last][first]
    return inner


def waits(tasks: Mapping[str, Task]) -> Edges:
    """For each task what it waits for, of those that are there; nothing soft, and not itself."""
    edges: dict[str, dict[str, Dependency]] = {}
    for name, task in tasks.items():
        edges[name] = found = {}
        for entry in reversed(task.depends_on):  # of two entries for one task the first counts
            is_hard = not entry.soft and entry.kind is DependencyKind.task
            if is_hard and entry.target in tasks and entry.target != name:
                found[entry.target] = entry
    return edges


def knots(edges: Edges) -> Iterator[frozenset[str]]:
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
    message = f"these tasks wait for each other: {' -> '.join(_named(way))}{across}"
    last, first = pairs[-1]
    hint = "take one of these dependencies out, or make it soft with '~'"
    span = edges[last][first].span
    return Diagnostic("dependency-cycle", Severity.error, tasks[last].path, span, message, hint, related)


def _named(way: list[str]) -> list[str]:
    if len(way) <= LONGEST:
        return [*way, way[0]]
    return [*way[: LONGEST - 1], f"... {len(way) - LONGEST} more ...", way[-1], way[0]]


def _slug(task: Task, project: Project) -> str:
    found = project.repositories.get(task.repository)
    return found.slug if found else task.repository
