"""Caps that hold: what a claim reserves, which limits stand against it, and which shares of them were just crossed.

A claim sets money aside before the work, a report of use draws on it, and the end of the work frees what is left. So
what is spent and what is reserved together never pass a cap by a claim; only a report of more than was reserved can.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from kerrigan.model.decision import Reason
from kerrigan.model.event import Event, EventType
from kerrigan.model.project import Project, Task, Workspace
from kerrigan.model.state import State
from kerrigan.model.usage import ALL, ZERO, Budget, Cap, Ledger, dollars, money, written

SHARES = (50, 75, 90)
"""Percent of a cap at which people are told, once each."""

CONFIG = ".github/kerrigan.yml"


def reservation(task: Task, budget: Budget) -> Decimal:
    """What a claim of the task sets aside: its estimate, or what kerrigan.yml says for tasks without one."""
    return budget.task_default if task.estimate_usd is None else task.estimate_usd


@dataclass(frozen=True, slots=True)
class BudgetCaps:
    """Every cap over a project at one moment: those on all work, and those on the work of a role or an agent."""

    overall: tuple[Cap, ...]
    roles: Mapping[str, Cap]
    agents: Mapping[str, Cap]

    @property
    def caps(self) -> tuple[Cap, ...]:
        """All of them, for people to look at and to be alerted of."""
        return (*self.overall, *self.roles.values(), *self.agents.values())

    def against(self, asked: Decimal, role: str, agent: str | None = None) -> Iterator[Reason]:
        """The caps without room for so much more; those of agents only where it is known who claims."""
        yield from (_no_room(cap, asked) for cap in self.overall if not cap.has_room_for(asked))
        for cap in (self.roles.get(role), self.agents.get(agent.casefold()) if agent else None):
            if cap and not cap.has_room_for(asked):
                yield _no_room(cap, asked)


def budget_caps(
    project: Project, workspace: Workspace, state: State, at: str, elsewhere: tuple[Ledger, ...] = ()
) -> BudgetCaps:
    """The caps as they stand; `elsewhere` are the ledgers of the projects that share the limits of kerrigan.yml."""
    budget, own = workspace.budget, (state.ledger,)
    every = (*own, *elsewhere)
    day, month = f"day {at[:10]}", f"month {at[:7]}"
    overall = (
        _cap("project", project.budget_usd, ALL, own, f"budget.usd in {project.path}/spec.md"),
        _cap("all projects", budget.usd, ALL, every, f"budget.usd in {CONFIG}"),
        _cap(day, budget.per_day, day, every, f"budget.per_day in {CONFIG}, or wait until the day is over (UTC)"),
        _cap(month, budget.per_month, month, every, f"budget.per_month in {CONFIG}, or wait for the next month"),
    )
    return BudgetCaps(
        tuple(cap for cap in overall if cap),
        _caps("role", budget.roles, every),
        _caps("agent", budget.agents, every),
    )


def shares(workspace: Workspace, events: Iterable[Event]) -> bool:
    """Whether these events set money aside that the limits over all projects count."""
    asked = (event.data.get("reserved_usd", ZERO) for event in events if event.type is EventType.claimed)
    return workspace.budget.has_caps and any(money(usd) for usd in asked)


def _caps(kind: str, limits: Mapping[str, Decimal], ledgers: tuple[Ledger, ...]) -> Mapping[str, Cap]:
    found = {
        name: _cap(f"{kind} {name}", limit, f"{kind} {name}", ledgers, f"budget.{kind}s.{name} in {CONFIG}")
        for name, limit in limits.items()
    }
    return {name: cap for name, cap in found.items() if cap}


def _cap(name: str, limit: Decimal | None, account: str, ledgers: tuple[Ledger, ...], change: str) -> Cap | None:
    if limit is None:
        return None
    # What is set aside may be spent on any day, so all of it counts in every day and month until it is settled.
    kept = ALL if account.startswith(("day ", "month ")) else account
    return Cap(
        name,
        limit,
        sum((ledger.spent.get(account, ZERO) for ledger in ledgers), ZERO),
        sum((ledger.reserved.get(kept, ZERO) for ledger in ledgers), ZERO),
        max((_told(ledger, name, limit) for ledger in ledgers), default=0),
        change,
    )


def _told(ledger: Ledger, name: str, limit: Decimal) -> int:
    """The highest share of this limit that the ledger's journal alerted of; a limit that was changed counts anew."""
    alert = ledger.alerts.get(name)
    return alert.percent if alert and alert.limit == limit else 0


def _no_room(cap: Cap, asked: Decimal) -> Reason:
    taken = f"{dollars(cap.spent)} are spent and {dollars(cap.reserved)} reserved"
    words = f"the budget '{cap.name}' of {dollars(cap.limit)} has no room for {dollars(asked)}: {taken}"
    return Reason("budget", words, cap.name, f"free what is reserved, or raise {cap.change}")


def crossed(caps_after: Iterable[Cap]) -> Iterator[tuple[Cap, int]]:
    """Each cap with each share of it that is spent by now and was not reported yet, in rising order."""
    for cap in caps_after:
        told, spent = cap.told, cap.spent
        for share in SHARES:
            if share > told and spent > ZERO and spent * 100 >= cap.limit * share:
                yield cap, share


def alert(cap: Cap, share: int) -> dict[str, object]:
    """What an `alerted` event carries."""
    return {"cap": cap.name, "percent": share, "limit": written(cap.limit), "spent": written(cap.spent)}
