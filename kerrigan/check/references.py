"""Names that have to exist, and to exist once."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kerrigan.model.checks.source import Diagnostic, Document, Related, Severity
from kerrigan.model.checks.tree import Tree
from kerrigan.model.project import Dependency, DependencyKind, Project, Task

if TYPE_CHECKING:
    from kerrigan.model.checks.siblings import Resolution


def duplicates(tree: Tree, file: str, keys: tuple[str, str], code: str, what: str) -> Iterator[Diagnostic]:
    """Entries of a list in one of the files of each project that are called alike; `keys` are the list and the name."""
    for project in tree.projects:
        document = tree.documents.get(f"{project.path}/{file}")
        if document is None or project.format != 7:
            continue
        first: dict[str, int] = {}
        for index, name in named(document, *keys):
            if first.setdefault(name, index) != index:
                span, earlier = (document.positions.value((keys[0], i, keys[1])) for i in (index, first[name]))
                related = (Related(document.path, earlier, "first written here"),)
                message = f"the {what} '{name}' is defined twice; only the first counts"
                yield Diagnostic(code, Severity.error, document.path, span, message, related=related)


def named(document: Document, listed: str, key: str) -> Iterator[tuple[int, str]]:
    """The entries of a list that have a name, with their index."""
    entries = document.data.get(listed) if isinstance(document.data, dict) else None
    for index, entry in enumerate(entries if isinstance(entries, list) else []):
        if isinstance(entry, dict) and isinstance(entry.get(key), str):
            yield index, entry[key]


def entries(tree: Tree, project: Project) -> Iterator[tuple[int, Task, Document]]:
    """The entries of a project's tasks.yml: the index of each, its task, and the document. An id may come twice."""
    document = tree.documents.get(f"{project.path}/tasks.yml")
    for index, name in named(document, "tasks", "id") if document else ():
        task = project.tasks.get(f"{project.name}/{name}")
        if document and task:
            yield index, task, document


def task_dependencies(tree: Tree) -> Iterator[tuple[Task, Dependency]]:
    """Every dependency on a task, with the task that has it."""
    for project in tree.projects:
        for task in project.tasks.values():
            for dependency in task.depends_on:
                if dependency.kind is DependencyKind.task:
                    yield task, dependency


def issue_dependencies(tree: Tree) -> Iterator[tuple[Task, Dependency, "Resolution"]]:
    """Every dependency on an issue or pull request that was looked for, with the task that has it."""
    sought = tree.siblings.issues if tree.siblings else {}
    for project in tree.projects if sought else ():
        for task in project.tasks.values():
            for dependency in task.depends_on:
                if dependency.kind is DependencyKind.issue and dependency.target in sought:
                    yield task, dependency, sought[dependency.target]
