"""The journal as a table: every event of the kept journal, and no cell that calculates."""

import csv
import io

import pytest

from kerrigan.apply.state.history import Choice, known
from kerrigan.model.event import Actor, Event, EventType
from kerrigan.report.export import COLUMNS, to_csv
from tests.e2e.branch import old_lines

OLD = [*known(old_lines())]


def rows(*events: Event) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO("".join(to_csv(events)), newline="")))


def test_every_event_is_a_row_and_every_column_keeps_its_place() -> None:
    found = rows(*OLD)
    assert [row["seq"] for row in found] == [str(n) for n in range(1, len(OLD) + 1)]
    assert [row["type"] for row in found] == [event.type.value for event in OLD]
    assert COLUMNS[:8] == ("seq", "at", "type", "task", "by", "kind", "role", "reason")
    claim = next(row for row in found if row["run"])
    assert (claim["by"], claim["kind"], claim["run"], claim["attempt"]) == ("codex", "agent", "4711", "2")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_no_cell_is_a_formula(start: str) -> None:
    said = f"{start}cmd|' /C calc'!A0, \"quoted\"\nnext"
    event = Event(1, "id", "at", EventType.rejected, f"{start}task", Actor(said), data={"reason": said})
    (row,) = rows(event)
    assert row["reason"] == row["by"] == f"'{said}"
    assert not [cell for cell in row.values() if cell.startswith(start)]


def test_half_a_character_is_no_reason_to_fail() -> None:
    (row,) = rows(Event(1, "id", "at", EventType.paused, None, Actor("ada"), data={"reason": "\ud800"}))
    assert (row["reason"], row["task"]) == ("?", "")


@pytest.mark.parametrize(
    ("choice", "count"),
    [
        (Choice(), len(OLD)),
        (Choice(task="todo/launch"), 4),
        (Choice(by="CODEX"), sum(e.actor.login == "codex" for e in OLD)),
        (Choice(types=frozenset({EventType.paused, EventType.stopped})), 2),
        (Choice(after=OLD[9].at), len(OLD) - 10),
        (Choice(before=OLD[9].at), 9),
        (Choice(by="codex", types=frozenset({EventType.approved})), 0),
    ],
)
def test_a_choice_takes_exactly_what_it_says(choice: Choice, count: int) -> None:
    assert sum(choice.takes(event) for event in OLD) == count
