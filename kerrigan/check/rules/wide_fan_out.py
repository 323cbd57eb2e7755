"""Too many tasks that wait for the same one."""

from collections.abc import Iterator

from kerrigan.check.examples import new_project
from kerrigan.check.graph import waits
from kerrigan.check.reach import all_tasks, followers
from kerrigan.model.checks.rule import Rule
from kerrigan.model.checks.source import Diagnostic, Severity
from kerrigan.model.checks.tree import Tree

WIDEST = 25
"""Tasks that wait for one other, directly, without anyone wondering."""


def find(tree: Tree) -> Iterator[Diagnostic]:
    """A task that more than twenty-five others wait for directly."""
    tasks = all_tasks(tree)
    for name, waiting in followers(waits(tasks)).items():
        if len(waiting) > WIDEST:
            task = tasks[name]
            message = f"{len(waiting)} tasks wait for '{task.name}' directly; expected {WIDEST} at most"
            hint = "split it, so that some of them can start earlier"
            yield Diagnostic("wide-fan-out", Severity.warning, task.path, task.span, message, hint)


def _fan(width: int) -> str:
    tasks = [f"  - {{id: screen-{n}, title: Show it, role: swe, depends_on: [base]}}" for n in range(1, width + 1)]
    return "\n".join(["kerrigan: 7", "tasks:", "  - {id: base, title: Begin, role: swe}", *tasks, ""])


RULE = Rule(
    name="wide-fan-out",
    severity=Severity.warning,
    wants=f"At most {WIDEST} tasks wait for the same one directly.",
    why="Until it is done nothing else moves, and when it is done everything wants to start at once.",
    bad=new_project(_fan(WIDEST + 1)),
    good=new_project(_fan(2)),
    find=find,
)
