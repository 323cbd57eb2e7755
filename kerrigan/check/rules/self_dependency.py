"""A task that waits for itself."""

from collections.abc import Iterator

from kerrigan.check.examples import new_project
from kerrigan.check.references import task_dependencies
from kerrigan.model.checks.rule import Rule
from kerrigan.model.checks.source import Diagnostic, Severity
from kerrigan.model.checks.tree import Tree


def find(tree: Tree) -> Iterator[Diagnostic]:
    """A task that waits for itself."""
    for task, dependency in task_dependencies(tree):
        if dependency.target == task.id:
            message = f"'{task.name}' depends on itself and would wait for ever"
            where = (task.path, dependency.span)
            yield Diagnostic("self-dependency", Severity.error, *where, message, "take this entry out")


RULE = Rule(
    name="self-dependency",
    severity=Severity.error,
    wants="No task depends on itself.",
    why="It would never be ready.",
    bad=new_project("kerrigan: 7\ntasks:\n  - {id: screen, title: Show it, role: swe, depends_on: [screen]}\n"),
    good=new_project("kerrigan: 7\ntasks:\n  - {id: screen, title: Show it, role: swe}\n"),
    find=find,
)
