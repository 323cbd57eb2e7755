"""Every reader on what its CLI really printed: the outcome of each case, and its usage to the token.

The mock charges each request the same, so what is right follows from the number of requests that it answered, not from
what a reader finds.
"""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from kerrigan.agents.profiles import PROFILES
from kerrigan.agents.profiles.command import profile as program_profile
from kerrigan.agents.run import Run, read
from kerrigan.model.attempt import Outcome, Spent, TokenUsage
from tests.agents.fixtures import CLIS, DATA, cases, ended, record
from tests.agents.mock_model import TEXT

O = Outcome  # noqa: E741
REQUEST = {
    "claude": TokenUsage(100, 30, 20, 0, 7, 0),
    "codex": TokenUsage(50, 30, 20, 0, 7, 2),
    "copilot": TokenUsage(70, 30, 0, 0, 7, 2),
    "gemini": TokenUsage(70, 30, 0, 0, 9, 2),
    "qwen": TokenUsage(70, 30, 0, 0, 7, 2),
    "opencode": TokenUsage(70, 30, 0, 0, 7, 2),
    "kilo": TokenUsage(70, 30, 0, 0, 7, 2),
}
"""What one request costs in each interface: input without the cache, output with its reasoning."""

OUTCOMES = {
    "ok": O.ok, "write": O.ok, "review": O.ok, "empty": O.failed, "401": O.refused, "429": O.limited,
    "500": O.limited, "broke": O.out_of_money, "cap": O.failed, "stop": O.stopped, "cut-once": O.ok,
}  # fmt: skip
OTHERWISE = {
    ("gemini", "broke"): O.limited,  # its texts speak of billing for a rate limit as well
    ("gemini", "cut-once"): O.failed,  # it does not try again
    ("codex", "cap"): O.timed_out,
    ("copilot", "cap"): O.timed_out,
    ("opencode", "cap"): O.timed_out,
    ("kilo", "cap"): O.timed_out,
}
ANSWERED = {"ok": 1, "write": 2}
"""How many requests were answered, where that does not depend on the CLI."""


@pytest.mark.parametrize(("cli", "case"), [(cli, case) for cli in CLIS for case in OUTCOMES if case in cases(cli)])
def test_the_outcome_of_each_case(cli: str, case: str) -> None:
    found = record(cli, case)
    assert found.outcome == OTHERWISE.get((cli, case), OUTCOMES[case]), found
    assert found.message
    assert found.limited_until is None or found.outcome is O.limited


@pytest.mark.parametrize("cli", CLIS)
@pytest.mark.parametrize("case", ANSWERED)
def test_usage_is_right_to_the_token(cli: str, case: str) -> None:
    found = record(cli, case)
    assert cases(cli)[case]["requests"] == ANSWERED[case], "the CLI made a request that nothing counts"
    assert found.usage is not None
    assert times(REQUEST[cli], ANSWERED[case]) == without_requests(found.usage)
    assert found.usage.requests in (0, ANSWERED[case])
    assert found.text == TEXT


def times(usage: TokenUsage, factor: int) -> TokenUsage:
    return sum([usage] * factor, TokenUsage())


def without_requests(usage: TokenUsage) -> TokenUsage:
    return usage - TokenUsage(requests=usage.requests)


@pytest.mark.parametrize("cli", CLIS)
def test_a_refused_key_costs_nothing_and_names_no_amount(cli: str) -> None:
    found = record(cli, "401")
    assert (found.usage, found.spent.usd) == (None, None)


@pytest.mark.parametrize("cli", ["copilot", "qwen"])
def test_a_run_that_was_stopped_is_counted_by_its_own_record(cli: str) -> None:
    found = record(cli, "stop")
    assert found.usage is not None
    assert without_requests(found.usage) == REQUEST[cli]


@pytest.mark.parametrize("cli", ["claude", "gemini"])
def test_a_run_that_was_stopped_is_counted_by_its_telemetry(cli: str) -> None:
    counted = Spent({"m": REQUEST[cli]}, Decimal("0.000489") if cli == "claude" else None)
    assert record(cli, "stop").usage is None
    found = read(PROFILES[cli], Run(ended(cli, "stop"), witness=counted))
    assert (found.outcome, found.usage, found.spent.usd) == (O.stopped, REQUEST[cli], counted.usd)


