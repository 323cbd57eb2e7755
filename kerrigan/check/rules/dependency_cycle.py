"""Tasks that wait for each other."""

from collections.abc import Iterator

from kerrigan.check.examples import new_project
from kerrigan.check.graph import cycles
from kerrigan.check.legacy.generation import of_old
from kerrigan.check.legacy.tasks import cycles as cycles_in
from kerrigan.model.checks.rule import Rule
from kerrigan.model.checks.source import Diagnostic, Severity
from kerrigan.model.checks.tree import Tree

_TASKS = (
    'kerrigan: 7\ntasks:\n  - {{id: contract, title: Agree it, role: architect, depends_on: ["{}"]}}\n'
    "  - {{id: screen, title: Show it, role: swe, depends_on: [contract]}}\n"
)


def find(tree: Tree) -> Iterator[Diagnostic]:
    """Cycles over all tasks.yml of the tree, and in each tasks.md of Milestones 1 to 6."""
    yield from cycles(tree)
    for document in of_old(tree, "tasks.md"):
        yield from cycles_in(document)


RULE = Rule(
    name="dependency-cycle",
    severity=Severity.error,
    wants="No task waits for itself over others, in this project, another one or another repository.",
    why="None of them would ever be ready. A soft dependency, with `~`, orders and does not block. In a tasks.md of "
    "Milestones 1 to 6 only this counts: `- [ ] Task: Show it #12`, below it `- Dependencies:`, below that `- #11`.",
    bad=new_project(_TASKS.format("screen")),
    good=new_project(_TASKS.format("~screen")),
    find=find,
)
