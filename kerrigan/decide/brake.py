"""Brakes on a whole project: pause, resume, and the emergency stop."""

from kerrigan.decide import dispatch
from kerrigan.decide.readiness import ready
from kerrigan.decide.recording import Recording
from kerrigan.model.decision import Decision, Refusal, Request
from kerrigan.model.event import EventType
from kerrigan.model.facts import Facts
from kerrigan.model.project import Permission, Project, Workspace
from kerrigan.model.state import State

VERBS = {EventType.paused: "pause", EventType.resumed: "resume", EventType.stopped: "stop"}
"""What people ask of a project, by the event that it becomes."""


def brake(project: Project, workspace: Workspace, state: State, request: Request, facts: Facts) -> Decision | Refusal:
    """Decide a request to pause, resume or stop. Resuming asks for the dispatches that became due meanwhile."""
    against = _objection(project, state, request, facts)
    if against:
        verb = VERBS.get(request.type, request.type.value)
        return Refusal(verb, None, _kind(state), against, allowed=_allowed(state, facts))
    recording = Recording(state, request)
    recording.add(request.type, None, request.actor, {**request.data, "reason": request.reason}, request.cause)
    now = recording.state()
    dispatch.request_all(recording, dispatch.rechecks(project, now, None, request.id), request.id)
    if request.type is EventType.resumed:
        due = ready(project, workspace, now, request.at, facts)
        dispatch.request_all(recording, dispatch.wanted(project, now, due, due), request.id)
    decision = recording.decision()
    assert decision is not None
    return decision


def _objection(project: Project, state: State, request: Request, facts: Facts) -> str | None:
    verb = VERBS.get(request.type)
    if verb is None:
        return f"'{request.type}' is nothing that can be asked of a project"
    if verb not in _possible(state):
        return f"{project.name} is {_kind(state)}{f' by {state.hold.by} already' if state.hold else ', not held'}"
    needed = _needed(state, verb)
    if not facts.permission.allows(needed):
        login = request.actor.login
        return f"{login} has permission '{facts.permission}' in {project.home}, and this needs '{needed}'"
    return None if request.reason.strip() else "a reason is needed: --reason TEXT"


def _kind(state: State) -> str:
    return state.hold.kind if state.hold else "running"


def _possible(state: State) -> tuple[str, ...]:
    return {"running": ("pause", "stop"), "paused": ("resume", "stop"), "stopped": ("resume",)}[_kind(state)]


def _needed(state: State, verb: str) -> Permission:
    return Permission.admin if verb == "resume" and _kind(state) == "stopped" else Permission.write


def _allowed(state: State, facts: Facts) -> tuple[str, ...]:
    return tuple(verb for verb in _possible(state) if facts.permission.allows(_needed(state, verb)))
