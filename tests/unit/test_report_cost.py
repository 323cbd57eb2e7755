"""What was spent, added up from the journal's events, for people and for machines."""

from decimal import Decimal

import pytest

from kerrigan.model.event import Actor, Event, EventType
from kerrigan.model.usage import ALL, Cap, Ledger
from kerrigan.report.cost import BY, cap_line, costs, text, to_dict
from tests.unit.report_stage import ESCAPE, HOSTILE, assert_fits

D = Decimal


def used(task: str, usd: str, day: int, **more: object) -> Event:
    data = {"usd": usd, "model": "m", "tokens_in": 1000, "tokens_out": 20, "cached": 3, "role": "swe", "agent": "ada"}
    at = f"2026-11-{day:02}T06:00:00.000Z"
    return Event(1, "", at, EventType.used, f"todo/{task}", Actor("ada"), data={**data, **more})


EVENTS = [
    used("web", "0.1", 21),
    Event(2, "", "2026-11-21T07:00:00.000Z", EventType.failed, "todo/web", Actor("ada"), data={"reason": "broken"}),
    used("web", "0.2", 22, role="review", agent="bo", model=""),
    used("api", "2", 20, agent="claude"),
]
CAPS = (Cap("project", D(3), D("2.3"), D("0.5"), 75), Cap("role swe", D(100), D("2.1"), D(0)))
LEDGER = Ledger({ALL: D("2.3")}, {ALL: D("0.5")})


@pytest.mark.parametrize(
    ("by", "rows"),
    [
        ("task", [("todo/api", "2"), ("todo/web", "0.3")]),
        ("role", [("swe", "2.1"), ("review", "0.2")]),
        ("agent", [("claude", "2"), ("bo", "0.2"), ("ada", "0.1")]),
        ("model", [("m", "2.1"), ("unknown", "0.2")]),
        ("day", [("2026-11-20", "2"), ("2026-11-21", "0.1"), ("2026-11-22", "0.2")]),
    ],
)
def test_reports_of_failed_work_and_of_reviews_count_and_every_table_has_the_same_sum(
    by: str, rows: list[tuple[str, str]]
) -> None:
    body = to_dict(costs("todo", EVENTS, by, LEDGER, CAPS))
    assert [(row["key"], row["usd"]) for row in body["rows"]] == rows
    assert (body["total"]["usd"], body["total"]["reports"], body["total"]["tokens_in"]) == ("2.3", 3, 3000)
    assert_fits("cost", {"projects": [body]})


def test_the_table() -> None:
    assert text(costs("todo", EVENTS, "task", LEDGER, CAPS)).splitlines() == [
        "todo by task",
        "             cost  tokens in  out  cached  reports",
        "  todo/api  $2.00      1,000   20       3        1",
        "  todo/web  $0.30      2,000   40       6        2",
        "  total     $2.30      3,000   60       9        3",
        "",
        "budget:",
        "  project: $2.30 spent, $0.50 reserved of $3.00  ! over 75 %",
        "  role swe: $2.10 spent, $0.00 reserved of $100.00",
    ]


def test_nothing_yet_says_how_to_report() -> None:
    assert text(costs("todo", [], "task", Ledger(), ())) == (
        "todo: nothing was reported yet (kerrigan spend todo/TASK --usd X)"
    )


@pytest.mark.parametrize("by", BY)
def test_what_somebody_wrote_cannot_act_on_a_terminal(by: str) -> None:
    found = text(costs("todo", [used("web", "1", 21, role=HOSTILE, agent=HOSTILE, model=HOSTILE)], by, LEDGER, ()))
    assert ESCAPE not in found
    assert len(found.splitlines()) == 4


def test_a_limit_of_nothing_is_over_as_soon_as_something_is_spent() -> None:
    assert "over" not in cap_line(Cap("project", D(0), D(0), D(0)))
    assert "over 90 %" in cap_line(Cap("project", D(0), D("0.01"), D(0)))
