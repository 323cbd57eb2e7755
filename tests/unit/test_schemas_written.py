"""What Kerrigan writes fits the schemas that it ships, and what the schemas let in it reads."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from kerrigan.apply.events.signature import signed
from kerrigan.decide.dispatches.dispatch import Accepted, Answer, Failed, payload, record_sent, to_send
from kerrigan.decide.fold.draft import Draft
from kerrigan.decide.fold.state_json import dump, load
from kerrigan.errors import UnreadableError
from kerrigan.load.github.webhook import read_event
from kerrigan.model.event import KERRIGAN, Actor, Event, EventType, Expect, Run
from kerrigan.model.state import (
    Assignee,
    Author,
    Dispatch,
    Feedback,
    Heartbeat,
    Hold,
    Holder,
    Question,
    State,
    Status,
    Submission,
    TaskState,
)
from kerrigan.model.swarm import Circuit, Idea, Note, StopRequest, WorkRun
from kerrigan.model.timestamp import later
from tests.unit.budget_stage import D, story, use
from tests.unit.decide_stage import AT, PLAN, TO_DONE, Story, ask
from tests.unit.test_decide_random import ASKS

ROOT = Path(__file__).parents[2]
E = EventType


def schema(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((ROOT / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8"))
    return loaded


EVENT, STATE, DISPATCH, PRICES = (
    Draft202012Validator(schema(name)) for name in ("event", "state", "dispatch", "prices")
)


def fit(lines: Iterable[str]) -> set[str]:
    """The types of these journal lines, all of which fit."""
    events = [json.loads(line) for line in lines]
    for event in events:
        EVENT.validate(event)
    return {event["type"] for event in events}


def data_of() -> Iterator[tuple[EventType, dict[str, Any]]]:
    """Every type of event with the schema of what it carries; the common one where it has none of its own."""
    whole = schema("event")
    own = {
        kind: whole["$defs"][case["then"]["properties"]["data"]["$ref"].rpartition("/")[2]]
        for case in whole["allOf"]
        for kind in case["if"]["properties"]["type"]["enum"]
    }
    assert set(own) <= set(EventType)
    for kind in EventType:
        yield kind, own.get(kind, {"examples": [{"reason": "so"}]})


def written(kind: EventType, data: dict[str, Any]) -> Event:
    stage = Expect("open", 0, "")
    return Event(
        1, "01JD6Z8Q5V0000000000000000", AT, kind, "todo/contract", Actor("ada"), Run("7"), expect=stage, data=data
    )


@pytest.mark.parametrize(("name", "kinds"), [("journal-v1", 30), ("journal-v2", len(EventType))])
def test_a_journal_of_each_format_fits(name: str, kinds: int) -> None:
    folder = ROOT / "tests" / "data" / name
    lines = [line for path in sorted(folder.glob("log/*.jsonl")) for line in path.read_text("utf-8").splitlines()]
    assert len(fit(lines)) == kinds
    STATE.validate(json.loads((folder / "state.json").read_text("utf-8")))


@settings(max_examples=40)
@given(st.lists(ASKS, max_size=30))
def test_whatever_is_decided_is_written_as_the_schemas_say(asks: list[tuple[Any, ...]]) -> None:
    told = Story()
    for kind, task, actor, facts, fence, force in asks:
        told.ask(kind, task, actor, facts, fence=fence, force=force, reason="so", role="swe")
    fit(told.lines)
    STATE.validate(json.loads(dump(told.state, 0)))


def test_records_of_use_and_alerts_fit() -> None:
    told = story("10", task_default=D(2))
    told.ask(E.claimed, "todo/web")
    use(told, "todo/web", "9.5", model="claude-sonnet-4-5", tokens_in=5, tokens_out=7, cached=0)
    assert fit(told.lines) == {"claimed", "used", "alerted"}
    STATE.validate(json.loads(dump(told.state, 0)))


@pytest.mark.parametrize(("kind", "data"), list(data_of()), ids=str)
def test_an_event_fits_with_what_its_type_carries_and_is_read_with_what_is_required(
    kind: EventType, data: dict[str, Any]
) -> None:
    (example,) = data["examples"]
    for status in ["", *Status]:
        event = replace(written(kind, example), expect=Expect(str(status)))
        EVENT.validate(json.loads(event.to_line()))
    required = {key: example[key] for key in data.get("required", ())}
    Draft(State(dispatches={"42549fc936015f08": DISPATCHES[0]})).add(written(kind, required))
    for missing in required:
        less = {key: value for key, value in required.items() if key != missing}
        assert not EVENT.is_valid(written(kind, less).to_json())


DISPATCHES = [
    Dispatch("42549fc936015f08", "kerrigan-task", "acme/web", "todo/screen", 3, deadline=AT, role="swe"),
    Dispatch("42549fc936015f08", "kerrigan-recheck", "acme/web", None, 0),
]


@pytest.mark.parametrize("dispatch", DISPATCHES, ids=lambda d: d.kind)
@pytest.mark.parametrize("secret", ["", "s3cret"])
def test_a_payload_fits(dispatch: Dispatch, secret: str) -> None:
    made = payload(dispatch, PLAN, "a" * 40)
    DISPATCH.validate(signed(made, secret))
    assert len(made) == 10


def test_what_came_of_a_sending_fits() -> None:
    told = Story()
    told.tell("todo/contract", TO_DONE)
    answers: list[Answer] = [Failed("404 Not Found"), Accepted(), Accepted()]
    for after, answer in enumerate(answers):
        at = later(AT, after * 86_400)
        (due,) = to_send(told.project, told.workspace, told.state, at)
        DISPATCH.validate(payload(due, told.project, ""))
        asked = ask(E.dispatch_sent, None, KERRIGAN, at)
        told.record(record_sent(told.project, told.workspace, told.state, {due.key: answer}, asked))
    assert {"dispatch_requested", "dispatch_failed", "dispatch_resent"} <= fit(told.lines)
    STATE.validate(json.loads(dump(told.state, 0)))


ODD: list[Any] = [
    None,
    True,
    0,
    -1,
    3,
    2**60,
    1.5,
    "",
    "todo",
    "todo/screen",
    "Todo",
    "../x",
    "a" * 40,
    "A" * 40,
    "acme/web",
    AT,
    [],
    {},
]
GOOD = payload(DISPATCHES[0], PLAN, "a" * 40)


@settings(max_examples=300)
@given(
    st.dictionaries(st.sampled_from([*GOOD, "more"]), st.sampled_from(ODD), max_size=3),
    st.sets(st.sampled_from([*GOOD]), max_size=1),
)
@example(changes={"fence": 2**60}, gone=set())
def test_a_payload_that_fits_is_read(changes: dict[str, Any], gone: set[str]) -> None:
    body = {key: value for key, value in (GOOD | changes).items() if key not in gone}
    webhook = {
        "action": "kerrigan-recheck",
        "client_payload": body,
        "repository": {"full_name": "acme/web"},
        "sender": {"login": "ada", "type": "User"},
    }
    try:
        read_event("repository_dispatch", webhook)
        is_read = True
    except UnreadableError:
        is_read = False
    fits = DISPATCH.is_valid(body)
    is_of_project = body.get("task") is None or str(body.get("task")).startswith(f"{body.get('project')}/")
    assert is_read or not (fits and is_of_project)


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        (TaskState, schema("state")["$defs"]["task"]),
        (Dispatch, schema("state")["$defs"]["dispatch"]),
        (Hold, schema("state")["$defs"]["hold"]),
        (Holder, schema("state")["$defs"]["task"]["properties"]["holder"]),
        (Heartbeat, schema("state")["$defs"]["task"]["properties"]["heartbeat"]),
        (Submission, schema("state")["$defs"]["task"]["properties"]["submission"]),
        (Feedback, schema("state")["$defs"]["task"]["properties"]["feedback"]),
        (Holder, schema("state")["$defs"]["task"]["properties"]["review"]),
        (Author, schema("state")["$defs"]["task"]["properties"]["authors"]["items"]),
        (Assignee, schema("state")["$defs"]["task"]["properties"]["assigned"]),
        (Question, schema("state")["$defs"]["task"]["properties"]["questions"]["items"]),
        (WorkRun, schema("state")["$defs"]["run"]),
        (StopRequest, schema("state")["$defs"]["run"]["properties"]["stop"]),
        (Note, schema("state")["$defs"]["note"]),
        (Idea, schema("state")["$defs"]["idea"]),
        (Circuit, schema("state")["$defs"]["circuit"]),
    ],
    ids=lambda given: getattr(given, "__name__", ""),
)
def test_the_state_has_the_fields_that_its_schema_describes(kind: type[Any], found: dict[str, Any]) -> None:
    assert [field.name for field in fields(kind)] == list(found["properties"])


def test_the_example_of_a_state_is_one() -> None:
    (example,) = schema("state")["examples"]
    whole = load(json.dumps(example))
    assert json.loads(dump(whole, 1)) == example


def test_the_shipped_prices_fit() -> None:
    shipped = json.loads((ROOT / "schemas" / "prices.json").read_text(encoding="utf-8"))
    PRICES.validate(shipped)
    mistakes: list[dict[str, Any]] = [{"in": "a"}, {"models": []}, {"from": "October"}, {"more": "1"}]
    for wrong in mistakes:
        assert not PRICES.is_valid(shipped | {"prices": [shipped["prices"][0] | wrong]})
