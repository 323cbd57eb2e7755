"""Cursor's CLI, `cursor-agent`: written after its documentation. Not proven: no package registry has it."""

from kerrigan.agents.output import Failure, Json, Output, Reading, count, objects, section, status_in, words
from kerrigan.agents.profile import Flags, Profile
from kerrigan.model.attempt import ModelUsage, Purpose, Spent, TokenUsage


def read(output: Output) -> Reading:
    """The last result; a failure is text on standard error and no JSON. Older versions report no usage."""
    result: Json | None = None
    for event in objects(output.stdout):
        result = event if event.get("type") == "result" else result
    if result is None:
        message = output.stderr.decode(errors="replace").strip()
        return Reading(failure=Failure(message, status_in(message)) if message else None)
    failed = bool(result.get("is_error")) or result.get("subtype") != "success"
    text = words(result.get("result"))
    usage = _usage(section(result, "usage"))
    return Reading(
        True,
        words(result.get("session_id")),
        text,
        Failure(text or "it reports an error", status_in(text)) if failed else None,
        Spent(usage or None),
    )


def _usage(used: Json) -> ModelUsage:
    usage = TokenUsage(
        input=count(used.get("inputTokens")),
        cache_read=count(used.get("cacheReadTokens")),
        cache_write=count(used.get("cacheWriteTokens")),
        output=count(used.get("outputTokens")),
    )
    return {"": usage} if usage else {}


PROFILE = Profile(
    name="cursor",
    program="cursor-agent",
    package="",
    tried=("2026.9.0", "2026.9.99"),
    proven="",
    command=("--print", "--trust", "--output-format", "stream-json"),
    roles={Purpose.implement: ("--force",), Purpose.review: ("--mode", "ask")},
    flags=Flags(model="--model"),
    keys=("CURSOR_API_KEY",),
    logins=(".config/cursor/auth.json",),
    sessions=(".cursor",),
    instructions=("AGENTS.md", ".cursor/rules"),
    read=read,
    notes=("the npm package cursor-agent is someone else's",),
)
