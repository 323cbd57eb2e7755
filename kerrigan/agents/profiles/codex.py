"""Codex CLI, `codex exec`: events as JSON lines; the usage of a turn is the running total of its thread."""

import re
from collections.abc import Iterable

from kerrigan.agents.output import Failure, Json, Output, Reading, count, objects, part, section, status_in, words
from kerrigan.agents.profile import Flags, Profile, RetryWatch, Scope
from kerrigan.model.attempt import ModelUsage, Purpose, Spent, TokenUsage


def read(output: Output) -> Reading:
    """The last turn. An item of type error may be a warning in a run that went well; only `turn.failed` is one."""
    session, text, used, failure, ended, error = "", "", {}, None, False, ""
    for event in objects(output.stdout):
        kind = event.get("type")
        if kind == "thread.started":
            session = words(event.get("thread_id"))
        elif kind == "item.completed" and part(event, "item", "type") == "agent_message":
            text = words(part(event, "item", "text"))
        elif kind == "turn.completed":
            used, ended = section(event, "usage"), True
        elif kind == "turn.failed":
            ended, failure = True, _failure(words(part(event, "error", "message")))
        elif kind == "error":
            error = words(event.get("message"))
    if not ended:
        failure = _failure(error or output.stderr.decode(errors="replace").strip())
    usage = _usage(used or _recorded(output.session))
    return Reading(ended=ended, session=session, text=text, failure=failure, spent=Spent(usage or None))


def _recorded(lines: Iterable[bytes]) -> Json:
    """The last total in its own record, which a run that was stopped has as well, without its last step."""
    total: Json = {}
    for event in objects(lines):
        total = section(event, "payload", "info", "total_token_usage") or total
    return total


def _failure(message: str) -> Failure | None:
    # After its retries on 500 it speaks of high demand and names no status.
    return Failure(message, status_in(message)) if message else None


def _usage(used: Json) -> ModelUsage:
    read_, written = count(used.get("cached_input_tokens")), count(used.get("cache_write_input_tokens"))
    usage = TokenUsage(
        input=max(0, count(used.get("input_tokens")) - read_ - written),
        cache_read=read_,
        cache_write=written,
        output=count(used.get("output_tokens")),
        reasoning=count(used.get("reasoning_output_tokens")),
    )
    return {"": usage} if usage else {}


PROFILE = Profile(
    name="codex",
    program="codex",
    package="@openai/codex@0.171.0",
    tried=("0.169.0", "0.171.0"),
    proven="2026-11-30",
    command=("exec", "--json"),
    roles={
        # Its own sandbox mounts .git read-only, also in a linked work tree: no commit would be possible.
        Purpose.implement: ("--dangerously-bypass-approvals-and-sandbox",),
        Purpose.review: ("--sandbox", "read-only"),
    },
    flags=Flags(model="--model"),
    last=("-",),
    # OPENAI_API_KEY is not sent: a key in a variable has to be in this one.
    keys=("CODEX_API_KEY",),
    passes=("CODEX_HOME",),
    logins=(".codex/auth.json", ".codex/config.toml"),
    sessions=(".codex/sessions",),
    record=".codex/sessions/*/*/*/rollout-*-{session}.jsonl",
    instructions=("AGENTS.override.md, else AGENTS.md",),
    scope=Scope.session,
    exits={2: "it does not know an option"},
    stops=RetryWatch(
        "stdout",
        failure=re.compile(rb'"Reconnecting\.\.\. [^"]{0,200}?\b(?:401|403|429)\b'),
        success=re.compile(rb'"type":"(?:item|turn)\.completed"'),
    ),
    read=read,
)
