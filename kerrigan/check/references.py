"""Names that have to exist, and to exist once."""

from collections.abc import Iterator

from kerrigan.check.nearest import did_you_mean
from kerrigan.model.project import Dependency, DependencyKind, Project, Task
from kerrigan.model.source import Diagnostic, Document, Related, Severity
from kerrigan.model.tree import Tree


def duplicate_tasks(tree: Tree) -> Iterator[Diagnostic]:
    """Two tasks of one project with the same id."""
    for project in tree.projects:
        document = tree.documents.get(f"{project.path}/tasks.yml")
        if document is None or project.format != 7:
            continue
        first: dict[str, int] = {}
        for index, name in _ids(document):
            if name in first:
                span = document.positions.value(("tasks", index, "id"))
                earlier = document.positions.value(("tasks", first[name], "id"))
                related = (Related(document.path, earlier, "first defined here"),)
                message = f"the task '{name}' is defined twice; only the first counts"
                yield Diagnostic("duplicate-task", Severity.error, document.path, span, message, related=related)
            else:
                first[name] = index


def _ids(document: Document) -> Iterator[tuple[int, str]]:
    tasks = document.data.get("tasks") if isinstance(document.data, dict) else None
    for index, entry in enumerate(tasks if isinstance(tasks, list) else []):
        if isinstance(entry, dict) and isinstance(entry.get("id"), str):
            yield index, entry["id"]


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
    for index, name in _ids(document) if document else ():
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
    projects = {project.name: project for project in tree.projects if project.format == 7}
    for task, dependency in _task_dependencies(tree):
        name, _, _ = dependency.target.partition("/")
        if name not in projects:
            message = f"unknown project '{name}'"
            hint = did_you_mean(name, projects)
        elif dependency.target not in projects[name].tasks:
            message = f"unknown task '{dependency.target if '/' in dependency.text else dependency.text}'"
            known = [t.id if "/" in dependency.text else t.name for t in projects[name].tasks.values()]
            hint = did_you_mean(dependency.text, known)
        else:
            continue
        yield Diagnostic("unknown-dependency", Severity.error, task.path, dependency.span, message, hint)


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
