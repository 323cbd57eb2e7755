"""What time and the world have decided meanwhile: found by looking at everything, so that no event is needed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice

from kerrigan.decide import dispatch
from kerrigan.decide.readiness import NO_FACTS, ready
from kerrigan.decide.recording import Recording
from kerrigan.decide.situation import Situation
from kerrigan.decide.step import data_for, objection
from kerrigan.model.decision import Decision, Request
from kerrigan.model.event import EventType
from kerrigan.model.facts import Facts
from kerrigan.model.project import Permission, Project, Workspace
from kerrigan.model.state import State

BY_ITSELF: Mapping[EventType, str] = {
    EventType.completed: "its merge was found on the default branch",
    EventType.expired: "the run ended or the lease ran out",
    EventType.retried: "attempts are left",
    EventType.escalated: "attempts or review cycles are used up",
}
"""What reconcile may ask for on its own, in this order, and the reason that it gives."""


def sweep(
    project: Project, workspace: Workspace, state: State, facts: Mapping[str, Facts], request: Request
) -> Decision | None:
    """Everything that is due, decided by the same table and guards as a request; None when nothing is.

    `facts` are by task; a task without an entry is decided on the journal and the time alone.
    """
    if state.hold and state.hold.kind == "stopped":
        return None
    recording = Recording(state, request)
    due = tuple(_due_tasks(project, workspace, state, facts, request))
    for found in due:
        recording.add(found.request.type, found.task.id, request.actor, data_for(found))
    now = recording.state()
    for found in due:
        if found.request.type is EventType.completed:
            dispatch.request_all(recording, dispatch.rechecks(project, now, found.task.id, request.id), None)
    open_ = ready(project, workspace, now, request.at, _merged(facts.values()))
    dispatch.request_all(recording, dispatch.wanted(project, now, open_), None)
    for lost in dispatch.dead(now, workspace, request.at):
        recording.add(EventType.dispatch_dead, lost.task, request.actor, {"key": lost.key, "to": lost.to})
    return recording.decision()


def _due_tasks(
    project: Project, workspace: Workspace, state: State, facts: Mapping[str, Facts], request: Request
) -> Iterator[Situation]:
    for task in project.tasks.values():
        if task.id not in state.tasks:
            continue
        # Reconcile acts for the home repository itself: it asks nobody for permission to write down what is so.
        known = replace(facts.get(task.id, NO_FACTS), permission=Permission.write)
        asks = (replace(request, type=kind, task=task.id, reason=why) for kind, why in BY_ITSELF.items())
        situations = (Situation(project, workspace, state, task, ask, known) for ask in asks)
        yield from islice((s for s in situations if objection(s) is None), 1)


def _merged(facts: Iterable[Facts]) -> Facts:
    every = tuple(facts)
    satisfied = frozenset(target for one in every for target in one.satisfied)
    return Facts(satisfied=satisfied, unknown={target: why for one in every for target, why in one.unknown.items()})
