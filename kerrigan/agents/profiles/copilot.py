"""GitHub Copilot CLI, `copilot`: events as JSON lines; tokens stand only in its record of the session."""

import re
from collections.abc import Iterable

from kerrigan.agents.output import Failure, Json, Output, Reading, count, objects, part, section, status_in, words
from kerrigan.agents.profile import Flags, Profile, RetryWatch, Scope
from kerrigan.model.attempt import ModelUsage, Outcome, Purpose, Spent, TokenUsage, merged


def read(output: Output) -> Reading:
    """The result, with the last message and the last error before it.

    The result of a run that was stopped reports exit code 0, so an abort counts as a failure in any case.
    """
    session, text, failure, ended = "", "", None, False
    for event in objects(output.stdout):
        data = section(event, "data")
        kind = event.get("type")
        if kind == "assistant.message":
            text = words(data.get("content")) or text
            failure = None
        elif kind == "session.error":
            status = data.get("statusCode")
            message = words(data.get("message"))
            failure = Failure(message, status if isinstance(status, int) else status_in(message))
        elif kind == "model.call_failure" and not ended:
            status = data.get("statusCode")
            failure = Failure(words(data.get("errorMessage")), status if isinstance(status, int) else None)
        elif kind == "session.autopilot_stopped" and data.get("reason") == "cap_reached":
            failure = Failure("it reached the number of turns it may take", outcome=Outcome.failed)
        elif kind == "abort":
            failure = failure or Failure("it was stopped", outcome=Outcome.stopped)
        elif kind == "result":
            ended, session = True, words(event.get("sessionId"))
            if event.get("exitCode") != 0 and failure is None:
                failure = Failure(f"it reports exit code {event.get('exitCode')}")
    if not ended and failure is None and output.stderr.strip():
        failure = Failure(output.stderr.decode(errors="replace").strip())
    usage = _usage(output.session)
    return Reading(ended=ended, session=session, text=text, failure=failure, spent=Spent(usage or None))


def _usage(lines: Iterable[bytes]) -> ModelUsage:
    """The total of the last shutdown; of a run that was killed, the sum over its requests, each counted once."""
    total: ModelUsage = {}
    requests: dict[str, tuple[str, TokenUsage]] = {}
    for event in objects(lines):
        if event.get("type") == "session.shutdown":
            metrics = section(event, "data", "modelMetrics")
            total = {model: _of_model(entry) for model, entry in metrics.items() if isinstance(entry, dict)}
            requests.clear()
        elif event.get("type") == "session.usage_record":
            used = section(event, "data", "usage")
            key = words(part(used, "accounting", "usageId")) or words(event.get("id"))
            requests[key] = words(used.get("model")), _tokens(used, 1)
    later = merged(requests.values())
    return {m: total.get(m, TokenUsage()) + later.get(m, TokenUsage()) for m in {**total, **later}}


def _of_model(entry: Json) -> TokenUsage:
    return _tokens(section(entry, "usage"), count(part(entry, "requests", "count")))


def _tokens(used: Json, requests: int) -> TokenUsage:
    read_, written = count(used.get("cacheReadTokens")), count(used.get("cacheWriteTokens"))
    return TokenUsage(
        input=max(0, count(used.get("inputTokens")) - read_ - written),
        cache_read=read_,
        cache_write=written,
        output=count(used.get("outputTokens")),
        reasoning=count(used.get("reasoningTokens")),
        requests=requests,
    )


PROFILE = Profile(
    name="copilot",
    program="copilot",
    package="@github/copilot@1.0.102",
    tried=("1.0.102", "1.0.102"),
    proven="2026-11-30",
    command=("--no-ask-user", "--no-auto-update", "--output-format", "json"),
    roles={
        # The variable COPILOT_ALLOW_ALL would start the MCP servers of the work tree; this option does not.
        Purpose.implement: ("--allow-all",),
        Purpose.review: ("--available-tools", "view", "grep", "glob"),
    },
    flags=Flags(model="--model", session="--session-id"),
    keys=("COPILOT_GITHUB_TOKEN", "COPILOT_PROVIDER_API_KEY"),
    passes=("COPILOT_PROVIDER_BASE_URL", "COPILOT_MODEL", "COPILOT_OFFLINE", "COPILOT_PROVIDER_TYPE"),
    logins=(".copilot/config.json",),
    sessions=(".copilot/session-state",),
    record=".copilot/session-state/{session}/events.jsonl",
    instructions=(
        *("AGENTS.md", "CLAUDE.md", "GEMINI.md", ".github/copilot-instructions.md"),
        ".github/instructions/*.instructions.md",
    ),
    scope=Scope.session,
    stops=RetryWatch(
        "stdout",
        failure=re.compile(rb'"type":"model\.call_failure"'),
        success=re.compile(rb'"type":"assistant\.message"'),
        times=4,
    ),
    read=read,
    notes=("unpacks 240 MB into $HOME/.cache at the first run in a new HOME",),
)
