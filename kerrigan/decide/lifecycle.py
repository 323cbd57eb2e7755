"""The life of a task as a table. The table is the program: the step, the fold, the docs and the tests read it.

Three rules keep it honest. What moves a task stands here and nowhere else. A pair of status and event that is not
here is refused and changes nothing. The table names what must hold as words; `guards` gives the words their meaning,
so this file imports nothing but the names of events and statuses.

An event either leads to one status (`target`) or leaves the status as it is (`target` None). Someone holds a task
exactly while its status is one of HELD: whatever leads out of them ends the claim.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kerrigan.model.event import EventType
from kerrigan.model.state import Status


@dataclass(frozen=True, slots=True)
class Transition:
    """One row: the verb that asks for it, from where, to where, and the guards that must hold, in order."""

    event: EventType
    verb: str
    sources: frozenset[Status]
    target: Status | None
    must: tuple[str, ...] = ()


def _row(event: str, verb: str, sources: str, target: str, must: str) -> Transition:
    words = tuple(must.split())
    return Transition(EventType(event), verb, _statuses(sources), Status(target) if target else None, words)


def _statuses(words: str) -> frozenset[Status]:
    return frozenset(map(Status, words.split()))


_SUBMITTED = "testing in_review approved"
_AT_WORK = "claimed working"
_HELD = f"{_AT_WORK} {_SUBMITTED}"
_ACTIVE = f"{_HELD} failed"
_UNFINISHED = f"open {_ACTIVE} blocked escalated"

_ROWS = (
    _row("claimed", "claim", "open", "claimed", "defined write role not_paused limits ready autonomy budget"),
    _row("started", "start", "claimed", "working", "write fence holder"),
    _row("submitted", "submit", f"working {_SUBMITTED}", "testing", "write fence holder commits pushed tried"),
    _row("tests_passed", "pass-tests", "testing", "in_review", "defined write same_head checked"),
    _row("tests_failed", "fail-tests", _SUBMITTED, "failed", "write same_head red"),
    _row("approved", "approve", "in_review", "approved", "defined write not_author same_head accepted"),
    _row("rejected", "reject", "in_review approved", "open", "write not_author same_head reason"),
    _row("completed", "complete", _UNFINISHED, "done", "delivered vouched"),
    _row("failed", "fail", "claimed working", "failed", "write fence holder reason"),
    _row("retried", "retry", "failed", "open", "write attempts_left backed_off"),
    _row(
        "escalated",
        "escalate",
        "claimed working failed testing in_review approved blocked",
        "escalated",
        "write reason exhausted",
    ),
    _row("released", "release", "claimed working", "open", "write fence holder"),
    _row("expired", "", "claimed working", "open", "over"),
    _row("blocked", "block", _ACTIVE, "blocked", "write fence reason"),
    _row("unblocked", "unblock", "blocked", "open", "write human"),
    _row(
        "handed_off",
        "hand-off",
        "claimed working in_review",
        "open",
        "defined write fence holder_or_person role_given artifacts",
    ),
    _row("confirmed", "confirm", _UNFINISHED, "", "defined write human external named"),
    _row("granted", "grant", _UNFINISHED, "", "defined write human protected gate_named"),
    _row("cancelled", "cancel", _UNFINISHED, "cancelled", "write human reason"),
    _row("heartbeat", "heartbeat", "claimed working", "", "write fence holder"),
    _row("review_claimed", "", "in_review", "", "write not_paused not_author unreviewed budget"),
    _row("review_released", "", "in_review", "", "write reviewing"),
    _row("asked", "", _HELD, "", "write fence holder reason"),
    _row("answered", "", _UNFINISHED, "", "write human reason questioned"),
    _row("assigned", "", _UNFINISHED, "", "write human"),
    _row("flagged", "", " ".join(Status), "", "noticed"),
    _row("reopened", "reopen", "done cancelled escalated", "open", "write human reason"),
)

_RECONCILED = frozenset({EventType.expired, EventType.flagged})
"""Events without a verb that no one asks for: reconcile writes down what it finds."""

IMPORTED = _row("imported", "import --record", "open", "done", "")
"""The one event of a project that moves tasks, many at once: what was done before the journal began."""

HELD = _statuses(_HELD)
"""Statuses in which a task has a holder."""

AT_WORK = _statuses(_AT_WORK)
"""Statuses in which someone works on the task: it keeps an agent busy, reserves money, and may have a pulse."""

SUBMITTED = _statuses(_SUBMITTED)
"""Statuses in which a pull request waits for tests, review or merge."""

TRANSITIONS: Mapping[EventType, Transition] = {row.event: row for row in _ROWS}
"""Everything that can happen to one task. Events of projects and dispatches are not here: only IMPORTED moves any."""

VERBS: Mapping[str, EventType] = {row.verb: row.event for row in _ROWS if row.verb}
"""What people and agents ask for, and the event that it becomes."""


def ordered(statuses: frozenset[Status]) -> list[Status]:
    """Statuses in the order of a task's life."""
    return [status for status in Status if status in statuses]


def diagram() -> str:
    """The table as a Mermaid state diagram; events that leave the status as it is are left out."""
    return "\n".join(["stateDiagram-v2", "    [*] --> open", *_arrows(), "    done --> [*]"])


def _arrows() -> Iterator[str]:
    for row in (*_ROWS, IMPORTED):
        for source in ordered(row.sources) if row.target else ():
            yield f"    {source} --> {row.target}: {row.event}"


def table() -> str:
    """The table as Markdown."""
    head = ["| verb | event | from | to | must hold |", "|---|---|---|---|---|"]
    return "\n".join(head + [_line(row) for row in _ROWS])


def _line(row: Transition) -> str:
    sources = " ".join(ordered(row.sources))
    asker = "(reconcile)" if row.event in _RECONCILED else "(agents)"
    cells = (row.verb or asker, row.event, sources, row.target or "(stays)", " ".join(row.must))
    return f"| {' | '.join(cells)} |"
