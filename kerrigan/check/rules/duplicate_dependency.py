"""The same dependency twice."""

from collections.abc import Iterator

from kerrigan.check.examples import new_project
from kerrigan.check.fixes import taken_out
from kerrigan.model.checks.rule import Rule
from kerrigan.model.checks.source import Diagnostic, Related, Severity
from kerrigan.model.checks.tree import Tree
from kerrigan.model.project import Dependency, Task

_TASKS = (
    "kerrigan: 7\ntasks:\n  - {{id: contract, title: Agree it, role: architect}}\n"
    "  - {{id: screen, title: Show it, role: swe, depends_on: {}}}\n"
)


def find(tree: Tree) -> Iterator[Diagnostic]:
    """The same dependency twice in one task."""
    for project in tree.projects:
        for task in project.tasks.values():
            for earlier, later in _twice(task):
                related = (Related(task.path, earlier.span, "first written here"),)
                message = f"'{later.text}' is listed twice"
                # Of a soft and a hard one the hard one counts: taking it out would change what the task waits for.
                fix = taken_out(tree.documents[task.path], later.span) if later.soft or not earlier.soft else None
                where = (task.path, later.span)
                yield Diagnostic("duplicate-dependency", Severity.warning, *where, message, related=related, fix=fix)


def _twice(task: Task) -> Iterator[tuple[Dependency, Dependency]]:
    first: dict[object, Dependency] = {}
    for dependency in task.depends_on:
        earlier = first.setdefault((dependency.kind, dependency.target), dependency)
        if earlier is not dependency:
            yield earlier, dependency


RULE = Rule(
    name="duplicate-dependency",
    severity=Severity.warning,
    wants="A task lists a dependency once.",
    why="The second one does nothing; often another task was meant.",
    bad=new_project(_TASKS.format("[contract, todo/contract]")),
    good=new_project(_TASKS.format("[contract]")),
    find=find,
)
