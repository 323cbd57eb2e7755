"""Which open tasks are ready, and every reason why the others are not."""

from collections.abc import Iterable, Iterator, Mapping
from shlex import quote

from kerrigan.decide.limits.autonomy import ungranted
from kerrigan.decide.limits.capacity import Capacity
from kerrigan.decide.money.budget import budget_caps, reservation
from kerrigan.model.decision import Reason
from kerrigan.model.forge.facts import Facts
from kerrigan.model.project import Dependency, DependencyKind, Project, Task, Workspace
from kerrigan.model.state import Hold, State, Status

NO_FACTS = Facts()
"""Nothing was looked up."""


def readiness(
    project: Project,
    workspace: Workspace,
    state: State,
    task_id: str,
    at: str,
    facts: Facts = NO_FACTS,
    room: Capacity | None = None,
) -> tuple[str | None, tuple[Reason, ...]]:
    """`ready`, `waiting` (for other work) or `held` (until a person acts) with all reasons; None when it is not open.

    Who asks about many tasks gives the `room` that is left, so that it is measured once.
    """
    if state.task(task_id).status is not Status.open:
        return None, ()
    task = project.tasks[task_id]
    brakes = (*undefined(project, task), *held(project, state), *held_part(project, state, task))
    room = room or Capacity(project, workspace, state)
    waits = (*_waits(task, project, workspace, state, at, facts), *room.against(task))
    if not project.stopping:  # a budget that no one can read says nothing
        money = budget_caps(project, workspace, state, at, facts.elsewhere)
        waits += tuple(money.against(reservation(task, workspace.budget), state.task(task_id).role or task.role))
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
    room, money = Capacity(project, workspace, state), budget_caps(project, workspace, state, at, facts.elsewhere)
    return tuple(
        task.id
        for task in map(project.tasks.__getitem__, unblocked(project, workspace, state, at, facts, among))
        if not any(held_part(project, state, task))
        and not any(room.against(task))
        and not any(money.against(reservation(task, workspace.budget), state.task(task.id).role or task.role))
    )


def unblocked(
    project: Project,
    workspace: Workspace,
    state: State,
    at: str,
    facts: Facts = NO_FACTS,
    among: Iterable[str] | None = None,
) -> tuple[str, ...]:
    """The tasks that wait for nothing but room or a paused part: their dispatches are written down, and sent later."""
    if project.stopping or any(held(project, state)):
        return ()
    return tuple(
        task
        for task in (project.tasks if among is None else among)
        if state.task(task).status is Status.open
        and not project.tasks[task].problems
        and not any(_waits(project.tasks[task], project, workspace, state, at, facts))
    )


def undefined(project: Project, task: Task) -> Iterator[Reason]:
    """Why nothing is begun or passed on a task: what is wrong in its definition."""
    for problem in project.against(task):
        yield Reason("definition", problem.text, next=problem.next_step)


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


def held_part(project: Project, state: State, task: Task) -> Iterator[Reason]:
    """Why a task may not be claimed or dispatched: its repository, its role or the agent it names is held."""
    role, agent = state.task(task.id).role or task.role, task.agent.casefold()
    for scope in (f"repository:{task.repository}", f"role:{role}", f"agent:{agent}"):
        if hold := state.holds.get(scope):
            yield Reason("held", held_words(scope, hold), scope, resume_command(project, scope))


def held_words(scope: str, hold: Hold) -> str:
    """A hold on a part of a project in words."""
    kind, _, name = scope.partition(":")
    return f"the {kind} '{name}' is {hold.kind} by {hold.by}: {hold.reason}"


def resume_command(project: Project, scope: str) -> str:
    """The command that ends a hold on a part of a project."""
    kind, _, name = scope.partition(":")
    return f"kerrigan resume {project.name} --{kind} {quote(name)} --reason TEXT"


def _waits(task: Task, project: Project, workspace: Workspace, state: State, at: str, facts: Facts) -> Iterator[Reason]:
    standing = state.task(task.id)
    for dependency in task.hard:
        if dependency.kind is not DependencyKind.external:
            yield from open_dependency(dependency, project, workspace, state, facts)
        elif dependency.target not in standing.confirmed:
            yield Reason(
                "external",
                f"waits until a person confirms: {dependency.target}",
                dependency.target,
                f"kerrigan task confirm {task.id} --what {quote(dependency.target)}",
            )
    yield from ungranted(task, standing, workspace)
    if standing.not_before and standing.not_before > at:
        until = standing.not_before
        yield Reason("not-before", f"not to be tried again before {until}", next=f"wait until {until}")


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
        why = f"waits on {target}, which could not be looked up: {facts.unknown[target]}"
        yield Reason("dependency", why, target, "kerrigan doctor says what this token may read")
    elif target not in facts.satisfied:
        is_issue = dependency.kind is DependencyKind.issue
        step = f"close or merge {target}" if is_issue else f"kerrigan show {target}"
        yield Reason("dependency", f"waits on {target}, which is not known to be done", target, step)


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
