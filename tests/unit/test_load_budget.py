"""Budgets and prices as people write them: what cannot be read as a limit lets nothing be spent."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kerrigan.load.budget import budget, shipped_prices
from kerrigan.load.documents import parse_yaml
from kerrigan.load.project import parse_all, project
from kerrigan.load.workspace import workspace
from kerrigan.model.usage import Budget, Price, dollars, money, written

D = Decimal
SHIPPED = Path(__file__).parents[2] / "schemas" / "prices.json"


def configured(text: str) -> Budget:
    return workspace(parse_yaml("kerrigan.yml", f"kerrigan: 7\nbudget: {text}\n")).budget


def test_everything_that_can_be_limited() -> None:
    found = configured(
        "{usd: 100, per_day: 20.5, per_month: 200, roles: {swe: 30}, agents: {Claude: 10}, task_default: 0.1,"
        " prices: {m: {in: 3, out: 15, cached: 0.3, from: 2026-10-07}}}"
    )
    prices = {"m": (Price(D(3), D(15), D("0.3"), "2026-10-07"),)}
    assert found == Budget(D(100), D("20.5"), D(200), {"swe": D(30)}, {"claude": D(10)}, D("0.1"), prices)
    assert (found.has_caps, Budget().has_caps, Budget(roles={"swe": D(0)}).has_caps) == (True, False, True)


@pytest.mark.parametrize("raw", [-1, "lots", True, None, [1], {"usd": 1}, 1e30, float("inf")])
def test_a_limit_that_cannot_be_read_is_nothing_at_all(raw: object) -> None:
    found = budget({"usd": raw, "roles": {"swe": raw}, "task_default": raw})
    assert (found.usd, found.roles, found.task_default) == (D(0), {"swe": D(0)}, D(1))


@pytest.mark.parametrize(
    ("text", "usd"), [("{usd: 25.5}", "25.5"), ("{usd: -5}", "0"), ("25", "0"), ("{euro: 3}", "0")]
)
def test_the_budget_of_a_project(text: str, usd: str) -> None:
    texts = {"spec.md": f"---\nkerrigan: 7\nbudget: {text}\n---\n# Todo\n"}
    assert project("todo", "f", parse_all("f", texts), "acme/todo").budget_usd == D(usd)


@pytest.mark.parametrize("entry", [{}, {"in": 1}, {"in": 1, "out": -1}, 5, {"in": 1, "out": 1, "from": 3}])
def test_half_a_price_is_none(entry: object) -> None:
    assert budget({"prices": {"m": entry}}).prices == {"m": ()}


def test_the_shipped_prices_are_whole_dated_and_say_where_they_come_from() -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    raw: dict[str, Any] = json.loads(text)
    assert raw["as_of"]
    assert all(source.startswith("https://") for source in raw["sources"])
    found = shipped_prices(text)
    assert sum(len(prices) for prices in found.values()) == sum(len(entry["models"]) for entry in raw["prices"])
    for prices in found.values():
        assert len({price.since for price in prices}) == len(prices)
        assert all(price.cached is not None and price.cached < price.tokens_in < price.tokens_out for price in prices)
    assert found["claude-sonnet-5-5"][1] == Price(D(2), D(10), D("0.1"), "2026-10-07")


@pytest.mark.parametrize(
    ("amount", "json_text", "words"),
    [
        ("0", "0", "$0.00"),
        ("12", "12", "$12.00"),
        ("100", "100", "$100.00"),
        ("0.50", "0.5", "$0.50"),
        ("1E+2", "100", "$100.00"),
        ("0.0034", "0.0034", "$0.0034"),
        ("0.0000001", "0.000001", "$0.000001"),
    ],
)
def test_money_in_json_and_in_words(amount: str, json_text: str, words: str) -> None:
    assert (written(money(amount)), dollars(money(amount))) == (json_text, words)


@given(st.decimals(0, 999_999_999, places=6, allow_nan=False))
def test_money_comes_back_from_json_as_it_was(amount: Decimal) -> None:
    assert money(written(amount)) == amount
