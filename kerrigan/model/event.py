"""What can happen, and one journal line each: JSON, one event a line, chained by hash."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

FORMAT = 2
"""The journal's format, written as `v` into every event and into state.json."""

NEEDS = "0.2.0"
"""The oldest Kerrigan that reads this format, written as `needs` beside `v` from format 2 on."""

GENESIS = "0" * 64
"""`prev` of a journal's first event."""


class EventType(StrEnum):
    """Every kind of event, in groups: about a task, a project, a dispatch, money, runs of work, notes, ideas."""

    claimed = "claimed"
    started = "started"
    submitted = "submitted"
    tests_passed = "tests_passed"
    tests_failed = "tests_failed"
    approved = "approved"
    rejected = "rejected"
    completed = "completed"
    failed = "failed"
    retried = "retried"
    escalated = "escalated"
    released = "released"
    expired = "expired"
    blocked = "blocked"
    unblocked = "unblocked"
    handed_off = "handed_off"
    confirmed = "confirmed"
    granted = "granted"
    cancelled = "cancelled"
    reopened = "reopened"
    heartbeat = "heartbeat"
    review_claimed = "review_claimed"
    review_released = "review_released"
    asked = "asked"
    answered = "answered"
    assigned = "assigned"
    flagged = "flagged"

    paused = "paused"
    resumed = "resumed"
    stopped = "stopped"
    imported = "imported"

    dispatch_requested = "dispatch_requested"
    dispatch_sent = "dispatch_sent"
    dispatch_acknowledged = "dispatch_acknowledged"
    dispatch_resent = "dispatch_resent"
    dispatch_failed = "dispatch_failed"
    dispatch_dead = "dispatch_dead"

    used = "used"
    alerted = "alerted"

    work_started = "work_started"
    work_stop_requested = "work_stop_requested"
    work_ended = "work_ended"

    note_added = "note_added"
    note_pinned = "note_pinned"
    note_dropped = "note_dropped"

    idea_proposed = "idea_proposed"
    idea_accepted = "idea_accepted"
    idea_rejected = "idea_rejected"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asked: `kind` is person, agent or app; `role` is the role it acts in, or empty."""

    login: str
    kind: str = "person"
    role: str = ""

    def is_login(self, login: str | None) -> bool:
        """Whether a login is this actor's: no forge tells `Ada` from `ada`."""
        return login is not None and login.casefold() == self.login.casefold()

    def is_same(self, login: str, kind: str) -> bool:
        """Whether that is this actor: the names of agents are compared with each other, and logins with logins."""
        return (self.kind == "agent") == (kind == "agent") and self.is_login(login)


KERRIGAN = Actor("kerrigan", "app")
"""Who does what no one asked for in person: dispatch, expire, complete, try again."""


@dataclass(frozen=True, slots=True)
class Run:
    """What a claim is bound to: a workflow run or a process."""

    id: str
    attempt: int = 1
    url: str = ""


@dataclass(frozen=True, slots=True)
class Expect:
    """The stage the event was decided on: the task's status, its fence and its submitted head."""

    status: str = ""
    fence: int = 0
    head: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the journal. `at` is a stamp, `task` a full id or None, `prev` the line before as SHA-256.

    `definition` is the commit of the files it was decided from; `cause` the dispatch key or event id behind it;
    `needs` the oldest Kerrigan that reads it, empty in format 1.
    """

    seq: int
    id: str
    at: str
    type: EventType
    task: str | None
    actor: Actor
    run: Run | None = None
    cause: str | None = None
    expect: Expect = field(default_factory=Expect)
    definition: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    prev: str = GENESIS
    v: int = FORMAT
    needs: str = NEEDS

    def to_json(self) -> dict[str, Any]:
        """The event as the journal and every `--json` print it."""
        return {
            "v": self.v,
            **({"needs": self.needs} if self.needs else {}),
            "seq": self.seq,
            "id": self.id,
            "at": self.at,
            "type": self.type.value,
            "task": self.task,
            "actor": {"login": self.actor.login, "kind": self.actor.kind, "role": self.actor.role},
            "run": self.run and {"id": self.run.id, "attempt": self.run.attempt, "url": self.run.url},
            "cause": self.cause,
            "expect": {
                "status": self.expect.status,
                "fence": self.expect.fence,
                "head": self.expect.head,
            },
            "definition": self.definition,
            "data": dict(self.data),
            "prev": self.prev,
        }

    @property
    def imported(self) -> tuple[str, ...]:
        """The full ids of the tasks that were done before the journal began, as an import says; else none."""
        done = self.data.get("done") if self.type is EventType.imported else None
        return tuple(task for task in done if isinstance(task, str)) if isinstance(done, list) else ()

    def is_about(self, task: str) -> bool:
        """Whether it is about a task: its own one, or one of those that an import says are done."""
        return self.task == task or task in self.imported

    def to_line(self) -> str:
        """The journal's line, without its newline: compact JSON that any reader can hash again."""
        return json.dumps(self.to_json(), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> "Event":
        """The event of a parsed line. Raises KeyError, TypeError or ValueError when it is not one."""
        run = raw["run"]
        return cls(
            seq=int(raw["seq"]),
            id=str(raw["id"]),
            at=str(raw["at"]),
            type=EventType(raw["type"]),
            task=raw["task"],
            actor=Actor(**raw["actor"]),
            run=Run(**run) if run else None,
            cause=raw["cause"],
            expect=Expect(**raw["expect"]),
            definition=str(raw["definition"]),
            data=dict(raw["data"]),
            prev=str(raw["prev"]),
            v=int(raw["v"]),
            needs=str(raw.get("needs", "")),
        )


def digest(line: str) -> str:
    """The SHA-256 of a journal line without its newline: the next line's `prev`."""
    return hashlib.sha256(line.encode()).hexdigest()
