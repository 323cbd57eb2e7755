"""How much room is left: how many tasks are in work, and which paths those have that are not delivered yet.

A task is in work while it is claimed or working: only then does it keep an agent busy. Its paths stay taken for longer,
until what was handed in is merged or sent back.
"""

from collections import Counter
from collections.abc import Iterator

from kerrigan.decide.fold.reducers import IN_CONFLICT
from kerrigan.decide.identity import is_named
from kerrigan.decide.lifecycle import AT_WORK, HELD
from kerrigan.model.decision import Reason
from kerrigan.model.paths import Glob, literal, overlap, parse
from kerrigan.model.project import Project, Task, Workspace
from kerrigan.model.state import State, Status

NAMED = 5
"""As many tasks in conflict are named."""

Taken = tuple[str, str]
"""A pattern, and the task that has it."""


class Capacity:
    """What tasks in flight leave to the others. Made in one pass; `take` says that one more will soon be in flight."""

    def __init__(self, project: Project, workspace: Workspace, state: State) -> None:
        self._project = project
        self._workspace, self._limits = workspace, workspace.limits
        self._state = state
        self._busy: Counter[str] = Counter()
        self._paths: dict[str, _Index] = {}
        self._in_conflict: list[str] = []
        for task_id, standing in state.tasks.items():
            if standing.status in AT_WORK:
                held = standing.holder
                self._occupy(task_id, held.login if held else "", held.kind if held else "")
            if standing.status in HELD and task_id in project.tasks:
                self._close(project.tasks[task_id])
            if standing.status is Status.escalated and IN_CONFLICT in standing.flags and task_id in project.tasks:
                self._in_conflict.append(task_id)

    def take(self, task: Task) -> None:
        """Count a task that is open still, and will be worked on."""
        self._occupy(task.id, task.agent, "agent")
        self._close(task)

    def _occupy(self, task_id: str, login: str, kind: str) -> None:
        task = self._project.tasks.get(task_id)
        role = self._state.task(task_id).role or (task.role if task else "")
        named = [f"agent {login.casefold()}"] if is_named(self._workspace, login, kind) else []
        self._busy.update(["project", f"role {role}", *named])

    def _close(self, task: Task) -> None:
        index = self._paths.setdefault(self._project.slug(task), _Index())
        for pattern in task.paths:
            index.add(pattern, task.id)

    def against(self, task: Task) -> Iterator[Reason]:
        """Every reason why there is no room for an open task."""
        role = self._state.task(task.id).role or task.role
        yield from self._full("limit", "project", self._limits.parallel, f"{self._project.name} has")
        yield from self._full("role-limit", f"role {role}", self._limits.roles.get(role), f"the role '{role}' has")
        yield from self.against_agent(task.agent, "agent")
        yield from self._conflicts(task)
        yield from self._taken(task)

    def against_agent(self, login: str, kind: str) -> Iterator[Reason]:
        """The reason why an agent, or a person, has enough to do."""
        name = login.casefold()
        if is_named(self._workspace, login, kind):
            yield from self._full("agent-limit", f"agent {name}", self._limits.agents.get(name), f"{login} has")

    def _full(self, kind: str, who: str, limit: int | None, has: str) -> Iterator[Reason]:
        if limit is not None and self._busy[who] >= limit:
            busy = self._busy[who]
            tasks = "1 task" if busy == 1 else f"{busy} tasks"
            words = f"{has} {tasks} in work, and kerrigan.yml allows {limit}"
            step = (
                f"hand in or release one: kerrigan status {self._project.name}; or raise limits in .github/kerrigan.yml"
            )
            yield Reason(kind, words, next=step)

    def _conflicts(self, task: Task) -> Iterator[Reason]:
        found, limit = self._in_conflict, self._limits.conflicts
        # What was in conflict itself has to be taken up again, or nothing would ever be solved.
        if len(found) > limit and not self._state.task(task.id).conflicts:
            words = f"{len(found)} tasks do not merge, and kerrigan.yml allows {limit}: {', '.join(found[:NAMED])}"
            yield Reason("conflicts", words, found[0], f"kerrigan show {found[0]}")

    def _taken(self, task: Task) -> Iterator[Reason]:
        index = self._paths.get(self._project.slug(task))
        found = {
            other: (mine, its) for mine in task.paths if index and (hit := index.first(mine)) for its, other in [hit]
        }
        for other, (mine, its) in found.items():
            standing = self._state.task(other)
            who = f"which {standing.holder.login} holds ({standing.status})" if standing.holder else "which is woken"
            words = f"changes {mine}, and {other}, {who}, changes {its}"
            yield Reason("paths", words, other, f"kerrigan show {other}")


class _Index:
    """Patterns by what they begin with, so that a look meets only those it can overlap; `**/x` meets all of them."""

    def __init__(self) -> None:
        self._at: dict[Glob, list[Taken]] = {}
        self._below: dict[Glob, list[Taken]] = {}

    def add(self, pattern: str, task: str) -> None:
        """Take a pattern in."""
        start = literal(parse(pattern))
        self._at.setdefault(start, []).append((pattern, task))
        for length in range(len(start)):
            self._below.setdefault(start[:length], []).append((pattern, task))

    def first(self, pattern: str) -> Taken | None:
        """The first that overlaps, or None."""
        return next((taken for taken in self._near(pattern) if overlap(pattern, taken[0])), None)

    def _near(self, pattern: str) -> Iterator[Taken]:
        glob = parse(pattern)
        start = literal(glob)
        for length in range(len(start) + 1):
            yield from self._at.get(start[:length], ())
        if len(start) < len(glob):
            yield from self._below.get(start, ())
