"""What labels say of tasks, to be compared with the journals: one listing of what is open for each repository."""

from collections.abc import Iterator, Mapping

from kerrigan.apply.checks.forge_lookups import ForgeLookups
from kerrigan.model.checks.siblings import LabelledTask
from kerrigan.model.checks.tree import Tree
from kerrigan.model.forge.body import task_of
from kerrigan.model.forge.issue import Issue
from kerrigan.model.project import Project, Task
from kerrigan.model.state import State

_STATUS = "status:"


def labels(tree: Tree, lookups: ForgeLookups, here: str) -> tuple[tuple[LabelledTask, ...], Mapping[str, str]]:
    """The status labels of what was handed in and of tasks' issues; and which repositories could not be listed, why.

    Only repositories with a task that something happened to are asked. `here` is the one that the check runs in.
    """
    shown: list[LabelledTask] = []
    unlisted: dict[str, str] = {}
    for project in tree.projects:
        state = tree.states.get(project.name, State())
        slugs = {_place(project, task) for task in project.tasks.values() if task.id in state.tasks}
        for slug in sorted(filter(None, slugs)):
            found = lookups.opened(slug)
            if isinstance(found, str):
                unlisted[slug.casefold()] = found
            else:
                shown += _shown(project, state, slug, here, found)
    return tuple(shown), unlisted


def _shown(project: Project, state: State, slug: str, here: str, found: tuple[Issue, ...]) -> Iterator[LabelledTask]:
    handed_in = dict(_handed_in(project, state, slug))
    step = "kerrigan reconcile" if slug.casefold() == here.casefold() else f"kerrigan reconcile, in a clone of {slug}"
    seen: set[str] = set()
    for each in found:
        statuses = tuple(label[len(_STATUS) :].lower() for label in each.labels if label.lower().startswith(_STATUS))
        task = handed_in.get(each.number)
        if task:
            yield LabelledTask(task, each.name, statuses, step)
            continue
        # A stranger can write the marker, and set no label.
        about = project.tasks.get(task_of(each.body) or "")
        if about and statuses and _place(project, about) == slug and about.id not in seen:
            seen.add(about.id)
            yield LabelledTask(about.id, each.name, statuses, "kerrigan issues sync")


def _place(project: Project, task: Task) -> str:
    """The repository of a task; empty for one that the project does not name."""
    return project.slug(task) if task.repository in project.repositories else ""


def _handed_in(project: Project, state: State, slug: str) -> Iterator[tuple[int, str]]:
    """The pull requests of tasks in a repository, by number."""
    for task in project.tasks:
        submission = state.task(task).submission
        if submission and submission.number and submission.repository.casefold() == slug.casefold():
            yield submission.number, task
