"""The client of the Agent Client Protocol: what it sends, what it answers by purpose, and what is read of a turn."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kerrigan.agents.acp import Client, over_acp, read
from kerrigan.agents.output import Output
from kerrigan.agents.profiles import PROFILES
from kerrigan.model.attempt import Outcome, Purpose, TokenUsage
from tests.agents.clis import installed
from tests.agents.desk import Desk, left
from tests.agents.mock_model import TEXT, MockModel

ASK = {
    "jsonrpc": "2.0", "id": 7, "method": "session/request_permission",
    "params": {"options": [
        {"optionId": "always", "kind": "allow_always"}, {"optionId": "once", "kind": "allow_once"},
        {"optionId": "no", "kind": "reject_once"},
    ]},
}  # fmt: skip


def line(**body: Any) -> bytes:
    return json.dumps({"jsonrpc": "2.0", **body}).encode() + b"\n"


def sent(raw: bytes) -> list[dict[str, Any]]:
    return [json.loads(one) for one in raw.splitlines()]


def test_one_prompt_is_three_requests() -> None:
    client = Client(Path("/tree"), "the prompt", Purpose.implement)
    (first,) = sent(client.begin())
    assert (first["method"], first["params"]["protocolVersion"]) == ("initialize", 1)
    reply = line(id=1, result={"protocolVersion": 1})
    assert client.feed(reply[:9]) == b""
    (second,) = sent(client.feed(reply[9:]))
    assert (second["method"], second["params"]) == ("session/new", {"cwd": "/tree", "mcpServers": []})
    (third,) = sent(client.feed(line(id=2, result={"sessionId": "s1"})))
    assert third["params"] == {"sessionId": "s1", "prompt": [{"type": "text", "text": "the prompt"}]}
    assert not client.done
    assert client.feed(line(id=3, result={"stopReason": "end_turn"})) == b""
    assert client.done


@pytest.mark.parametrize(("purpose", "chosen"), [(Purpose.implement, "once"), (Purpose.review, "no")])
def test_a_permission_is_answered_by_purpose(purpose: Purpose, chosen: str) -> None:
    (answer,) = sent(Client(Path("/tree"), "", purpose).feed(json.dumps(ASK).encode() + b"\n"))
    assert answer == {"jsonrpc": "2.0", "id": 7, "result": {"outcome": {"outcome": "selected", "optionId": chosen}}}


def test_what_is_not_offered_is_refused_and_news_are_not_answered() -> None:
    client = Client(Path("/tree"), "", Purpose.review)
    (answer,) = sent(client.feed(line(id=9, method="fs/write_text_file", params={"path": "/etc/passwd"})))
    assert answer["error"]["code"] == -32601
    without = {**ASK, "params": {"options": [{"optionId": "yes", "kind": "allow_once"}]}}
    (answer,) = sent(client.feed(json.dumps(without).encode() + b"\n"))
    assert answer["result"] == {"outcome": {"outcome": "cancelled"}}
    assert client.feed(line(method="vendor/news", params={})) == b""


def test_an_error_ends_the_dialogue() -> None:
    client = Client(Path("/tree"), "", Purpose.implement)
    client.feed(line(id=2, error={"code": -32000, "message": "Authentication required"}))
    assert client.done


def turn(*messages: bytes) -> Any:
    return read(Output([line(id=2, result={"sessionId": "s1"}), *messages]))


def chunk(text: str) -> bytes:
    update = {"sessionUpdate": "agent_message_chunk", "content": {"type": "text", "text": text}}
    return line(method="session/update", params={"update": update})


def test_the_text_is_what_came_after_the_last_tool() -> None:
    tool = line(method="session/update", params={"update": {"sessionUpdate": "tool_call_update"}})
    reading = turn(chunk("I will."), tool, chunk("Do"), chunk("ne."), line(id=3, result={"stopReason": "end_turn"}))
    assert (reading.ended, reading.session, reading.text, reading.failure) == (True, "s1", "Done.", None)


@pytest.mark.parametrize(
    ("response", "outcome"),
    [
        ({"error": {"code": 401, "message": "{...}"}}, 401),
        ({"error": {"code": -32603, "message": "Internal error: invalid x-api-key"}}, None),
        ({"error": {"code": -32603, "message": "x", "data": {"details": "401 invalid x-api-key"}}}, 401),
        ({"error": {"code": -32603, "message": "x", "data": {"http_status_code": 429}}}, 429),
    ],
)
def test_an_error_names_the_status_of_the_provider(response: dict[str, Any], outcome: int | None) -> None:
    assert turn(line(id=3, **response)).failure.status == outcome


def test_usage_is_taken_where_it_covers_the_turn_and_money_where_it_is_told() -> None:
    """opencode's figures are of the last step alone; its money is of the session, which has one turn."""
    last_step = {"stopReason": "end_turn", "usage": {"inputTokens": 70, "outputTokens": 5}}
    cost = line(
        method="session/update", params={"update": {"sessionUpdate": "usage_update", "cost": {"amount": 0.000648}}}
    )
    spent = turn(cost, line(id=3, result=last_step)).spent
    assert (spent.usage, spent.usd) == (None, Decimal("0.000648"))
    quota = {"quota": {"token_count": {"input_tokens": 200, "output_tokens": 14}}}
    spent = turn(line(id=3, result={"stopReason": "end_turn", "_meta": quota})).spent
    assert spent.usage == {"": TokenUsage(input=200, output=14)}


def test_a_turn_that_stopped_otherwise_is_no_success() -> None:
    for reason in ("max_tokens", "refusal", "max_turn_requests", "", None):
        assert turn(line(id=3, result={"stopReason": reason})).failure is not None


@pytest.mark.agent
@pytest.mark.parametrize("name", ["opencode", "gemini"])
def test_two_real_agents_are_driven_by_it(name: str, tmp_path: Path) -> None:
    if not installed(PROFILES[name].program):
        pytest.skip(f"no {PROFILES[name].program} here: .ci/agents installs {PROFILES[name].package}")
    profile = over_acp(PROFILES[name])
    assert profile is not None
    with MockModel() as model:
        desk = Desk(tmp_path, name, model, profile=profile)
        written = desk.attempt("write")
        assert written.record.outcome is Outcome.ok, written.record
        assert (written.tree / "hello.txt").read_text(encoding="utf-8") == "hello\n"
        assert written.record.text == TEXT
        review = desk.attempt("write", purpose=Purpose.review)
        assert not (review.tree / "hello.txt").exists()
        refused = desk.attempt("401")
        assert refused.record.outcome is Outcome.refused, refused.record
        assert [left(one) for one in (written, review, refused)] == [[], [], []]
