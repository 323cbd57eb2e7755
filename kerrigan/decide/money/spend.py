"""A report of what work cost: written down whatever the budget says, for the money is gone; people are told."""

import re
from collections.abc import Iterable
from decimal import Decimal

from kerrigan.decide.fold.recording import Recording
from kerrigan.decide.identity import permission_holder, via_of
from kerrigan.decide.money.budget import alert, budget_caps, crossed
from kerrigan.model.decision import Decision, Refusal, Request
from kerrigan.model.event import EventType
from kerrigan.model.forge.facts import Facts
from kerrigan.model.project import Permission, Project, Workspace
from kerrigan.model.state import State
from kerrigan.model.usage import Price, Usage, money

MOST_TOKENS = 10**12
"""No report is of more tokens than this."""

_MODEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/@-]{0,127}")


def spend(project: Project, workspace: Workspace, state: State, request: Request, facts: Facts) -> Decision | Refusal:
    """Decide a report of use. A stop of the project does not refuse it: what was spent was spent.

    `request.data` holds `model`, `tokens_in`, `tokens_out`, `cached` and `usd`, None where the prices decide.
    """
    task = project.tasks[request.task or ""]
    standing = state.task(task.id)
    found = _usage(workspace, request, facts)
    if isinstance(found, str):
        may = facts.permission.allows(Permission.write)
        by = "" if may else f"someone with write permission in {project.home}: "
        step = f"{by}kerrigan spend {task.id} --usd X, or --model M with --tokens-in and --tokens-out"
        allowed = ("spend",) if may else ()
        return Refusal("spend", task.id, standing.status.value, found, standing.holder, allowed, next=step)
    held = state.ledger.open.get(task.id)
    agent = _agent(state, request)
    role = request.role or (held.role if held and held.agent == agent else standing.role or task.role)
    recording = Recording(state, request)
    data = {**found.to_json(), "role": role, "agent": agent, **via_of(request)}
    recording.add(EventType.used, task.id, request.actor, data, request.cause)
    after = recording.state()
    for cap, share in crossed(budget_caps(project, workspace, after, request.at, facts.elsewhere).caps):
        recording.add(EventType.alerted, None, data=alert(cap, share), cause=request.id)
    decision = recording.decision()
    assert decision is not None
    return decision


def _agent(state: State, request: Request) -> str:
    """Whose money it is: of who reports, and where that is an app, of who holds the task or handed it in."""
    standing = state.task(request.task or "")
    worked = standing.holder.login if standing.holder else standing.author
    is_app = request.actor.kind == "app"
    return (worked if is_app and worked else request.actor.login).casefold()


def _usage(workspace: Workspace, request: Request, facts: Facts) -> Usage | str:
    """What was used, or why it cannot be written down."""
    data = request.data
    if not facts.permission.allows(Permission.write):
        who = permission_holder(request)
        return f"{who} has permission '{facts.permission}' in the home repository, and this needs 'write'"
    model = str(data.get("model") or "")
    if model and not _MODEL.fullmatch(model):
        return f"'{model[:80]}' is no name of a model"
    tokens = [data.get(name) or 0 for name in ("tokens_in", "tokens_out", "cached")]
    if any(not isinstance(count, int) or not 0 <= count <= MOST_TOKENS for count in tokens):
        return f"tokens are counted from 0 to {MOST_TOKENS:,}"
    usd = _cost(workspace, model, tokens, request, facts)
    return usd if isinstance(usd, str) else Usage(model, tokens[0], tokens[1], tokens[2], usd)


def _cost(workspace: Workspace, model: str, tokens: list[int], request: Request, facts: Facts) -> Decimal | str:
    given = request.data.get("usd")
    if given is not None:
        try:
            return money(given)
        except ValueError as error:
            return str(error)
    if not model or not any(tokens):
        return "say what it cost: --usd X, or --model M with --tokens-in and --tokens-out"
    price = _price(workspace.budget.prices.get(model, ()), request.at) or _price(
        facts.prices.get(model, ()), request.at
    )
    if price is None:
        return f"'{model}' has no price: give --usd X, or write budget.prices.{model} into .github/kerrigan.yml"
    return price.of(*tokens)


def _price(prices: Iterable[Price], at: str) -> Price | None:
    """The price that holds at a moment: the latest one that does not begin after it."""
    return max((price for price in prices if price.since <= at[:10]), key=lambda price: price.since, default=None)
