"""Dependencies in the tasks.md of Milestones 1 to 6: as their validator read them, which refused cycles and no more."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from kerrigan.check.repositories import plain
from kerrigan.model.source import Diagnostic, Document, Related, Severity, Span

LONGEST = 12
"""How many tasks of a cycle its message names."""

_TASK = re.compile(r"-\s*\[\s*\]\s*Task:\s*(.+)$")
_BEGIN = re.compile(r"\s*-?\s*(Dependencies|Blocks):\s*$")
_OTHER = re.compile(r"\s*-\s*(?:Done when|Links|Status|Dependencies|Blocks):")
_ITEM = re.compile(r"\s*-\s*(.+)$")
_FORMS = re.compile(r"((?:[a-zA-Z0-9_-]+/[a-zA-Z0-9_.-]+|[a-zA-Z0-9_-]+:)?#)(\d+)$|external:(.+)$")

Edges = dict[str, dict[str, int]]
"""For each task what it waits for, and the line that says so."""


@dataclass(slots=True)
class _Reading:
    """What was read so far: the task that bullets belong to, and the list that they stand in."""

    edges: Edges = field(default_factory=dict)
    task: str = ""
    section: str = ""
    unreadable: list[tuple[int, str]] = field(default_factory=list)


def tasks_md(document: Document) -> Iterator[Diagnostic]:
    """A cycle of hard dependencies is an error; an entry in none of the forms was a warning, and is."""
    reading = _read(plain(document.text))
    for line, text in reading.unreadable:
        message = f"found {text[:80]!r}, which is no dependency"
        hint = "write '#12', 'owner/repo#12', 'name:#12' or 'external:some fact'"
        yield _diagnostic("invalid-dependency", Severity.warning, document, line, message, hint)
    try:
        TopologicalSorter(reading.edges).prepare()
    except CycleError as error:
        way: list[str] = error.args[1][::-1]
        yield _cycle(document, way, reading.edges)


def _cycle(document: Document, way: list[str], edges: Edges) -> Diagnostic:
    lines = [edges[task][on] for task, on in pairwise(way)]
    names = way if len(way) <= LONGEST else [*way[: LONGEST - 1], "…", way[-1]]
    related = tuple(Related(document.path, _whole(line), "and this entry") for line in lines[1:])
    return _diagnostic(
        "dependency-cycle",
        Severity.error,
        document,
        lines[0],
        f"these tasks wait for each other: {' -> '.join(name[:60] for name in names)}",
        "take one of these dependencies out",
        related,
    )


def _read(text: str) -> _Reading:
    reading = _Reading()
    for number, line in enumerate(text.split("\n"), 1):
        if found := _TASK.match(line):
            title = found[1].strip()
            issue = re.search(r"#\d+", title)
            reading.task, reading.section = issue[0] if issue else title, ""
            reading.edges.setdefault(reading.task, {})
        elif reading.task:
            _bullet(reading, number, line)
    return reading


def _bullet(reading: _Reading, number: int, line: str) -> None:
    if begin := _BEGIN.match(line):
        reading.section = begin[1]
    elif _OTHER.match(line):
        reading.section = ""
    elif reading.section and (item := _ITEM.match(line)):
        text = item[1].strip()
        target = _target(text.removeprefix("~").strip())
        if target is None:
            reading.unreadable.append((number, text))
        elif reading.section == "Dependencies" and not text.startswith("~"):
            reading.edges[reading.task].setdefault(target, number)


def _target(text: str) -> str | None:
    found = _FORMS.match(_without_remark(text))
    if found is None:
        return None
    return f"external:{found[3].strip()}" if found[3] else f"{found[1]}{int(found[2])}"


def _without_remark(text: str) -> str:
    """Without the `(description)` that may end an entry."""
    inner = text.removesuffix(")")
    begin = inner.find("(", inner.rfind(")") + 1)
    return text if inner == text or begin < 0 or begin + 1 == len(inner) else inner[:begin].strip()


def _whole(line: int) -> Span:
    return Span(line, 1, line, 1)


def _diagnostic(
    code: str,
    severity: Severity,
    document: Document,
    line: int,
    message: str,
    hint: str,
    related: tuple[Related, ...] = (),
) -> Diagnostic:
    return Diagnostic(code, severity, document.path, _whole(line), message, hint, related)
