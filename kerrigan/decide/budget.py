"""Caps that hold: what a claim reserves, which limits stand against it, and which shares of them were just crossed.

A claim sets money aside before the work, a report of use draws on it, and the end of the work frees what is left. So
what is spent and what is reserved together never pass a cap by a claim; only a report of more than was reserved can.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from kerrigan.model.decision import Reason
from kerrigan.model.facts import Facts
from kerrigan.model.project import Project, Task, Workspace
from kerrigan.model.state import State
from kerrigan.model.usage import ALL, ZERO, Budget, Cap, Ledger, dollars, written

SHARES = (50, 75, 90)
"""Percent of a cap at which people are told, once each."""

CONFIG = ".github/kerrigan.yml"


def reservation(task: Task, budget: Budget) -> Decimal:
    """What a claim of the task sets aside: its estimate, or what kerrigan.yml says for tasks without one."""
    return budget.task_default if task.estimate_usd is None else task.estimate_usd


def caps(project: Project, workspace: Workspace, state: State, at: str, elsewhere: tuple[Ledger, ...]) -> Iterator[Cap]:
    """The caps on everything: of the project, and over all projects of the home repository."""
    budget, own = workspace.budget, (state.ledger,)
    every = (*own, *elsewhere)
    if project.budget_usd is not None:
        yield Cap("project", project.budget_usd, ALL, own, f"budget.usd in {project.path}/spec.md")
    if budget.usd is not None:
        yield Cap("all projects", budget.usd, ALL, every, f"budget.usd in {CONFIG}")
    if budget.per_day is not None:
        day = f"day {at[:10]}"
        yield Cap(day, budget.per_day, day, every, f"budget.per_day in {CONFIG}, or wait for the next day (UTC)")
    if budget.per_month is not None:
        month = f"month {at[:7]}"
        yield Cap(month, budget.per_month, month, every, f"budget.per_month in {CONFIG}, or wait for the next month")


def role_caps(workspace: Workspace, state: State, elsewhere: tuple[Ledger, ...], roles: Iterable[str]) -> Iterator[Cap]:
    """The caps of those of these roles that have one."""
    limits, ledgers = workspace.budget.roles, (state.ledger, *elsewhere)
    for role in (role for role in roles if role in limits):
        yield Cap(f"role {role}", limits[role], f"role {role}", ledgers, f"budget.roles.{role} in {CONFIG}")


def agent_caps(
    workspace: Workspace, state: State, elsewhere: tuple[Ledger, ...], logins: Iterable[str]
) -> Iterator[Cap]:
    """The caps of those of these agents that have one; logins in lower case."""
    limits, ledgers = workspace.budget.agents, (state.ledger, *elsewhere)
    for login in (login for login in logins if login in limits):
        yield Cap(f"agent {login}", limits[login], f"agent {login}", ledgers, f"budget.agents.{login} in {CONFIG}")


def every_cap(
    project: Project, workspace: Workspace, state: State, at: str, elsewhere: tuple[Ledger, ...] = ()
) -> tuple[Cap, ...]:
    """All caps there are, for people to look at and to be alerted of."""
    budget = workspace.budget
    return (
        *caps(project, workspace, state, at, elsewhere),
        *role_caps(workspace, state, elsewhere, budget.roles),
        *agent_caps(workspace, state, elsewhere, budget.agents),
    )


def too_dear(
    task: Task, project: Project, workspace: Workspace, state: State, at: str, facts: Facts, agent: str | None = None
) -> Iterator[Reason]:
    """The caps that stand against a claim of the task; those of agents only where it is known who claims."""
    if project.budget_usd is None and not workspace.budget.has_caps:
        return
    asked = reservation(task, workspace.budget)
    role = state.task(task.id).role or task.role
    for cap in (
        *caps(project, workspace, state, at, facts.elsewhere),
        *role_caps(workspace, state, facts.elsewhere, [role]),
        *agent_caps(workspace, state, facts.elsewhere, [agent.casefold()] if agent else []),
    ):
        if not cap.has_room_for(asked):
            yield Reason("budget", _no_room(cap, asked), cap.name, f"free what is reserved, or raise {cap.change}")


def _no_room(cap: Cap, asked: Decimal) -> str:
    taken = f"{dollars(cap.spent)} are spent and {dollars(cap.reserved)} reserved"
    return f"the budget '{cap.name}' of {dollars(cap.limit)} has no room for {dollars(asked)}: {taken}"


def crossed(caps_after: Iterable[Cap]) -> Iterator[tuple[Cap, int]]:
    """Each cap with each share of it that is spent by now and was not told of yet, in rising order."""
    for cap in caps_after:
        told, spent = cap.told, cap.spent
        for share in SHARES:
            if share > told and spent > ZERO and spent * 100 >= cap.limit * share:
                yield cap, share


def alert(cap: Cap, share: int) -> dict[str, object]:
    """What an `alerted` event carries."""
    return {"cap": cap.name, "percent": share, "limit": written(cap.limit), "spent": written(cap.spent)}
