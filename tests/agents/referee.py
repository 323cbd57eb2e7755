"""A second opinion on usage by a program of others, agentmeasure, where it reads the same logs: codex and claude.

`python -m tests.agents.referee`; `.ci/agents` installs it. Its totals of codex have to be ours, and for claude, whose
tokens it does not add up, the number of answers that it finds.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from kerrigan.agents.profiles import PROFILES
from tests.agents.clis import installed
from tests.agents.desk import Desk
from tests.agents.mock_model import MockModel

AGENTMEASURE = (sys.executable, "-c", "import sys; from am_healthcheck.cli import main; sys.exit(main())")


def ask(*words: str) -> str:
    """What the referee prints. Raises CalledProcessError where it is not installed."""
    return subprocess.run([*AGENTMEASURE, *words], capture_output=True, text=True, check=True).stdout


def codex(desk: Desk, folder: Path) -> tuple[object, object]:
    """Ours and theirs: prompt, cached, output, reasoning of two requests."""
    usage = desk.attempt("write").record.usage
    assert usage is not None
    sessions, report = str(desk.home / ".codex/sessions"), folder / "report.json"
    outputs = ("--json", str(report), "--html", str(folder / "report.html"), "--no-history")
    ask("check", "--runtime", "codex", "--dir", sessions, "--all", *outputs)
    token: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))["overview"]["token"]
    prompt = usage.input + usage.cache_read + usage.cache_write
    ours = {
        "input": prompt,
        "cached_input": usage.cache_read,
        "output": usage.output,
        "reasoning_output": usage.reasoning,
    }
    return ours, {key: token[key] for key in ours}


def claude(desk: Desk, folder: Path) -> tuple[object, object]:
    """Ours and theirs: the number of requests."""
    usage = desk.attempt("write").record.usage
    assert usage is not None
    logs = [str(path) for path in (desk.home / ".claude/projects").rglob("*.jsonl")]
    return usage.requests, json.loads(ask("response-audit", *logs))["response_groups"]


def main() -> int:
    """Compare; 1 where they disagree."""
    failed = False
    for name, compare in (("codex", codex), ("claude", claude)):
        if not installed(PROFILES[name].program):
            print(f"{name}: not here")
            continue
        with tempfile.TemporaryDirectory() as folder, MockModel() as model:
            ours, theirs = compare(Desk(Path(folder), name, model), Path(folder))
        print(f"{name}: we count {ours}, agentmeasure {theirs}")
        failed = failed or ours != theirs
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
