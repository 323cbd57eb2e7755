"""The body of a task's issue: whose it is, the part that is Kerrigan's, and people's text around it, left as it is."""

import hashlib
import re
from dataclasses import dataclass

from kerrigan.model.names import ID

_END_OF_LINE = r"[ \t]*\r?$"
_TASK = re.compile(rf"^<!-- kerrigan:task ({ID}/{ID}) -->{_END_OF_LINE}", re.MULTILINE)
_BEGIN, _END = "<!-- kerrigan:begin -->", "<!-- kerrigan:end -->"
_PART = re.compile(rf"^{_BEGIN}[ \t]*\r?\n(.*?)^{_END}", re.MULTILINE | re.DOTALL)
_WRITTEN = re.compile(r"^<!-- kerrigan:written ([0-9a-f]{16}) -->\s*\Z", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Part:
    """What stands between begin and end. It is `touched` when it is neither empty nor what Kerrigan wrote last."""

    text: str
    touched: bool


def task_of(body: str) -> str | None:
    """The task that an issue is about, by the marker on a line of its own; the first one counts."""
    found = _TASK.search(body)
    return found.group(1) if found else None


def new_body(task: str, text: str) -> str:
    """The body of a new issue."""
    return f"<!-- kerrigan:task {task} -->\n{_BEGIN}\n{_signed(text)}{_END}\n"


def part_of(body: str) -> Part | None:
    """Kerrigan's part of a body; None where it is not marked any more, or marked twice."""
    found = _only_part(body)
    if found is None:
        return None
    inside = found.group(1).replace("\r\n", "\n")
    signature = _WRITTEN.search(inside)
    text = (inside[: signature.start()] if signature else inside).strip()
    return Part(text, bool(text) and not (signature and signature.group(1) == _digest(text)))


def with_part(body: str, text: str) -> str:
    """The same body with this text as Kerrigan's part. Raises ValueError for a body that has none."""
    found = _only_part(body)
    if found is None:
        raise ValueError("the body has no part of Kerrigan's")
    return body[: found.start(1)] + _signed(text) + body[found.end(1) :]


def _only_part(body: str) -> re.Match[str] | None:
    return _PART.search(body) if body.count(_BEGIN) == body.count(_END) == 1 else None


def _signed(text: str) -> str:
    return f"{text.strip()}\n<!-- kerrigan:written {_digest(text.strip())} -->\n"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
