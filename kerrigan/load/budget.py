"""`budget:` of kerrigan.yml and the shipped prices, to limits and prices. A limit that cannot be read is 0."""

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from kerrigan.model.usage import ZERO, Budget, Price, Prices, money

_DEFAULT = Budget()


def budget(raw: Mapping[str, Any]) -> Budget:
    """The budget that a section of kerrigan.yml defines."""
    usual = amount(raw.get("task_default"))
    return Budget(
        usd=_limit(raw, "usd"),
        per_day=_limit(raw, "per_day"),
        per_month=_limit(raw, "per_month"),
        roles=_limits(raw.get("roles")),
        agents={login.casefold(): limit for login, limit in _limits(raw.get("agents")).items()},
        task_default=_DEFAULT.task_default if usual is None else usual,
        prices={model: tuple(_prices([entry])) for model, entry in _mapping(raw.get("prices")).items()},
    )


def shipped_prices(text: str) -> Prices:
    """The prices in the text of the table that Kerrigan ships: `{"prices": [{"models": […], "in": …}]}`."""
    entries = json.loads(text)["prices"]
    models = dict.fromkeys(model for entry in entries for model in entry["models"])
    return {model: tuple(_prices(e for e in entries if model in e["models"])) for model in models}


def amount(raw: object) -> Decimal | None:
    """The dollars that a number or its text says; None where it says none."""
    if isinstance(raw, bool) or not isinstance(raw, int | float | str):
        return None
    try:
        return money(raw)
    except ValueError:
        return None


def _limit(raw: Mapping[str, Any], name: str) -> Decimal | None:
    # A limit is meant to limit something: one that cannot be read lets nothing be spent.
    return (amount(raw[name]) or ZERO) if name in raw else None


def _limits(raw: object) -> dict[str, Decimal]:
    return {name: amount(limit) or ZERO for name, limit in _mapping(raw).items()}


def _mapping(raw: object) -> Mapping[str, Any]:
    return raw if isinstance(raw, dict) else {}


def _prices(entries: Iterable[object]) -> Iterable[Price]:
    for entry in map(_mapping, entries):
        tokens_in, tokens_out, since = amount(entry.get("in")), amount(entry.get("out")), entry.get("from", "")
        # A price that is only half there is none: the report of use is refused then, and says so.
        if tokens_in is not None and tokens_out is not None and isinstance(since, str):
            yield Price(tokens_in, tokens_out, amount(entry.get("cached")), since)
