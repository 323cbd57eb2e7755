"""A journal's ledger while events are added to it. Each event costs the same, however many came before."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from kerrigan.decide.lifecycle import AT_WORK
from kerrigan.model.event import Event, EventType
from kerrigan.model.state import Status
from kerrigan.model.usage import ALL, ZERO, Alert, Ledger, Reservation, money, written

REVIEW = "#review"
"""What follows a task's id in the name of the reservation for its review."""

DAYS = 62
"""So many days are remembered, the latest ones: no one asks for an older day again."""

MONEY = frozenset({EventType.used, EventType.alerted})
"""The events that are about money alone."""


class Balances:
    """The ledger's mappings, copied once."""

    def __init__(self, ledger: Ledger) -> None:
        self._spent = dict(ledger.spent)
        self._reserved = dict(ledger.reserved)
        self._open = dict(ledger.open)
        self._alerts = dict(ledger.alerts)

    def ledger(self) -> Ledger:
        """What the events so far add up to."""
        return Ledger(dict(self._spent), dict(self._reserved), dict(self._open), dict(self._alerts))

    def move(self, event: Event, status: Status) -> None:
        """A task moved to `status`: a claim reserves, and whatever ends its work or its review frees what is left."""
        task = event.task or ""
        review = f"{task}{REVIEW}"
        if event.type is EventType.claimed and "reserved_usd" in event.data:
            self._claim(task, event)
        elif status not in AT_WORK:
            self._settle(task)
        if event.type is EventType.review_claimed and "reserved_usd" in event.data:
            self._claim(review, event)
        elif event.type is EventType.review_released or status is not Status.in_review:
            self._settle(review)

    def _claim(self, key: str, event: Event) -> None:
        self._settle(key)
        role, agent = str(event.data.get("role", "")), event.actor.login.casefold()
        self._reserve(key, Reservation(money(event.data["reserved_usd"]), role, agent))

    def add(self, event: Event) -> None:
        """Take in a report of use, or an alert. Raises KeyError or ValueError for one that lacks what it needs."""
        data = event.data
        if event.type is EventType.alerted:
            self._alerts[str(data["cap"])] = Alert(money(data["limit"]), int(data["percent"]))
            return
        usd, role, agent = money(data["usd"]), str(data["role"]), str(data["agent"])
        day, month = f"day {event.at[:10]}", f"month {event.at[:7]}"
        self._draw(str(data.get("key") or self._held_by(event.task or "", agent)), usd, agent)
        is_new = day not in self._spent
        for account in (ALL, f"role {role}", f"agent {agent}", month, day):
            self._spent[account] = self._spent.get(account, ZERO) + usd
        if is_new:
            self._forget()

    def _held_by(self, task: str, agent: str) -> str:
        """The reservation for a task that is this agent's: that of its review, where the work's is not."""
        review = self._open.get(f"{task}{REVIEW}")
        held = self._open.get(task)
        return f"{task}{REVIEW}" if review and review.agent == agent and not (held and held.agent == agent) else task

    def _draw(self, task: str, usd: Decimal, agent: str) -> None:
        """Who reserved spends first what was reserved; what someone else spends on the task is not of it."""
        held = self._open.get(task)
        if held and held.agent == agent:
            self._settle(task)
            self._reserve(task, replace(held, usd=max(ZERO, held.usd - usd)))

    def _reserve(self, task: str, reservation: Reservation) -> None:
        self._open[task] = reservation
        self._set_aside(reservation, reservation.usd)

    def _settle(self, task: str) -> None:
        held = self._open.pop(task, None)
        if held:
            self._set_aside(held, -held.usd)

    def _set_aside(self, reservation: Reservation, usd: Decimal) -> None:
        for account in (ALL, f"role {reservation.role}", f"agent {reservation.agent}"):
            left = self._reserved.pop(account, ZERO) + usd
            if left:
                self._reserved[account] = left

    def _forget(self) -> None:
        for periods in (self._spent, self._alerts):
            days = sorted(name for name in periods if name.startswith("day "))
            for day in days[:-DAYS]:
                del periods[day]


def ledger_json(ledger: Ledger) -> dict[str, Any]:
    """The ledger as state.json holds it, in one order."""
    return {
        "spent": {account: written(ledger.spent[account]) for account in sorted(ledger.spent)},
        "reserved": {account: written(ledger.reserved[account]) for account in sorted(ledger.reserved)},
        "open": {
            task: {"usd": written(held.usd), "role": held.role, "agent": held.agent}
            for task, held in sorted(ledger.open.items())
        },
        "alerts": {
            cap: {"limit": written(alert.limit), "percent": alert.percent}
            for cap, alert in sorted(ledger.alerts.items())
        },
    }


def ledger_of(raw: Mapping[str, Any]) -> Ledger:
    """The ledger in a state.json; an empty one where it has none. Raises what a damaged one raises."""
    return Ledger(
        spent={account: money(usd) for account, usd in raw.get("spent", {}).items()},
        reserved={account: money(usd) for account, usd in raw.get("reserved", {}).items()},
        open={
            task: Reservation(money(held["usd"]), held["role"], held["agent"])
            for task, held in raw.get("open", {}).items()
        },
        alerts={cap: Alert(money(alert["limit"]), alert["percent"]) for cap, alert in raw.get("alerts", {}).items()},
    )
