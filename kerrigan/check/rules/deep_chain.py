"""Too many tasks that can only be done one after the other."""

from collections.abc import Iterator, Mapping

from kerrigan.check.examples import new_project
from kerrigan.check.graph import waits
from kerrigan.check.reach import all_tasks, chains
from kerrigan.model.checks.rule import Rule
from kerrigan.model.checks.source import Diagnostic, Related, Severity
from kerrigan.model.checks.tree import Tree
from kerrigan.model.project import Task

LONGEST = 20
"""Tasks in a chain of hard dependencies that no one wonders about."""


def find(tree: Tree) -> Iterator[Diagnostic]:
    """The longest chain that ends in each project, where it is longer than twenty: told once, at its last task."""
    tasks = all_tasks(tree)
    found = chains(waits(tasks))
    for project in tree.projects:
        last = max((task for task in project.tasks if task in found), key=lambda task: found[task][0], default=None)
        if last is None or found[last][0] <= LONGEST:
            continue
        way = _way(last, found)
        message = f"{len(way)} tasks can only be done one after the other, up to '{tasks[last].name}'; expected"
        hint = f"the chain begins with '{way[0]}': make a dependency soft with '~' where the order is only a wish"
        yield Diagnostic(
            "deep-chain",
            Severity.warning,
            tasks[last].path,
            tasks[last].span,
            f"{message} {LONGEST} at most",
            hint,
            tuple(_step(tasks[task], number) for number, task in enumerate(way, 1)),
        )


def _way(last: str, found: Mapping[str, tuple[int, str | None]]) -> list[str]:
    way: list[str] = []
    task: str | None = last
    while task:
        way.append(task)
        task = found[task][1]
    return way[::-1]


def _step(task: Task, number: int) -> Related:
    return Related(task.path, task.span, f"{number}. {task.id}")


def _chain(length: int) -> str:
    tasks = [f"  - {{id: step-{n}, title: Go on, role: swe, depends_on: [step-{n - 1}]}}" for n in range(2, length + 1)]
    return "\n".join(["kerrigan: 7", "tasks:", "  - {id: step-1, title: Begin, role: swe}", *tasks, ""])


RULE = Rule(
    name="deep-chain",
    severity=Severity.warning,
    wants=f"At most {LONGEST} tasks depend on each other one after the other.",
    why="However many agents there are, a chain takes as long as all of its tasks together, and one failure stops it.",
    bad=new_project(_chain(LONGEST + 1)),
    good=new_project(_chain(2)),
    find=find,
)
