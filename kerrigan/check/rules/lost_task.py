"""A task that the journal knows and tasks.yml has lost."""

from collections.abc import Iterator

from kerrigan.check.examples import after, new_project
from kerrigan.check.journal_drift import whole
from kerrigan.check.suggestion import did_you_mean
from kerrigan.model.checks.rule import Rule
from kerrigan.model.checks.source import Diagnostic, Severity
from kerrigan.model.checks.tree import Tree
from kerrigan.model.state import AT_REST, State, Status, TaskState


def find(tree: Tree) -> Iterator[Diagnostic]:
    """A task that someone claimed, and whose work is not over, without an entry in tasks.yml."""
    for project, document, state in whole(tree):
        place = document.positions.key(("tasks",))
        for task, standing in sorted(state.tasks.items()):
            if task not in project.tasks and standing.status not in AT_REST:
                holder = f", held by {standing.holder.login}" if standing.holder else ""
                message = f"{task} is {standing.status}{holder}, and this file does not have it any more"
                near = did_you_mean(task.partition("/")[2], (one.name for one in project.tasks.values()))
                hint = near or "write its entry again, then: kerrigan task cancel, if it is not wanted"
                yield Diagnostic("lost-task", Severity.warning, document.path, place, message, hint)


RULE = Rule(
    name="lost-task",
    severity=Severity.warning,
    wants="With --state: a task that someone works on stays in tasks.yml until it is done or cancelled.",
    why="Without its entry nothing of it can be decided any more: its claim cannot end, and it has no gate.",
    bad=new_project("kerrigan: 7\ntasks:\n  - {id: contract, title: Agree it, role: architect}\n"),
    good=new_project(after("")),
    find=find,
    journal=State(tasks={"todo/screen": TaskState(Status.working)}),
)
