"""Dependencies in the tasks.md of Milestones 1 to 6: as their validator read them, which refused cycles and no more."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from kerrigan.model.checks.source import Diagnostic, Document, Related, Severity, Span, plain

LONGEST = 12
"""How many tasks of a cycle its message names."""

_TASK = re.compile(r"-\s*\[\s*\]\s*Task:\s*(.+)$")
_BEGIN = re.compile(r"\s*-?\s*(Dependencies|Blocks):\s*$")
_OTHER = re.compile(r"\s*-\s*(?:Done when|Links|Status|Dependencies|Blocks):")
_ITEM = re.compile(r"\s*-\s*(.+)$")
_FORMS = re.compile(r"((?:[a-zA-Z0-9_-]+/[a-zA-Z0-9_.-]+|[a-zA-Z0-9_-]+:)?#)(\d+)$|external:(.+)$")

Edges = dict[str, dict[str, Span]]
"""For each task what it waits for, and the entry that says so."""


@dataclass(slots=True)
class _Reading:
    """What was read so far: the task that bullets belong to, and the list that they stand in."""

    edges: Edges = field(default_factory=dict)
    task: str = ""
    section: str = ""
    unreadable: list[tuple[Span, str]] = field(default_factory=list)


def cycles(document: Document) -> Iterator[Diagnostic]:
    """A cycle of hard dependencies; the others of the file are told when it is fixed."""
    edges = _read(plain(document.text)).edges
    try:
        TopologicalSorter(edges).prepare()
    except CycleError as error:
        way: list[str] = error.args[1][::-1]
        yield _cycle(document, way, edges)


def unreadable(document: Document) -> Iterator[Diagnostic]:
    """Entries in none of the forms: a warning, as it was."""
    for place, text in _read(plain(document.text)).unreadable:
        message = f"found {text[:80]!r}, which is no dependency"
        hint = "write '#12', 'owner/repo#12', 'name:#12' or 'external:some fact'"
        yield _diagnostic("invalid-dependency", Severity.warning, document, place, message, hint)


def _cycle(document: Document, way: list[str], edges: Edges) -> Diagnostic:
    places = [edges[task][on] for task, on in pairwise(way)]
    names = way if len(way) <= LONGEST else [*way[: LONGEST - 1], "…", way[-1]]
    related = tuple(Related(document.path, place, "and this entry") for place in places[1:])
    return _diagnostic(
        "dependency-cycle",
        Severity.error,
        document,
        places[0],
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
        place = Span(number, item.start(1) + 1, number, item.start(1) + len(text) + 1)
        target = _target(text.removeprefix("~").strip())
        if target is None:
            reading.unreadable.append((place, text))
        elif reading.section == "Dependencies" and not text.startswith("~"):
            reading.edges[reading.task].setdefault(target, place)


def _target(text: str) -> str | None:
    found = _FORMS.match(_without_remark(text))
    if found is None:
        return None
    # A number of thousands of digits cannot be made one, and names no issue either way.
    number = str(int(found[2])) if found[2] and len(found[2]) < 1000 else found[2]
    return f"external:{found[3].strip()}" if found[3] else f"{found[1]}{number}"


def _without_remark(text: str) -> str:
    """Without the `(description)` that may end an entry."""
    inner = text.removesuffix(")")
    begin = inner.find("(", inner.rfind(")") + 1)
    return text if inner == text or begin < 0 or begin + 1 == len(inner) else inner[:begin].strip()


def _diagnostic(
    code: str,
    severity: Severity,
    document: Document,
    place: Span,
    message: str,
    hint: str,
    related: tuple[Related, ...] = (),
) -> Diagnostic:
    return Diagnostic(code, severity, document.path, place, message, hint, related)
