"""Files beside the journal: what `kerrigan check --state` compares. Without journals there is nothing to compare."""

from collections.abc import Iterator

from kerrigan.check.legacy.generation import is_broken
from kerrigan.model.checks.source import Document
from kerrigan.model.checks.tree import Tree
from kerrigan.model.project import Dependency, DependencyKind, Project, Task
from kerrigan.model.state import State, Status


def whole(tree: Tree) -> Iterator[tuple[Project, Document, State]]:
    """The projects whose journal was read, each with its tasks.yml, if that could be read too."""
    for project in tree.projects:
        document, state = tree.documents.get(f"{project.path}/tasks.yml"), tree.states.get(project.name)
        if document and state and project.format == 7 and not is_broken(document):
            yield project, document, state


def followers_of(tree: Tree) -> Iterator[tuple[Task, Dependency, Status, Status]]:
    """Each hard dependency on a task that is there: the task, the entry, how it stands, and how the other does."""
    known = {project.name: (project, state) for project, _, state in whole(tree)}
    for project, state in known.values():
        for task in project.tasks.values():
            for dependency in task.hard:
                other = known.get(dependency.target.partition("/")[0])
                if dependency.kind is DependencyKind.task and other and dependency.target in other[0].tasks:
                    yield task, dependency, state.task(task.id).status, other[1].task(dependency.target).status
