"""Metrics against values that were worked out by hand."""

import pytest

from kerrigan.apply.state.history import known
from kerrigan.model.event import Actor, Event, EventType, Expect
from kerrigan.report.metrics import measure, page
from tests.e2e.branch import old_lines

E = EventType
ADA, BO, BOT = Actor("ada"), Actor("bo"), Actor("claude", "agent", "swe")


def at(day: int, hour: int = 0) -> str:
    return f"2026-11-{day:02}T{hour:02}:00:00.000Z"


def event(when: str, kind: E, task: str, actor: Actor = ADA, status: str = "", **data: object) -> Event:
    return Event(1, "id", when, kind, f"todo/{task}", actor, expect=Expect(status), data=data)


STORY = (
    event(at(2), E.claimed, "a", BOT, "open"),
    event(at(2, 2), E.started, "a", BOT, "claimed"),
    event(at(2, 5), E.submitted, "a", BOT, "working"),
    event(at(2, 6), E.tests_passed, "a", BOT, "testing"),
    event(at(2, 12), E.rejected, "a", ADA, "in_review", reason="no"),
    event(at(3), E.claimed, "a", BOT, "open"),
    event(at(3, 4), E.approved, "a", ADA, "in_review"),
    event(at(3, 6), E.completed, "a", BO, "approved"),
    event(at(9), E.claimed, "b", BO, "open"),
    event(at(9, 1), E.blocked, "b", BO, "working", reason="a key"),
    event(at(9, 3), E.unblocked, "b", ADA, "blocked"),
    event(at(9, 4), E.claimed, "b", BO, "open", forced="now"),
    event(at(9, 10), E.completed, "b", BO, "in_review"),
    event(at(16), E.claimed, "c", BOT, "open"),
    event(at(16, 1), E.approved, "c", ADA, "in_review"),
)
HOUR = 3600.0


def test_each_number_is_what_a_hand_counts() -> None:
    found = measure(STORY)
    assert (found["done"], found["events"], found["first"], found["last"]) == (2, 15, at(2), at(16, 1))
    assert found["cycle"] == {"median": 20 * HOUR, "p90": 30 * HOUR}
    assert found["first_pass"] == {"of": 3, "passed": 2, "rate": pytest.approx(2 / 3)}
    assert found["per_week"] == pytest.approx(2 / (337 / 168))
    assert found["weeks"] == [{"week": "2026-W45", "done": 1}, {"week": "2026-W46", "done": 1}]
    assert found["interventions"] == {
        "total": 3,
        "per_done": 1.5,
        "by_type": {"blocked": 1, "claimed": 1, "unblocked": 1},
    }


def test_waiting_is_told_by_what_it_is_for() -> None:
    waiting = measure(STORY)["waiting"]
    assert {kind: (w["times"], w["total"] / HOUR) for kind, w in waiting.items()} == {
        "open": (2, 13.0),
        "claimed": (1, 2.0),
        "testing": (1, 1.0),
        "in_review": (4, 6.0 + 4.0 + 6.0 + 1.0),
        "approved": (1, 2.0),
        "blocked": (1, 2.0),
    }
    assert waiting["open"]["median"] == 6.5 * HOUR


def test_roles_and_agents_have_their_own() -> None:
    found = measure(STORY)
    assert [(one["name"], one["done"], one["first_pass"]["of"]) for one in found["agents"]] == [
        ("bo", 1, 1),
        ("claude", 1, 2),
    ]
    assert [(one["name"], one["cycle"]["median"]) for one in found["roles"]] == [("", 10 * HOUR), ("swe", 30 * HOUR)]


def test_after_a_moment_only_what_ended_later_counts() -> None:
    found = measure(STORY, at(8))
    assert (found["done"], found["cycle"]["median"], found["first_pass"]["rate"]) == (1, 10 * HOUR, 1.0)
    assert found["per_week"] == pytest.approx(1 / (193 / 168))
    assert "approved" not in found["waiting"]


@pytest.mark.parametrize(("events", "per_week"), [((), None), (STORY[:1], 0.0)])
def test_what_cannot_be_divided_is_not_a_number(events: tuple[Event, ...], per_week: float | None) -> None:
    found = measure(events)
    assert (found["per_week"], found["first_pass"]["rate"], found["cycle"]["p90"]) == (per_week, None, None)
    assert found["interventions"]["per_done"] is None
    assert page("todo", found).count("n/a") == (4 if events else 5)


def test_less_than_a_week_counts_as_one() -> None:
    assert measure(STORY[:8])["per_week"] == 1.0


def test_the_claim_says_its_role() -> None:
    claim = event(at(2), E.claimed, "a", BO, "open", role="spec")
    found = measure([claim, event(at(3), E.completed, "a", BO, "approved")])
    assert [one["name"] for one in found["roles"]] == ["spec"]


def test_a_clock_that_goes_back_makes_no_time_negative() -> None:
    found = measure([event(at(3), E.claimed, "a"), event(at(2), E.completed, "a", status="approved")])
    assert (found["cycle"]["median"], found["waiting"]["approved"]["total"]) == (0.0, 0.0)


def test_a_reopened_task_is_done_a_second_time() -> None:
    again = [event(at(17), E.reopened, "a"), event(at(18), E.claimed, "a"), event(at(19), E.completed, "a")]
    found = measure([*STORY[:8], *again])
    assert (found["done"], found["first_pass"]) == (2, {"of": 2, "passed": 0, "rate": 0.0})
    assert found["cycle"]["p90"] == 17 * 24 * HOUR  # from the first claim, on the 2nd


@pytest.mark.parametrize("ended", [E.cancelled, E.escalated, E.completed])
def test_no_task_that_was_reopened_is_a_first_pass(ended: E) -> None:
    before = [event(at(2), E.claimed, "a"), event(at(3), E.approved, "a"), event(at(4), ended, "a")]
    again = [event(at(5), E.reopened, "a"), event(at(6), E.claimed, "a"), event(at(7), E.completed, "a")]
    found = measure([*before, *again])["first_pass"]
    assert found["of"] - found["passed"] == 1


def test_a_page_is_for_people() -> None:
    text = page("todo", measure(known(old_lines())))
    for words in ("1, 1.0 a week", "codex", "waited for a review", "first pass"):
        assert words in text
    assert "\x1b" not in page("todo", measure([event(at(2), E.completed, "a", Actor("\x1b[31m"))]))


def test_what_was_done_before_an_import_is_nobodys_work() -> None:
    told = Event(1, "id", at(1), E.imported, None, ADA, data={"from": "beads", "done": ["todo/a", "todo/z"]})
    assert measure((told, *STORY)) | {"events": 0, "first": ""} == measure(STORY, at(1)) | {
        "events": 0,
        "first": "",
        "after": None,
    }
    alone = measure((told,))
    assert (alone["done"], alone["weeks"], alone["agents"], alone["interventions"]["total"]) == (0, [], [], 0)
