"""Waking another repository: a small protocol on top of a forge that promises nothing.

`requested` in the commit of what caused it, then sent, then `acknowledged` by the receiver's claim or word; after a
deadline sent again, each time waiting twice as long; after so many sendings given up. The key is the same for every
sending of one dispatch. The state holds it until it is acknowledged; a second arrival after that is known by its key
alone, because the key is made of the fence, and the claim has moved that on.
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from kerrigan.decide.fold.recording import Recording
from kerrigan.decide.lifecycle import SUBMITTED
from kerrigan.decide.limits.capacity import Capacity
from kerrigan.decide.money.budget import BudgetCaps, budget_caps, reservation
from kerrigan.decide.readiness import NO_FACTS, held, held_part, unblocked
from kerrigan.model.decision import Decision, Request
from kerrigan.model.event import EventType
from kerrigan.model.forge.facts import Facts
from kerrigan.model.project import Project, Task, Workspace
from kerrigan.model.state import RECHECK, TASK, Dispatch, DispatchStatus, State, Status
from kerrigan.model.timestamp import later

TELL = "kerrigan-event"
"""Something happened that home's own workflows have to look at: a hint, which no one waits for."""

FORMAT = 1
"""The payload's format."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """The forge took it, which says nothing about the receiver."""


@dataclass(frozen=True, slots=True)
class Failed:
    """The forge did not take it."""

    why: str


@dataclass(frozen=True, slots=True)
class Answered:
    """The sender is the receiver, and has done it already."""


Answer = Accepted | Failed | Answered
"""What came of a sending."""


def key(project: str, about: str, fence: int, kind: str, to: str) -> str:
    """What makes a dispatch the same one: 16 hex digits. `about` is a task, or the event that gates depend on."""
    return hashlib.sha256("\n".join((project, about, str(fence), kind, to)).encode()).hexdigest()[:16]


def is_of_earlier_claim(project: Project, state: State, task: Task, given: str) -> bool:
    """Whether a key is that of a dispatch which a claim of the task has acknowledged."""
    to = project.slug(task)
    return any(given == key(project.name, task.id, fence, TASK, to) for fence in range(state.task(task.id).fence))


def wanted(
    project: Project, state: State, ready: Iterable[str], freed: Collection[str] = (), facts: Facts = NO_FACTS
) -> tuple[Dispatch, ...]:
    """The dispatches that ready tasks need and the journal does not have yet: to home, too, where that starts agents.

    For tasks that were freed just now, one that was given up before is asked for once more.
    """
    tasks = (project.tasks[task] for task in ready)
    taken = (task for task in tasks if facts.home_starts_agents or project.slug(task) != project.home)
    made = (_to_work(project, state, task) for task in taken)
    return tuple(d for d in made if d.key not in state.dispatches or (d.task in freed and _is_dead(state, d.key)))


def _is_dead(state: State, key: str) -> bool:
    return state.dispatches[key].status is DispatchStatus.dead


def _to_work(project: Project, state: State, task: Task) -> Dispatch:
    standing, to = state.task(task.id), project.slug(task)
    same = key(project.name, task.id, standing.fence, TASK, to)
    return Dispatch(same, TASK, to, task.id, standing.fence, role=standing.role or task.role)


def hints(project: Project, workspace: Workspace, before: State, after: State, at: str) -> tuple[Dispatch, ...]:
    """What is reported to home's workflows, which may start agents: its own tasks that a change has made ready."""
    known, now = (_at_home(project, workspace, state, at) for state in (before, after))
    return tuple(replace(d, kind=TELL) for key, d in now.items() if key not in known)


def _at_home(project: Project, workspace: Workspace, state: State, at: str) -> dict[str, Dispatch]:
    ready = unblocked(project, workspace, state, at, NO_FACTS)
    needed = wanted(project, state, ready, facts=Facts(home_starts_agents=True))
    return {d.key: d for d in needed if d.to == project.home}


def rechecks(project: Project, state: State, about: Collection[str] | None, event: str) -> tuple[Dispatch, ...]:
    """One dispatch to every repository with a gate that an event changes: it was about these tasks, or them all."""
    waiting = (
        slug
        for other in project.tasks.values()
        if (slug := project.slug(other))
        and state.task(other.id).status in SUBMITTED
        and (about is None or any(d.target in about for d in other.hard))
    )
    task = next(iter(about)) if about is not None and len(about) == 1 else None
    return tuple(
        Dispatch(key(project.name, event, 0, RECHECK, slug), RECHECK, slug, task, 0) for slug in dict.fromkeys(waiting)
    )


