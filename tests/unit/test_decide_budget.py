"""Caps: what a claim reserves, what its end frees, and which claims have no room."""

from dataclasses import replace
from typing import Any

import pytest

from kerrigan.decide.dispatches.dispatch import to_send
from kerrigan.decide.money.budget import budget_caps
from kerrigan.decide.money.ledger import DAYS
from kerrigan.decide.readiness import readiness, ready
from kerrigan.model.decision import Decision, Refusal
from kerrigan.model.event import EventType
from kerrigan.model.timestamp import later
from kerrigan.model.usage import ALL, Ledger
from tests.unit.budget_stage import WEB, D, story, use
from tests.unit.decide_stage import ADA, AT, BO, CLAUDE, GOOD


def test_a_claim_reserves_its_estimate_and_its_end_frees_what_was_not_spent() -> None:
    told = story("10")
    claimed = told.ask(EventType.claimed, "todo/api2", ADA)
    assert isinstance(claimed, Decision)
    assert claimed.events[0].data["reserved_usd"] == "2"
    assert told.state.ledger.reserved == {ALL: D(2), "role architect": D(2), "agent ada": D(2)}
    use(told, "todo/api2", "0.75")
    assert (told.state.ledger.reserved[ALL], told.state.ledger.spent[ALL]) == (D("1.25"), D("0.75"))
    told.ask(EventType.released, "todo/api2", ADA)
    assert (told.state.ledger.reserved, told.state.ledger.open) == ({}, {})
    use(told, "todo/api2", "0.25")
    assert told.state.ledger.spent == {
        ALL: D(1), "role architect": D(1), "agent ada": D(1), "month 2026-11": D(1), "day 2026-11-21": D(1),
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["released", "failed", "submitted", "blocked", "cancelled", "handed_off"])
def test_whatever_ends_the_work_settles_the_reservation(kind: str) -> None:
    told = story("10")
    told.tell("todo/docs", (EventType.claimed, EventType.started))
    assert told.state.ledger.reserved[ALL] == D(1), "the default, for want of an estimate"
    told.ask(EventType(kind), "todo/docs", ADA, reason="so", role="swe")
    assert told.state.ledger.reserved == {}


def test_what_somebody_else_spends_on_the_task_does_not_use_up_the_reservation() -> None:
    told = story("10")
    told.ask(EventType.claimed, "todo/api2", ADA)
    use(told, "todo/api2", "1", BO)
    assert (told.state.ledger.reserved[ALL], told.state.ledger.spent["agent bo"]) == (D(2), D(1))


def test_a_report_of_more_than_was_reserved_is_written_down_and_stops_the_next_claim() -> None:
    told = story("3")
    told.ask(EventType.claimed, "todo/api2", ADA)
    use(told, "todo/api2", "5")
    refused = told.ask(EventType.claimed, "todo/api0", BO)
    assert isinstance(refused, Refusal)
    assert "the budget 'project' of $3.00 has no room for $0.00: $5.00 are spent and $0.00 reserved" in refused.reason


@pytest.mark.parametrize(
    ("limits", "cap"),
    [
        ({"usd": D(1)}, "all projects"),
        ({"per_day": D(1)}, "day 2026-11-21"),
        ({"per_month": D(1)}, "month 2026-11"),
        ({"roles": {"architect": D(1)}}, "role architect"),
    ],
)
def test_every_cap_holds_a_claim_back_and_the_task_says_which(limits: dict[str, Any], cap: str) -> None:
    told = story(**limits)
    word, reasons = readiness(told.project, told.workspace, told.state, "todo/api2", AT)
    assert (word, [(r.kind, r.on) for r in reasons]) == ("waiting", [("budget", cap)])
    assert "todo/api2" not in ready(told.project, told.workspace, told.state, AT)
    assert isinstance(told.ask(EventType.claimed, "todo/api2", ADA), Refusal)
    assert isinstance(told.ask(EventType.claimed, "todo/api1", ADA), Decision), "the whole cap may be used"
    assert isinstance(told.ask(EventType.claimed, "todo/api0", ADA), Refusal), "and at the cap nothing is claimed"


def test_the_cap_of_an_agent_stops_that_agent_alone() -> None:
    told = story(agents={"claude": D("0.4")})
    assert "todo/web" in ready(told.project, told.workspace, told.state, AT)
    refused = told.ask(EventType.claimed, "todo/web", CLAUDE)
    assert isinstance(refused, Refusal)
    assert "'agent claude' of $0.40 has no room for $0.50" in refused.reason
    assert "budget.agents.claude in .github/kerrigan.yml" in refused.next
    assert "claim" not in refused.allowed
    assert isinstance(told.ask(EventType.claimed, "todo/web", BO), Decision)


def test_not_even_an_admin_forces_a_claim_past_a_cap() -> None:
    told = story("1")
    forced = told.ask(EventType.claimed, "todo/api2", ADA, GOOD, force=True, reason="now")
    assert isinstance(forced, Refusal)


def test_a_new_day_has_its_own_money_but_for_what_is_still_reserved() -> None:
    told = story(per_day=D(3), per_month=D(100))
    told.ask(EventType.claimed, "todo/api2", ADA)
    use(told, "todo/api2", "1")
    told.at = "2026-11-22T00:00:00.000Z"
    found = {
        cap.name: (cap.spent, cap.reserved)
        for cap in budget_caps(told.project, told.workspace, told.state, told.at).caps
    }
    assert found == {"day 2026-11-22": (D(0), D(1)), "month 2026-11": (D(1), D(1))}


def test_days_are_forgotten_in_time_and_months_never() -> None:
    told = story()
    for day in range(100):
        told.at = later(AT, day * 86_400)
        use(told, "todo/web", "1")
    spent = told.state.ledger.spent
    days = sorted(account for account in spent if account.startswith("day "))
    assert (len(days), days[-1], spent[ALL]) == (DAYS, f"day {told.at[:10]}", D(100))
    assert sum(usd for account, usd in spent.items() if account.startswith("month ")) == D(100)


def test_money_that_other_projects_spent_and_reserved_counts_against_what_is_shared() -> None:
    told = story("100", usd=D(5), roles={"swe": D(3)})
    other = Ledger({ALL: D(2), "role swe": D(1)}, {ALL: D("1.5"), "role swe": D("1.75")})
    facts = replace(GOOD, elsewhere=(other,))
    assert isinstance(told.ask(EventType.claimed, "todo/api2", ADA, facts), Refusal)
    assert isinstance(told.ask(EventType.claimed, "todo/web", ADA, facts), Refusal)
    assert isinstance(told.ask(EventType.claimed, "todo/api1", ADA, facts), Decision)


def test_nobody_is_woken_for_work_without_money_and_nothing_is_given_up_for_it() -> None:
    told = story("0.5")
    told.tell("todo/api0", (EventType.claimed, EventType.released))
    told.project = replace(told.project, tasks={**told.project.tasks, WEB.id: WEB})
    told.ask(EventType.claimed, WEB.id, CLAUDE)
    told.ask(EventType.released, WEB.id, CLAUDE, fence=1)
    assert [d.task for d in to_send(told.project, told.workspace, told.state, AT)] == [WEB.id]
    use(told, "todo/docs", "0.25")
    assert to_send(told.project, told.workspace, told.state, AT) == ()
