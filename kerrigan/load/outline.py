"""Markdown as data that a schema can judge: its front matter, its headings, and what stands below each of them.

{"front": {"kerrigan": 7}, "headings": ["Runbook", "Deploy"],
 "sections": {"Runbook": ["Merge to main."], "Deploy": ["Merge to main."]}, "lines": ["Merge to main."]}
"""

import re
from dataclasses import dataclass, field

from kerrigan.load.markdown import heading, lines
from kerrigan.model.checks.source import START, Document, Positions, Route, Span

_COMMENT = re.compile(r"<!--.*?(?:-->|$)")
_MARK = re.compile(r"\s*(?:(?:[-*+]|[0-9]{1,9}[.)])\s+)?")
_NOTHING = re.compile(r"[\s!-/:-@\[-`{-~]*")


def outline(document: Document) -> Document:
    """The document whose data is the outline of this one, which is Markdown. The same text, and places in it.

    `front` is the data of `document`, {} for None. `headings` are the words of every `#` heading, in order. `lines` is
    what else there is to read, in its order: not comments, nor lines without a word; the marks of lists are left out,
    and code stands as it is. `sections` are the lines below each heading, down to the next one that is not below it, by
    the heading's words; of equal headings the first counts.
    """
    read = _Reading()
    for number, line, is_code in lines(document.text.removeprefix("\ufeff")):
        place = Span(number, 1, number, len(line) + 1)
        if not is_code and (found := heading(line)):
            read.begin(*found, place)
        else:
            read.add(line if is_code else _said(line), place)
    data = {
        "front": {} if document.data is None else document.data,
        "headings": read.headings,
        "sections": read.sections,
        "lines": read.lines,
    }
    places = OutlinePlaces(document.positions, read.begins, read.firsts, read.at)
    return Document(document.path, document.text, data, places, document.diagnostics)


@dataclass(frozen=True, slots=True)
class OutlinePlaces:
    """Places of an outline: in the front matter any; else whole lines, those of the headings and of what is said."""

    front: Positions
    headings: list[Span]
    sections: dict[str, Span]
    lines: list[Span]

    @property
    def has_aliases(self) -> bool:
        """Whether the front matter has any."""
        return self.front.has_aliases

    def value(self, route: Route) -> Span:
        """The place of the value at `route`; of a section, that of its heading."""
        match route:
            case ("front", *inner):
                return self.front.value(tuple(inner))
            case ("sections", str() as title, *_):
                return self.sections.get(title, START)
            case ("headings", int() as index, *_):
                return self.headings[index]
            case ("lines", int() as index, *_):
                return self.lines[index]
            case _:
                return START

    def key(self, route: Route) -> Span:
        """The place of the key that ends `route`; only front matter has any."""
        return self.front.key(route[1:]) if route[:1] == ("front",) else self.value(route)


@dataclass(slots=True)
class _Reading:
    """The headings and lines so far. `_open` are the sections that the next line stands in, with their levels."""

    headings: list[str] = field(default_factory=list)
    begins: list[Span] = field(default_factory=list)
    sections: dict[str, list[str]] = field(default_factory=dict)
    firsts: dict[str, Span] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    at: list[Span] = field(default_factory=list)
    _open: list[tuple[int, list[str]]] = field(default_factory=list)

    def begin(self, level: int, title: str, place: Span) -> None:
        """Begin the section of a heading, and end those that it is not below."""
        while self._open and self._open[-1][0] >= level:
            self._open.pop()
        said: list[str] = []
        self._open.append((level, said))
        self.headings.append(title)
        self.begins.append(place)
        if title not in self.sections:
            self.sections[title] = said
            self.firsts[title] = place

    def add(self, line: str, place: Span) -> None:
        """A line below the headings so far, if it says something."""
        if line.strip():
            self.lines.append(line)
            self.at.append(place)
            for _, said in self._open:
                said.append(line)


def _said(line: str) -> str:
    """What a line of prose says; nothing where it is no more than marks, such as a rule or an empty check box."""
    said = _COMMENT.sub("", line)
    mark = _MARK.match(said)
    return "" if _NOTHING.fullmatch(said) else said[mark.end() if mark else 0 :].rstrip()
