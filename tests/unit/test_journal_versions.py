"""Journals of every format there ever was, as they were written then: every later Kerrigan reads them to the same end.

Nothing below tests/data/journal-v* is ever written again.
"""

import json
from collections import Counter
from pathlib import Path

import pytest

from kerrigan.decide.fold import dump, event_of, load, replay
from kerrigan.errors import UnreadableError
from kerrigan.model.event import EventType
from kerrigan.model.state import DispatchStatus, State, Status

DATA = Path(__file__).parents[1] / "data"
FORMATS = sorted(DATA.glob("journal-v*"))


@pytest.fixture(params=FORMATS, ids=lambda folder: folder.name)
def folder(request: pytest.FixtureRequest) -> Path:
    found: Path = request.param
    return found


def lines(folder: Path) -> list[str]:
    return [line for path in sorted(folder.glob("log/*.jsonl")) for line in path.read_text("utf-8").splitlines()]


def test_its_state_is_the_fold_of_its_full_segments(folder: Path) -> None:
    text = (folder / "state.json").read_text("utf-8")
    full = json.loads(text)["segments"] * 128
    state = replay(State(), lines(folder)[:full])
    assert load(text) == state
    assert replay(load(text), lines(folder)[full:]) == replay(State(), lines(folder))
    assert load(dump(state, 1)) == state


def test_its_lines_are_read_as_they_are(folder: Path) -> None:
    for number, line in enumerate(lines(folder), 1):
        assert json.loads(line).items() <= event_of(line, number).to_json().items()


def test_format_1_means_what_it_meant() -> None:
    folder = DATA / "journal-v1"
    kinds = Counter(json.loads(line)["type"] for line in lines(folder))
    assert len(kinds) == 30, "every kind of event that the first format had"
    assert set(kinds) <= set(EventType)
    state = replay(State(), lines(folder))
    contract, endpoint = state.task("todo/contract"), state.task("todo/endpoint")
    assert (contract.status, contract.fence, contract.attempts, contract.review_cycles) == (Status.done, 3, 3, 2)
    assert (endpoint.fence, endpoint.author) == (22, "ada")
    assert state.task("todo/launch").granted == ("go",)
    assert Counter(d.status for d in state.dispatches.values()) == {DispatchStatus.dead: 1}
    assert state.hold is None


@pytest.mark.parametrize(
    ("needs", "step"),
    [
        ({"needs": "0.9.1"}, "install Kerrigan 0.9.1 or newer"),
        ({}, "install a newer Kerrigan"),
        ({"needs": "\n rm -r ~"}, "install a newer Kerrigan"),
        ({"needs": 3}, "install a newer Kerrigan"),
    ],
)
def test_a_newer_journal_is_refused_with_the_version_that_reads_it(needs: dict[str, object], step: str) -> None:
    for refuse in (lambda text: event_of(text, 7), load):
        with pytest.raises(UnreadableError, match="format 2, and this Kerrigan reads formats up to 1") as refused:
            refuse(json.dumps({"v": 2, **needs}))
        assert (refused.value.kind, refused.value.next_step) == ("journal-format", step)
