"""A label that says another status of a task than the journal."""

from collections.abc import Iterator

from kerrigan.check.examples import after, new_project
from kerrigan.check.journal_drift import whole
from kerrigan.check.references import entries
from kerrigan.model.checks.rule import Rule
from kerrigan.model.checks.siblings import LabelledTask
from kerrigan.model.checks.source import Diagnostic, Severity
from kerrigan.model.checks.tree import Tree
from kerrigan.model.state import State, Status, TaskState


def find(tree: Tree) -> Iterator[Diagnostic]:
    """An open issue or pull request of a task with a status label that is not the task's. Other labels may be asks."""
    shown = tree.siblings.shown if tree.siblings else ()
    of: dict[str, list[LabelledTask]] = {}
    for each in shown:
        of.setdefault(each.task, []).append(each)
    for project, _, state in whole(tree) if shown else ():
        for index, task, document in entries(tree, project):
            status = state.task(task.id).status
            for each in of.get(task.id, ()):
                if wrong := sorted(set(each.statuses) - {status.value}):
                    said = " and ".join(f"'status:{one}'" for one in wrong)
                    message = f"'{task.name}' is {status}, and the label of {each.name} says {said}"
                    span = document.positions.value(("tasks", index, "id"))
                    yield Diagnostic("stale-label", Severity.warning, document.path, span, message, each.fix)


RULE = Rule(
    name="stale-label",
    severity=Severity.warning,
    wants="With --state and --online: the status label of a task's pull request or issue says what the journal does.",
    why="People and agents go by what they see, and claim, review or wait for what stands elsewhere long since.",
    bad=new_project(after("")),
    good=new_project(after("")),
    find=find,
    journal=State(tasks={"todo/screen": TaskState(Status.approved)}),
    shown=(LabelledTask("todo/screen", "acme/todo#7", ("working",), "kerrigan reconcile"),),
)
