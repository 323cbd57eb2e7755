"""What format 2 folds: reviews that are claimed, attempts that are taken back, circuits, runs, notes and ideas."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from kerrigan.decide.fold.recording import Recording
from kerrigan.decide.fold.swarm import CLOSED_IDEAS, SEGMENT
from kerrigan.git.journal.snapshot import SEGMENT as LINES
from kerrigan.model import ulid
from kerrigan.model.decision import Decision, Refusal, Request
from kerrigan.model.event import KERRIGAN, Actor, Event, EventType
from kerrigan.model.state import Holder, Status
from kerrigan.model.swarm import Circuit
from kerrigan.model.timestamp import later
from tests.unit.decide_stage import ADA, AT, BO, CLAUDE, EVE, GOOD, TO_REVIEW, TO_WORK, WORKSPACE, E, Story

CODEX = Actor("codex", "agent")
C = "todo/contract"


def write(
    told: Story, kind: EventType, task: str | None = C, actor: Actor = CLAUDE, /, at: str = AT, **data: Any
) -> Event:
    """Write one event down, whatever the guards would say to it."""
    told.asked += 1
    request = Request(kind, task, actor, ulid.encode(told.asked, 0), at)
    recording = Recording(told.state, request)
    recording.add(kind, task, actor, data)
    decision = recording.decision()
    told.record(decision)
    assert decision is not None
    return decision.events[0]


def attempt(outcome: str, **more: Any) -> Mapping[str, Any]:
    return {"agent": "claude", "model": None, "outcome": outcome, "host": "box", **more}


def in_review() -> Story:
    told = Story()
    told.tell(C, TO_REVIEW)
    return told


def test_a_review_is_claimed_by_one_with_a_fence_and_money_of_its_own() -> None:
    told = in_review()
    claimed = told.ask(E.review_claimed, C, CODEX)
    assert isinstance(claimed, Decision)
    standing = told.state.task(C)
    assert (standing.status, standing.review_fence, standing.fence) == (Status.in_review, 1, 1)
    assert standing.review == Holder("codex", "agent", None, later(AT, WORKSPACE.lease))
    assert told.state.ledger.open[f"{C}#review"].agent == "codex"
    refused = told.ask(E.review_claimed, C, EVE)
    assert isinstance(refused, Refusal)
    assert refused.reason == f"codex reviews {C} until {later(AT, WORKSPACE.lease)}"


@pytest.mark.parametrize(
    ("actor", "fence", "late", "why"),
    [
        (CODEX, 1, 0, None),
        (CODEX, 2, 0, f"fence 2 is not valid: the current review of {C} has 1"),
        (EVE, 1, 0, f"codex reviews {C}, not eve"),
        (KERRIGAN, None, 0, f"codex reviews {C}, not kerrigan"),
        (KERRIGAN, None, WORKSPACE.lease, None),
    ],
)
def test_a_review_ends_by_its_holder_or_by_its_lease(
    actor: Actor, fence: int | None, late: float, why: str | None
) -> None:
    told = in_review()
    told.ask(E.review_claimed, C, CODEX)
    told.at = later(AT, late)
    answer = told.ask(E.review_released, C, actor, fence=fence)
    assert (answer.reason if isinstance(answer, Refusal) else None) == why
    assert (told.state.task(C).review is None) == (f"{C}#review" not in told.state.ledger.open) == (why is None)


def test_the_end_of_a_run_ends_its_review() -> None:
    told = in_review()
    told.ask(E.review_claimed, C, CODEX)
    assert isinstance(told.ask(E.review_released, C, KERRIGAN, replace(GOOD, run_ended=True)), Decision)


@pytest.mark.parametrize("kind", [E.approved, E.rejected, E.blocked, E.cancelled, E.escalated, E.handed_off])
def test_whatever_leads_out_of_review_ends_its_claim_and_settles_it(kind: EventType) -> None:
    told = in_review()
    told.ask(E.review_claimed, C, CODEX)
    answer = told.ask(kind, C, EVE, reason="so", role="swe", force=True)
    assert isinstance(answer, Decision), answer
    assert told.state.task(C).review is None
    assert not told.state.ledger.open


def test_money_of_a_review_is_taken_from_what_it_set_aside() -> None:
    told = in_review()
    write(told, E.review_claimed, lease_until=later(AT, 60), role="review", reserved_usd="1")
    usage: dict[str, Any] = {
        "model": "",
        "tokens_in": 0,
        "tokens_out": 0,
        "cached": 0,
        "role": "review",
        "agent": "claude",
    }
    write(told, E.used, usd="0.4", **usage)
    assert str(told.state.ledger.open[f"{C}#review"].usd) == "0.600000"
    write(told, E.used, None, usd="0.1", key="#idea/usability", **usage)
    assert str(told.state.ledger.open[f"{C}#review"].usd) == "0.600000", "an idea is no review"
    assert str(told.state.ledger.spent["agent claude"]) == "0.500000"


@pytest.mark.parametrize("outcome", ["limited", "refused", "out_of_money", "stopped", "superseded"])
@pytest.mark.parametrize("kind", [E.released, E.failed, E.expired])
@pytest.mark.parametrize("to", [(E.claimed,), TO_WORK])
def test_an_attempt_that_is_no_ones_fault_is_taken_back(
    outcome: str, kind: EventType, to: tuple[EventType, ...]
) -> None:
    told = Story()
    for begun in to:
        write(told, begun, C, CODEX, **LEASE)
    write(told, kind, reason="so", attempt=attempt(outcome))
    standing = told.state.task(C)
    assert (standing.attempts, standing.interrupted, dict(told.state.streaks)) == (0, 1, {})


LEASE: dict[str, Any] = {"lease_until": later(AT, 60)}


@pytest.mark.parametrize("outcome", ["failed", "timed_out", "crashed"])
def test_any_other_outcome_counts(outcome: str) -> None:
    told = Story()
    for kind in TO_WORK:
        write(told, kind, **LEASE)
    write(told, E.failed, reason="so", attempt=attempt(outcome))
    standing = told.state.task(C)
    assert (standing.attempts, standing.interrupted, standing.last_failure) == (1, 0, 3)
    assert told.state.streaks["agent:claude"] == 1


def test_attempts_in_a_row_are_counted_until_one_is_handed_in() -> None:
    told = Story()
    for _ in range(3):
        for kind in (E.claimed, E.started):
            write(told, kind, **LEASE)
        write(told, E.released, attempt=attempt("limited"))
    assert told.state.task(C).interrupted == 3
    for kind in (E.claimed, E.started, E.submitted):
        write(told, kind, **LEASE, repository="acme/api", number=7, head="a" * 40, branch="b")
    assert told.state.task(C).interrupted == 0


def test_a_circuit_holds_an_agent_back_on_one_host() -> None:
    told = Story()

    def ended(outcome: str, **more: Any) -> Circuit | None:
        write(told, E.used, **USAGE, attempt=attempt(outcome, **more))
        return told.state.circuits.get("claude@box")

    assert ended("limited") == Circuit("claude", "box", "limited", later(AT, 300))
    assert ended("limited") == Circuit("claude", "box", "limited", later(AT, 600), 2)
    assert ended("stopped") == Circuit("claude", "box", "limited", later(AT, 600), 2), "says nothing of the provider"
    assert ended("limited", until=later(AT, 7)) == Circuit("claude", "box", "limited", later(AT, 7), 3)
    assert ended("ok") is None
    assert ended("refused") == Circuit("claude", "box", "refused", None)
    *_, last = [ended("limited") for _ in range(9)]
    assert last == Circuit("claude", "box", "limited", later(AT, 3600), 10)


USAGE: dict[str, Any] = {
    "model": "",
    "tokens_in": 0,
    "tokens_out": 0,
    "cached": 0,
    "usd": "0",
    "role": "swe",
    "agent": "claude",
}


def test_a_person_who_resumes_an_agent_closes_its_circuits_on_every_host() -> None:
    told = Story()
    for host, agent in (("box", "Claude"), ("", "claude"), ("box", "codex")):
        write(told, E.used, **USAGE, attempt=attempt("refused", host=host, agent=agent))
    assert set(told.state.circuits) == {"claude@box", "claude@github", "codex@box"}
    write(told, E.resumed, None, ADA, scope="agent:claude")
    assert set(told.state.circuits) == {"codex@box"}


def test_a_run_is_known_until_it_ends_and_what_it_held_until_that_is_free() -> None:
    told = Story()
    for run in ("host:1", "host:2", "host:3"):
        write(told, E.work_started, None, ADA, run=run, host="box", agents={"claude": 2})
    write(told, E.work_stop_requested, None, BO, run="host:1", how="abort", reason="fire")
    assert [run.stop and run.stop.how for run in told.state.runs.values()] == ["abort", None, None]
    write(told, E.claimed, **LEASE)
    write(told, E.work_ended, None, ADA, run="host:1", reason="stopped", held={C: 1})
    write(told, E.work_ended, None, ADA, run="host:2", reason="idle", held={})
    assert {run.run: run.ended for run in told.state.runs.values()} == {"host:3": "", "host:1": "stopped"}
    write(told, E.work_stop_requested, None, BO, run=None, how="finish")
    write(told, E.started)
    assert told.state.runs["host:1"].held == {C: 1}, "it holds the task still"
    write(told, E.expired, C, KERRIGAN)
    assert set(told.state.runs) == {"host:3"}


def test_notes_are_forgotten_by_their_tier_as_a_file_fills_unless_they_are_pinned() -> None:
    assert SEGMENT == LINES, "one file of the journal"
    told = Story()
    tiers = ("critical", "routine", "ephemeral", "ephemeral")
    notes = [write(told, E.note_added, None, ADA, text=tier, tier=tier) for tier in tiers]
    write(told, E.note_pinned, None, ADA, note=notes[3].id)
    for _ in range(SEGMENT - 6):
        write(told, E.work_stop_requested, None, ADA, at=later(AT, 100 * 86_400), run=None, how="finish")
    assert len(told.state.notes) == 4
    write(told, E.work_stop_requested, None, ADA, at=later(AT, 100 * 86_400), run=None, how="finish")
    assert [(note.tier, note.pinned) for note in told.state.notes.values()] == [
        ("critical", False),
        ("ephemeral", True),
    ]
    write(told, E.note_dropped, None, ADA, note=notes[0].id)
    assert len(told.state.notes) == 1


def test_the_latest_ideas_that_were_closed_are_remembered() -> None:
    told = Story()
    open_ = write(told, E.idea_proposed, None, CLAUDE, title="Open", category="usability")
    for number in range(CLOSED_IDEAS + 3):
        idea = write(told, E.idea_proposed, None, CLAUDE, title=str(number), category="usability")
        write(told, E.idea_rejected, None, ADA, idea=idea.id)
    titles = [idea.title for idea in told.state.ideas.values()]
    assert (titles[:2], titles[-1], len(titles)) == (["Open", "3"], str(CLOSED_IDEAS + 2), CLOSED_IDEAS + 1)
    write(told, E.idea_accepted, None, ADA, idea=open_.id)
    assert told.state.ideas[open_.id].status == "accepted"


@pytest.mark.parametrize(
    ("questions", "named", "why"),
    [
        ((), None, f"{C} has no open question"),
        (("Which port?",), None, None),
        (("Which port?", "Which host?"), 1, None),
        (("Which port?", "Which host?"), None, "has several open questions, and none of them is named"),
    ],
)
def test_an_answer_is_to_a_question_that_is_open(
    questions: tuple[str, ...], named: int | None, why: str | None
) -> None:
    told = Story()
    told.tell(C, TO_WORK)
    for question in questions:
        assert isinstance(told.ask(E.asked, C, fence=1, reason=question), Decision)
    ids = [question.id for question in told.state.task(C).questions]
    data = {} if named is None else {"question": ids[named]}
    answer = told.ask(E.answered, C, BO, reason="8080", data=data)
    assert why in answer.reason if isinstance(answer, Refusal) and why else why is None
    left = [question.text for question in told.state.task(C).questions]
    assert left == ([text for n, text in enumerate(questions) if n != (named or 0)] if why is None else [*questions])
