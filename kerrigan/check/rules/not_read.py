"""A tasks.yml that nobody reads."""

from collections.abc import Iterator

from kerrigan.check.examples import FOLDER, new_project, old_project
from kerrigan.check.generation import is_old
from kerrigan.model.rule import Rule
from kerrigan.model.source import START, Diagnostic, Severity
from kerrigan.model.tree import Tree


def find(tree: Tree) -> Iterator[Diagnostic]:
    """A tasks.yml in a project of Milestones 1 to 6."""
    for project in tree.projects:
        path = f"{project.path}/tasks.yml"
        if path in tree.documents and is_old(tree, project):
            hint = "write 'kerrigan: 7' as its first line"
            message = "tasks.yml is not read: this project says nowhere that it is of Milestone 7"
            yield Diagnostic("not-read", Severity.warning, path, START, message, hint)


RULE = Rule(
    name="not-read",
    severity=Severity.warning,
    wants="A tasks.yml belongs to a project that says `kerrigan: 7`.",
    why="Without it the project keeps the rules of Milestones 1 to 6, which knew no tasks.yml: nothing in it counts.",
    bad={**old_project(), f"{FOLDER}/tasks.yml": "tasks: []\n"},
    good={**old_project(), **new_project()},
    find=find,
)
