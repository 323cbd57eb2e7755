"""A small project to decide about, and what decisions are made of: two repositories, four tasks."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from kerrigan.decide.fold.fold import chain, replay
from kerrigan.decide.reconcile import reconcile_project
from kerrigan.decide.step import step
from kerrigan.model import ulid
from kerrigan.model.decision import Decision, Refusal, Request
from kerrigan.model.event import KERRIGAN, Actor, EventType
from kerrigan.model.forge.facts import Facts, Merging, PullRequest
from kerrigan.model.project import (
    Agent,
    Dependency,
    DependencyKind,
    Permission,
    Project,
    Repository,
    Task,
    Workspace,
)
from kerrigan.model.state import Holder, State, Status, Submission, TaskState
from kerrigan.model.timestamp import later

AT = "2026-11-21T06:00:00.000Z"
HEAD = "a" * 40

ADA, BO, EVE = Actor("ada"), Actor("bo"), Actor("eve")
CLAUDE = Actor("claude", "agent")


def after(name: str, *, soft: bool = False) -> Dependency:
    return Dependency(name, DependencyKind.task, name if "/" in name else f"todo/{name}", soft)


LEGAL = Dependency("external:legal", DependencyKind.external, "legal")
ISSUE = Dependency("acme/design#12", DependencyKind.issue, "acme/design#12")


def project(*tasks: Task) -> Project:
    repositories = {name: Repository(name, f"acme/{name}") for name in ("api", "web")}
    return Project("todo", "acme/api", repositories, {task.id: task for task in tasks or TASKS})


TASKS = (
    Task("todo/contract", "Agree the API contract", "architect", "api"),
    Task("todo/endpoint", "Serve the list", "swe", "api", (after("contract"),)),
    Task("todo/screen", "Show the list", "swe", "web", (after("contract"), after("endpoint", soft=True))),
    Task("todo/launch", "Launch", "deployment", "web", (after("screen"), LEGAL), risk="high"),
)

PLAN = project()
WORKSPACE = Workspace(agents={"claude": Agent("claude", ("swe",), "claude-bot[bot]"), "codex": Agent("codex")})
PULL_REQUEST = PullRequest("acme/api", 7, "kerrigan/todo/contract", HEAD, "ada")
MERGES = Merging("main", HEAD, "b" * 40)
GOOD = Facts(Permission.admin, HEAD, 1, PULL_REQUEST, delivered="d" * 40, merging=MERGES)
"""Facts on which everything may go on."""


def ask(kind: EventType, task: str | None = "todo/contract", actor: Actor = ADA, at: str = AT, **more: Any) -> Request:
    return Request(kind, task, actor, ulid.encode(1, 1), at, **more)


def standing(status: Status, **more: Any) -> TaskState:
    """A task in this status with everything that such a task has."""
    known = {
        "holder": Holder("ada", "person", None, later(AT, 3600)),
        "fence": 3,
        "author": "bo",
        "submission": Submission("acme/api", 7, HEAD),
        "since": later(AT, -60),
        "attempts": 1,
    }
    return TaskState(status=status, **{**known, **more})


def state(**tasks: TaskState) -> State:
    return State(tasks={f"todo/{name}": task for name, task in tasks.items()})


def done(*names: str) -> State:
    return state(**{name: standing(Status.done) for name in names})


@dataclass
class Story:
    """A journal that grows: each request is decided on what the lines before it say."""

    project: Project = PLAN
    workspace: Workspace = WORKSPACE
    state: State = field(default_factory=State)
    lines: list[str] = field(default_factory=list)
    asked: int = 0
    at: str = AT

    def ask(
        self, kind: EventType, task: str, actor: Actor = ADA, facts: Facts = GOOD, **more: Any
    ) -> Decision | Refusal:
        self.asked += 1
        request = replace(ask(kind, task, actor, self.at, **more), id=ulid.encode(self.asked, 0))
        answer = step(self.project, self.workspace, self.state, request, facts)
        self.record(answer)
        return answer

    def record(self, answer: Decision | Refusal | None) -> None:
        if isinstance(answer, Decision):
            _, lines, _ = chain(answer.events, self.state.last)
            self.lines.extend(lines)
            self.state = replay(self.state, lines)

    def tell(self, task: str, kinds: Iterable[EventType], actor: Actor = ADA, facts: Facts = GOOD) -> None:
        """Have all of it happen; fails at the first refusal."""
        for kind in kinds:
            what = {"what": "start"} if kind is E.granted else {}
            answer = self.ask(kind, task, actor, facts, reason="because", force=kind in REVIEWS, data=what)
            assert isinstance(answer, Decision), answer


def types(answer: Decision | Refusal | None) -> list[str]:
    """What a decision wrote down."""
    assert isinstance(answer, Decision), answer
    return [event.type.value for event in answer.events]


def swept(story: Story, at: str = AT, **facts: Facts) -> Decision | None:
    """What a sweep found, written down; `facts` by the task's name."""
    known = {f"todo/{name}": fact for name, fact in facts.items()}
    answer = reconcile_project(story.project, story.workspace, story.state, known, ask(E.expired, None, KERRIGAN, at))
    story.record(answer)
    return answer


E = EventType
REVIEWS = frozenset({E.approved, E.rejected})
TO_WORK = (E.claimed, E.started)
TO_REVIEW = (*TO_WORK, E.submitted, E.tests_passed)
TO_DONE = (*TO_REVIEW, E.approved, E.completed)
