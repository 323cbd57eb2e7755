"""A dependency on a task that was cancelled."""

from collections.abc import Iterator

from kerrigan.check.examples import after, new_project
from kerrigan.check.journal_drift import followers_of
from kerrigan.model.checks.rule import Rule
from kerrigan.model.checks.source import Diagnostic, Severity
from kerrigan.model.checks.tree import Tree
from kerrigan.model.state import OVER, State, Status, TaskState


def find(tree: Tree) -> Iterator[Diagnostic]:
    """A hard dependency, of a task that is not over, on one that the journal says was cancelled."""
    for task, dependency, mine, its in followers_of(tree):
        if its is Status.cancelled and mine not in OVER:
            message = f"'{task.name}' waits for {dependency.target}, which was cancelled"
            hint = f"take this entry out, or: kerrigan task reopen {dependency.target} --reason TEXT"
            where = (task.path, dependency.span)
            yield Diagnostic("cancelled-dependency", Severity.warning, *where, message, hint)


RULE = Rule(
    name="cancelled-dependency",
    severity=Severity.warning,
    wants="With --state: no task waits for one that was cancelled.",
    why="It would never be ready, and no one is told: what is cancelled is not done.",
    bad=new_project(after("contract")),
    good=new_project(after("")),
    find=find,
    journal=State(tasks={"todo/contract": TaskState(Status.cancelled)}),
)
