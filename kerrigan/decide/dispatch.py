"""Waking another repository: a small protocol on top of a forge that promises nothing.

`requested` in the commit of what caused it, then sent, then `acknowledged` by the receiver's claim or word; after a
deadline sent again, each time waiting twice as long; after so many sendings given up. The key is the same for every
sending of one dispatch, so the second arrival finds the first in the journal and ends.
"""

import hashlib
from collections.abc import Container, Iterable
from dataclasses import replace
from typing import Any

from kerrigan.decide.lifecycle import SUBMITTED
from kerrigan.decide.recording import Recording
from kerrigan.model.decision import Decision, Request
from kerrigan.model.event import EventType
from kerrigan.model.project import Project, Workspace
from kerrigan.model.state import Dispatch, DispatchStatus, State, Status
from kerrigan.model.timestamp import later

TASK = "kerrigan-task"
"""Work on this task."""

RECHECK = "kerrigan-recheck"
"""A dependency is done: look at your gates again."""

FORMAT = 1
"""The payload's format."""


def key(project: str, task: str, fence: int, kind: str, to: str) -> str:
    """What makes a dispatch the same one: 16 hex digits."""
    return hashlib.sha256("\n".join((project, task, str(fence), kind, to)).encode()).hexdigest()[:16]


def wanted(project: Project, state: State, ready: Iterable[str]) -> tuple[Dispatch, ...]:
    """The dispatches that ready tasks of other repositories need and the journal does not have yet."""
    tasks = (project.tasks[task] for task in ready)
    made = (_dispatch(project, state, t.id, TASK, project.slug(t)) for t in tasks if project.slug(t) != project.home)
    return tuple(dispatch for dispatch in made if dispatch.key not in state.dispatches)


def rechecks(project: Project, state: State, completed_task: str) -> tuple[Dispatch, ...]:
    """One dispatch to every repository whose gates wait for a task that has just been completed."""
    waiting = (
        project.slug(task)
        for task in project.tasks.values()
        if state.task(task.id).status in SUBMITTED and any(d.target == completed_task for d in task.hard)
    )
    made = (_dispatch(project, state, completed_task, RECHECK, slug) for slug in dict.fromkeys(waiting))
    return tuple(dispatch for dispatch in made if dispatch.key not in state.dispatches)


def _dispatch(project: Project, state: State, task: str, kind: str, to: str) -> Dispatch:
    standing = state.task(task)
    role = standing.role or project.tasks[task].role
    return Dispatch(key(project.name, task, standing.fence, kind, to), kind, to, task, standing.fence, role=role)


def request_all(recording: Recording, dispatches: Iterable[Dispatch], cause: str | None) -> None:
    """Write down that these dispatches are to be sent."""
    for d in dispatches:
        data = {"key": d.key, "kind": d.kind, "to": d.to, "fence": d.fence, "role": d.role}
        recording.add(EventType.dispatch_requested, d.task, data=data, cause=cause)


def deadline(workspace: Workspace, at: str, sendings: int) -> str:
    """Until when a dispatch sent at `at`, after so many sendings before, waits for its acknowledgement."""
    return later(at, workspace.acknowledge_within * 2 ** min(sendings, 20))


def to_send(state: State, workspace: Workspace, at: str) -> tuple[Dispatch, ...]:
    """What is due: never sent, or not acknowledged in time. Each carries the deadline that sending it now sets."""
    if state.hold:
        return ()
    return tuple(
        replace(d, deadline=deadline(workspace, at, d.sendings))
        for d in _pending(state)
        if d.sendings < workspace.dispatches and _is_due(d, at)
    )


def dead(state: State, workspace: Workspace, at: str) -> tuple[Dispatch, ...]:
    """What was sent as often as allowed and never acknowledged: a person has to look."""
    return tuple(d for d in _pending(state) if d.sendings >= workspace.dispatches and _is_due(d, at))


def _pending(state: State) -> Iterable[Dispatch]:
    return (
        d
        for d in state.dispatches.values()
        if d.status in {DispatchStatus.requested, DispatchStatus.sent} and not _is_moot(d, state)
    )


def _is_moot(dispatch: Dispatch, state: State) -> bool:
    # A task that was blocked or cancelled meanwhile must not wake anybody for nothing.
    return dispatch.kind == TASK and state.task(dispatch.task or "").status is not Status.open


def _is_due(dispatch: Dispatch, at: str) -> bool:
    return dispatch.deadline is None or dispatch.deadline <= at


def payload(dispatch: Dispatch, project: Project, state_commit: str) -> dict[str, Any]:
    """What is sent: references, never content; ten keys, which is GitHub's limit."""
    return {
        "kerrigan": FORMAT,
        "key": dispatch.key,
        "project": project.name,
        "task": dispatch.task,
        "role": dispatch.role,
        "home": project.home,
        "state": state_commit,
        "fence": dispatch.fence,
        "deadline": dispatch.deadline or "",
        "sig": "",
    }


def record_sent(
    workspace: Workspace, state: State, accepted: Container[str], answered: Container[str], request: Request
) -> Decision | None:
    """Write down which keys the forge accepted and which the sender answered itself; None when others did meanwhile."""
    recording = Recording(state, request)
    for d in to_send(state, workspace, request.at):
        if d.key in accepted:
            kind = EventType.dispatch_resent if d.sendings else EventType.dispatch_sent
            recording.add(kind, d.task, request.actor, {"key": d.key, "to": d.to, "deadline": d.deadline})
        elif d.key in answered:
            recording.add(EventType.dispatch_acknowledged, d.task, request.actor, {"key": d.key}, cause=d.key)
    return recording.decision()


def acknowledge(state: State, key: str, request: Request) -> Decision | None:
    """Write down that the receiver answered; None when the key is unknown or was answered already."""
    dispatch = state.dispatches.get(key)
    if dispatch is None or dispatch.status is DispatchStatus.acknowledged:
        return None
    recording = Recording(state, request)
    recording.add(EventType.dispatch_acknowledged, dispatch.task, request.actor, {"key": key}, cause=key)
    return recording.decision()
