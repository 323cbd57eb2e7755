"""The table: every pair of status and event either moves as it says, or is refused and changes nothing."""

import os
import re
from itertools import product
from pathlib import Path

import pytest

from kerrigan.decide.beside import matrix
from kerrigan.decide.guards.guards import FORCEABLE, GUARDS, NOT_ENFORCED, SAID_LATER
from kerrigan.decide.lifecycle import HELD, TRANSITIONS, VERBS, diagram, table
from kerrigan.decide.step import step
from kerrigan.model.decision import Decision, Refusal
from kerrigan.model.event import EventType
from kerrigan.model.state import Holder, Question, Status
from kerrigan.model.timestamp import later
from tests.unit.decide_stage import ADA, AT, BO, GOOD, HEAD, PLAN, WORKSPACE, ask, standing, state

CONTRACT_VERBS = (
    *("claim", "start", "submit", "pass-tests", "fail-tests", "approve", "reject", "complete", "fail", "retry"),
    *("escalate", "release", "block", "unblock", "hand-off", "confirm", "grant", "cancel", "heartbeat", "reopen"),
)
DOCS = Path(__file__).parents[2] / "docs" / "lifecycle.md"


@pytest.mark.parametrize(("status", "kind"), list(product(Status, EventType)))
def test_every_pair_moves_as_the_table_says_or_is_refused(status: Status, kind: EventType) -> None:
    review = Holder("ada", "person", None, later(AT, 3600)) if status is Status.in_review else None
    asked = (Question("01", "ada", "Which port?", AT),)
    task = standing(status, fence=3, review=review, review_fence=3, questions=asked)
    before = state(launch=task, screen=standing(Status.done))
    request = ask(kind, "todo/launch", role="swe", fence=3, force=True, reason="legal", data={"what": "merge"})
    answer = step(PLAN, WORKSPACE, before, request, GOOD)
    row = TRANSITIONS.get(kind)
    by_itself = {EventType.expired, EventType.flagged}
    fits = row is not None and status in row.sources and kind not in by_itself
    if row is None or not fits:
        assert isinstance(answer, Refusal)
        assert answer.status == status
        assert answer.reason
        return
    assert isinstance(answer, Decision), answer
    assert answer.events[0].type is kind
    assert answer.events[0].expect.status == status
    after = answer.state.task("todo/launch")
    assert after.status is (row.target or status)
    assert (after.holder is not None) == (after.status in HELD or row.target is None)


def test_the_verbs_are_those_of_the_contract() -> None:
    assert tuple(VERBS) == CONTRACT_VERBS
    assert {row.event.value for row in TRANSITIONS.values()} - set(VERBS.values()) == {
        *("expired", "review_claimed", "review_released", "asked", "answered", "assigned", "flagged")
    }


def test_every_guard_has_a_meaning_and_is_asked_for() -> None:
    named = {name for row in TRANSITIONS.values() for name in row.must}
    assert named == set(GUARDS)
    assert named >= FORCEABLE | SAID_LATER
    assert not {name for name, _ in NOT_ENFORCED} & named


def test_the_docs_show_the_table_the_diagram_and_what_the_guards_mean() -> None:
    text = DOCS.read_text(encoding="utf-8")
    guards = "\n".join(f"* `{name}`: {guard.__doc__}" for name, guard in GUARDS.items())
    for part in (table(), diagram(), guards, matrix()):
        if "UPDATE_CASES" in os.environ:
            text = renewed(text, part)
            DOCS.write_text(text, encoding="utf-8", newline="")
        assert part in text, f"docs/lifecycle.md is behind the table; it has to contain:\n\n{part}"


def renewed(text: str, part: str) -> str:
    """The text with a part in the place of the old one: the lines from the same first line to where that block ends."""
    first = part.splitlines()[0]
    before, after = text.split(first, 1)
    end = re.search(r"\n(?=\n|```)", after)
    assert end, f"docs/lifecycle.md has no end of what begins with {first!r}"
    return before + part + after[end.start() :]


@pytest.mark.parametrize(
    ("kind", "status", "actor", "words"),
    [
        (EventType.claimed, Status.claimed, ADA, "you hold todo/contract already (fence 3, until 2026-11-21T07:00"),
        (EventType.claimed, Status.working, BO, "ada holds todo/contract (working, fence 3, until 2026-11-21T07:00"),
        (EventType.claimed, Status.done, BO, "todo/contract is done, and claim needs it to be open"),
        (EventType.blocked, Status.blocked, BO, "todo/contract is blocked already, since 2026-11-21T05:59"),
        (EventType.submitted, Status.claimed, ADA, "submit needs it to be working or testing or in_review or approved"),
        (EventType.paused, Status.open, ADA, "'paused' is nothing that can be asked of a task"),
    ],
)
def test_what_is_not_in_the_table_is_refused_in_words(
    kind: EventType, status: Status, actor: object, words: str
) -> None:
    answer = step(PLAN, WORKSPACE, state(contract=standing(status)), ask(kind, actor=actor), GOOD)  # type: ignore[arg-type]
    assert isinstance(answer, Refusal)
    assert words in answer.reason


def test_a_lease_that_is_over_names_the_command_that_frees_the_task() -> None:
    request = ask(EventType.claimed, actor=BO, at="2026-11-21T08:00:00.000Z")
    answer = step(PLAN, WORKSPACE, state(contract=standing(Status.working)), request, GOOD)
    assert isinstance(answer, Refusal)
    assert "kerrigan reconcile todo" in answer.next
    assert HEAD not in answer.reason
