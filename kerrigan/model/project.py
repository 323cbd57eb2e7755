"""What people write: the workspace, its projects, their repositories and tasks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from kerrigan.model.checks.checking import Checking
from kerrigan.model.checks.source import UNKNOWN, Place, Span
from kerrigan.model.usage import Budget

EMPTY: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in the definition that decides. `place` is `path:line:column` and the branch it stands on.

    `code` is the rule of the check that finds it. `stops` is False where no decision rests on it: it is only shown.
    """

    code: str
    place: str
    message: str
    hint: str = ""
    stops: bool = True

    @property
    def text(self) -> str:
        """The problem in one line, without the hint."""
        return f"{self.place}: {self.message}"

    @property
    def next_step(self) -> str:
        """What to do about it."""
        hint = f"{self.hint}; " if self.hint else ""
        return f"{hint}correct it, run kerrigan check, and push it to the default branch"


class DependencyKind(StrEnum):
    """What a dependency names: a task of Kerrigan's, an issue or pull request, or a fact outside of git."""

    task = "task"
    issue = "issue"
    external = "external"


@dataclass(frozen=True, slots=True)
class Dependency:
    """One entry of `depends_on`. `target` is a full task id, `owner/repo#N`, or the external text.

    `text` is the entry as written, without the `~` that makes it soft: a soft one orders, it never blocks.
    """

    text: str
    kind: DependencyKind
    target: str
    soft: bool = False
    place: Place = field(default=UNKNOWN, compare=False, repr=False)

    @property
    def span(self) -> Span:
        """Where the entry stands."""
        return self.place.span


@dataclass(frozen=True, slots=True)
class Task:
    """The unit of work: one role, one repository, one branch, one pull request. `id` is `project/task`.

    `problems` are what is wrong in its entry: with one it cannot be claimed, and no gate of it opens.
    """

    id: str
    title: str
    role: str
    repository: str
    depends_on: tuple[Dependency, ...] = ()
    paths: tuple[str, ...] = ()
    acceptance: tuple[str, ...] = ()
    risk: str = "low"
    estimate_usd: Decimal | None = None
    milestone: str = ""
    description: str = ""
    agent: str = ""
    path: str = ""
    place: Place = field(default=UNKNOWN, compare=False, repr=False)
    problems: tuple[Problem, ...] = ()

    @property
    def span(self) -> Span:
        """Where the id stands in the file at `path`."""
        return self.place.span

    @property
    def name(self) -> str:
        """The id without its project: `screen`."""
        return self.id.partition("/")[2]

    @property
    def branch(self) -> str:
        """The task's branch, the same in whatever repository it is worked on."""
        return f"kerrigan/{self.id}"

    @property
    def hard(self) -> tuple[Dependency, ...]:
        """The dependencies that block."""
        return tuple(d for d in self.depends_on if not d.soft)


@dataclass(frozen=True, slots=True)
class Repository:
    """One of a project's repositories: `name` is its short name, `slug` is `owner/name` on the forge."""

    name: str
    slug: str
    url: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class Brake:
    """`status.json`, the human brake: any `status` but active and completed stops every claim and dispatch.

    A file that says no status at all reads as `unreadable`, and stops them too.
    """

    status: str
    reason: str = ""

    @property
    def holds(self) -> bool:
        """Whether the project stands still."""
        return self.status not in {"active", "completed"}


@dataclass(frozen=True, slots=True)
class Project:
    """One project as its files define it. `format` is 7, or 1 for a Milestone 1-6 project.

    `repositories` maps short names; `tasks` maps full ids, in the order of the file. `problems` are what is wrong in
    its files and in kerrigan.yml, but for what is wrong in the entry of a task.
    """

    name: str
    home: str
    repositories: Mapping[str, Repository]
    tasks: Mapping[str, Task]
    title: str = ""
    path: str = ""
    format: int = 7
    brake: Brake | None = None
    budget_usd: Decimal | None = None
    problems: tuple[Problem, ...] = ()

    def slug(self, task: Task) -> str:
        """The repository that a task is worked on in, as `owner/name`; empty where the project lists no such one."""
        found = self.repositories.get(task.repository)
        return found.slug if found else ""

    @property
    def stopping(self) -> tuple[Problem, ...]:
        """The problems that stop every task of the project."""
        return tuple(problem for problem in self.problems if problem.stops)

    def against(self, task: Task) -> tuple[Problem, ...]:
        """The problems that stop a task: those of its own entry, then those of the project."""
        return (*task.problems, *self.stopping)


