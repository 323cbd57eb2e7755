"""What is asked, what is answered, and what should then be true."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kerrigan.model.event import Actor, Event, EventType, Run
from kerrigan.model.forge.account import Account
from kerrigan.model.forge.facts import Answer
from kerrigan.model.state import Holder, State


@dataclass(frozen=True, slots=True)
class Request:
    """Someone asks for an event. `id` is a ULID and `at` a stamp, both made before deciding.

    `fence` is None when the asker did not say which claim it writes for, `head` when not which commit was looked at;
    `force` needs admin and a reason. `answers` are to the task's acceptance criteria. `said_at` is
    when it was said, where that was on the forge and names no commit. `account` is the account that the actor asks
    by, whose permission counts; None for what Kerrigan asks itself.
    """

    type: EventType
    task: str | None
    actor: Actor
    id: str
    at: str
    reason: str = ""
    role: str = ""
    fence: int | None = None
    head: str | None = None
    force: bool = False
    cause: str | None = None
    run: Run | None = None
    definition: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    answers: tuple[Answer, ...] = ()
    said_at: str | None = None
    account: Account | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """Yes: the first event is the answer, the others are what it causes; `state` is what holds after them.

    `prev` of the events is not set yet: the journal's writer chains them.
    """

    events: tuple[Event, ...]
    state: State


@dataclass(frozen=True, slots=True)
class Refusal:
    """No: why, who is in the way, what this actor may ask for now, and what is next: who can clear it, and how.

    Nothing has changed.
    """

    verb: str
    task: str | None
    status: str
    reason: str
    holder: Holder | None = None
    allowed: tuple[str, ...] = ()
    next: str = field(kw_only=True)

    def to_json(self) -> dict[str, object]:
        """The contract's `{"refused": …}`."""
        return {
            "refused": {
                "verb": self.verb,
                "task": self.task,
                "status": self.status,
                "reason": self.reason,
                "holder": self.holder and self.holder.to_json(),
                "allowed": list(self.allowed),
                "next": self.next,
            }
        }


@dataclass(frozen=True, slots=True)
class NextStep:
    """What moves things on: a command, or words for what is none. `by` says who can; empty where who asked can."""

    command: str
    by: str = ""

    def __str__(self) -> str:
        return f"{self.by}: {self.command}" if self.by else self.command


@dataclass(frozen=True, slots=True)
class Labels:
    """A pull request carries exactly these labels among those that start with one of `issue.PREFIXES`."""

    repository: str
    number: int
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CommitStatus:
    """A commit carries this status. `state` is success, failure, pending or error."""

    repository: str
    sha: str
    state: str
    description: str
    context: str = "kerrigan/gate"


Effect = Labels | CommitStatus


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason why something is not so: `kind` for machines, `message` for people, `on` what it waits for."""

    kind: str
    message: str
    on: str | None = None
    next: str = ""

    def to_json(self) -> dict[str, object]:
        """The contract's reason of a task: `{kind, message, on?}`."""
        return {"kind": self.kind, "message": self.message, **({"on": self.on} if self.on else {})}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a gate says: `pass`, `violation` or `undecided`, and why. `task` is None for a foreign pull request."""

    verdict: str
    task: str | None
    reasons: tuple[Reason, ...] = ()

    def to_json(self) -> dict[str, object]:
        """The contract's `gate --json`."""
        reasons = [{"kind": r.kind, "message": r.message, "next": r.next} for r in self.reasons]
        return {"verdict": self.verdict, "task": self.task, "reasons": reasons}


NOBODY = Account("", is_app=True)


@dataclass(frozen=True, slots=True)
class EventRequest:
    """What a webhook payload says happened. A hint, not a fact: anyone who gets it looks again before deciding.

    `kind` is one of

    * dispatch, recheck, tell: a repository_dispatch of Kerrigan's; start: someone starts an agent's task by hand
    * pull_request, merged, review: something happened to a pull request; foreign: to one of a fork, which is no task's
    * ask: a label or a comment asks for `asks`, or for nothing (None) and `wrong` says why; view: a label only shows
    * checks: something was reported of commit `head`; run_ended: workflow run `run` is over
    * pushed: the default branch is at `head`; queue: the merge queue wants commit `head` judged for branch `base`
    * nothing: nothing of Kerrigan's.

    `number` is of a pull request where `is_pull`, else of an issue. `asks` is the event that a person's act asks for
    (paused, resumed and stopped are about the whole project), with its `role`, `what` and `reason`; `said` is the label
    or the command itself. `comment` and `review` are ids, by which the words are read again and answered; `text` is
    what they were. `answers` are to the acceptance criteria. `said_at` is when a label was set or a comment written, as
    the forge says.
    """

    kind: str
    repository: str = ""
    sender: Account = NOBODY
    number: int | None = None
    branch: str = ""
    head: str = ""
    project: str = ""
    task: str | None = None
    home: str = ""
    key: str | None = None
    fence: int | None = None
    asks: EventType | None = None
    reason: str = ""
    is_pull: bool = False
    role: str = ""
    what: str = ""
    said: str = ""
    comment: int | None = None
    review: int | None = None
    text: str = ""
    run: str = ""
    base: str = ""
    answers: tuple[Answer, ...] = ()
    said_at: str | None = None
    wrong: str = ""
