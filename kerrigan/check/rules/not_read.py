"""A tasks.yml or a workspace file that no one reads."""

from collections.abc import Iterator

from kerrigan.check.examples import FOLDER, new_project, old_project
from kerrigan.check.legacy.generation import is_old
from kerrigan.model.checks.rule import Rule
from kerrigan.model.checks.source import START, Diagnostic, Severity
from kerrigan.model.checks.tree import Tree

MISNAMED = ".github/kerrigan.yaml"
"""A name that is right for files that GitHub reads there, and not for this one."""


def find(tree: Tree) -> Iterator[Diagnostic]:
    """A tasks.yml in a project of Milestones 1 to 6, and a workspace file of another name."""
    for path in tree.documents:
        if path.endswith(MISNAMED):
            message = "this file is not read, expected .github/kerrigan.yml"
            hint = "rename it to kerrigan.yml, or take it out"
            yield Diagnostic("not-read", Severity.warning, path, START, message, hint)
    for project in tree.projects:
        path = f"{project.path}/tasks.yml"
        if path in tree.documents and is_old(tree, project):
            hint = "write 'kerrigan: 7' as its first line"
            message = "tasks.yml is not read: this project says nowhere that it is of Milestone 7"
            yield Diagnostic("not-read", Severity.warning, path, START, message, hint)


RULE = Rule(
    name="not-read",
    severity=Severity.warning,
    wants="A tasks.yml belongs to a project that says `kerrigan: 7`, and a workspace file is `.github/kerrigan.yml`.",
    why="Without it the project keeps the rules of Milestones 1 to 6, which knew no tasks.yml: nothing in it counts. "
    "Nor does anything that `.github/kerrigan.yaml` chooses.",
    bad={**old_project(), f"{FOLDER}/tasks.yml": "tasks: []\n"},
    good={**old_project(), **new_project()},
    find=find,
)
