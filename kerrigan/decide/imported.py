"""Work that was done before the journal began: after an import a person says so, of tasks that no one began here."""

from collections.abc import Iterable, Mapping

from kerrigan.decide.dispatches.successors import dispatch_successors
from kerrigan.decide.fold.recording import Recording
from kerrigan.decide.identity import permission_holder
from kerrigan.decide.lifecycle import IMPORTED
from kerrigan.decide.limits.autonomy import no_person
from kerrigan.model.decision import Decision, Refusal, Request
from kerrigan.model.event import EventType
from kerrigan.model.forge.facts import Facts
from kerrigan.model.project import Permission, Project, Workspace
from kerrigan.model.state import State


def record_imported(
    project: Project, workspace: Workspace, state: State, request: Request, facts: Facts
) -> Decision | Refusal | None:
    """Decide a request to write down what was done before; None when nothing is left to write down.

    `data` of the request says `from` where, and has the full ids of all that is `done` there. What `passed_over` names
    is left out of the event, so asking twice writes once.
    """
    if against := _objection(project, state, request, facts):
        kind, (why, step) = state.hold.kind if state.hold else "running", against
        return Refusal(IMPORTED.verb, None, kind, why, next=step)
    asked = request.data["done"]
    over = passed_over(project, state, asked)
    done = [task for task in dict.fromkeys(asked) if task not in over]
    if not done:
        return None
    recording = Recording(state, request)
    recording.add(EventType.imported, None, request.actor, {"from": request.data["from"], "done": done})
    dispatch_successors(project, workspace, state, recording, request, facts, done)
    return recording.decision()


def passed_over(project: Project, state: State, tasks: Iterable[str]) -> Mapping[str, str]:
    """Those of the tasks that no import can say are done, each with the reason."""
    return {task: why for task in tasks if (why := _why_not(project, state, task))}


def _objection(project: Project, state: State, request: Request, facts: Facts) -> tuple[str, str] | None:
    """Why not, and who can clear it."""
    again = f"the same command, run by a person with write permission in {project.home}"
    if state.hold and state.hold.kind == "stopped":
        why = f"{project.name} is stopped by {state.hold.by}: {state.hold.reason}"
        return why, f"an admin: kerrigan resume {project.name} --reason TEXT"
    if not facts.permission.allows(Permission.write):
        who = permission_holder(request)
        return f"{who} has permission '{facts.permission}' in {project.home}, and this needs 'write'", again
    if agent := no_person(request.actor):
        return f"only a person says what was done before the import, and {agent}", again
    return None


def _why_not(project: Project, state: State, task: str) -> str | None:
    standing = state.task(task)
    if task not in project.tasks:
        return "no such task on the default branch: import it with --with-finished, commit and push"
    if standing.status is IMPORTED.target:
        return "it is done already"
    # Whatever moved it, a claim or a reopening, left its time behind.
    return f"it is {standing.status} since {standing.since}, so its journal goes on" if standing.since else None
