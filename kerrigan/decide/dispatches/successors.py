"""What follows when tasks are done, or open again: others are ready now, and gates have to be looked at again."""

from collections.abc import Collection
from itertools import chain

from kerrigan.decide.dispatches import dispatch
from kerrigan.decide.fold.recording import Recording
from kerrigan.decide.readiness import dependents, satisfies, unblocked
from kerrigan.model.decision import Request
from kerrigan.model.forge.facts import Facts
from kerrigan.model.project import Project, Workspace
from kerrigan.model.state import State, Status


def dispatch_successors(
    project: Project,
    workspace: Workspace,
    before: State,
    recording: Recording,
    request: Request,
    facts: Facts,
    tasks: Collection[str],
) -> None:
    """Ask for the dispatches of what became ready since `before`, and have the gates looked at that wait for `tasks`.

    `tasks` are those that the recording has moved.
    """
    now = recording.state()
    turned = frozenset(
        task
        for task in tasks
        if satisfies(workspace, now.task(task).status) != satisfies(workspace, before.task(task).status)
    )
    waiting = [task for task in tasks if now.task(task).status is Status.open]
    if turned:
        others = dependents(project)
        waiting += chain.from_iterable(others.get(task, ()) for task in tasks if task in turned)
        dispatch.request_all(recording, dispatch.rechecks(project, now, turned, request.id), request.id)
    freed = dict.fromkeys(waiting)
    now_ready = unblocked(project, workspace, now, request.at, facts, freed) if freed else ()
    dispatch.request_all(recording, dispatch.wanted(project, now, now_ready, now_ready, facts), request.id)
