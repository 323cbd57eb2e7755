"""How far a graph of tasks reaches: its followers, its longest chains, what can never start. Linear, no recursion."""

from collections import deque
from collections.abc import Iterable, Mapping

from kerrigan.check.graph import Edges
from kerrigan.model.checks.tree import Tree
from kerrigan.model.project import Task


def all_tasks(tree: Tree) -> dict[str, Task]:
    """Every task of a tree, by its full id."""
    return {task.id: task for project in tree.projects for task in project.tasks.values()}


def tasks_around(tree: Tree) -> dict[str, Task]:
    """Every task of a tree and of the siblings that were found for it."""
    siblings = tree.siblings.projects if tree.siblings else ()
    return {**{task.id: task for project in siblings for task in project.tasks.values()}, **all_tasks(tree)}


def followers(edges: Edges) -> Mapping[str, list[str]]:
    """For each task, those that wait for it directly."""
    found: dict[str, list[str]] = {task: [] for task in edges}
    for task, targets in edges.items():
        for target in targets:
            found[target].append(task)
    return found


def chains(edges: Edges) -> Mapping[str, tuple[int, str | None]]:
    """How many tasks come one after the other up to each task, itself included, and the one right before it.

    Tasks on a cycle, and what waits for them, have no such number and are left out.
    """
    after = followers(edges)
    left = {task: len(targets) for task, targets in edges.items()}
    found: dict[str, tuple[int, str | None]] = {}
    free = deque(task for task, count in left.items() if not count)
    while free:
        task = free.popleft()
        before = max(edges[task], key=lambda target: found[target][0], default=None)
        found[task] = (1 + (found[before][0] if before else 0), before)
        for follower in after[task]:
            left[follower] -= 1
            if not left[follower]:
                free.append(follower)
    return found


def behind(roots: Mapping[str, Iterable[str]], edges: Edges) -> Mapping[str, list[str]]:
    """For each root, the tasks that wait for its members, directly or over others. A task counts for one root only."""
    after = followers(edges)
    seen = {member for members in roots.values() for member in members}
    found: dict[str, list[str]] = {}
    for root, members in roots.items():
        queue, found[root] = deque(members), []
        while queue:
            for follower in after[queue.popleft()]:
                if follower not in seen:
                    seen.add(follower)
                    found[root].append(follower)
                    queue.append(follower)
    return found
