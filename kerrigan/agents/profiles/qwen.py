"""Qwen Code, `qwen`: events as JSON lines; its record of the session names every request as it happens."""

import re
from collections.abc import Iterable, Iterator

from kerrigan.agents.output import Failure, Json, Output, Reading, count, objects, section, status_in, words
from kerrigan.agents.profile import Config, Flags, Profile, RetryWatch, Scope
from kerrigan.model.attempt import ModelUsage, Outcome, Purpose, Spent, TokenUsage, merged

EXITS = {
    53: "it reached the number of turns it may take",
    55: "it reached the number of tool calls or the time it may take",
}


def read(output: Output) -> Reading:
    """The result, and what its record of the session counts, which a run that was killed has as well."""
    session, text, model, result = "", "", "", None
    for event in objects(output.stdout):
        session = words(event.get("session_id")) or session
        kind = event.get("type")
        if kind == "system" and event.get("subtype") == "init":
            model = words(event.get("model"))
        elif kind == "assistant":
            text = _text(event) or text
        elif kind == "result":
            result = event
    counted, error = _record(output.session)
    usage = counted or _usage(section(result, "usage"), model)
    return Reading(
        ended=result is not None,
        session=session,
        text=words((result or {}).get("result")) or text,
        failure=_failure(output, result, error),
        spent=Spent(usage or None),
    )


def _text(event: Json) -> str:
    content = section(event, "message").get("content")
    parts = content if isinstance(content, list) else []
    return "".join(words(entry.get("text")) for entry in parts if isinstance(entry, dict))


def _failure(output: Output, result: Json | None, error: Failure | None) -> Failure | None:
    if result is None:
        if output.exit in EXITS:
            return Failure(EXITS[output.exit], outcome=Outcome.failed)
        stderr = output.stderr.decode(errors="replace")
        messages = re.findall(r'"message": "((?:[^"\\]|\\.)*)"', stderr)
        return error or (Failure(messages[-1], status_in(messages[-1])) if messages else None)
    if not result.get("is_error") and result.get("subtype") == "success":
        return None
    message = words(section(result, "error").get("message")) or words(result.get("subtype"))
    return Failure(message, status_in(message))


def _record(lines: Iterable[bytes]) -> tuple[ModelUsage, Failure | None]:
    """Usage by model over all requests, and the last error if no answer came after it."""
    used: list[tuple[str, TokenUsage]] = []
    error = None
    for event in _telemetry(lines):
        kind = event.get("event.name")
        if kind == "qwen-code.api_response":
            used.append((words(event.get("model")), _request(event)))
            error = None
        elif kind == "qwen-code.api_error":
            status, message = event.get("status_code"), words(event.get("error_message"))
            error = Failure(message, status if isinstance(status, int) else status_in(message))
    return merged(used), error


def _telemetry(lines: Iterable[bytes]) -> Iterator[Json]:
    for event in objects(lines):
        if event.get("subtype") == "ui_telemetry":
            yield section(event, "systemPayload", "uiEvent")


def _request(event: Json) -> TokenUsage:
    cached = count(event.get("cached_content_token_count"))
    return TokenUsage(
        input=max(0, count(event.get("input_token_count")) - cached),
        cache_read=cached,
        output=count(event.get("output_token_count")),
        reasoning=count(event.get("thoughts_token_count")),
        requests=1,
    )


def _usage(used: Json, model: str) -> ModelUsage:
    cached = count(used.get("cache_read_input_tokens"))
    usage = TokenUsage(
        input=max(0, count(used.get("input_tokens")) - cached),
        cache_read=cached,
        output=count(used.get("output_tokens")),
    )
    return {model: usage} if usage else {}


PROFILE = Profile(
    name="qwen",
    program="qwen",
    package="@qwen-code/qwen-code@0.24.4",
    tried=("0.24.4", "0.24.4"),
    proven="2026-11-30",
    command=(
        *("--output-format", "stream-json"),
        # No server has this name: those of the work tree are not started.
        *("--allowed-mcp-server-names", "none-of-the-work-tree"),
    ),
    roles={
        Purpose.implement: ("--approval-mode", "yolo"),
        Purpose.review: ("--approval-mode", "plan"),
    },
    flags=Flags(model="--model", session="--session-id", turns="--max-session-turns"),
    environment={"QWEN_CODE_SUPPRESS_YOLO_WARNING": "1"},
    config=Config(
        "QWEN_CODE_SYSTEM_SETTINGS_PATH",
        {
            "disableAllHooks": True,
            "memory": {"enableManagedAutoMemory": False, "enableManagedAutoDream": False},
            "model": {"generationConfig": {"maxRetries": 2, "retryInitialDelayMs": 1000, "retryMaxDelayMs": 4000}},
        },
    ),
    keys=("OPENAI_API_KEY", "DASHSCOPE_API_KEY", "QWEN_API_KEY"),
    passes=("OPENAI_BASE_URL", "OPENAI_MODEL", "QWEN_HOME"),
    logins=(".qwen/oauth_creds.json", ".qwen/settings.json"),
    sessions=(".qwen/projects", ".qwen/usage"),
    record=".qwen/projects/*/chats/{session}.jsonl",
    instructions=("QWEN.md", "AGENTS.md"),
    scope=Scope.session,
    exits=EXITS,
    stops=RetryWatch(
        "session",
        failure=re.compile(rb'"event\.name":"qwen-code\.api_error"'),
        success=re.compile(rb'"event\.name":"qwen-code\.api_response"'),
        times=2,
    ),
    read=read,
    telemetry={
        "QWEN_TELEMETRY_ENABLED": "true",
        "QWEN_TELEMETRY_TARGET": "local",
        "QWEN_TELEMETRY_OTLP_ENDPOINT": "{url}",
        "QWEN_TELEMETRY_OTLP_PROTOCOL": "http",
        "QWEN_TELEMETRY_LOG_PROMPTS": "false",
    },
)
