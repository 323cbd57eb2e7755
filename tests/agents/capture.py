"""Writes tests/data/agents: what the CLIs of this machine really print for each behaviour of the mock model.

`python -m tests.agents.capture [CLI…]`, with the CLIs where `tests/agents/clis.py` looks for them. Folders, ports and
keys are replaced, and what says nothing about an attempt (lists of tools and skills, system prompts) is left out.
"""

import json
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

if __package__ in (None, ""):  # started as a program
    sys.path.insert(0, str(Path(__file__).parents[2]))

from kerrigan.agents.process import Invocation, Limits
from kerrigan.agents.profiles import PROFILES
from kerrigan.agents.run import record_of
from kerrigan.model.attempt import Purpose
from tests.agents.clis import KEY, SETUPS, installed
from tests.agents.desk import Attempted, Desk
from tests.agents.mock_model import MockModel

DATA = Path(__file__).parents[1] / "data/agents"
CASES = ("ok", "write", "empty", "401", "429", "500", "cut-once", "cut", "broke", "cap", "stop", "review")
"""Behaviours of the mock, and three that take more than it: `cap`, `stop` and `review`."""

BUILD = Path(__file__).parents[2] / "build"
"""Not the folder for temporary files: gemini refuses settings in a folder that others may write to."""

MOST = 100
"""How many lines of an output are kept, from both ends."""

DROPPED_EVENTS = {
    "session.skills_loaded", "session.tools_updated", "session.mcp_servers_loaded", "system.message",
    "assistant.message_delta", "assistant.message_start", "assistant.tool_call_delta", "session.permissions_changed",
    "session.background_tasks_changed", "stream_event",
}  # fmt: skip
DROPPED_KEYS = {
    "tools", "slash_commands", "terminal_slash_commands", "agents", "skills", "plugins", "capabilities", "memory_paths",
    "messaging_socket_path", "transformedContent", "requestFingerprint", "providerModelMetrics", "agentMetrics",
    "accountingSnapshot", "usageAccountingWatermarks", "responseHeaders.date", "snapshot", "systemPrompt",
}  # fmt: skip


def attempt(desk: Desk, case: str) -> Attempted:
    """One attempt as the case wants it."""
    if case == "cap":
        return desk.attempt("loop", turns=3, limits=Limits(seconds=20.0))
    if case == "stop":
        return desk.stopped(2.0)
    if case == "review":
        return desk.attempt("write", purpose=Purpose.review)
    return desk.attempt(case)


RESUME: dict[str, Callable[[tuple[str, ...], str], tuple[str, ...]]] = {
    "claude": lambda argv, session: _swap(argv, "--session-id", "--resume", session),
    "qwen": lambda argv, session: _swap(argv, "--session-id", "--resume", session),
    "copilot": lambda argv, session: _swap(argv, "--session-id", "--resume", session),
    "codex": lambda argv, session: (argv[0], "exec", "resume", *argv[2:-1], session, "-"),
}
"""How the CLIs that total a session go on with one."""


def _swap(argv: tuple[str, ...], old: str, new: str, session: str) -> tuple[str, ...]:
    at = argv.index(old)
    return (*argv[:at], new, session, *argv[at + 2 :])


def resumed(desk: Desk, name: str) -> Iterator[tuple[str, Attempted]]:
    """Two runs of one session, in one work tree."""
    tree = desk.tree()
    first = desk.attempt("ok", tree=tree)
    yield "resume-1", first
    session = first.record.session

    def go_on(invocation: Invocation) -> Invocation:
        record = desk.profile.record.replace("{session}", session)
        return replace(invocation, argv=RESUME[name](invocation.argv, session), record=record)

    yield "resume-2", desk.attempt("ok", tree=tree, change=go_on)


def write(name: str, case: str, attempted: Attempted, home: Path) -> dict[str, Any]:
    """Write the files of one case; what cases.json says of it."""
    ended = attempted.run.ended
    session = record_of(PROFILES[name], ended, attempted.record.session)
    for kind, path in (("out", ended.stdout), ("err", ended.stderr), ("session", session)):
        file = DATA / name / f"{case}.{kind}"
        file.parent.mkdir(parents=True, exist_ok=True)
        text = path.read_text(encoding="utf-8", errors="replace") if path and path.exists() else ""
        if text := cleaned(text, attempted.tree, home):
            file.write_text(text, encoding="utf-8")
        else:
            file.unlink(missing_ok=True)
    return {"exit": ended.exit, "cause": ended.cause, "requests": attempted.requests}


def cleaned(text: str, tree: Path, home: Path) -> str:
    """A text without what belongs to this machine or says nothing."""
    for found, name in ((tree, "/home/ada/tree"), (home, "/home/ada"), (tree.parent, "/home/ada"), (KEY, "***")):
        text = text.replace(str(found), name).replace(re.sub(r"[/._]", "-", str(found)), "-home-ada")
    text = re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:8099", text)
    text = re.sub(r"(?m)^\s+at .*\n", "", text)
    text = re.sub(r"/\S*/node_modules/", "/opt/node_modules/", text)
    lines = [line for line in map(_shortened, text.splitlines(keepends=True)) if line]
    return "".join(lines if len(lines) <= MOST else [*lines[: MOST // 2], *lines[-MOST // 2 :]])


def _shortened(line: str) -> str:
    try:
        event = json.loads(line)
    except ValueError:
        return line[:2000]
    if not isinstance(event, dict):
        return line
    payload = event.get("payload")
    if event.get("type") in DROPPED_EVENTS or (isinstance(payload, dict) and payload.get("type") != "token_count"):
        return ""
    return json.dumps(_without(event), ensure_ascii=False, separators=(",", ":")) + "\n"


def _without(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without(entry) for key, entry in value.items() if key not in DROPPED_KEYS}
    return [_without(entry) for entry in value] if isinstance(value, list) else value


def main(names: list[str]) -> None:
    """Capture every case of some CLIs."""
    for name in names or [name for name in SETUPS if installed(name)]:
        BUILD.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=BUILD) as folder, MockModel() as model:
            desk = Desk(Path(folder), name, model)
            found = {case: write(name, case, attempt(desk, case), desk.home) for case in CASES}
            for case, attempted in resumed(desk, name) if name in RESUME else ():
                found[case] = write(name, case, attempted, desk.home)
        index = json.dumps(found, indent=1)
        (DATA / name / "cases.json").write_text(index + "\n", encoding="utf-8")
        print(name, *(f"{case}: exit {entry['exit']}" for case, entry in found.items()))


if __name__ == "__main__":
    main(sys.argv[1:])
