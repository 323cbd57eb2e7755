"""How work goes, counted from the journal alone. What cannot be divided is None, and reads n/a."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import ceil
from statistics import median
from typing import Any

from kerrigan.model.event import Event, EventType
from kerrigan.model.state import Status
from kerrigan.model.timestamp import seconds_between
from kerrigan.report.plain import plain

WEEK = 7 * 24 * 3600.0

WAITING: Mapping[Status, str] = {
    Status.open: "to be claimed again",
    Status.claimed: "to be started",
    Status.testing: "for tests",
    Status.in_review: "for a review",
    Status.approved: "to be merged",
    Status.failed: "to be tried again",
    Status.blocked: "blocked",
    Status.escalated: "for a person",
}
"""The statuses in which no one works on a task that was begun, and what it waits for."""

INTERVENTIONS = frozenset(
    {
        *(EventType.blocked, EventType.unblocked, EventType.escalated, EventType.retried, EventType.cancelled),
        *(EventType.reopened, EventType.confirmed, EventType.granted, EventType.expired),
        *(EventType.paused, EventType.resumed, EventType.stopped),
    }
)
"""What a person does to work that does not go automatically; so is everything forced. Work and reviews are none."""


@dataclass(frozen=True, slots=True)
class Life:
    """A task from its first claim until it is done, or until it was approved at least; a reopened task has another.

    `claimed` and `done` are stamps: that of a reopened task's first claim is the one before it was reopened. `agent`
    made the last claim, in `role` where the journal says which; `sent_back` is true after a rejection or a reopening.
    """

    agent: str = ""
    role: str = ""
    claimed: str | None = None
    done: str | None = None
    approved: str | None = None
    sent_back: bool = False

    @property
    def seconds(self) -> float | None:
        """From the first claim to done; clocks that disagree never make it negative."""
        return max(seconds_between(self.claimed, self.done), 0.0) if self.claimed and self.done else None


def measure(events: Sequence[Event], after: str | None = None) -> dict[str, Any]:
    """All numbers, as `metrics --json` prints them: times in seconds, of what was done after a stamp."""
    recent = [event for event in events if after is None or event.at > after]
    lives = [life for life in _lives(events) if _since(life.done or life.approved, after)]
    start, end = (after or min(e.at for e in recent), max(e.at for e in recent)) if recent else ("", "")
    done = [life for life in lives if life.done]
    # What was done on a first day says little of a week: nothing shorter than one counts as less.
    weeks = max(seconds_between(start, end) / WEEK, 1.0) if recent else 0.0
    helped = Counter(e.type.value for e in recent if _is_intervention(e))
    return {
        "events": len(recent),
        "after": after,
        "first": min((e.at for e in recent), default=None),
        "last": max((e.at for e in recent), default=None),
        **_group(lives),
        "per_week": _ratio(len(done), weeks),
        "weeks": [{"week": week, "done": n} for week, n in sorted(Counter(_week(str(x.done)) for x in done).items())],
        "interventions": {
            "total": helped.total(),
            "per_done": _ratio(helped.total(), len(done)),
            "by_type": dict(sorted(helped.items())),
        },
        "waiting": _waiting(events, after),
        "roles": _groups(lives, lambda life: life.role),
        "agents": _groups(lives, lambda life: life.agent),
    }


def _lives(events: Iterable[Event]) -> Iterable[Life]:
    """Every life that got as far as an approval, in the order of their ends."""
    living: dict[str, Life] = defaultdict(Life)
    begun: dict[str, str] = {}
    roles: dict[str, str] = {}
    for event in events:
        task = event.task or ""
        match event.type:
            case EventType.dispatch_requested | EventType.handed_off:
                roles[task] = str(event.data.get("role") or roles.get(task, ""))
            case EventType.claimed:
                role = event.actor.role or str(event.data.get("role") or roles.get(task, ""))
                claimed = begun.setdefault(task, event.at)
                living[task] = replace(living[task], agent=event.actor.login, role=role, claimed=claimed)
            case EventType.rejected:
                living[task] = replace(living[task], sent_back=True)
            case EventType.approved:
                living[task] = replace(living[task], approved=event.at)
            case EventType.completed:
                yield replace(living.pop(task, Life()), done=event.at)
            case EventType.cancelled:
                living.pop(task, None)
            case EventType.reopened:
                living[task] = Life(sent_back=True)
            case _:
                pass
    yield from (life for life in living.values() if life.approved)


def _group(lives: Sequence[Life]) -> dict[str, Any]:
    times = sorted(life.seconds for life in lives if life.seconds is not None)
    passed = sum(not life.sent_back for life in lives)
    return {
        "done": sum(life.done is not None for life in lives),
        "cycle": {
            "median": median(times) if times else None,
            "p90": times[ceil(0.9 * len(times)) - 1] if times else None,
        },
        "first_pass": {"of": len(lives), "passed": passed, "rate": _ratio(passed, len(lives))},
    }


def _groups(lives: Sequence[Life], name: Callable[[Life], str]) -> list[dict[str, Any]]:
    found: dict[str, list[Life]] = defaultdict(list)
    for life in lives:
        found[name(life)].append(life)
    return [{"name": key, **_group(found[key])} for key in sorted(found)]


def _waiting(events: Iterable[Event], after: str | None) -> dict[str, dict[str, Any]]:
    """How long begun tasks stood in each status that is a wait: each event says in which one it met its task."""
    times: dict[Status, list[float]] = defaultdict(list)
    last: dict[str, str] = {}
    for event in events:
        if event.task is None or event.type.name.startswith("dispatch_"):
            continue
        before, status = last.get(event.task), event.expect.status
        if before is not None and status in WAITING and _since(event.at, after):
            times[Status(status)].append(max(seconds_between(before, event.at), 0.0))
        last[event.task] = event.at
    return {
        kind.value: {"for": words, "times": len(found), "median": median(found), "total": sum(found)}
        for kind, words in WAITING.items()
        if (found := times.get(kind))
    }


def _is_intervention(event: Event) -> bool:
    return event.actor.kind == "person" and (event.type in INTERVENTIONS or "forced" in event.data)


def _since(at: str | None, after: str | None) -> bool:
    return at is not None and (after is None or at > after)


def _ratio(count: float, of: float) -> float | None:
    return count / of if of else None


def _week(at: str) -> str:
    year, week, _ = datetime.fromisoformat(at).isocalendar()
    return f"{year}-W{week:02}"


def page(project: str, found: Mapping[str, Any]) -> str:
    """The same for people."""
    rate, helped = found["first_pass"], found["interventions"]
    rows = [
        ("events", f"{found['events']}{_from_to(found)}"),
        ("done", f"{found['done']}, {_number(found['per_week'])} a week"),
        ("cycle time", f"median {_span(found['cycle']['median'])}, 90 % within {_span(found['cycle']['p90'])}"),
        ("first pass", f"{_percent(rate['rate'])} ({rate['passed']} of {rate['of']} without a rejection)"),
        ("interventions", f"{helped['total']}, {_number(helped['per_done'])} for each that is done"),
    ]
    rows += [
        (f"waited {w['for']}", f"{_span(w['total'])} in all, median {_span(w['median'])}")
        for w in found["waiting"].values()
    ]
    for title in ("roles", "agents"):
        rows += [(f"{title[:-1]} {plain(one['name']) or 'not told'}", _line(one)) for one in found[title]]
    width = max(len(name) for name, _ in rows)
    return "\n".join([f"metrics of {project}", *(f"  {name:<{width}}  {words}" for name, words in rows)])


def _line(one: Mapping[str, Any]) -> str:
    rate = _percent(one["first_pass"]["rate"])
    return f"{one['done']} done, median {_span(one['cycle']['median'])}, first pass {rate}"


def _from_to(found: Mapping[str, Any]) -> str:
    return f", {found['first'][:10]} to {found['last'][:10]}" if found["events"] else ""


def _number(value: float | None) -> str:
    return "n/a" if value is None else f"{value:.1f}"


def _percent(value: float | None) -> str:
    return "n/a" if value is None else f"{value:.0%}"


def _span(seconds: float | None) -> str:
    if seconds is None:
        return "n/a"
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds:.0f} s"