class Permission(StrEnum):
    """What someone may do in a repository, in GitHub's words."""

    none = "none"
    read = "read"
    write = "write"
    admin = "admin"

    def allows(self, needed: "Permission") -> bool:
        """Whether this permission includes the needed one."""
        order = list(Permission)
        return order.index(self) >= order.index(needed)


class ReviewBy(StrEnum):
    """Who may approve: anyone but an author, a person, or a person by whose account no agent worked on it either."""

    another = "another"
    person = "person"
    other_person = "other-person"


@dataclass(frozen=True, slots=True)
class Agent:
    """An agent as kerrigan.yml names it. No roles means every role.

    `account` is the login of the account on the forge that is this agent; empty where it has none of its own.
    `command` starts a program of one's own; without one, `name` is a profile that Kerrigan ships. `environment` names
    the variables that it gets. `auth` is `env` where its key is one of them, `home` where its login lives in the user's
    HOME, empty where Kerrigan sees which; `via` is `headless` or `acp`. `timeout` and `silence` are seconds.
    """

    name: str
    roles: tuple[str, ...] = ()
    account: str = ""
    command: tuple[str, ...] = ()
    model: str = ""
    environment: tuple[str, ...] = ()
    auth: str = ""
    via: str = "headless"
    timeout: float = 3600.0
    silence: float = 1800.0


@dataclass(frozen=True, slots=True)
class Limits:
    """How many tasks may be in work at once: in the whole project, by role, and by agent's login in lower case.

    `failures_in_a_row` of an agent, or of the whole project, pause it. While more than `conflicts` tasks wait for a
    person to merge them, no other is begun.
    """

    parallel: int | None = None
    roles: Mapping[str, int] = field(default_factory=dict)
    agents: Mapping[str, int] = field(default_factory=dict)
    failures_in_a_row: int = 5
    conflicts: int = 3


@dataclass(frozen=True, slots=True)
class Workspace:
    """`.github/kerrigan.yml`, with every default filled in. Durations are seconds.

    `home` is set in a satellite repository only. `lease` is how long a claim lasts without a heartbeat, and
    `process_lease` how long one that is bound to a process does; `heartbeat` is how often one is expected,
    `stuck_after` how long the work may stay the same meanwhile, and `work_within` how long it may take in all. `people`
    is None where the forge alone decides who may what; agents stand under their names, and people under their logins,
    in lower case. `tests` are the checks that count; none means all of them.
    `produces` are the files that a role leaves behind when it hands off, from the root of the task's repository;
    `autonomy` is `labels` where a task needs a grant to be worked on by agents and to be merged, else `off`; `level` is
    how far agents go alone, 0 to 5. `protected` paths need an admin's grant, `forbidden` ones no task may change, and
    `territory` is what a role may change; a role without may change everything. `problems` are what is wrong in the
    file.
    """

    home: str | None = None
    projects: str = "specs/projects"
    agents: Mapping[str, Agent] = field(default_factory=dict)
    people: Mapping[str, Permission] | None = None
    lease: float = 8 * 3600.0
    process_lease: float = 900.0
    heartbeat: float = 300.0
    stuck_after: float = 1800.0
    attempts: int = 3
    review_cycles: int = 3
    retry_after: float = 60.0
    work_within: float = 8 * 3600.0
    acknowledge_within: float = 900.0
    dispatches: int = 5
    satisfied_by: str = "done"
    tests: tuple[str, ...] = ()
    tests_within: float = 24 * 3600.0
    review_within: float = 7 * 24 * 3600.0
    review_by: ReviewBy = ReviewBy.another
    autonomy: str = "off"
    level: int = 3
    protected: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    territory: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    produces: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    limits: Limits = Limits()
    budget: Budget = field(default_factory=Budget)
    check: Checking = field(default_factory=Checking)
    problems: tuple[Problem, ...] = ()
