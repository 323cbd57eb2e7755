"""Which open tasks are ready, and every reason why the others are not."""

from collections.abc import Iterable, Iterator, Mapping
from shlex import quote

from kerrigan.decide.budget import Purse, purse, reservation
from kerrigan.model.decision import Reason
from kerrigan.model.facts import Facts
from kerrigan.model.project import Dependency, DependencyKind, Project, Task, Workspace
from kerrigan.model.state import State, Status

NO_FACTS = Facts()
"""Nothing was looked up."""


def readiness(
    project: Project, workspace: Workspace, state: State, task_id: str, at: str, facts: Facts = NO_FACTS
) -> tuple[str | None, tuple[Reason, ...]]:
    """`ready`, `waiting` (for other work) or `held` (by a person) with all reasons; None when it is not open."""
    if state.task(task_id).status is not Status.open:
        return None, ()
    brakes = tuple(held(project, state))
    money = purse(project, workspace, state, at, facts.elsewhere)
    waits = tuple(_waits(project.tasks[task_id], project, workspace, state, at, facts, money))
    word = "held" if brakes else "waiting" if waits else "ready"
    return word, brakes + waits


def ready(
    project: Project,
    workspace: Workspace,
    state: State,
    at: str,
    facts: Facts = NO_FACTS,
    among: Iterable[str] | None = None,
) -> tuple[str, ...]:
    """The ready tasks, in the order of the file; linear in tasks and their dependencies."""
    if any(held(project, state)):
        return ()
    money = purse(project, workspace, state, at, facts.elsewhere)
    return tuple(
        task
        for task in (project.tasks if among is None else among)
        if state.task(task).status is Status.open
        and not any(_waits(project.tasks[task], project, workspace, state, at, facts, money))
    )


def held(project: Project, state: State) -> Iterator[Reason]:
    """Why nothing of the project may be claimed or dispatched: its hold, and the human brake in status.json."""
    if state.hold:
        yield Reason(
            "project-held",
            f"{project.name} is {state.hold.kind} by {state.hold.by}: {state.hold.reason}",
            next=f"kerrigan resume {project.name} --reason TEXT",
        )
    if project.brake and project.brake.holds:
        because = f": {project.brake.reason}" if project.brake.reason else ""
        yield Reason(
            "project-held",
            f"{project.name} is {project.brake.status} in its status.json{because}",
            next=f"set the status in {project.path or project.name}/status.json to active and push it",
        )


def _waits(
    task: Task, project: Project, workspace: Workspace, state: State, at: str, facts: Facts, money: Purse
) -> Iterator[Reason]:
    standing = state.task(task.id)
    for dependency in task.hard:
        if dependency.kind is not DependencyKind.external:
            yield from open_dependency(dependency, project, workspace, state, facts)
        elif dependency.target not in standing.confirmed:
            yield Reason(
                "external",
                f"waits until a person confirms: {dependency.target}",
                dependency.target,
                f"kerrigan task confirm {task.id} --reason {quote(dependency.target)}",
            )
    if standing.not_before and standing.not_before > at:
        yield Reason("not-before", f"not to be tried again before {standing.not_before}")
    yield from money.against(reservation(task, workspace.budget), standing.role or task.role)


def open_dependency(
    dependency: Dependency, project: Project, workspace: Workspace, state: State, facts: Facts
) -> Iterator[Reason]:
    """The reason why a dependency on a task, an issue or a pull request does not hold, if it does not."""
    target = dependency.target
    if target in project.tasks:
        status = state.task(target).status
        if not satisfies(workspace, status):
            hint = "; reopen it, or take it out of depends_on" if status is Status.cancelled else ""
            yield Reason("dependency", f"waits on {target}, which is {status}{hint}", target, f"kerrigan show {target}")
    elif target in facts.unknown:
        yield Reason("dependency", f"waits on {target}, which could not be looked up: {facts.unknown[target]}", target)
    elif target not in facts.satisfied:
        yield Reason("dependency", f"waits on {target}, which is not known to be done", target)


def satisfies(workspace: Workspace, status: Status) -> bool:
    """Whether a task of this status counts as done for the tasks that depend on it."""
    return status is Status.done or (workspace.satisfied_by == "approved" and status is Status.approved)


def dependents(project: Project) -> Mapping[str, tuple[str, ...]]:
    """For each target of a hard dependency, the tasks of this project that wait for it."""
    found: dict[str, list[str]] = {}
    for task in project.tasks.values():
        for dependency in task.hard:
            found.setdefault(dependency.target, []).append(task.id)
    return {target: tuple(dict.fromkeys(tasks)) for target, tasks in found.items()}
