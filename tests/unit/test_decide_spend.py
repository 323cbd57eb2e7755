"""Reports of use: what tokens cost, what is refused, whose money it is, and when people are told."""

from dataclasses import replace
from typing import Any

import pytest

from kerrigan.decide.fold.fold import replay
from kerrigan.model.decision import Decision, Refusal
from kerrigan.model.event import EventType
from kerrigan.model.project import Permission
from kerrigan.model.state import State
from kerrigan.model.timestamp import later
from kerrigan.model.usage import ALL, Alert, Ledger, Price
from tests.unit.budget_stage import APP, D, story, use, workspace
from tests.unit.decide_stage import AT, CLAUDE, GOOD


def alerts(answer: Decision) -> list[tuple[str, int]]:
    return [(e.data["cap"], e.data["percent"]) for e in answer.events if e.type is EventType.alerted]


@pytest.mark.parametrize(
    ("reports", "told_of"),
    [
        (["49", "2", "29", "15"], [[], [50], [75], [90]]),
        (["95"], [[50, 75, 90]]),
        (["50", "0", "25", "15", "1"], [[50], [], [75], [90], []]),
        (["49.999999", "0.000001"], [[], [50]]),
    ],
)
def test_people_are_told_at_each_share_once(reports: list[str], told_of: list[list[int]]) -> None:
    told = story("100")
    found = []
    for usd in reports:
        answer = use(told, "todo/web", usd)
        assert replay(State(), told.lines) == told.state
        assert {e.seq for e in answer.events} == {e.seq for e in answer.events if e.at == told.at}
        found.append([percent for _, percent in alerts(answer)])
    assert found == told_of


def test_the_next_day_and_another_limit_are_told_of_again_and_another_journals_alert_is_not() -> None:
    told = story(per_day=D(10))
    assert alerts(use(told, "todo/web", "6")) == [("day 2026-11-21", 50)]
    told.at = later(AT, 86_400)
    assert alerts(use(told, "todo/web", "6")) == [("day 2026-11-22", 50)]
    told.workspace = workspace(per_day=D(7))
    assert alerts(use(told, "todo/web", "0")) == [("day 2026-11-22", 50), ("day 2026-11-22", 75)]
    elsewhere = (Ledger(alerts={"day 2026-11-22": Alert(D(7), 90)}),)
    assert alerts(use(told, "todo/web", "0.5", facts=replace(GOOD, elsewhere=elsewhere))) == []


NEW_PRICE = (Price(D(2), D(10), D("0.2")), Price(D(4), D(20), D("0.1"), "2026-11-21"))


@pytest.mark.parametrize(
    ("tokens", "prices", "usd"),
    [
        ({"tokens_in": 1_000_000}, (Price(D(3), D(15), D("0.3")),), "3"),
        ({"tokens_in": 120_000, "tokens_out": 8_000, "cached": 900_000}, (Price(D(3), D(15), D("0.3")),), "0.75"),
        ({"cached": 1_000_000}, (Price(D(3), D(15)),), "3"),
        ({"tokens_in": 1}, (Price(D("0.05"), D(15)),), "0.000001"),
        ({"tokens_out": 500_000}, NEW_PRICE, "10"),
        ({"tokens_out": 500_000}, NEW_PRICE[:1], "5"),
    ],
)
def test_what_tokens_cost(tokens: dict[str, Any], prices: tuple[Price, ...], usd: str) -> None:
    told = story()
    answer = use(told, "todo/web", None, model="m", facts=replace(GOOD, prices={"m": prices}), **tokens)
    assert answer.events[0].data["usd"] == usd


def test_the_configured_price_goes_before_the_shipped_one_and_what_was_billed_before_both() -> None:
    told, facts = story(prices={"m": (Price(D(1), D(1)),)}), replace(GOOD, prices={"m": (Price(D(9), D(9)),)})
    assert use(told, "todo/web", None, model="m", tokens_in=10**6, facts=facts).events[0].data["usd"] == "1"
    assert use(told, "todo/web", "5", model="m", tokens_in=10**6, facts=facts).events[0].data["usd"] == "5"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"usd": None, "model": "m", "tokens_in": 5}, "'m' has no price: give --usd X"),
        ({"usd": None, "model": "later", "tokens_in": 5}, "'later' has no price"),
        ({"usd": None, "tokens_in": 5}, "say what it cost"),
        ({"usd": None, "model": "later"}, "say what it cost"),
        ({"usd": "-1"}, "'-1' is not an amount in US dollars from 0"),
        ({"usd": "Infinity"}, "not an amount in US dollars"),
        ({"usd": "1e12"}, "not an amount in US dollars"),
        ({"usd": "two"}, "'two' is not an amount in US dollars, for example 1.25"),
        ({"usd": "1", "tokens_in": -1}, "tokens are counted from 0"),
        ({"usd": "1", "tokens_in": 10**13}, "tokens are counted from 0"),
        ({"usd": "1", "model": "a\nb"}, "no name of a model"),
    ],
)
def test_what_cannot_be_counted_is_refused_and_never_guessed(data: dict[str, Any], words: str) -> None:
    told = story()
    facts = replace(GOOD, prices={"later": (Price(D(1), D(1), None, "2027-01-01"),)})
    answer = use(told, "todo/web", facts=facts, **data)
    assert isinstance(answer, Refusal)
    assert words in answer.reason
    assert told.lines == []


def test_only_who_may_write_reports_use() -> None:
    answer = use(story(), "todo/web", facts=replace(GOOD, permission=Permission.read))
    assert isinstance(answer, Refusal)
    assert "needs 'write'" in answer.reason


def test_what_an_app_reports_is_the_money_of_who_works() -> None:
    told = story()
    told.ask(EventType.claimed, "todo/web", CLAUDE)
    assert use(told, "todo/web", "0.1", APP).events[0].data["agent"] == "claude"
    assert told.state.ledger.reserved[ALL] == D("0.4")
    assert use(story(), "todo/docs", "0.1", APP).events[0].data["agent"] == "github-actions[bot]"
