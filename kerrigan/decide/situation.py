"""What a guard looks at: one request on one stage, and what follows from the two."""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from zlib import crc32

from kerrigan.decide.lifecycle import SUBMITTED
from kerrigan.model.decision import Request
from kerrigan.model.event import EventType
from kerrigan.model.forge.facts import Facts
from kerrigan.model.process import PREFIX
from kerrigan.model.project import DependencyKind, Project, Task, Workspace
from kerrigan.model.state import State, TaskState
from kerrigan.model.timestamp import later


@dataclass(frozen=True, slots=True)
class Situation:
    """Who asks for what, and the stage it would happen on."""

    project: Project
    workspace: Workspace
    state: State
    task: Task
    request: Request
    facts: Facts

    @property
    def standing(self) -> TaskState:
        """The task as the journal has it."""
        return self.state.task(self.task.id)

    @property
    def role(self) -> str:
        """The role that the task needs now."""
        return self.standing.role or self.task.role

    @property
    def external(self) -> tuple[str, ...]:
        """What the task needs that only a person can say."""
        return tuple(d.target for d in self.task.depends_on if d.kind is DependencyKind.external)

    @property
    def unconfirmed(self) -> tuple[str, ...]:
        """The external dependencies that no one has confirmed yet."""
        return tuple(target for target in self.external if target not in self.standing.confirmed)

    @property
    def confirmed_now(self) -> str | None:
        """The external dependency that the request means: named by its data or its reason, or the only one."""
        said = self.request.data.get("what")
        for target in self.unconfirmed:
            if target in {said, self.request.reason}:
                return target
        return self.unconfirmed[0] if len(self.unconfirmed) == 1 and said is None else None

    @property
    def was_pushed_to(self) -> bool:
        """Whether it is asked to hand in anew what was handed in, because its branch moved since."""
        before = self.standing.submission if self.standing.status in SUBMITTED else None
        is_asked = self.request.type is EventType.submitted and self.facts.pull_request is not None
        return is_asked and before is not None and self.facts.head not in (None, before.head)

    @property
    def lease_until(self) -> str:
        """The stamp until which a claim or heartbeat that is asked for now holds: less where a process is behind it."""
        holder = self.standing.holder if self.request.type is EventType.heartbeat else None
        asking = self.request.run.id if self.request.run else None
        is_process = ((holder.run if holder else asking) or "").startswith(PREFIX)
        return later(self.request.at, self.workspace.process_lease if is_process else self.workspace.lease)

    @property
    def is_claim_over(self) -> bool:
        """Whether the task's claim has lost its run or process, or its lease: reconcile ends it."""
        holder = self.standing.holder
        return holder is not None and (self.facts.run_ended or holder.lease_until <= self.request.at)

    @property
    def work_by(self) -> str:
        """The stamp until which the attempt has to be handed in."""
        return later(self.standing.since or self.request.at, self.workspace.work_within)

    @property
    def tests_by(self) -> str:
        """The stamp until which the tests of what was handed in have to be reported."""
        return later(self.standing.since or self.request.at, self.workspace.tests_within)

    @property
    def review_by(self) -> str:
        """The stamp until which what was handed in has to be reviewed."""
        return later(self.standing.since or self.request.at, self.workspace.review_within)

    @property
    def retry_at(self) -> str:
        """The stamp from which on the failed task may be retried automatically: the pause doubles each time.

        Up to a quarter is added, told by the task and the time of its failure alone: what failed together does not
        come back together.
        """
        failed_at = self.standing.since or self.request.at
        pause = self.workspace.retry_after * 2 ** min(max(self.standing.attempts - 1, 0), 20)
        return later(failed_at, pause * (1 + crc32(f"{self.task.id} {failed_at}".encode()) / 2**34))


def owed(workspace: Workspace, role: str, files: frozenset[str]) -> tuple[tuple[str, bool], ...]:
    """What a role has to leave behind when it hands off, and whether it is among these files."""
    wanted = workspace.produces.get(role, ())
    return tuple((path, any(fnmatchcase(file, path) for file in files)) for path in wanted)
