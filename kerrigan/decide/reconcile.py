"""What time and the world have decided meanwhile: found by looking at everything, so that no event is needed."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from kerrigan.decide.beside import FLAGS, flags_after
from kerrigan.decide.claim_health import ClaimHealth, claim_health
from kerrigan.decide.dispatches import dispatch
from kerrigan.decide.fold.recording import Recording
from kerrigan.decide.identity import identify
from kerrigan.decide.lifecycle import TRANSITIONS
from kerrigan.decide.limits.breaker import respond
from kerrigan.decide.readiness import NO_FACTS, dependents, satisfies, unblocked
from kerrigan.decide.refusals.objection import objection
from kerrigan.decide.situation import Situation
from kerrigan.decide.step import data_for
from kerrigan.model.decision import Decision, Request
from kerrigan.model.event import EventType
from kerrigan.model.forge.facts import Facts
from kerrigan.model.project import Permission, Project, Task, Workspace
from kerrigan.model.state import State, Status, TaskState

BY_ITSELF: Mapping[EventType, str] = {
    EventType.completed: "its merge was found on the default branch",
    EventType.submitted: "its branch was pushed to",
    EventType.tests_passed: "its checks succeeded",
    EventType.tests_failed: "its checks failed",
    EventType.escalated: "attempts, review cycles or the time for tests or review are used up",
    EventType.expired: "the run ended, the lease ran out, or the attempt took too long",
    EventType.retried: "attempts are left",
}
"""What reconcile may ask for on its own, in this order, and the reason that it gives."""

REVIEWS = {"approved": EventType.approved, "changes_requested": EventType.rejected}
"""What people have said on the forge, as the event that it asks for."""

STEPS = 4
"""As many steps a task takes in one sweep: merged, tested and reviewed may all have happened since the last one."""


def reconcile_project(
    project: Project, workspace: Workspace, state: State, facts: Mapping[str, Facts], request: Request
) -> Decision | None:
    """Everything that is due, decided by the same table and guards as a request; None when nothing is.

    `facts` are by task; a task without an entry is decided on the journal and the time alone.
    """
    if state.hold and state.hold.kind == "stopped":
        return None
    recording = Recording(state, request)
    now = state
    for task in (t for t in project.tasks.values() if t.id in state.tasks or facts.get(t.id, NO_FACTS).beside):
        # Reconcile acts for the home repository itself: it asks no one for permission to write down what is so.
        known = replace(facts.get(task.id, NO_FACTS), permission=Permission.write)
        is_fresh = True
        for _ in range(STEPS):
            found = _next(Situation(project, workspace, now, task, replace(request, task=task.id), known))
            if found is None:
                break
            recording.add(found.request.type, task.id, found.request.actor, data_for(found))
            respond(found, recording)
            now = recording.state()
            if found.request.type is EventType.submitted:
                is_fresh = False  # what is known of checks and reviews is of the commit before
                break
        if is_fresh and _flag(task, now.task(task.id), known.beside, recording, request):
            now = recording.state()
    turned = _changed(project, state, now, lambda status: satisfies(workspace, status))
    for task_id in turned:
        dispatch.request_all(recording, dispatch.rechecks(project, now, (task_id,), request.id), None)
    waiting = dependents(project)
    freed = {other for task_id in turned for other in waiting.get(task_id, ())}
    freed |= set(_changed(project, state, now, lambda status: status is Status.open))
    merged = _merged(facts.values())
    open_ = unblocked(project, workspace, now, request.at, merged)
    dispatch.request_all(recording, dispatch.wanted(project, now, open_, freed, merged), None)
    for lost in dispatch.dead(project, workspace, now, request.at):
        recording.add(EventType.dispatch_dead, lost.task, request.actor, {"key": lost.key, "to": lost.to})
    return recording.decision()


def _flag(task: Task, standing: TaskState, seen: Mapping[str, bool], recording: Recording, request: Request) -> bool:
    """Write down which flags the task has now; whether they are others than before."""
    flags = flags_after(standing, seen)
    if flags == standing.flags:
        return False
    new = [FLAGS[word].reason(task, standing).message for word in flags if word not in standing.flags]
    gone = [f"no longer {word}" for word in standing.flags if word not in flags]
    data = {"flags": list(flags), "reason": "; ".join((*new, *gone))}
    recording.add(EventType.flagged, task.id, request.actor, data)
    return True


def _changed(project: Project, before: State, after: State, holds: Callable[[Status], bool]) -> tuple[str, ...]:
    return tuple(task for task in project.tasks if holds(before.task(task).status) != holds(after.task(task).status))


def _next(s: Situation) -> Situation | None:
    """The first of all that may be asked for which nothing stands against."""
    return next((situation for situation in _situations(s) if objection(situation) is None), None)


def _situations(s: Situation) -> Iterator[Situation]:
    request, status = s.request, s.standing.status
    for event, why in BY_ITSELF.items():
        if status in TRANSITIONS[event].sources:
            reason = _stuck(s) or why if event is EventType.escalated else why
            yield replace(s, request=replace(request, type=event, reason=reason))
    for said in s.facts.reviews:
        reason = said.body.strip() or ("changes requested" if said.state == "changes_requested" else "")
        asked = replace(
            request,
            type=REVIEWS[said.state],
            actor=identify(s.workspace, said.account),
            account=said.account,
            head=said.head,
            reason=reason,
            answers=said.answers,
        )
        # What people have said they have said themselves: it needs their permission, not the home repository's.
        yield replace(s, request=asked, facts=replace(s.facts, permission=said.permission))


def _stuck(s: Situation) -> str | None:
    beat, holder = s.standing.heartbeat, s.standing.holder
    if beat is None or holder is None or claim_health(s.standing, s.workspace, s.request.at) is not ClaimHealth.stuck:
        return None
    return f"stuck: {holder.login} is alive, and its files are the same since {beat.since} (claims.stuck_after)"


def _merged(facts: Iterable[Facts]) -> Facts:
    every = tuple(facts)
    satisfied = frozenset(target for one in every for target in one.satisfied)
    return Facts(
        satisfied=satisfied,
        unknown={target: why for one in every for target, why in one.unknown.items()},
        home_starts_agents=any(one.home_starts_agents for one in every),
    )
