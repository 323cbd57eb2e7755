"""Two tasks with one id."""

from collections.abc import Iterator

from kerrigan.check.examples import new_project
from kerrigan.check.references import duplicates
from kerrigan.model.checks.rule import Rule
from kerrigan.model.checks.source import Diagnostic, Severity
from kerrigan.model.checks.tree import Tree

_TASKS = (
    "kerrigan: 7\ntasks:\n  - {{id: contract, title: Agree it, role: architect}}\n"
    "  - {{id: {}, title: Show it, role: swe}}\n"
)


def find(tree: Tree) -> Iterator[Diagnostic]:
    """Two tasks of one project with the same id."""
    yield from duplicates(tree, "tasks.yml", ("tasks", "id"), "duplicate-task", "task")


RULE = Rule(
    name="duplicate-task",
    severity=Severity.error,
    wants="The id of a task is the only one in its project.",
    why="Branches, labels, dependencies and the journal name a task by its id; the second one could not be meant.",
    bad=new_project(_TASKS.format("contract")),
    good=new_project(_TASKS.format("screen")),
    find=find,
)
