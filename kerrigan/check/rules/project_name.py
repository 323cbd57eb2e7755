"""A project whose name cannot be part of a task's id."""

from collections.abc import Iterator

from kerrigan.check.examples import new_project
from kerrigan.model.checks.rule import Rule
from kerrigan.model.checks.source import START, Diagnostic, Severity
from kerrigan.model.checks.tree import Tree
from kerrigan.model.names import is_id


def find(tree: Tree) -> Iterator[Diagnostic]:
    """Folders of Milestone 7 projects that are called otherwise."""
    for project in tree.projects:
        if project.format == 7 and not is_id(project.name):
            path = next(p for f in ("spec.md", "tasks.yml") if (p := f"{project.path}/{f}") in tree.documents)
            message = (
                f"the project is called '{project.name}', expected lower-case letters, digits and hyphens, 63 at most"
            )
            hint = "rename its folder: no task of it can be claimed under this name"
            yield Diagnostic("project-name", Severity.error, path, START, message, hint)


RULE = Rule(
    name="project-name",
    severity=Severity.error,
    wants="The folder of a project is called by lower-case letters, digits and hyphens, 63 at most.",
    why="It is part of its tasks' ids and of the names of branches, which have to be the same on every file system.",
    bad=new_project(folder="specs/projects/Todo_app"),
    good=new_project(folder="specs/projects/todo-app"),
    find=find,
)
