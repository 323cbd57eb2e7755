"""A task as JSON, as a row, as a page."""

import pytest

from kerrigan.model.decision import NextStep
from kerrigan.model.event import Actor, Event, EventType
from kerrigan.model.state import Feedback, Status, TaskState
from kerrigan.model.view import TaskView
from kerrigan.report.tasks.tasks import note, page, table, to_json
from tests.unit.report_stage import CONTRACT, EVIL, HELD, HOSTILE, REVIEWED, WAITING, assert_fits, view

KEYS = {
    "id", "title", "role", "repository", "status", "readiness", "reasons", "holder", "fence", "attempts",
    "review_cycles", "branch", "pull_request", "depends_on", "dependents",
}  # fmt: skip
"""TASK, as the command line promises it."""
FAILED = Feedback("failed", "bo", "no network")
RED = Feedback("tests_failed", "ci", "")


def test_json_of_a_waiting_task_has_every_key_of_the_contract() -> None:
    found = to_json(WAITING)
    assert_fits("task", found)
    assert set(found) >= KEYS
    assert found["depends_on"] == ["todo/contract", "todo/endpoint", "external:legal sign-off"]
    assert found["soft"] == ["todo/endpoint"]
    assert found["dependents"] == ["todo/launch"]
    assert found["reasons"][0] == {
        "kind": "dependency",
        "message": "waits on todo/contract, which is working",
        "on": "todo/contract",
    }
    assert (found["status"], found["readiness"], found["holder"], found["pull_request"]) == (
        "open", "waiting", None, None,
    )  # fmt: skip


def test_json_of_a_task_that_came_far() -> None:
    found = to_json(view(CONTRACT, REVIEWED))
    assert_fits("task", found)
    assert found["role"] == "debugging"
    assert found["pull_request"] == {"repository": "acme/api", "number": 7, "head": "d21866f14a99"}
    held = to_json(view(CONTRACT, HELD))
    assert_fits("task", held)
    assert held["holder"]["login"] == "ada"


@pytest.mark.parametrize("status", list(Status))
def test_json_of_every_status_fits(status: Status) -> None:
    assert_fits("task", to_json(view(CONTRACT, TaskState(status))))


def test_table_has_one_aligned_row_a_task() -> None:
    assert table([view(CONTRACT, HELD), WAITING]).splitlines() == [
        "todo/contract  working  architect  api  held by ada",
        "todo/screen    waiting  swe        web  waits on todo/contract, which is working; "
        "waits until a person confirms: legal sign-off",
    ]
    assert table([]) == ""


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (view(CONTRACT, HELD), "held by ada"),
        (view(CONTRACT, REVIEWED), "handed in by ada"),
        (view(CONTRACT, TaskState(), "ready"), "Agree the API contract"),
        (view(CONTRACT, TaskState(Status.failed, feedback=FAILED)), "reported by bo: no network"),
        (view(CONTRACT, TaskState(Status.escalated, feedback=RED)), "tests failed, reported by ci"),
    ],
)
def test_note_says_what_matters_now(found: TaskView, words: str) -> None:
    assert note(found) == words


def test_page_tells_everything() -> None:
    claim = Event(1, "", "2026-11-21T06:00:00.000Z", EventType.started, "todo/contract", Actor("ada", "agent"))
    assert page(
        view(CONTRACT, REVIEWED), [claim], NextStep("kerrigan task approve todo/contract", "bo")
    ).splitlines() == [
        "todo/contract: Agree the API contract",
        "  in_review · role debugging · repository api",
        "  First.",
        "  Then.",
        "",
        "the last attempt: sent back by ana: no error format",
        "",
        "handed in: pull request acme/api#7 at d21866f14a",
        "",
        "history:",
        "      1  2026-11-21T06:00:00Z  contract     started by ada (agent)",
        "",
        "next: bo: kerrigan task approve todo/contract",
    ]


def test_page_of_a_waiting_task_says_every_reason_and_its_next_step() -> None:
    assert page(WAITING, [], None).splitlines() == [
        "todo/screen: Show the list",
        "  waiting · role swe · repository web",
        "",
        "acceptance:",
        "  1. the list is there",
        "",
        "depends on:",
        "  todo/contract",
        "  ~todo/endpoint",
        "  external:legal sign-off",
        "",
        "waited for by:",
        "  todo/launch",
        "",
        "not ready because:",
        "  waits on todo/contract, which is working (next: kerrigan show todo/contract)",
        "  waits until a person confirms: legal sign-off",
    ]


def test_nothing_that_was_written_reaches_the_terminal() -> None:
    rejected = TaskState(Status.failed, feedback=Feedback("failed", HOSTILE, HOSTILE))
    for text in (table([view(EVIL, TaskState(), "ready")]), page(view(EVIL, rejected), [], NextStep(HOSTILE, HOSTILE))):
        assert all(line.isprintable() for line in text.split("\n"))
