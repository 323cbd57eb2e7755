"""A task whose repository changed after its work was handed in."""

from collections.abc import Iterator

from kerrigan.check.examples import new_project
from kerrigan.check.journal_drift import whole
from kerrigan.check.references import entries
from kerrigan.model.checks.rule import Rule
from kerrigan.model.checks.source import Diagnostic, Severity
from kerrigan.model.checks.tree import Tree
from kerrigan.model.state import State, Status, Submission, TaskState

HANDED_IN = frozenset({Status.testing, Status.in_review, Status.approved})
"""Statuses in which a pull request waits in the repository it was opened in."""

_SPEC = """\
---
kerrigan: 7
repositories:
  - {name: api, url: https://github.com/acme/todo-api}
  - {name: web, url: https://github.com/acme/todo-web}
---
# Todo

A list that people share.
"""
_TASKS = "kerrigan: 7\ntasks:\n  - {{id: screen, title: Show it, role: swe, repository: {}}}\n"


def find(tree: Tree) -> Iterator[Diagnostic]:
    """A task with a pull request in another repository than its entry says now."""
    for project, _, state in whole(tree):
        for index, task, document in entries(tree, project):
            standing = state.task(task.id)
            handed_in = standing.submission if standing.status in HANDED_IN else None
            if handed_in is None or task.repository not in project.repositories:
                continue
            slug = project.slug(task)
            if slug.casefold() != handed_in.repository.casefold():
                span = document.positions.value(("tasks", index, "repository"))
                number = f"#{handed_in.number}" if handed_in.number else ""
                message = f"'{task.name}' was handed in as {handed_in.repository}{number}, and now belongs to {slug}"
                hint = f"set its repository back, or hand it in again from {slug}"
                yield Diagnostic("moved-task", Severity.warning, document.path, span, message, hint)


RULE = Rule(
    name="moved-task",
    severity=Severity.warning,
    wants="With --state: a task stays in its repository while its pull request is looked at.",
    why="Kerrigan looks for the work in the repository of the entry, and the pull request waits in the other for ever.",
    bad=new_project(_TASKS.format("api"), _SPEC),
    good=new_project(_TASKS.format("web"), _SPEC),
    find=find,
    journal=State(
        tasks={"todo/screen": TaskState(Status.testing, submission=Submission("acme/todo-web", 7, "a" * 40))}
    ),
)
