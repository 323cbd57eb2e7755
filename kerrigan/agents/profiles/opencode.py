"""opencode, `opencode run`: one JSON line for each step; there is no line for the end of a run."""

import re
from decimal import Decimal

from kerrigan.agents.output import (
    Failure,
    Json,
    Output,
    Reading,
    count,
    dollars,
    objects,
    part,
    section,
    status_in,
    words,
)
from kerrigan.agents.profile import Acp, Config, Flags, Profile, RetryWatch
from kerrigan.model.attempt import Purpose, Spent, TokenUsage, merged

ONLY_READ = {"permission": {"*": "deny", "read": "allow", "grep": "allow", "glob": "allow", "list": "allow"}}
"""What a reviewer may: the tools that are denied are not offered to the model."""

RUN = {"agent": {"title": {"disable": True}}, "share": "disabled", "autoupdate": False}
"""For every run. The request for the title of a session would be paid and in no figure."""


def read(output: Output) -> Reading:
    """The sum over all steps. The run has ended when its last step stopped on its own and no error came after it."""
    session, text, failure, ended, usd = "", "", None, False, Decimal(0)
    steps: list[tuple[str, TokenUsage]] = []
    seen: set[str] = set()
    for event in objects(output.stdout):
        session = words(event.get("sessionID")) or session
        entry = section(event, "part")
        kind = event.get("type")
        if kind == "step_start":
            text = ""
        elif kind == "text":
            text += words(entry.get("text"))
        elif kind == "step_finish" and (step := words(entry.get("id")) or str(len(seen))) not in seen:
            seen.add(step)
            steps.append(("", _tokens(section(entry, "tokens"))))
            usd += dollars(entry.get("cost")) or 0
            ended = entry.get("reason") not in ("tool-calls", None)
        elif kind == "error":
            failure, ended = _failure(event.get("error")), True
    if not ended and failure is None:
        failure = _logged(output.stderr.decode(errors="replace"))
    if failure is None and ended and not text:
        failure = Failure("it ended without an answer")
    usage = merged(steps)
    return Reading(ended, session, text, failure, Spent(usage, usd) if usage else Spent())


def _tokens(tokens: Json) -> TokenUsage:
    reasoning = count(tokens.get("reasoning"))
    return TokenUsage(
        input=count(tokens.get("input")),
        cache_read=count(part(tokens, "cache", "read")),
        cache_write=count(part(tokens, "cache", "write")),
        output=count(tokens.get("output")) + reasoning,
        reasoning=reasoning,
        requests=1,
    )


def _failure(error: object) -> Failure:
    """An error is an object with the provider's answer, or plain text."""
    data = section(error, "data")
    message = words(error) or words(data.get("message")) or words(part(error, "name")) or "it reports an error"
    body = words(data.get("responseBody"))
    status, after = data.get("statusCode"), words(part(data, "responseHeaders", "retry-after"))
    return Failure(
        f"{message} (insufficient_quota)" if "insufficient_quota" in body else message,
        status if isinstance(status, int) else None,
        float(after) if re.fullmatch(r"\d{1,9}", after) else None,
    )


def _logged(stderr: str) -> Failure | None:
    """The last error of its log, where it was stopped before it reported one."""
    found = re.findall(r'error\.error="([^"\n]*)"|^\S*Error: (.+)$', stderr, re.MULTILINE)
    message = (found[-1][0] or found[-1][1]) if found else ""
    return Failure(message, status_in(message)) if message else None


PROFILE = Profile(
    name="opencode",
    program="opencode",
    package="opencode-ai@1.18.33",
    tried=("1.18.33", "1.18.33"),
    proven="2026-11-30",
    # A request that it tries again is reported only in its log, on standard error.
    command=("run", "--format", "json", "--print-logs", "--log-level", "ERROR"),
    roles={Purpose.implement: ("--auto",), Purpose.review: ()},
    flags=Flags(model="--model"),
    environment={"OPENCODE_DISABLE_PROJECT_CONFIG": "1", "OPENCODE_DISABLE_AUTOUPDATE": "1"},
    config=Config("OPENCODE_CONFIG_CONTENT", RUN, roles={Purpose.review: ONLY_READ}, inline=True, model="model"),
    keys=("OPENCODE_API_KEY", "ANTHROPIC_API_KEY", "OPENAI_API_KEY", "GEMINI_API_KEY", "OPENROUTER_API_KEY"),
    passes=("OPENCODE_CONFIG_CONTENT",),
    logins=(".local/share/opencode/auth.json", ".config/opencode/opencode.json"),
    sessions=(".local/share/opencode",),
    instructions=("AGENTS.md, else CLAUDE.md",),
    stops=RetryWatch(
        "stderr",
        failure=re.compile(rb'level=ERROR .*message="stream error"'),
        success=re.compile(rb"(?!)"),
    ),
    read=read,
    acp=Acp(("acp",)),
    notes=("writes .git/opencode and objects into the repository that the work tree belongs to",),
)