def test_a_run_of_codex_that_was_stopped_is_counted_by_its_own_record_up_to_its_last_step() -> None:
    usage, requests = record("codex", "cap").usage, cases("codex")["cap"]["requests"]
    assert usage in (times(REQUEST["codex"], requests), times(REQUEST["codex"], requests - 1))


def test_the_record_of_a_session_is_found_by_the_name_that_the_output_gives_it(tmp_path: Path) -> None:
    folder = tmp_path / ".codex/sessions/2026/11/30"
    folder.mkdir(parents=True)
    session = record("codex", "cap").session
    (folder / f"rollout-x-{session}.jsonl").write_bytes((DATA / "codex/cap.session").read_bytes())
    assert record("codex", "cap", record=None, home=tmp_path).usage == record("codex", "cap").usage
    hostile = (DATA / "codex/cap.out").read_text(encoding="utf-8").replace(session, "../*")
    (tmp_path / "out").write_text(hostile, encoding="utf-8")
    assert record("codex", "cap", record=None, home=tmp_path, stdout=tmp_path / "out").usage is None


def test_telemetry_is_only_asked_where_the_agent_says_nothing() -> None:
    forged = Spent({"m": TokenUsage(input=1)}, Decimal(0))
    found = read(PROFILES["claude"], Run(ended("claude", "ok"), witness=forged))
    assert found.usage == REQUEST["claude"] + TokenUsage(requests=1)
    assert found.spent.usd == Decimal("0.000489")


# --- the mistakes that are made when tokens are counted: facts of the CLIs, each a test ---


def test_claude_reports_two_scopes_in_one_object() -> None:
    """After a resume `.usage` is this run, and `.modelUsage` and the money are the session."""
    first = record("claude", "resume-1")
    assert (first.usage, first.spent.usd) == (REQUEST["claude"] + TokenUsage(requests=1), Decimal("0.000489"))
    second = record("claude", "resume-2", {first.session: first.session_total})
    assert second.session == first.session
    assert without_requests(second.usage or TokenUsage()) == REQUEST["claude"]
    assert second.spent.usd == Decimal("0.000489")
    assert second.session_total.usd == Decimal("0.000978")


@pytest.mark.parametrize("cli", ["codex", "copilot", "qwen"])
def test_the_total_of_a_session_is_not_the_usage_of_a_run(cli: str) -> None:
    first = record(cli, "resume-1")
    second = record(cli, "resume-2", {first.session: first.session_total})
    assert second.session == first.session
    assert without_requests(second.usage or TokenUsage()) == REQUEST[cli]
    assert without_requests(record(cli, "resume-2").usage or TokenUsage()) == times(REQUEST[cli], 2)


@pytest.mark.parametrize("cli", ["codex", "copilot", "gemini", "qwen"])
def test_cached_tokens_are_not_counted_twice(cli: str) -> None:
    """In these the prompt of 100 includes 30 from the cache."""
    usage = record(cli, "ok").usage
    assert usage is not None
    assert usage.input + usage.cache_read + usage.cache_write == 100


def test_cached_tokens_of_claude_and_opencode_come_on_top() -> None:
    claude, opencode = record("claude", "ok").usage, record("opencode", "ok").usage
    assert claude is not None and opencode is not None  # noqa: PT018
    assert (claude.input, claude.cache_read, claude.cache_write) == (100, 30, 20)
    assert (opencode.input, opencode.cache_read) == (70, 30)


def test_thoughts_of_gemini_come_on_top_of_its_output() -> None:
    usage = record("gemini", "ok").usage
    assert usage is not None
    assert (usage.output, usage.reasoning) == (9, 2)


def test_a_step_of_opencode_that_is_reported_twice_is_counted_once(tmp_path: Path) -> None:
    lines = (DATA / "opencode/ok.out").read_text(encoding="utf-8")
    (tmp_path / "twice").write_text(lines + lines, encoding="utf-8")
    usage = record("opencode", "ok", stdout=tmp_path / "twice").usage
    assert usage == REQUEST["opencode"] + TokenUsage(requests=1)


def test_messages_of_claude_repeat_their_usage_and_are_not_added(tmp_path: Path) -> None:
    """Each block of one message repeats the message's usage, with an output that is not final."""
    lines = (DATA / "claude/write.out").read_text(encoding="utf-8").splitlines(keepends=True)
    doubled = [line for line in lines for _ in range(3 if '"type":"assistant"' in line else 1)]
    (tmp_path / "blocks").write_text("".join(doubled), encoding="utf-8")
    usage = record("claude", "write", stdout=tmp_path / "blocks").usage
    assert usage == times(REQUEST["claude"], 2) + TokenUsage(requests=2)


