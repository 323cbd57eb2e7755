"""A task that is done before what it depends on."""

from collections.abc import Iterator

from kerrigan.check.examples import after, new_project
from kerrigan.check.journal_drift import followers_of
from kerrigan.model.checks.rule import Rule
from kerrigan.model.checks.source import Diagnostic, Severity
from kerrigan.model.checks.tree import Tree
from kerrigan.model.project import Task
from kerrigan.model.state import State, Status, TaskState


def find(tree: Tree) -> Iterator[Diagnostic]:
    """A hard dependency of a task that the journal says is done, on one that is not."""
    for task, dependency, mine, its in followers_of(tree):
        is_enough = its is Status.done or (its is Status.approved and _approved_is_enough(tree, task))
        if mine is Status.done and not is_enough:
            message = f"'{task.name}' is done, and {dependency.target}, which it waits for, is {its}"
            hint = "take this entry out if it was not needed, or look again at what was delivered without it"
            yield Diagnostic("done-too-early", Severity.warning, task.path, dependency.span, message, hint)


def _approved_is_enough(tree: Tree, task: Task) -> bool:
    return tree.workspace_at(task.path).satisfied_by == "approved"


RULE = Rule(
    name="done-too-early",
    severity=Severity.warning,
    wants="With --state: what a task depends on is done before it.",
    why="Either the dependency is none, and holds others up for nothing, or the work was delivered without its ground.",
    bad=new_project(after("contract")),
    good=new_project(after("")),
    find=find,
    journal=State(tasks={"todo/screen": TaskState(Status.done)}),
)
