"""One task as people look at it: what is written, what the journal says, and what follows from both."""

from dataclasses import dataclass

from kerrigan.model.decision import Reason
from kerrigan.model.project import Task
from kerrigan.model.state import TaskState


@dataclass(frozen=True, slots=True)
class TaskView:
    """`readiness` is ready, waiting or held, None when the task is not open; `dependents` are full ids.

    `pulse` is how its claim is by its heartbeats: healthy, degraded, unresponsive or stuck; None without any.
    `needs` is why a person is needed, each with what clears it.
    """

    task: Task
    standing: TaskState
    readiness: str | None
    reasons: tuple[Reason, ...]
    dependents: tuple[str, ...] = ()
    pulse: str | None = None
    needs: tuple[Reason, ...] = ()

    @property
    def role(self) -> str:
        """The role that the task needs now."""
        return self.standing.role or self.task.role

    @property
    def word(self) -> str:
        """The status, and for an open task its readiness."""
        return self.readiness or self.standing.status.value