def test_a_request_in_the_record_of_copilot_is_counted_once_with_and_without_a_shutdown(tmp_path: Path) -> None:
    lines = (DATA / "copilot/write.session").read_text(encoding="utf-8").splitlines(keepends=True)
    killed = [line for line in lines if '"session.shutdown"' not in line]
    (tmp_path / "killed").write_text("".join(killed + killed), encoding="utf-8")
    assert len(killed) < len(lines)
    assert record("copilot", "write", record=tmp_path / "killed").usage == record("copilot", "write").usage


def test_an_answer_whose_stream_broke_has_no_known_usage() -> None:
    """qwen takes the text it got for the answer and reports zero tokens: they were paid, and how many is not known."""
    found = record("qwen", "cut")
    assert found.usage is None


def test_money_of_opencode_is_the_sum_of_its_steps() -> None:
    assert record("opencode", "write").spent.usd == Decimal("0.000648")


def test_a_cap_of_claude_keeps_the_money_and_throws_the_answer_away() -> None:
    found = record("claude", "cap")
    assert (found.outcome, found.text) == (O.failed, "")
    assert found.spent.usd == Decimal("0.001467")
    assert found.usage == times(REQUEST["claude"], 3) + TokenUsage(requests=3)


# --- what an exit status and a word of success are worth ---


@pytest.mark.parametrize("cli", CLIS)
def test_an_exit_status_of_0_without_a_terminal_record_is_no_success(cli: str, tmp_path: Path) -> None:
    (tmp_path / "out").write_text('{"type": "progress"}\nall done, everything succeeded\n', encoding="utf-8")
    found = record(cli, "ok", stdout=tmp_path / "out", record=None, stderr=tmp_path / "none", exit=0)
    assert found.outcome is O.crashed
    assert "did not report an end" in found.message


@pytest.mark.parametrize("cli", CLIS)
def test_a_terminal_record_is_no_success_with_another_exit_status(cli: str) -> None:
    assert record(cli, "ok", exit=1).outcome is O.crashed
    assert record(cli, "ok", exit=-9).outcome is O.crashed


def test_success_is_not_what_claude_calls_it() -> None:
    text = (DATA / "claude/401.out").read_text(encoding="utf-8")
    assert '"subtype":"success"' in text
    assert record("claude", "401", exit=0).outcome is O.refused


def test_the_retry_time_of_the_provider_is_when_the_limit_ends(tmp_path: Path) -> None:
    event = json.loads((DATA / "opencode/401.out").read_text(encoding="utf-8"))
    event["error"]["data"] |= {"statusCode": 429, "responseHeaders": {"retry-after": "3600"}}
    (tmp_path / "out").write_text(json.dumps(event), encoding="utf-8")
    assert record("opencode", "401", stdout=tmp_path / "out").limited_until == "2026-11-30T13:00:00Z"


@pytest.mark.parametrize("cli", CLIS)
def test_a_reader_names_the_session(cli: str) -> None:
    assert record(cli, "ok").session


def test_no_secret_of_a_record_or_a_result_is_read(tmp_path: Path) -> None:
    """Only the log was cleaned while it was written."""
    secret = "sk-secret-of-the-provider"
    event = {"subtype": "ui_telemetry", "systemPayload": {"uiEvent": {"event.name": "qwen-code.api_error"}}}
    event["systemPayload"]["uiEvent"] |= {"status_code": 401, "error_message": f"401 bad key {secret}"}  # type: ignore[index]
    (tmp_path / "session").write_text(json.dumps(event), encoding="utf-8")
    run = Run(ended("qwen", "ok", exit=1, stdout=tmp_path / "none", record=tmp_path / "session"), (secret,))
    assert read(PROFILES["qwen"], run).message == "401 bad key ***"
    (tmp_path / "result").write_text(json.dumps({"message": f"used {secret}"}), encoding="utf-8")
    run = Run(ended("qwen", "ok", result=tmp_path / "result"), (secret,))
    assert read(program_profile("mine", ["mine"], tmp_path), run).text == "used ***"
