"""Names that have to exist, and to exist once."""

from collections.abc import Collection, Iterator

from kerrigan.check.generation import is_broken, is_new
from kerrigan.check.nearest import did_you_mean
from kerrigan.model.project import Dependency, DependencyKind, Project, Task
from kerrigan.model.source import Diagnostic, Document, Related, Severity
from kerrigan.model.tree import Tree

HINTS = 50
"""How many unknown dependencies get the nearest name: difflib takes some milliseconds for each."""


def duplicate_tasks(tree: Tree) -> Iterator[Diagnostic]:
    """Two tasks of one project with the same id."""
    yield from _duplicates(tree, "duplicate-task", "tasks.yml", ("tasks", "id"), "task")


def duplicate_repositories(tree: Tree) -> Iterator[Diagnostic]:
    """Two repositories of one project with the same short name."""
    yield from _duplicates(tree, "duplicate-repository", "spec.md", ("repositories", "name"), "repository")


def _duplicates(tree: Tree, code: str, file: str, keys: tuple[str, str], what: str) -> Iterator[Diagnostic]:
    for project in tree.projects:
        document = tree.documents.get(f"{project.path}/{file}")
        if document is None or project.format != 7:
            continue
        first: dict[str, int] = {}
        for index, name in _named(document, *keys):
            if first.setdefault(name, index) != index:
                span, earlier = (document.positions.value((keys[0], i, keys[1])) for i in (index, first[name]))
                related = (Related(document.path, earlier, "first written here"),)
                message = f"the {what} '{name}' is defined twice; only the first counts"
                yield Diagnostic(code, Severity.error, document.path, span, message, related=related)


def _named(document: Document, listed: str, key: str) -> Iterator[tuple[int, str]]:
    entries = document.data.get(listed) if isinstance(document.data, dict) else None
    for index, entry in enumerate(entries if isinstance(entries, list) else []):
        if isinstance(entry, dict) and isinstance(entry.get(key), str):
            yield index, entry[key]


def duplicate_projects(tree: Tree) -> Iterator[Diagnostic]:
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


def unknown_repositories(tree: Tree) -> Iterator[Diagnostic]:
    """A task in a repository, or a dependency `name:#12` on one, that the spec does not list."""
    for project in tree.projects:
        known = list(project.repositories)
        for index, task in _indexed(tree, project):
            document = tree.documents[task.path]
            if task.repository not in known:
                span = document.positions.value(("tasks", index, "repository"))
                message = f"unknown repository '{task.repository}'; {project.path}/spec.md lists {', '.join(known)}"
                yield Diagnostic(
                    "unknown-repository", Severity.error, task.path, span, message, did_you_mean(task.repository, known)
                )
            for dependency in task.depends_on:
                name = _unlisted(dependency)
                if name:
                    message = f"unknown repository '{name}'; {project.path}/spec.md lists {', '.join(known)}"
                    hint = did_you_mean(name, known)
                    yield Diagnostic("unknown-repository", Severity.error, task.path, dependency.span, message, hint)


def _indexed(tree: Tree, project: Project) -> Iterator[tuple[int, Task]]:
    document = tree.documents.get(f"{project.path}/tasks.yml")
    seen = set()
    for index, name in _named(document, "tasks", "id") if document else ():
        task = project.tasks.get(f"{project.name}/{name}")
        if task and name not in seen:
            seen.add(name)
            yield index, task


def _unlisted(dependency: Dependency) -> str | None:
    # What nobody can read is loaded as external; of these only `name:#12` is right in form.
    if dependency.kind is not DependencyKind.external or dependency.text.startswith("external:"):
        return None
    name, colon, number = dependency.text.partition(":#")
    return name if colon and number.isdigit() and "/" not in name else None


def unknown_dependencies(tree: Tree) -> Iterator[Diagnostic]:
    """A dependency on a task or project that is not in the tree."""
    known = {project.name: _known(tree, project) for project in tree.projects if is_new(tree, project)}
    number = 0
    for task, dependency in _task_dependencies(tree):
        name, _, target = dependency.target.partition("/")
        tasks = known.get(name, ())
        if tasks is None or dependency.target in tasks:
            continue
        kind, word = "task", target
        candidates: Iterator[str] = (t.partition("/")[2] for t in tasks)
        if name not in known:
            kind, word, candidates = "project", name, iter(known)
        elif "/" in dependency.text:
            word, candidates = dependency.target, iter(tasks)
        number += 1
        hint = did_you_mean(word, candidates) if number <= HINTS else ""
        message = f"unknown {kind} '{word}'"
        yield Diagnostic("unknown-dependency", Severity.error, task.path, dependency.span, message, hint)


def _known(tree: Tree, project: Project) -> Collection[str] | None:
    """The tasks of a project; None where its tasks.yml is missing or broken, which is told already."""
    document = tree.documents.get(f"{project.path}/tasks.yml")
    return None if document is None or is_broken(document) else project.tasks


def self_dependencies(tree: Tree) -> Iterator[Diagnostic]:
    """A task that waits for itself."""
    for task, dependency in _task_dependencies(tree):
        if dependency.target == task.id:
            message = f"'{task.name}' depends on itself and would wait for ever"
            yield Diagnostic(
                "self-dependency", Severity.error, task.path, dependency.span, message, "take this entry out"
            )


def duplicate_dependencies(tree: Tree) -> Iterator[Diagnostic]:
    """The same dependency twice in one task."""
    for project in tree.projects:
        for task in project.tasks.values():
            first: dict[tuple[DependencyKind, str], Dependency] = {}
            for dependency in task.depends_on:
                earlier = first.setdefault((dependency.kind, dependency.target), dependency)
                if earlier is not dependency:
                    related = (Related(task.path, earlier.span, "first written here"),)
                    yield Diagnostic(
                        "duplicate-dependency",
                        Severity.warning,
                        task.path,
                        dependency.span,
                        f"'{dependency.text}' is listed twice",
                        related=related,
                    )


def _task_dependencies(tree: Tree) -> Iterator[tuple[Task, Dependency]]:
    for project in tree.projects:
        for task in project.tasks.values():
            for dependency in task.depends_on:
                if dependency.kind is DependencyKind.task:
                    yield task, dependency
