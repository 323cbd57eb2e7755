"""What was spent, from the journal: by task, role, agent, model or day, and how the caps stand."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from kerrigan.model.event import Event, EventType
from kerrigan.model.usage import ALL, ZERO, Cap, Ledger, dollars, money, written
from kerrigan.report.plain import plain

BY = ("task", "role", "agent", "model", "day")
"""What costs can be added up by."""

TOLD = (90, 75, 50)


@dataclass(frozen=True, slots=True)
class Row:
    """What belongs together, added up; `reports` is how many reports of use there were."""

    key: str
    usd: Decimal = ZERO
    tokens_in: int = 0
    tokens_out: int = 0
    cached: int = 0
    reports: int = 0

    def plus(self, event: Event) -> "Row":
        """The row with one more report in it."""
        data = event.data
        return replace(
            self,
            usd=self.usd + money(data["usd"]),
            tokens_in=self.tokens_in + int(data["tokens_in"]),
            tokens_out=self.tokens_out + int(data["tokens_out"]),
            cached=self.cached + int(data["cached"]),
            reports=self.reports + 1,
        )

    def to_json(self) -> dict[str, Any]:
        """The row for machines; money is a decimal string."""
        counts = {name: getattr(self, name) for name in ("tokens_in", "tokens_out", "cached", "reports")}
        return {"key": self.key, "usd": written(self.usd), **counts}


@dataclass(frozen=True, slots=True)
class Costs:
    """What a project has cost, its rows and their sum; days in order, all else the dearest first."""

    project: str
    by: str
    rows: Sequence[Row]
    total: Row
    caps: Sequence[Cap]
    ledger: Ledger


def costs(project: str, events: Iterable[Event], by: str, ledger: Ledger, caps: Sequence[Cap]) -> Costs:
    """Add up the reports of use in a journal."""
    rows: dict[str, Row] = {}
    total = Row("total")
    for event in (event for event in events if event.type is EventType.used):
        key = _key(event, by)
        rows[key] = rows.get(key, Row(key)).plus(event)
        total = total.plus(event)
    ordered = sorted(rows.values(), key=lambda row: row.key if by == "day" else (-row.usd, row.key))
    return Costs(project, by, ordered, total, caps, ledger)


def _key(event: Event, by: str) -> str:
    match by:
        case "task":
            return event.task or ""
        case "day":
            return event.at[:10]
        case _:
            return str(event.data.get(by) or "unknown")


def text(found: Costs) -> str:
    """The costs as a table, and below it the caps."""
    if not found.rows:
        table = [f"{found.project}: nothing was reported yet (kerrigan spend {found.project}/TASK --usd X)"]
    else:
        table = [f"{found.project} by {found.by}", *_table([*found.rows, found.total])]
    caps = ["", "budget:", *(f"  {cap_line(cap)}" for cap in found.caps)] if found.caps else []
    return "\n".join([*table, *caps])


def to_dict(found: Costs) -> dict[str, Any]:
    """The costs for machines."""
    return {
        "project": found.project,
        "by": found.by,
        "rows": [row.to_json() for row in found.rows],
        "total": found.total.to_json(),
        "budget": standing(found.ledger, found.caps),
    }


def standing(ledger: Ledger, caps: Sequence[Cap]) -> dict[str, Any]:
    """How a project's budget stands: spent, set aside, and every cap."""
    return {
        "spent": written(ledger.spent.get(ALL, ZERO)),
        "reserved": written(ledger.reserved.get(ALL, ZERO)),
        "caps": [cap.to_json() for cap in caps],
    }


def cap_line(cap: Cap) -> str:
    """One cap on one line; the highest share that it has passed stands at the end."""
    share = next((share for share in TOLD if cap.spent * 100 >= cap.limit * share), 0)
    passed = f"  ! over {share} %" if share and cap.spent else ""
    taken = f"{dollars(cap.spent)} spent, {dollars(cap.reserved)} reserved"
    return f"{plain(cap.name)}: {taken} of {dollars(cap.limit)}{passed}"


def _table(rows: Sequence[Row]) -> list[str]:
    cells = [("", "cost", "tokens in", "out", "cached", "reports"), *map(_cells, rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(6)]
    return ["  ".join(_aligned(row, widths)).rstrip() for row in cells]


def _cells(row: Row) -> tuple[str, ...]:
    counts = (f"{count:,}" for count in (row.tokens_in, row.tokens_out, row.cached, row.reports))
    return (plain(row.key), dollars(row.usd), *counts)


def _aligned(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    first, *numbers = (
        cell.rjust(width) if column else cell.ljust(width)
        for column, (cell, width) in enumerate(zip(row, widths, strict=True))
    )
    return [f"  {first}", *numbers]
