"""Tasks that can never start, because of something wrong in another one."""

from collections.abc import Iterator, Mapping

from kerrigan.check.examples import new_project
from kerrigan.check.graph import knots, waits
from kerrigan.check.reach import all_tasks, behind, tasks_around
from kerrigan.check.rules.unknown_dependency import unknown
from kerrigan.model.checks.rule import Rule
from kerrigan.model.checks.source import Diagnostic, Related, Severity, Span
from kerrigan.model.checks.tree import Tree
from kerrigan.model.project import Task

NAMED = 5
"""Tasks that the message names; all of them stand in `related`."""

_TASKS = """\
kerrigan: 7
tasks:
  - {id: contract, title: Agree it, role: architect{}
  - {id: screen, title: Show it, role: swe, depends_on: [contract]}
"""
_SILENCED = ", depends_on: [design]}  # kerrigan: ignore[unknown-dependency] it is written next week"


def find(tree: Tree) -> Iterator[Diagnostic]:
    """What waits for a task that can never start: told once, where the cause stands, for all of its followers."""
    own, tasks = all_tasks(tree), tasks_around(tree)
    edges = waits(tasks)
    places = _stuck(tree, own)
    roots: dict[str, frozenset[str]] = {task: frozenset([task]) for task in places}
    for knot in (knot for knot in knots(edges) if knot & own.keys()):
        first = min(knot & own.keys(), key=lambda task: (tasks[task].path, tasks[task].span))
        roots[first] = knot
        places.setdefault(first, tasks[first].span)
    for root, waiting in behind(roots, edges).items():
        left = [tasks[task] for task in waiting if not _is_over(tree, task)]
        if left:
            yield _diagnostic(tasks[root], places[root], left)


def _stuck(tree: Tree, tasks: Mapping[str, Task]) -> dict[str, Span]:
    """The tasks that wait for themselves, for what is not there or was cancelled, and the entry that says so."""
    found: dict[str, Span] = {}
    for task, dependency, _ in unknown(tree):
        if not dependency.soft:
            found.setdefault(task.id, dependency.span)
    for task in (task for task in tasks.values() if not _is_over(tree, task.id)):
        for dependency in task.hard:
            if dependency.target == task.id or _status(tree, dependency.target) == "cancelled":
                found.setdefault(task.id, dependency.span)
    return found


def _is_over(tree: Tree, task: str) -> bool:
    return _status(tree, task) in ("done", "cancelled")


def _status(tree: Tree, task: str) -> str:
    """What the journal says of a task, where it was asked."""
    state = tree.states.get(task.partition("/")[0])
    return state.task(task).status if state else "open"


def _diagnostic(root: Task, place: Span, waiting: list[Task]) -> Diagnostic:
    names = ", ".join(task.id for task in waiting[:NAMED])
    more = f" and {len(waiting) - NAMED} more" if len(waiting) > NAMED else ""
    count = "1 task waits" if len(waiting) == 1 else f"{len(waiting)} tasks wait"
    message = f"{count} for '{root.name}', which can never start: {names}{more}"
    related = tuple(Related(task.path, task.span, f"{task.id} can never start") for task in waiting)
    hint = f"fix what keeps '{root.name}' from starting, and they follow"
    return Diagnostic("unreachable-task", Severity.info, root.path, place, message, hint, related)


RULE = Rule(
    name="unreachable-task",
    severity=Severity.info,
    wants="No task waits, over others, for something that can never be done.",
    why="It says how much one wrong dependency holds up: its own rule tells the error, this one who waits behind it.",
    bad=new_project(_TASKS.replace("{}", _SILENCED)),
    good=new_project(_TASKS.replace("{}", "}")),
    find=find,
)
