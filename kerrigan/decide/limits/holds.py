"""Brakes on a project, or on an agent, a role or a repository of it: pause, resume, and the emergency stop."""

from shlex import quote

from kerrigan.decide.dispatches import dispatch
from kerrigan.decide.fold.recording import Recording
from kerrigan.decide.identity import COMMAND, permission_holder, via_of
from kerrigan.decide.limits.autonomy import no_person
from kerrigan.decide.readiness import unblocked
from kerrigan.model.decision import Decision, Refusal, Request
from kerrigan.model.event import EventType
from kerrigan.model.forge.facts import Facts
from kerrigan.model.project import Permission, Project, Workspace
from kerrigan.model.state import Hold, State

VERBS = {EventType.paused: "pause", EventType.resumed: "resume", EventType.stopped: "stop"}
"""What people ask of a project, by the event that it becomes."""

PARTS = ("agent", "role", "repository")
"""What may be held besides a whole project: `data["scope"]` of a request is one of them, a colon and its name."""


def brake(project: Project, workspace: Workspace, state: State, request: Request, facts: Facts) -> Decision | Refusal:
    """Decide a request to pause, resume or stop. Resuming asks for the dispatches that became due meanwhile."""
    against = _objection(project, workspace, state, request, facts)
    if against:
        verb = VERBS.get(request.type, request.type.value)
        allowed, step = _allowed(state, request, facts), _step(project, workspace, state, request, verb)
        return Refusal(verb, None, _kind(state, request), against, allowed=allowed, next=step)
    recording = Recording(state, request)
    recording.add(
        request.type, None, request.actor, {**request.data, "reason": request.reason, **via_of(request)}, request.cause
    )
    now = recording.state()
    if not _scope(request):  # the hold on a part keeps from new work only: its gates say what they said
        dispatch.request_all(recording, dispatch.rechecks(project, now, None, request.id), request.id)
    if request.type is EventType.resumed:
        due = unblocked(project, workspace, now, request.at, facts)
        dispatch.request_all(recording, dispatch.wanted(project, now, due, due, facts), request.id)
    decision = recording.decision()
    assert decision is not None
    return decision


def names(project: Project, workspace: Workspace, state: State, part: str) -> frozenset[str]:
    """The names that a part of the project may have."""
    tasks, agents = project.tasks.values(), workspace.agents
    known = {
        "agent": {*agents, *(task.agent.casefold() for task in tasks if task.agent), *_seen(state)},
        "role": {state.task(task.id).role or task.role for task in tasks}
        | {role for agent in agents.values() for role in agent.roles},
        "repository": {*project.repositories},
    }
    return frozenset(known.get(part, ()))


def _seen(state: State) -> set[str]:
    """Agents that kerrigan.yml need not name: that hold a task, that have failed, and what a runner's command is."""
    holders = (standing.holder for standing in state.tasks.values())
    holding = {holder.login.casefold() for holder in holders if holder and holder.kind == "agent"}
    failed = {scope.removeprefix("agent:") for scope in state.streaks if scope.startswith("agent:")}
    return {COMMAND, *holding, *failed}


def _objection(project: Project, workspace: Workspace, state: State, request: Request, facts: Facts) -> str | None:
    verb = VERBS.get(request.type)
    if verb is None:
        return f"'{request.type}' is nothing that can be asked of a project"
    if against := _impossible(project, workspace, state, request, verb):
        return against
    needed = _needed(state, verb)
    if not facts.permission.allows(needed):
        holder = permission_holder(request)
        return f"{holder} has permission '{facts.permission}' in {project.home}, and this needs '{needed}'"
    if verb == "resume" and (who := no_person(request.actor)):
        return f"only a person resumes, and {who}"
    return None if request.reason.strip() else "a reason is needed: --reason TEXT"


def _step(project: Project, workspace: Workspace, state: State, request: Request, verb: str) -> str:
    """Who can have what was refused, and how; where the project is not as that needs it, what shows how it is."""
    part, _, name = _scope(request).partition(":")
    unknown = part and verb == "pause" and _unknown(project, workspace, state, part, name)
    if unknown or verb not in _possible(state, request):
        return f"kerrigan status {project.name}"
    words = f" --{part} {quote(name)}" if part else ""
    who = "a person" if verb == "resume" else "someone"
    return f"{who} with {_needed(state, verb)} permission: kerrigan {verb} {project.name}{words} --reason TEXT"


def _impossible(project: Project, workspace: Workspace, state: State, request: Request, verb: str) -> str | None:
    part, _, name = _scope(request).partition(":")
    subject, hold = f"the {part} '{name}'" if part else project.name, _hold(state, request)
    known = hold is None and part and verb == "pause" and _unknown(project, workspace, state, part, name)
    if known:
        return f"{project.name} has no {part} '{name}'; it has: {known}"
    if verb not in _possible(state, request):
        return f"{subject} is {_kind(state, request)}{f' by {hold.by} already' if hold else ', not held'}"
    return None


def _unknown(project: Project, workspace: Workspace, state: State, part: str, name: str) -> str:
    """The names that there are, where this is none of them; else empty."""
    known = names(project, workspace, state, part)
    return "" if name in known else ", ".join(sorted(known)) or "none"


def _scope(request: Request) -> str:
    return str(request.data.get("scope", ""))


def _hold(state: State, request: Request) -> Hold | None:
    stopped = state.hold is not None and state.hold.kind == "stopped"
    return state.holds.get(_scope(request)) if _scope(request) and not stopped else state.hold


def _kind(state: State, request: Request) -> str:
    hold = _hold(state, request)
    return hold.kind if hold else "running"


def _possible(state: State, request: Request) -> tuple[str, ...]:
    if _scope(request):
        return {"running": ("pause",), "paused": ("resume",)}.get(_kind(state, request), ())
    return {"running": ("pause", "stop"), "paused": ("resume", "stop"), "stopped": ("resume",)}[_kind(state, request)]


def _needed(state: State, verb: str) -> Permission:
    is_stopped = state.hold is not None and state.hold.kind == "stopped"
    return Permission.admin if verb == "resume" and is_stopped else Permission.write


def _allowed(state: State, request: Request, facts: Facts) -> tuple[str, ...]:
    possible = _possible(state, request)
    may = (verb for verb in possible if facts.permission.allows(_needed(state, verb)))
    return tuple(verb for verb in may if verb != "resume" or request.actor.kind == "person")
