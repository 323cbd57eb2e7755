"""What the validators of Milestones 1 to 6 made of a project: their rules written down once more, to compare with.

Nothing here is shared with `kerrigan.check`, and there is one answer only: whether the project passed. A validator that
ended with a traceback made the job fail, so that is a project that did not pass.
"""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import yaml

NEEDED = ["spec.md", "acceptance-tests.md", "architecture.md", "plan.md", "tasks.md", "test-plan.md"]
SPEC = ["Goal", "Scope", "Non-goals", "Acceptance criteria"]
ARCHITECTURE = ["Overview", "Components & interfaces", "Tradeoffs", "Security & privacy notes"]
STATUSES = {"active", "blocked", "completed", "on-hold"}
PHASES = {"spec", "architecture", "implementation", "testing", "deployment"}


class _NotPassedError(Exception):
    pass


def passed(files: Mapping[str, bytes]) -> bool:
    """Whether a project of these files, by name, passed both validators."""
    try:
        _artifacts(files)
        _dependencies(_text(files["tasks.md"]))
    except (_NotPassedError, UnicodeError, TypeError, ValueError, LookupError, AttributeError, RecursionError):
        return False
    return True


def _text(content: bytes) -> str:
    return content.decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")


def _ask(holds: object) -> None:
    if not holds:
        raise _NotPassedError


def _artifacts(files: Mapping[str, bytes]) -> None:
    _ask(all(name in files for name in NEEDED))
    spec, architecture = _text(files["spec.md"]), _text(files["architecture.md"])
    _ask(all(_has(spec, heading) for heading in SPEC))
    _ask(all(_has(architecture, heading) for heading in ARCHITECTURE))
    says_so = any(word in spec.lower() for word in ("deploy", "production", "runtime"))
    if "runbook.md" in files or says_so:
        _ask("runbook.md" in files and "cost-plan.md" in files)
    if "status.json" in files:
        _status(json.loads(files["status.json"].decode("utf-8")))
    _repositories(spec, files)


def _has(text: str, heading: str) -> bool:
    return any(re.fullmatch(r"#{1,6}\s+" + re.escape(heading), part) for part in _starts(text, heading))


def _starts(text: str, heading: str) -> list[str]:
    """Every piece of the text that begins a line with `#` and ends a line, white space aside, with the heading."""
    pieces = []
    for begin in (match.start() for match in re.finditer(r"^#", text, re.MULTILINE)):
        end = text.find(heading, begin) + len(heading)
        if end >= len(heading) and not text[end:].split("\n")[0].strip():
            pieces.append(text[begin:end])
    return pieces


def _status(data: Any) -> None:
    _ask("status" in data and "current_phase" in data and "last_updated" in data)
    status, phase = data["status"], data["current_phase"]
    _ask(isinstance(status, str) and status in STATUSES and isinstance(phase, str) and phase in PHASES)
    datetime.fromisoformat(data["last_updated"].replace("Z", "+00:00"))


def _repositories(spec: str, files: Mapping[str, bytes]) -> None:
    found = re.match(r"---\s*\n(.*?)\n---\s*\n", spec, re.DOTALL)
    try:
        front = yaml.safe_load(found[1]) if found else None
    except yaml.YAMLError:
        return
    if not front or "repositories" not in front:
        return
    listed = front["repositories"]
    _ask(isinstance(listed, list) and len(listed) <= 5)
    for entry in listed:
        _ask(isinstance(entry, dict) and all(isinstance(entry[key], str) for key in ("name", "url", "role")))
        _ask(re.match(r"[a-zA-Z0-9_-]+$", entry["name"]) and entry["role"].strip())
        _ask(_owner(entry["url"]))
    _ask(len({entry["name"] for entry in listed}) == len(listed))
    _ask(len({_owner(entry["url"]) for entry in listed}) <= 1)
    if listed:
        for name in files:
            _ask(not name.endswith(".md") or _text(files[name]) is not None)


def _owner(url: str) -> str:
    found = re.match(r"https://github\.com/([^/]+)/([^/]+?)(?:\.git)?/?$", url)
    return found[1] if found else ""


def _dependencies(text: str) -> None:
    waits: dict[str, set[str]] = {}
    task, is_listed = "", False
    for line in text.split("\n"):
        title = re.match(r"-\s*\[\s*\]\s*Task:\s*(.+)$", line)
        if title:
            number = re.search(r"#\d+", title[1])
            task, is_listed = number[0] if number else title[1].strip(), False
            waits.setdefault(task, set())
        elif re.match(r"\s*-?\s*Dependencies:\s*$", line):
            is_listed = True
        elif re.match(r"\s*-?\s*Blocks:\s*$|\s*-\s*(Done when|Links|Status|Dependencies|Blocks):", line):
            is_listed = False
        elif task and is_listed and (entry := re.match(r"\s*-\s*(.+)$", line)):
            waits[task] |= _target(entry[1].strip())
    _ask(not _circles(waits))


def _target(entry: str) -> set[str]:
    entry = re.sub(r"\s*\([^)]+\)\s*$", "", entry)
    form = re.match(r"(([a-zA-Z0-9_-]+/[a-zA-Z0-9_.-]+|[a-zA-Z0-9_-]+:)?#)(\d+)$", entry)
    if form:
        return {f"{form[1]}{int(form[3])}"}
    fact = re.match(r"external:(.+)$", entry)
    return {f"external:{fact[1].strip()}"} if fact else set()


def _circles(waits: dict[str, set[str]]) -> bool:
    """Whether some are left after taking out, again and again, every task that waits for none that is left."""
    left = {task: set(on) for task, on in waits.items()}
    while free := [task for task, on in left.items() if not on & left.keys()]:
        for task in free:
            del left[task]
    return bool(left)
