"""Journals of every format there ever was, as they were written then: every later Kerrigan reads them to the same end.

Nothing below tests/data/journal-v* is ever written again.
"""

import json
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from kerrigan import __version__
from kerrigan.decide.fold.fold import event_of, replay
from kerrigan.decide.fold.state_json import dump, load
from kerrigan.errors import UnreadableError
from kerrigan.model.event import NEEDS, EventType, digest
from kerrigan.model.state import Assignee, Author, DispatchStatus, State, Status

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


def test_format_2_means_what_it_meant() -> None:
    folder = DATA / "journal-v2"
    state, kinds = replay(State(), lines(folder)), {json.loads(line)["type"] for line in lines(folder)}
    assert kinds == {kind.value for kind in EventType}, "every kind of event that the second format began with"
    contract, endpoint = state.task("todo/contract"), state.task("todo/endpoint")
    assert contract.authors == (Author("codex", "agent", "ada"), Author("", ""), Author("eve", "person"))
    assert (contract.review, contract.review_fence, contract.last_review) == (None, 2, 21)
    assert [question.text for question in contract.questions] == ["Which port?"]
    assert (endpoint.fence, endpoint.assigned, endpoint.last_failure) == (5, Assignee("bo", "person"), 133)
    assert {key: (one.outcome, one.times) for key, one in state.circuits.items()} == {
        "claude@ada-laptop": ("limited", 2)
    }
    assert [(note.text, note.pinned) for note in state.notes.values()] == [
        ("note 0", False),
        ("note 2", False),
        ("note 4", True),
    ]
    assert [(idea.title, idea.status) for idea in state.ideas.values()] == [
        ("Idea 2", "proposed"),
        ("Idea 0", "accepted"),
        ("Idea 1", "rejected"),
    ]
    assert (state.runs, state.ledger.open) == ({}, {})
    assert state.ledger.spent["agent claude"] == Decimal("0.3")
    sealed = load((folder / "state.json").read_text("utf-8"))
    (run,) = sealed.runs.values()
    assert (run.ended, run.held, run.stop and run.stop.how) == ("stopped", {"todo/endpoint": 4}, "finish")


def test_a_newer_kerrigan_writes_what_it_needs() -> None:
    parts = [tuple(map(int, version.split("."))) for version in (NEEDS, __version__)]
    assert parts[0] <= parts[1], "the version that reads this format is this one, or an older one"
    event = json.loads(lines(DATA / "journal-v2")[0])
    assert (event["v"], event["needs"]) == (2, NEEDS)


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
    for refuse in (lambda text: event_of(text, 7), load, lambda text: replay(State(), [text])):
        with pytest.raises(UnreadableError, match="format 3, and this Kerrigan reads formats up to 2") as refused:
            refuse(json.dumps({"v": 3, **needs}))
        assert (refused.value.kind, refused.value.next_step) == ("journal-format", step)


def test_what_a_newer_kerrigan_wrote_is_taken_in_as_far_as_it_is_known() -> None:
    """A newer format and a new kind of event: what is known of both is shown, and both are named."""
    first, *_ = written = lines(DATA / "journal-v2")
    third = json.loads(written[2]) | {"v": 3, "needs": "0.9.1", "hue": 7}
    second = json.loads(written[1]) | {"type": "beamed", "needs": "0.9.0"}
    third["prev"] = digest(json.dumps(second))
    state = replay(State(), [first, json.dumps(second), json.dumps(third)])
    assert (state.seq, state.last, state.task("todo/contract").attempts) == (3, digest(json.dumps(third)), 1)
    assert state.beyond is not None
    assert state.beyond.what == "line 2 of the journal is an event 'beamed', which this Kerrigan does not know"
    assert state.beyond.next_step == "install Kerrigan 0.9.0 or newer"


@pytest.mark.parametrize(
    "path", [("beams",), ("tasks", "todo/contract", "hue"), ("tasks", "todo/contract", "submission", "hue"), ("holds",)]
)
def test_a_key_of_state_json_that_is_not_known_is_passed_over_and_named(path: tuple[str, ...]) -> None:
    text = (DATA / "journal-v2" / "state.json").read_text("utf-8")
    raw = json.loads(text) | {"needs": "0.9.1"}
    *above, key = path
    inner = raw
    for part in above:
        inner = inner[part]
    inner[key] = {"role:swe": {"kind": "paused", "by": "ada", "reason": "", "hue": 7}} if key == "holds" else {}
    state = load(json.dumps(raw))
    assert state.task("todo/contract") == load(text).task("todo/contract")
    assert state.beyond is not None
    assert state.beyond.next_step == "install Kerrigan 0.9.1 or newer"
    assert f"the key '{'hue' if key != 'beams' else key}', which" in state.beyond.what
