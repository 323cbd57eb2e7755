"""The money of the year: its caps, what work costs, and sums of the journal's own that show that no claim passed one.

The sums are made line by line without the ledger that decisions stand on, so that neither hides a fault of the other.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from kerrigan.decide.lifecycle import TRANSITIONS
from kerrigan.decide.money.budget import SHARES
from kerrigan.model.event import Event, EventType
from kerrigan.model.usage import Budget, Price

D = Decimal
E = EventType
BUDGET = Budget(
    usd=D(2200),
    per_day=D(9),
    per_month=D(190),
    roles={"docs": D(400)},
    agents={"agent-3": D(60)},
    prices={"simulated": (Price(D(3), D(15), D("0.3")), Price(D(2), D(10), D("0.2"), "2026-07-01"))},
)
ESTIMATES = (None, D("0.5"), D(1), D(2), D(3))
KEEPS = frozenset({E.claimed, E.started})
"""What a reservation survives; everything else that moves a task ends it."""


def used(chance: random.Random, reserved: Decimal) -> dict[str, Any]:
    """A report of use: mostly less than was set aside, now and then more; in dollars, or in tokens with a price."""
    if chance.random() < 0.2:
        tokens = {"tokens_in": chance.randint(1, 200_000), "tokens_out": chance.randint(0, 20_000)}
        return {"model": "simulated", **tokens, "cached": chance.randint(0, 900_000)}
    share = chance.randint(110, 250) if chance.random() < 0.1 else chance.randint(10, 100)
    return {"usd": f"{reserved * share / 100:f}"}


@dataclass
class Held:
    """What is left of what a claim set aside."""

    usd: Decimal
    role: str
    agent: str


@dataclass
class Till:
    """What a journal adds up to, line by line, and the shares of caps that it alerted of."""

    spent: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    held: dict[str, Held] = field(default_factory=dict)
    told: set[tuple[str, int]] = field(default_factory=set)
    owed: set[tuple[str, int]] = field(default_factory=set)
    claimed: Counter[str] = field(default_factory=Counter)

    def add(self, event: Event) -> None:
        """Take an event in. Raises AssertionError for a claim above a cap, and for an alert too many, late or early."""
        data = event.data
        if event.type is E.alerted:
            self._alerted(data)
            return
        assert not self.owed, f"{self.owed} was to be told before line {event.seq}"
        if event.type is E.used:
            self._used(event)
        elif event.type in TRANSITIONS and event.type is not E.started:
            self.held.pop(str(event.task), None)
        if event.type is E.claimed:
            self._claimed(event)

    def _claimed(self, event: Event) -> None:
        role, agent = str(event.data["role"]), event.actor.login
        self.held[str(event.task)] = Held(D(event.data["reserved_usd"]), role, agent)
        self.claimed[event.at[:10]] += 1
        over = {"all projects", *periods(event.at), f"role {role}", f"agent {agent}"}
        for cap, limit in limits(event.at):  # others may be passed already, by a report of more than was set aside
            assert cap not in over or self.taken(cap) <= limit, f"line {event.seq} claims above the budget '{cap}'"

    def taken(self, cap: str) -> Decimal:
        """What counts against a cap: of a day and a month all that is set aside, for it may be spent on any of them."""
        kind, _, name = cap.partition(" ")
        held = [one for one in self.held.values() if kind not in {"role", "agent"} or name in (one.role, one.agent)]
        return self.spent[cap] + sum((one.usd for one in held), D(0))

    def _used(self, event: Event) -> None:
        data, usd = event.data, D(event.data["usd"])
        held = self.held.get(str(event.task))
        if held and held.agent == data["agent"]:
            held.usd = max(D(0), held.usd - usd)
        for account in ("all projects", f"role {data['role']}", f"agent {data['agent']}", *periods(event.at)):
            self.spent[account] += usd
        self.owed = {
            (cap, share)
            for cap, limit in limits(event.at)
            for share in SHARES
            if self.spent[cap] * 100 >= limit * share and self.spent[cap]
        } - self.told

    def _alerted(self, data: Mapping[str, Any]) -> None:
        told = str(data["cap"]), int(data["percent"])
        assert told in self.owed, f"{told} is told, and was told before or is not reached"
        assert D(data["spent"]) == self.spent[told[0]]
        self.owed.remove(told)
        self.told.add(told)


def periods(at: str) -> tuple[str, str]:
    """The day and the month of a moment, as caps are named."""
    return f"day {at[:10]}", f"month {at[:7]}"


def limits(at: str) -> Iterator[tuple[str, Decimal]]:
    """Every cap of the year by name, with the day and the month of a moment."""
    named = zip(("all projects", *periods(at)), (BUDGET.usd, BUDGET.per_day, BUDGET.per_month), strict=True)
    yield from ((name, limit) for name, limit in named if limit is not None)
    for kind, each in (("role", BUDGET.roles), ("agent", BUDGET.agents)):
        yield from ((f"{kind} {name}", limit) for name, limit in each.items())


def check_money(events: Iterable[Event], refused: Iterable[str]) -> Till:
    """Add the journal up and hold it against its caps; `refused` are the caps that claims were refused for.

    Days begin anew, and a month that was used up stays so to its end.
    """
    till, over = Till(), set[str]()
    for event in events:
        till.add(event)
        month = periods(event.at)[1]
        assert event.type is not E.claimed or month not in over, f"line {event.seq} claims in {month}, which is used up"
        if event.type is E.used and till.spent[month] >= dict(limits(event.at))[month]:
            over.add(month)
    short = sorted(refused)
    days, months = ([cap.removeprefix(kind) for cap in short if cap.startswith(kind)] for kind in ("day ", "month "))
    assert any(till.claimed[_next(day)] for day in days), "no day was used up and the next one worked on"
    assert any(day[:7] > month for day in till.claimed for month in months), "no month was used up before the last one"
    return till


def _next(day: str) -> str:
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()
