"""The Agent Client Protocol, as far as one prompt needs it: a client that is data in, data out, and the reader for it.

It is off by default. The protocol has no stop reason for a turn that failed, some agents report success for a refused
key, and usage is optional with four meanings; what it does better is to ask for each permission. Only agents are driven
by it that report errors as errors.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from kerrigan.agents.output import (
    Failure,
    Json,
    Output,
    Reading,
    count,
    dollars,
    objects,
    parse,
    part,
    section,
    status_in,
    words,
)
from kerrigan.agents.profile import Profile, Scope
from kerrigan.model.attempt import Outcome, Purpose, Spent, TokenUsage

VERSION = 1
INITIALIZE, NEW, PROMPT = 1, 2, 3
"""The ids of our requests."""

ANSWERS = {Purpose.implement: ("allow_once", "allow_always"), Purpose.review: ("reject_once", "reject_always")}
"""The kinds of options that are chosen when an agent asks for permission."""

LONGEST = 16_000_000
"""The longest line that is taken, in bytes."""


@dataclass(slots=True)
class Client:
    """One prompt in one session. `begin` and `feed` return the bytes to send; `done` when the turn has ended."""

    tree: Path
    prompt: str
    purpose: Purpose
    done: bool = False
    _rest: bytes = field(default=b"")

    def begin(self) -> bytes:
        """The first request."""
        info = {"name": "kerrigan", "version": "1"}
        return _request(INITIALIZE, "initialize", protocolVersion=VERSION, clientCapabilities={}, clientInfo=info)

    def feed(self, chunk: bytes) -> bytes:
        """What to send after these bytes of the agent. A line that is no JSON object is skipped."""
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        if len(self._rest) > LONGEST:
            self.done = True
        return b"".join(self._answer(line) for line in lines)

    def _answer(self, line: bytes) -> bytes:
        message = parse(line)
        if not isinstance(message, dict):
            return b""
        if "method" in message:
            return self._permission(message) if "id" in message else b""
        if "error" in message or message.get("id") == PROMPT:
            self.done = True
        elif message.get("id") == INITIALIZE:
            return _request(NEW, "session/new", cwd=str(self.tree), mcpServers=[])
        elif message.get("id") == NEW:
            session = part(message, "result", "sessionId")
            content = [{"type": "text", "text": self.prompt}]
            return _request(PROMPT, "session/prompt", sessionId=session, prompt=content)
        return b""

    def _permission(self, request: Json) -> bytes:
        """Choose by purpose; where there is no such option, and for any other request, refuse."""
        if request.get("method") != "session/request_permission":
            return _line({"id": request["id"], "error": {"code": -32601, "message": "not offered"}})
        options = part(request, "params", "options")
        chosen = [
            option["optionId"]
            for kind in ANSWERS[self.purpose]
            for option in (options if isinstance(options, list) else ())
            if isinstance(option, dict) and option.get("kind") == kind and "optionId" in option
        ]
        outcome = {"outcome": "selected", "optionId": chosen[0]} if chosen else {"outcome": "cancelled"}
        return _line({"id": request["id"], "result": {"outcome": outcome}})


def _request(number: int, method: str, **parameters: object) -> bytes:
    return _line({"id": number, "method": method, "params": parameters})


def _line(body: Mapping[str, Any]) -> bytes:
    return json.dumps({"jsonrpc": "2.0", **body}).encode() + b"\n"


def read(output: Output) -> Reading:
    """The response to the prompt and the text of the turn; an error is the response to any of our requests."""
    session, text, usd, response = "", "", None, None
    for message in objects(output.stdout):
        update = section(message, "params", "update")
        kind = update.get("sessionUpdate")
        if kind == "agent_message_chunk":
            text += words(part(update, "content", "text"))
        elif kind in ("tool_call", "tool_call_update"):
            text = ""
        elif kind == "usage_update":
            usd = dollars(part(update, "cost", "amount")) or usd
        elif "method" not in message and (message.get("id") == PROMPT or "error" in message):
            response = message
        session = words(part(message, "result", "sessionId")) or session
    if response is None:
        message_ = output.stderr.decode(errors="replace").strip()
        return Reading(session=session, failure=Failure(message_, status_in(message_)) if message_ else None)
    return Reading(True, session, text, _failure(response), _spent(response, usd if usd else None))


def _failure(response: Json) -> Failure | None:
    error = section(response, "error")
    if error:
        message, code = words(error.get("message")), error.get("code")
        said = f"{message} {json.dumps(error.get('data'))}"
        status = code if isinstance(code, int) and 400 <= code < 600 else status_in(said)
        return Failure(message or "it reports an error", status)
    reason = words(part(response, "result", "stopReason"))
    if reason == "end_turn":
        return None
    return Failure(f"it stopped: {reason}", outcome=Outcome.stopped if reason == "cancelled" else Outcome.failed)


def _spent(response: Json, usd: Any) -> Spent:
    """Only gemini's figures cover the turn, without naming what was cached; the others count its last step alone."""
    tokens = section(response, "result", "_meta", "quota", "token_count")
    usage = TokenUsage(input=count(tokens.get("input_tokens")), output=count(tokens.get("output_tokens")))
    return Spent({"": usage} if usage else None, usd)


def over_acp(profile: Profile) -> Profile | None:
    """The same agent, driven by the protocol; None where it is not proven to speak it well."""
    if profile.acp is None:
        return None
    return replace(
        profile,
        command=profile.acp.command,
        roles=profile.acp.roles,
        last=(),
        flags=profile.acp.flags,
        read=read,
        scope=Scope.run,
        telemetry={},
        stops=None,
        dialogue=Client,
    )
