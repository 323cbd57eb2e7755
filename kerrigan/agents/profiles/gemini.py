"""Gemini CLI, `gemini`: events as JSON lines, the last of them a result."""

import re

from kerrigan.agents.output import Failure, Json, Output, Reading, count, objects, part, section, status_in, words
from kerrigan.agents.profile import Acp, Config, Flags, Profile, RetryWatch
from kerrigan.model.attempt import ModelUsage, Outcome, Purpose, Spent, TokenUsage

HTTP_EXITS = {status & 255: status for status in (401, 402, 403, 429, 500, 502, 503, 504, 529)}
"""Its exit status after an error of the API: the lower eight bits of the HTTP status."""

EXITS = {
    41: "it is not logged in, or its login does not fit its settings",
    42: "it does not take this input",
    44: "its sandbox failed",
    52: "its settings are not valid",
    53: "it reached the number of turns it may take",
    54: "a tool failed for good",
    55: "it does not trust the folder",
    130: "it was cancelled",
}


def read(output: Output) -> Reading:
    """The result with its status; a run that ended before it had one reports on standard error."""
    session, text, result, error = "", "", None, ""
    for event in objects(output.stdout):
        kind = event.get("type")
        if kind == "init":
            session = words(event.get("session_id"))
        elif kind == "message" and event.get("role") == "assistant":
            text = (text if event.get("delta") else "") + words(event.get("content"))
        elif kind == "tool_use":
            text = ""
        elif kind == "error":
            error = words(event.get("message"))
        elif kind == "result":
            result = event
    usage = _usage(section(result, "stats"))
    return Reading(
        ended=result is not None,
        session=session,
        text=text,
        failure=_failure(output, result, error),
        spent=Spent(usage or None),
    )


def _failure(output: Output, result: Json | None, error: str) -> Failure | None:
    if result is not None and result.get("status") == "success" and not error:
        return None
    message = words(part(result, "error", "message")) or error or EXITS.get(output.exit, "")
    stderr = output.stderr.decode(errors="replace")
    status = HTTP_EXITS.get(output.exit) or status_in(message) or _last_status(stderr)
    if not message and not status and output.exit == 0:
        return None
    # Its texts for a rate limit speak of a plan and of billing as well, so the status alone is believed.
    outcome = Outcome.limited if status == 429 else Outcome.refused if output.exit == 41 else None
    why = f"the provider answers {status}" if status else f"it ended with exit status {output.exit}"
    return Failure(message or why, status, outcome=outcome)


def _last_status(stderr: str) -> int | None:
    found = re.findall(r"failed with status (\d{3})|^\s*status: (\d{3})", stderr, re.MULTILINE)
    return int(found[-1][0] or found[-1][1]) if found else None


def _usage(stats: Json) -> ModelUsage:
    found = {model: _of_model(entry) for model, entry in section(stats, "models").items() if isinstance(entry, dict)}
    return {model: usage for model, usage in found.items() if usage}


def _of_model(entry: Json) -> TokenUsage:
    """`input_tokens` includes what was cached, and no figure but the total includes the thoughts."""
    prompt, answer, cached = (count(entry.get(key)) for key in ("input_tokens", "output_tokens", "cached"))
    thoughts = max(0, count(entry.get("total_tokens")) - prompt - answer)
    return TokenUsage(input=max(0, prompt - cached), cache_read=cached, output=answer + thoughts, reasoning=thoughts)


PROFILE = Profile(
    name="gemini",
    program="gemini",
    package="@google/gemini-cli@0.61.0",
    tried=("0.61.0", "0.61.0"),
    proven="2026-11-30",
    command=("--prompt", "", "--skip-trust", "--output-format", "stream-json"),
    roles={
        Purpose.implement: ("--approval-mode", "yolo"),
        Purpose.review: ("--approval-mode", "plan"),
    },
    flags=Flags(model="--model", session="--session-id"),
    # Its launcher swallows the signal to end; without it there is one process, which ends.
    environment={"GEMINI_CLI_NO_RELAUNCH": "true"},
    config=Config("GEMINI_CLI_SYSTEM_DEFAULTS_PATH", {"general": {"maxAttempts": 2}}, turns="model.maxSessionTurns"),
    keys=("GEMINI_API_KEY", "GOOGLE_API_KEY", "GOOGLE_APPLICATION_CREDENTIALS"),
    passes=(
        "GOOGLE_GEMINI_BASE_URL",
        "GEMINI_MODEL",
        "GOOGLE_GENAI_USE_VERTEXAI",
        "GOOGLE_CLOUD_PROJECT",
        "GOOGLE_CLOUD_LOCATION",
    ),
    logins=(".gemini/oauth_creds.json", ".gemini/google_accounts.json"),
    sessions=(".gemini/tmp",),
    instructions=("GEMINI.md",),
    exits=EXITS,
    stops=RetryWatch(
        "stderr",
        failure=re.compile(rb"Attempt \d+ failed with status (?:429|5\d\d)"),
        success=re.compile(rb"(?!)"),
        times=2,
    ),
    read=read,
    telemetry={
        "GEMINI_TELEMETRY_ENABLED": "true",
        "GEMINI_TELEMETRY_TARGET": "local",
        "GEMINI_TELEMETRY_OTLP_ENDPOINT": "{url}",
        "GEMINI_TELEMETRY_OTLP_PROTOCOL": "http",
        "GEMINI_TELEMETRY_LOG_PROMPTS": "false",
    },
    acp=Acp(("--acp", "--skip-trust"), flags=Flags(model="--model")),
)