def request_all(recording: Recording, dispatches: Iterable[Dispatch], cause: str | None) -> None:
    """Write down that these dispatches are to be sent."""
    for d in dispatches:
        data = {"key": d.key, "kind": d.kind, "to": d.to, "fence": d.fence, "role": d.role}
        recording.add(EventType.dispatch_requested, d.task, data=data, cause=cause)


def deadline(workspace: Workspace, at: str, sendings: int) -> str:
    """Until when a dispatch sent at `at`, after so many sendings before, waits for its acknowledgement."""
    return later(at, workspace.acknowledge_within * 2 ** min(sendings, 20))


def to_send(project: Project, workspace: Workspace, state: State, at: str) -> tuple[Dispatch, ...]:
    """What is due: never sent, or not acknowledged in time. Each carries the deadline that sending it now sets.

    A project that is held, or a part of it, starts no agent, nor does one without room or money for it, or with
    problems in its definition; gates are looked at all the same. After a stop nothing is sent.
    """
    is_held = project.stopping or any(held(project, state))
    welcome = frozenset() if is_held else _welcome(project, workspace, state, at)
    return tuple(d for d in _due(project, workspace, state, at) if d.kind != TASK or d.key in welcome)


def _due(project: Project, workspace: Workspace, state: State, at: str) -> Iterator[Dispatch]:
    if state.hold and state.hold.kind == "stopped":
        return
    for d in _pending(project, state):
        if d.sendings < workspace.dispatches and _is_due(d, at):
            yield replace(d, deadline=deadline(workspace, at, d.sendings))


def _welcome(project: Project, workspace: Workspace, state: State, at: str) -> frozenset[str]:
    """The keys of the wake-ups there is room for, in the order they were asked for.

    Who was woken and has not answered yet keeps its place: else more would be woken than can be taken on.
    """
    room, money = Capacity(project, workspace, state), budget_caps(project, workspace, state, at)
    wakes = [d for d in _pending(project, state) if d.kind == TASK]
    found: set[str] = set()
    for d in sorted(wakes, key=lambda d: _is_due(d, at)):
        task = project.tasks.get(d.task or "")
        if task is None or task.problems or any(held_part(project, state, task)):
            continue
        if _is_too_dear(task, d.role, workspace, money):
            continue
        if not _is_due(d, at) or not any(room.against(task)):
            room.take(task)
            found.add(d.key)
    return frozenset(found)


def _is_too_dear(task: Task, role: str, workspace: Workspace, money: BudgetCaps) -> bool:
    return any(money.against(reservation(task, workspace.budget), role))


def dead(project: Project, workspace: Workspace, state: State, at: str) -> tuple[Dispatch, ...]:
    """What was sent as often as allowed and never acknowledged: a person has to look."""
    return tuple(d for d in _pending(project, state) if d.sendings >= workspace.dispatches and _is_due(d, at))


def _pending(project: Project, state: State) -> Iterable[Dispatch]:
    return (
        d
        for d in state.dispatches.values()
        if d.status in {DispatchStatus.requested, DispatchStatus.sent} and not _is_moot(d, project, state)
    )


def _is_moot(dispatch: Dispatch, project: Project, state: State) -> bool:
    # A task that was blocked, cancelled or planned elsewhere meanwhile must not wake anyone for nothing.
    task = project.tasks.get(dispatch.task or "")
    is_there = task is not None and project.slug(task) == dispatch.to
    return dispatch.kind == TASK and not (is_there and state.task(dispatch.task or "").status is Status.open)


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
    project: Project, workspace: Workspace, state: State, answers: Mapping[str, Answer], request: Request
) -> Decision | None:
    """Write down what came of each sending, by key; None when others did so meanwhile."""
    recording = Recording(state, request)
    for d in (d for d in _due(project, workspace, state, request.at) if d.key in answers):
        match answers[d.key]:
            case Accepted():
                kind = EventType.dispatch_resent if d.sendings else EventType.dispatch_sent
                recording.add(kind, d.task, request.actor, {"key": d.key, "to": d.to, "deadline": d.deadline})
            case Failed(why):
                data = {"key": d.key, "to": d.to, "deadline": d.deadline, "reason": why}
                recording.add(EventType.dispatch_failed, d.task, request.actor, data)
            case Answered():
                recording.add(EventType.dispatch_acknowledged, d.task, request.actor, {"key": d.key}, cause=d.key)
    return recording.decision()


def acknowledge(state: State, key: str, request: Request) -> Decision | None:
    """Write down that gates were looked at again; None when no such dispatch asks for it, or it was answered."""
    dispatch = state.dispatches.get(key)
    if dispatch is None or dispatch.kind != RECHECK:
        return None
    recording = Recording(state, request)
    recording.add(EventType.dispatch_acknowledged, dispatch.task, request.actor, {"key": key}, cause=key)
    return recording.decision()
