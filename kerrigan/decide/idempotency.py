"""Whether the journal says already what is asked for: an event that arrives twice is no second request."""

from kerrigan.decide.lifecycle import SUBMITTED, TRANSITIONS
from kerrigan.model.decision import Request
from kerrigan.model.event import EventType
from kerrigan.model.forge.facts import Facts
from kerrigan.model.project import Task
from kerrigan.model.state import State, Status, TaskState

HOLDS = {EventType.paused: "paused", EventType.stopped: "stopped", EventType.resumed: None}
"""The hold of a project after each of its brakes."""


def is_duplicate(state: State, task: Task, request: Request) -> bool:
    """Whether what a label or a comment asks for is so: asking again would only be refused, or be written twice."""
    standing, login = state.task(task.id), request.actor.login
    match request.type:
        case EventType.paused | EventType.stopped | EventType.resumed as brake:
            return HOLDS[brake] == (state.hold.kind if state.hold else None)
        case EventType.granted:
            return request.data.get("what") in standing.granted
        case EventType.handed_off:
            return request.role == (standing.role or task.role)
        case EventType.claimed:
            holder = standing.holder
            return holder is not None and request.actor.is_same(holder.login, holder.kind)
        case EventType.rejected:
            told, said = standing.feedback, (request.type.value, login, request.reason)
            return standing.status is Status.open and told is not None and (told.kind, told.by, told.reason) == said
        case EventType.submitted:
            return False  # with another commit it is another submission
        case asked:
            row = TRANSITIONS.get(asked)
            return row is not None and row.target is standing.status


def is_handed_in(standing: TaskState, facts: Facts) -> bool:
    """Whether the tip of the task's branch is handed in, and that pull request waits for tests, review or merge."""
    submission = standing.submission if standing.status in SUBMITTED else None
    opened = facts.pull_request.number if facts.pull_request else None
    return submission is not None and (submission.head, submission.number) == (facts.head, opened)
