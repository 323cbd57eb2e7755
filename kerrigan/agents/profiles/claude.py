"""Claude Code, `claude`: events as JSON lines, the last of them a result."""

from kerrigan.agents.output import Failure, Json, Output, Reading, count, dollars, objects, part, section, words
from kerrigan.agents.profile import Flags, Profile, Scope
from kerrigan.model.attempt import ModelUsage, Outcome, Purpose, Spent, TokenUsage

_CAPS = ("error_max_turns", "error_max_budget_usd")


def read(output: Output) -> Reading:
    """The last result, whose `subtype` proves nothing: it is success for a refused key.

    `.usage` is this run's main conversation, `.modelUsage` and `.total_cost_usd` are the session's with its sub-agents
    and with all earlier runs. The latter are taken, as one scope.
    """
    session, last = "", None
    for event in objects(output.stdout):
        session = words(event.get("session_id")) or session
        last = event if event.get("type") == "result" else last
    if last is None:
        message = output.stderr.decode(errors="replace").strip()
        return Reading(session=session, failure=Failure(message) if message else None)
    usage = _usage(last)
    return Reading(
        ended=True,
        session=session,
        text=words(last.get("result")),
        failure=_failure(last),
        spent=Spent(usage or None, dollars(last.get("total_cost_usd")) if usage else None),
    )


def _failure(result: Json) -> Failure | None:
    if not result.get("is_error") and result.get("subtype") == "success":
        return None
    errors = result.get("errors")
    message = words(result.get("result")) or "; ".join(map(str, errors if isinstance(errors, list) else []))
    status = result.get("api_error_status")
    return Failure(
        message or words(result.get("terminal_reason")) or "it reports an error",
        status if isinstance(status, int) else None,
        outcome=Outcome.failed if result.get("subtype") in _CAPS else None,
    )


def _usage(result: Json) -> ModelUsage:
    found = {
        model: _of_model(entry) for model, entry in section(result, "modelUsage").items() if isinstance(entry, dict)
    }
    if found:
        main = max(found, key=lambda model: found[model].output)
        found[main] += TokenUsage(requests=_requests(result))
        return found
    used = section(result, "usage")
    hour = count(part(used, "cache_creation", "ephemeral_1h_input_tokens"))
    usage = TokenUsage(
        input=count(used.get("input_tokens")),
        cache_read=count(used.get("cache_read_input_tokens")),
        cache_write=count(used.get("cache_creation_input_tokens")) - hour,
        cache_write_1h=hour,
        output=count(used.get("output_tokens")),
        reasoning=count(part(used, "output_tokens_details", "thinking_tokens")),
    )
    return {"": usage} if usage else {}


def _requests(result: Json) -> int:
    # A run that reached its cap counts one turn more than it made.
    return max(0, count(result.get("num_turns")) - (result.get("subtype") in _CAPS))


def _of_model(entry: Json) -> TokenUsage:
    hour = count(entry.get("cacheCreationEphemeral1hInputTokens"))
    return TokenUsage(
        input=count(entry.get("inputTokens")),
        cache_read=count(entry.get("cacheReadInputTokens")),
        cache_write=max(0, count(entry.get("cacheCreationInputTokens")) - hour),
        cache_write_1h=hour,
        output=count(entry.get("outputTokens")),
        reasoning=count(entry.get("thinkingTokens")),
    )


PROFILE = Profile(
    name="claude",
    program="claude",
    package="@anthropic-ai/claude-code@2.1.332",
    tried=("2.1.329", "2.1.332"),
    proven="2026-11-30",
    command=(
        *("-p", "--output-format", "stream-json", "--verbose"),
        # MCP servers and hooks of the work tree would be started with the key in their environment.
        *("--strict-mcp-config", "--settings", '{"disableAllHooks":true}'),
    ),
    roles={
        Purpose.implement: ("--dangerously-skip-permissions",),
        Purpose.review: ("--permission-mode", "dontAsk", "--tools", "Read,Grep,Glob"),
    },
    flags=Flags(model="--model", session="--session-id", turns="--max-turns", usd="--max-budget-usd"),
    # IS_SANDBOX: as root it refuses to skip permissions otherwise.
    environment={"CLAUDE_CODE_MAX_RETRIES": "3", "IS_SANDBOX": "1", "DISABLE_AUTOUPDATER": "1"},
    keys=("ANTHROPIC_API_KEY", "CLAUDE_CODE_OAUTH_TOKEN", "ANTHROPIC_AUTH_TOKEN"),
    passes=("ANTHROPIC_BASE_URL", "ANTHROPIC_MODEL", "CLAUDE_CONFIG_DIR"),
    logins=(".claude/.credentials.json", ".claude.json"),
    sessions=(".claude/projects",),
    instructions=("CLAUDE.md", ".claude/CLAUDE.md", "CLAUDE.local.md", "AGENTS.md (without CLAUDE.md)"),
    scope=Scope.session,
    exits={143: "it was stopped by a signal"},
    read=read,
    telemetry={
        "CLAUDE_CODE_ENABLE_TELEMETRY": "1",
        "OTEL_METRICS_EXPORTER": "otlp",
        "OTEL_EXPORTER_OTLP_PROTOCOL": "http/json",
        "OTEL_EXPORTER_OTLP_ENDPOINT": "{url}",
    },
)
