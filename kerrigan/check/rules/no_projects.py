"""A folder that kerrigan.yml names for projects, and that holds none."""

from collections.abc import Iterator

from kerrigan.check.examples import CONFIG, new_project
from kerrigan.model.checks.rule import Rule
from kerrigan.model.checks.source import Diagnostic, Severity
from kerrigan.model.checks.tree import Tree
from kerrigan.model.project import Workspace


def find(tree: Tree) -> Iterator[Diagnostic]:
    """Each workspace that names another folder than the usual one, in a tree without projects; satellites keep none."""
    if tree.problems:
        return  # the projects may be in what could not be read
    for root, space in tree.workspaces.items():
        if space.projects != Workspace().projects and space.home is None:
            document = tree.documents[f"{root}/{CONFIG}" if root else CONFIG]
            span = document.positions.value(("projects",))
            message = f"no project is in the folder '{space.projects}'"
            hint = (
                f"write {space.projects}/<project>/spec.md and tasks.yml, or name the folder that the projects are in"
            )
            yield Diagnostic("no-projects", Severity.warning, document.path, span, message, hint)


RULE = Rule(
    name="no-projects",
    severity=Severity.warning,
    wants="Where kerrigan.yml names another folder for projects than specs/projects, there are some in it.",
    why="What is in any other folder is not checked: a name that is not right turns everything green.",
    bad={**new_project(folder="plans/todo"), CONFIG: "projects: plan\n"},
    good={**new_project(folder="plans/todo"), CONFIG: "projects: plans\n"},
    find=find,
)
