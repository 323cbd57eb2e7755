"""What no CLI should print and some day one does: no reader raises, and none finds success in it."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kerrigan.agents.acp import Client
from kerrigan.agents.acp import read as read_acp
from kerrigan.agents.output import LONGEST_LINE, Failure, Output, count, dollars, outcome_of, parse, status_in
from kerrigan.agents.profiles import PROFILES
from kerrigan.agents.profiles.command import read as read_command
from kerrigan.model.attempt import Outcome, Purpose
from tests.agents.fixtures import CLIS, DATA, record

READERS = {**{name: profile.read for name, profile in PROFILES.items()}, "command": read_command, "acp": read_acp}
DEEP = b'{"type":"result","modelUsage":' + b'{"a":' * 50_000 + b"1" + b"}" * 50_000 + b"}"
ODD = {
    "ten megabytes": b'{"type":"text","text":"' + b"x" * 10_000_000 + b'"}\n',
    "no UTF-8": b'\xff\xfe{"type":"result"}\n\x80\n',
    "NUL": b"\0" * 1000 + b'\n{"type":"res\0ult"}\n',
    "half of an object": b'{"type":"result","subtype":"success","is_err',
    "too deep": DEEP,
    "a number without an end": b'{"type":"result","usage":{"input_tokens":' + b"9" * 100_000 + b"}}\n",
    "wrong types": b'{"type":"result","modelUsage":[1],"usage":"many","total_cost_usd":{},"result":7,"errors":3}\n'
    b'{"type":"step_finish","part":[]}\n{"type":"turn.completed","usage":null}\n{"type":{"a":1}}\n'
    b'{"type":"result","stats":{"models":{"m":3}}}\n{"type":"session.shutdown","data":{"modelMetrics":[]}}\n'
    b'{"id":3,"result":[]}\n{"type":"error","error":[1]}\n{"type":"assistant.message","data":"x"}\n',
    "negative": b'{"type":"result","usage":{"input_tokens":-5,"output_tokens":1e99},"total_cost_usd":-1}\n',
    "no number": b'{"type":"result","total_cost_usd":NaN,"usage":{"input_tokens":Infinity,"output_tokens":true}}\n',
}  # fmt: skip


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("odd", ODD)
def test_odd_output_is_read_without_an_error(name: str, odd: str) -> None:
    lines = ODD[odd].splitlines(keepends=True)
    for exit_status in (0, 1):
        reading = READERS[name](
            Output(iter(lines), ODD[odd][-64_000:], iter(lines), ODD[odd][:LONGEST_LINE], exit_status)
        )
        for usage in (reading.spent.usage or {}).values():
            assert all(0 <= value < 10**13 for value in usage.to_json().values())


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@st.composite
def changed_captures(draw: st.DrawFn) -> tuple[str, list[bytes], list[bytes]]:
    """Lines of a real run in which some values were replaced by any JSON."""
    cli = draw(st.sampled_from(CLIS))
    case = draw(st.sampled_from(["ok", "write", "401", "stop"]))
    out, session = (_changed(draw, DATA / cli / f"{case}.{kind}") for kind in ("out", "session"))
    return cli, out, session


def _changed(draw: st.DrawFn, path: Path) -> list[bytes]:
    lines = path.read_bytes().splitlines() if path.exists() else []
    for _ in range(draw(st.integers(0, 4)) if lines else 0):
        at = draw(st.integers(0, len(lines) - 1))
        lines[at] = json.dumps(_replaced(draw, parse(lines[at]))).encode()
    return lines


def _replaced(draw: st.DrawFn, value: object) -> object:
    if isinstance(value, dict) and value and draw(st.integers(0, 3)):
        key = draw(st.sampled_from(sorted(value)))
        return {**value, key: _replaced(draw, value[key])}
    return draw(JSON)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(changed_captures())
def test_no_change_of_a_real_run_makes_a_reader_raise(found: tuple[str, list[bytes], list[bytes]]) -> None:
    cli, out, session = found
    PROFILES[cli].read(Output(iter(out), b"", iter(session)))


@pytest.mark.parametrize("cli", CLIS)
def test_a_terminal_record_in_a_text_is_text(cli: str, tmp_path: Path) -> None:
    """A model that prints what success looks like changes nothing: it is inside of a string, on one line."""
    fake = (DATA / cli / "ok.out").read_text(encoding="utf-8").splitlines()[-1]
    failed = (DATA / cli / "401.out").read_text(encoding="utf-8").splitlines()
    said = json.dumps(
        {"type": "text", "part": {"text": f"\n{fake}\n"}, "message": {"content": [{"text": f"\n{fake}\n"}]}}
    )
    (tmp_path / "out").write_text("\n".join([failed[0], said, *failed[1:]]) + "\n", encoding="utf-8")
    assert record(cli, "401", stdout=tmp_path / "out").outcome is Outcome.refused


def test_a_line_that_is_too_long_is_skipped_and_the_next_is_read(tmp_path: Path) -> None:
    lines = (DATA / "claude/ok.out").read_bytes()
    with (tmp_path / "out").open("wb") as file:
        file.write(b'{"a":"')
        for _ in range(2 * LONGEST_LINE // 1_000_000):
            file.write(b"x" * 1_000_000)
        file.write(b'"}\n' + lines)
    assert record("claude", "ok", stdout=tmp_path / "out").outcome is Outcome.ok


@given(st.binary(max_size=400))
def test_the_client_of_acp_answers_anything(chunk: bytes) -> None:
    client = Client(Path("/tree"), "prompt", Purpose.review)
    client.begin()
    client.feed(chunk)
    client.feed(b"\n")


@given(JSON)
def test_a_count_and_an_amount_are_sane_whatever_comes(value: object) -> None:
    assert 0 <= count(value) <= 10**12
    amount = dollars(value)
    assert amount is None or 0 <= amount < 10**9


@pytest.mark.parametrize(
    ("failure", "outcome"),
    [
        (Failure("", 401), "refused"), (Failure("", 403), "refused"), (Failure("", 402), "out_of_money"),
        (Failure("", 429), "limited"), (Failure("", 503), "limited"), (Failure("", 529), "limited"),
        (Failure("bad request", 400), "failed"), (Failure("Credit balance is too low", 400), "out_of_money"),
        (Failure("quota (insufficient_quota)", 429), "out_of_money"),
        (Failure("Not logged in · Please run /login"), "refused"),
        (Failure("Claude usage limit reached"), "limited"), (Failure("You've hit your weekly limit"), "limited"),
        (Failure("the test suite failed"), "failed"), (Failure("it failed at line 429 of the file", 400), "failed"),
    ],
)  # fmt: skip
def test_whose_trouble_a_failure_is(failure: Failure, outcome: str) -> None:
    assert outcome_of(failure).value == outcome


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("unexpected status 401 Unauthorized", 401), ("[API Error: 429 rate limit exceeded]", 429),
        ("Request rejected (429) · rate limit", 429), ('{"error":{"code":500}}', 500), ("HTTP 401", 401),
        ("all 429 tests passed in v4.29.1", 429), ("listening on :4290", None), ("file-401.txt is missing", None),
    ],
)  # fmt: skip
def test_the_status_that_a_message_names(text: str, status: int | None) -> None:
    assert status_in(text) == status
