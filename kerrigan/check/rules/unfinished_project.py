"""A project that status.json calls completed while tasks of it are open."""

from collections.abc import Iterator

from kerrigan.check.examples import FOLDER, after, new_project
from kerrigan.check.journal_drift import whole
from kerrigan.model.checks.rule import Rule
from kerrigan.model.checks.source import Diagnostic, Related, Severity
from kerrigan.model.checks.tree import Tree
from kerrigan.model.state import OVER, State, Status, TaskState

NAMED = 5
"""Tasks that the message names; all of them stand in `related`."""

_STATUS = '{{"status": "{}", "current_phase": "deployment", "last_updated": "2026-11-20T10:00:00Z"}}\n'


def find(tree: Tree) -> Iterator[Diagnostic]:
    """`completed` in status.json, and tasks that the journal says are neither done nor cancelled."""
    for project, _, state in whole(tree):
        status = tree.documents.get(f"{project.path}/status.json")
        if status is None or project.brake is None or project.brake.status != "completed":
            continue
        left = [task for task in project.tasks.values() if state.task(task.id).status not in OVER]
        if left:
            more = f" and {len(left) - NAMED} more" if len(left) > NAMED else ""
            names = ", ".join(f"{task.name} ({state.task(task.id).status})" for task in left[:NAMED])
            message = f"'{project.name}' is completed, and these of its tasks are not: {names}{more}"
            hint = "set the status to active, or cancel what is not wanted any more"
            related = tuple(
                Related(task.path, task.span, f"{task.id} is {state.task(task.id).status}") for task in left
            )
            span = status.positions.value(("status",))
            yield Diagnostic("unfinished-project", Severity.warning, status.path, span, message, hint, related)


RULE = Rule(
    name="unfinished-project",
    severity=Severity.warning,
    wants="With --state: a project that status.json calls completed has no open tasks.",
    why="Completed holds nothing: agents go on to claim what is open, while people believe that it is over.",
    bad={**new_project(after("")), f"{FOLDER}/status.json": _STATUS.format("completed")},
    good={**new_project(after("")), f"{FOLDER}/status.json": _STATUS.format("active")},
    find=find,
    journal=State(tasks={"todo/contract": TaskState(Status.done), "todo/screen": TaskState(Status.working)}),
)
