"""Every event has words, they name who and why, and what someone wrote cannot act on a terminal."""

import pytest

from kerrigan.model.event import Actor, Event, EventType, Expect
from kerrigan.report.plain import plain
from kerrigan.report.words import log_line, sentence

AT = "2026-11-21T06:00:00.123Z"
HOSTILE = "no\r\n\x1b[31merror\x00 format\x9b2J \u202egnp.exe\u2066 \u2028end\ud800"


def event(type_: EventType, login: str = "ana", **data: object) -> Event:
    return Event(7, "01JD6Z8Q5V0000000000000000", AT, type_, "todo/contract", Actor(login), data=data)


@pytest.mark.parametrize("kind", list(EventType))
def test_every_event_is_one_harmless_line_even_without_data(kind: EventType) -> None:
    keys = ("reason", "forced", "head", "commit", "repository", "number", "role", "what", "to", "key", "not_before")
    money = ("usd", "model", "cap", "percent", "spent", "limit", "tokens_in")
    for said in (sentence(event(kind)), sentence(event(kind, HOSTILE, **dict.fromkeys((*keys, *money), HOSTILE)))):
        assert said.startswith("contract     ")
        assert said.isprintable()


def test_sentences_are_all_different() -> None:
    assert len({sentence(event(kind)) for kind in EventType}) == len(EventType)


def test_a_claim_says_who_as_what_and_with_which_fence() -> None:
    actor = Actor("ada", "agent", "architect")
    claim = Event(1, "", AT, EventType.claimed, "todo/contract", actor, cause="3f2a77", expect=Expect("open", 4))
    assert sentence(claim) == "contract     claimed by ada (agent) as architect, fence 5, woken by dispatch 3f2a77"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (event(EventType.rejected, reason="no error format"), 'sent back by ana: "no error format"'),
        (event(EventType.approved, forced="I wrote it alone"), "approved by ana (forced: I wrote it alone)"),
        (
            event(EventType.submitted, repository="acme/api", number=3, head="d21866f14a99"),
            "submitted by ana: acme/api#3 at d21866f14a",
        ),
        (event(EventType.submitted, repository="acme/api", number=None, head="d2"), "submitted by ana: acme/api at d2"),
        (
            event(EventType.completed, commit="c0ffee", early=True),
            "done: the default branch brings it as c0ffee, before any approval",
        ),
        (event(EventType.retried), "open again for another attempt"),
        (event(EventType.retried, not_before=AT), f"open again for another attempt, not before {AT}"),
        (
            event(EventType.dispatch_requested, to="acme/web", key="deff875748db", kind="kerrigan-task"),
            "acme/web is to work on it (dispatch deff8757)",
        ),
        (
            event(EventType.dispatch_requested, to="acme/web", key="deff875748db", kind="kerrigan-recheck"),
            "acme/web is to look at its gates again (dispatch deff8757)",
        ),
        (
            event(EventType.used, usd="1.5", role="swe", model="m-1", tokens_in=1200, tokens_out=30, cached=4),
            "$1.50 spent as swe for 1,234 tokens of m-1, reported by ana",
        ),
        (event(EventType.used, usd="0.0034", role="review"), "$0.0034 spent as review, reported by ana"),
        (
            event(EventType.alerted, cap="day 2026-11-21", percent=90, spent="9.2", limit="10"),
            "90 % of the budget 'day 2026-11-21' are spent: $9.20 of $10.00",
        ),
    ],
)
def test_words_say_what_the_event_carries(said: Event, words: str) -> None:
    assert sentence(said) == f"contract     {words}"


def test_a_project_event_and_its_line_in_the_log() -> None:
    pause = Event(12, "", AT, EventType.paused, None, Actor("ana"), data={"reason": "freeze"})
    assert log_line(pause) == '   12  2026-11-21T06:00:00Z  project      the project is paused by ana: "freeze"'


def test_plain_keeps_words_and_drops_what_steers_a_terminal() -> None:
    assert plain("größer 漢字 ok") == "größer 漢字 ok"
    assert plain(HOSTILE).isprintable()
    assert plain(HOSTILE).startswith("no")
    assert plain("a\u202eb\x1bc\nd") == "a b c d"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"from": "status.json"}, "imported by ana"),
        ({"from": "beads", "done": ["todo/a"]}, "imported by ana from beads, where 1 task was done: a"),
        (
            {"from": "beads", "done": [f"todo/t{n}" for n in range(2000)]},
            "imported by ana from beads, where 2,000 tasks were done: t0, t1, t2 and 1,997 more",
        ),
        ({"from": [1], "done": [HOSTILE]}, None),
    ],
)
def test_an_import_names_some_of_what_was_done_before(data: dict[str, object], words: str | None) -> None:
    said = sentence(Event(1, "", AT, EventType.imported, None, Actor("ana"), data=data))
    assert said.isprintable()
    assert words is None or said == f"project      {words}"
