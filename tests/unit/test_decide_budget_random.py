"""Whatever is claimed, reported and ended in whatever order: caps hold, and the ledger is the fold of the journal."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from kerrigan.decide.fold.fold import replay
from kerrigan.decide.fold.state_json import dump, load
from kerrigan.decide.lifecycle import AT_WORK
from kerrigan.decide.money.budget import budget_caps, reservation
from kerrigan.model.decision import Decision
from kerrigan.model.event import Actor, EventType
from kerrigan.model.forge.facts import Facts
from kerrigan.model.state import State
from kerrigan.model.timestamp import later
from kerrigan.model.usage import ALL, Ledger
from tests.unit.budget_stage import PLAN, D, use, workspace
from tests.unit.decide_stage import ADA, AT, BO, CLAUDE, GOOD, Story

TASKS = sorted(PLAN.tasks)
ACTORS = [ADA, BO, CLAUDE]
CENTS = st.integers(0, 99).map(lambda cents: f"{D(cents) / 100}")
ENDS = ["started", "released", "failed", "submitted", "blocked", "unblocked", "cancelled", "reopened", "retried"]
LIMIT = st.none() | st.none() | st.integers(1, 4).map(D)
LIMITS = st.fixed_dictionaries(
    {
        "usd": LIMIT,
        "per_day": LIMIT,
        "per_month": LIMIT,
        "roles": st.dictionaries(st.sampled_from(["swe", "architect"]), st.integers(1, 4).map(D)),
        "agents": st.dictionaries(st.sampled_from(["ada", "claude"]), st.integers(1, 4).map(D)),
        "task_default": st.sampled_from([D(1), D("0.3")]),
    }
)
MOVES = st.tuples(
    st.sampled_from([*["claimed"] * 9, *["used"] * 3, *ENDS]),
    st.sampled_from(TASKS),
    st.sampled_from(ACTORS),
    CENTS,
    st.integers(-30, 40),
    st.booleans(),
)


def check_claim(told: Story, before: State, task: str, actor: Actor, facts: Facts) -> None:
    """A claim that was taken left everything within every cap that is over it."""
    asked = reservation(told.project.tasks[task], told.workspace.budget)
    now = budget_caps(told.project, told.workspace, told.state, told.at, facts.elsewhere)
    over = (*now.overall, now.roles.get(told.project.tasks[task].role), now.agents.get(actor.login))
    assert all(cap.spent + cap.reserved <= cap.limit for cap in over if cap)
    assert told.state.ledger.reserved.get(ALL, D(0)) == before.ledger.reserved.get(ALL, D(0)) + asked


def check_books(told: Story, spent: Decimal) -> None:
    """The ledger is the same from the first line as step by step, and from state.json; and its sums are sums."""
    ledger = told.state.ledger
    assert replay(State(), told.lines) == told.state == load(dump(told.state, 0))
    assert dump(replay(State(), told.lines), 3) == dump(told.state, 3)
    assert ledger.spent.get(ALL, D(0)) == spent
    assert ledger.reserved.get(ALL, D(0)) == sum(held.usd for held in ledger.open.values())
    for prefix in ("role ", "agent "):
        assert sum(usd for name, usd in ledger.reserved.items() if name.startswith(prefix)) == ledger.reserved.get(
            ALL, 0
        )
        assert sum(usd for name, usd in ledger.spent.items() if name.startswith(prefix)) == spent
    assert set(ledger.open) == {task for task, standing in told.state.tasks.items() if standing.status in AT_WORK}


@settings(max_examples=150)
@given(st.lists(MOVES, min_size=6, max_size=30), LIMIT, LIMITS, st.booleans())
def test_no_order_of_claims_reports_and_ends_passes_a_cap_by_a_claim(
    moves: list[tuple[str, str, Actor, str, int, bool]], usd: Decimal | None, limits: dict[str, Any], shared: bool
) -> None:
    told = Story(replace(PLAN, budget_usd=usd), workspace(**limits))
    facts = replace(GOOD, elsewhere=(Ledger({ALL: D(1), "role swe": D("0.5")}, {ALL: D("0.5")}),) if shared else ())
    spent, seen = D(0), list[tuple[str, Decimal, int]]()
    for kind, task, actor, cents, hours, force in moves:
        told.at, before = later(AT, hours * 3600), told.state
        if kind == "used":
            answer = use(told, task, cents, actor, facts)
            spent += D(cents)
            seen += [(e.data["cap"], e.data["limit"], e.data["percent"]) for e in answer.events[1:]]
        else:
            fence = told.state.task(task).fence
            answer = told.ask(EventType(kind), task, actor, facts, fence=fence, force=force, reason="so")
        if kind == "claimed" and isinstance(answer, Decision):
            check_claim(told, before, task, actor, facts)
        check_books(told, spent)
    assert len(seen) == len(set(seen)), "reported the same share twice"
