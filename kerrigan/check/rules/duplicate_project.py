"""Two projects with one name."""

from collections.abc import Iterator

from kerrigan.check.examples import new_project
from kerrigan.model.checks.rule import Rule
from kerrigan.model.checks.source import Diagnostic, Document, Related, Severity
from kerrigan.model.checks.tree import Tree
from kerrigan.model.project import Project


def find(tree: Tree) -> Iterator[Diagnostic]:
    """Two projects of one home repository, or of one tree, with the same name."""
    first: dict[str, Project] = {}
    for project in tree.projects:
        earlier = first.setdefault(project.name, project)
        if earlier is not project and 7 in (project.format, earlier.format):
            path, other = _definition(tree, project), _definition(tree, earlier)
            related = (Related(other.path, other.positions.value(()), "the other one"),)
            message = f"two projects are called '{project.name}'"
            span = path.positions.value(())
            hint = "a project's name is part of its tasks' ids: rename one of the folders"
            yield Diagnostic("duplicate-project", Severity.error, path.path, span, message, hint, related)


def _definition(tree: Tree, project: Project) -> Document:
    files = (f"{project.path}/{name}" for name in ("spec.md", "tasks.yml"))
    return next(tree.documents[file] for file in files if file in tree.documents)


RULE = Rule(
    name="duplicate-project",
    severity=Severity.error,
    wants="The name of a project is the only one in all the repositories of the tree.",
    why="A project's name is part of its tasks' ids, and other repositories name its tasks by them.",
    bad={**new_project(folder="api/specs/projects/todo"), **new_project(folder="web/specs/projects/todo")},
    good={**new_project(folder="api/specs/projects/todo"), **new_project(folder="web/specs/projects/todo-web")},
    find=find,
)
