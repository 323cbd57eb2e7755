"""The tasks of a project of Milestones 1 to 6, as its tasks.md has them: to be looked at, never to be worked on.

Nothing that decides or checks reads them: an old project keeps its verdict, and its tasks are claimed once imported.
"""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from kerrigan.load.dependency import parse_dependency
from kerrigan.load.foreign import kerrigan_md
from kerrigan.load.foreign.assemble import assemble, none
from kerrigan.model.checks.source import Document
from kerrigan.model.imported import ImportedTask
from kerrigan.model.project import Project, Task

TASKS = "tasks.md"


def with_old_tasks(project: Project, documents: Mapping[str, Document]) -> Project:
    """The same project with the tasks of its tasks.md, if it is an old one that has any; they get an import's ids."""
    document = documents.get(f"{project.path}/{TASKS}")
    if project.format == 7 or document is None:
        return project
    found = assemble(kerrigan_md.read(TASKS, {TASKS: document.text}), "swe", project.repositories, none)
    tasks = (_task(project, task, document.path) for task in found.tasks)
    return replace(project, tasks=MappingProxyType({task.id: task for task in tasks}))


def _task(project: Project, task: ImportedTask, path: str) -> Task:
    home = next(name for name, repository in project.repositories.items() if repository.slug == project.home)
    where = task.repository or home
    slug = project.repositories[where].slug
    entries = (parse_dependency(text, project.name, project.repositories, slug) for text in task.depends_on)
    return Task(
        id=f"{project.name}/{task.id}",
        title=task.title,
        role=task.role,
        repository=where,
        depends_on=tuple(entry for entry in entries if entry),
        acceptance=task.acceptance,
        milestone=task.milestone,
        description=task.description,
        path=path,
    )
