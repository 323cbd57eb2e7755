"""Dependencies as people wrote them into a line of Markdown: numbers of issues, tasks by name, or plain words."""

import re
from collections.abc import Iterator

from kerrigan.model.checks.source import Span
from kerrigan.model.imported import Need, NeedKind

_BETWEEN = re.compile(r"[,;](?![^(]*\))")
_REMARK = re.compile(r"\s*\([^()]*\)\s*$")
_NOTHING = re.compile(r"(?:none|nothing|n/a|no dependencies|-)(?:\W.*)?", re.IGNORECASE)
_SAYABLE = re.compile(r"~?\s*(?:(?:[\w.-]+/[\w.-]+|[\w-]+:)?#[0-9]+|external:.*)", re.ASCII)
_TASK = re.compile(r"Task\s+([0-9][\w.]*)", re.IGNORECASE)


def needs_of(text: str, span: Span) -> Iterator[Need]:
    """What one line of dependencies names; a line that says there are none names nothing."""
    if _NOTHING.fullmatch(text.strip()):
        return
    for part in _BETWEEN.split(text):
        words = _REMARK.sub("", part).strip().strip("`*")
        if not words or _NOTHING.fullmatch(words):
            continue
        if _SAYABLE.fullmatch(words):
            yield Need(words, NeedKind.ready_made, span)
        elif numbered := _TASK.fullmatch(words):
            yield Need(numbered[1], NeedKind.words, span)
        else:
            yield Need(words, NeedKind.words, span)
