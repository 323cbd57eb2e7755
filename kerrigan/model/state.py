"""Where everything stands: the fold of a journal. Only tasks that something happened to have an entry."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from kerrigan.model.event import GENESIS
from kerrigan.model.swarm import Circuit, Idea, Note, WorkRun
from kerrigan.model.usage import Ledger


class Status(StrEnum):
    """The stored status of a task; whether an open one is ready is derived."""

    open = "open"
    claimed = "claimed"
    working = "working"
    testing = "testing"
    in_review = "in_review"
    approved = "approved"
    done = "done"
    failed = "failed"
    blocked = "blocked"
    escalated = "escalated"
    cancelled = "cancelled"


OVER = frozenset({Status.done, Status.cancelled})
"""Statuses in which a task waits for nothing, and no one for a word about it."""

AT_REST = OVER | {Status.open}
"""Statuses in which no one is at work on a task."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a claim, what it is bound to, and until when at the latest."""

    login: str
    kind: str
    run: str | None
    lease_until: str

    def to_json(self) -> dict[str, object]:
        """The contract's HOLDER."""
        return {"login": self.login, "kind": self.kind, "run": self.run, "lease_until": self.lease_until}


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """The last heartbeat of a claim: when it came, the tree that the work stood at, and since when it is that one.

    `tree` is an id of git's, empty where the work could not be seen.
    """

    at: str
    tree: str
    since: str


@dataclass(frozen=True, slots=True)
class Submission:
    """What was handed in: a pull request at one commit. `number` is None where no pull request exists yet."""

    repository: str
    number: int | None
    head: str


@dataclass(frozen=True, slots=True)
class Feedback:
    """Why the last attempt did not pass: a rejection or a failure, told to the next attempt.

    `head` is the commit it is about, if any; `times` how often in a row it was the same, in the same words.
    """

    kind: str
    by: str
    reason: str
    head: str = ""
    times: int = 1


@dataclass(frozen=True, slots=True)
class Author:
    """Who has commits in a submission; an empty login where no one knows.

    `kind` is that of an actor, `via` the account that an agent pushed by, as `data.via` of an event names it.
    """

    login: str
    kind: str = "person"
    via: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A question that is not answered yet; `id` is its event's."""

    id: str
    by: str
    text: str
    at: str


@dataclass(frozen=True, slots=True)
class Assignee:
    """Who is to take a task: `kind` is agent or person."""

    login: str
    kind: str


@dataclass(frozen=True, slots=True)
class TaskState:
    """One task. `role` is None while it is the role of the definition; `author` handed in the submission.

    `attempts` counts starts and `review_cycles` rejections, both since the last reopening. `made` is what each file was
    in the submissions since then, the latest last; the same twice in a row counts once. `conflicts` counts how often
    what was handed in did not merge, ever. From format 2 on: `authors` are those of the commits since the last claim;
    `review` holds the claim of a review, and `review_fence` is the number of the last one; `interrupted` counts the
    attempts in a row that were taken back; `last_failure` and `last_review` are numbers of events, 0 for none;
    `merged_as` is the commit of the default branch that brought the task when it was done last.
    """

    status: Status = Status.open
    role: str | None = None
    holder: Holder | None = None
    heartbeat: Heartbeat | None = None
    fence: int = 0
    attempts: int = 0
    review_cycles: int = 0
    conflicts: int = 0
    author: str | None = None
    branch: str | None = None
    submission: Submission | None = None
    made: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    feedback: Feedback | None = None
    not_before: str | None = None
    confirmed: tuple[str, ...] = ()
    granted: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    since: str | None = None
    authors: tuple[Author, ...] = ()
    review: Holder | None = None
    review_fence: int = 0
    assigned: Assignee | None = None
    questions: tuple[Question, ...] = ()
    interrupted: int = 0
    last_failure: int = 0
    last_review: int = 0
    merged_as: str | None = None


TASK = "kerrigan-task"
"""The kind of a dispatch that asks its receiver to work on a task."""

RECHECK = "kerrigan-recheck"
"""The kind of a dispatch that asks its receiver to evaluate its gates again."""


class DispatchStatus(StrEnum):
    """How far a dispatch came. The forge's 204 is `sent`; only the receiver's word is `acknowledged`.

    A dispatch that is acknowledged leaves the state: only a state.json of before holds it.
    """

    requested = "requested"
    sent = "sent"
    acknowledged = "acknowledged"
    dead = "dead"


@dataclass(frozen=True, slots=True)
class Dispatch:
    """One wake-up of another repository. `key` is the same for every sending of it; `task` may be None.

    `kind` is kerrigan-task or kerrigan-recheck; `deadline` is a stamp, set when it was last sent; `role` is the
    role that the task needed when it was requested. `failure` is why the forge did not take the last sending.
    """

    key: str
    kind: str
    to: str
    task: str | None
    fence: int
    status: DispatchStatus = DispatchStatus.requested
    sendings: int = 0
    deadline: str | None = None
    role: str = ""
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Hold:
    """A brake that someone has put on: `kind` is paused or, for a whole project only, stopped."""

    kind: str
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Beyond:
    """What a journal has that this Kerrigan does not know, in words, and the version to install, as the next step.

    A state that lacks it may be looked at. Nothing may be written on it: a segment that is filled would lose it.
    """

    what: str
    next_step: str


@dataclass(frozen=True, slots=True)
class State:
    """A journal folded. `seq` is the number of the last event, `last` the SHA-256 of its line.

    `hold` is on the whole project; `holds` are on parts of it, by scope: `agent:claude`, `role:swe`, `repository:web`.
    `streaks` are failures in a row without a success, by agent's scope, and of the whole project under the empty text.
    `runs` are by their id, `notes` and `ideas` by that of their event, `circuits` by `agent@host`.
    """

    seq: int = 0
    last: str = GENESIS
    tasks: Mapping[str, TaskState] = field(default_factory=dict)
    dispatches: Mapping[str, Dispatch] = field(default_factory=dict)
    hold: Hold | None = None
    holds: Mapping[str, Hold] = field(default_factory=dict)
    streaks: Mapping[str, int] = field(default_factory=dict)
    ledger: Ledger = field(default_factory=Ledger)
    runs: Mapping[str, WorkRun] = field(default_factory=dict)
    notes: Mapping[str, Note] = field(default_factory=dict)
    ideas: Mapping[str, Idea] = field(default_factory=dict)
    circuits: Mapping[str, Circuit] = field(default_factory=dict)
    beyond: Beyond | None = None

    def task(self, task: str) -> TaskState:
        """The state of a task; one that nothing happened to is open."""
        return self.tasks.get(task, NEW)


NEW = TaskState()
