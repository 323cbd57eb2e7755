"""Records of other tools, as JSON or YAML has them: the values Kerrigan takes, and what is left of them said."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kerrigan.load.foreign.remarks import Remarks
from kerrigan.model.checks.source import Route, Span

NO_PLACE = "tasks.yml has no place for it"
JOURNAL = "who did what when is the journal's to say, and it begins now"

_BULLET = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+(?:\[ \]\s+)?")


@dataclass(frozen=True, slots=True)
class Record:
    """One mapping of a document. `place` gives where a value below it stands, by its route."""

    data: Mapping[str, Any]
    path: str
    place: Callable[[Route], Span]

    def text(self, *keys: str) -> str:
        """The first of these keys that holds something, as text; a list is told in one line."""
        return next((found for key in keys if (found := as_text(self.data.get(key)))), "")

    def items(self, key: str) -> list[Any]:
        """The list at a key; one value alone is a list of one, nothing is none."""
        value = self.data.get(key)
        return value if isinstance(value, list) else [] if value in (None, "", "[]") else [value]

    def below(self, data: object, *route: str | int) -> "Record":
        """A mapping inside of this one; anything else is an empty mapping."""
        return Record(data if isinstance(data, dict) else {}, self.path, lambda more: self.place((*route, *more)))

    def leftovers(self, known: Iterable[str], reasons: Mapping[str, str], remarks: Remarks, task: str) -> None:
        """Say of every key that holds something and is not known that it is lost, and why."""
        seen = frozenset(known)
        for key, value in self.data.items():
            if key not in seen and value not in (None, "", [], {}):
                remarks.lost(self.path, self.place((key,)), f"'{key}'", reasons.get(key, NO_PLACE), task)


def as_text(value: object) -> str:
    """A value as text on one line: lists with commas, mappings with their keys; nothing for nothing."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case str():
            return value.strip()
        case int() | float():
            return str(value)
        case list():
            return ", ".join(filter(None, map(as_text, value)))
        case dict():
            return ", ".join(f"{key}: {text}" for key, inner in value.items() if (text := as_text(inner)))
        case _:
            return ""


def points(text: str) -> tuple[str, ...]:
    """The points of a list in prose, one a line; prose that is no list is one point."""
    lines = [line for line in text.splitlines() if line.strip()]
    if all(_BULLET.match(line) for line in lines):
        return tuple(point for line in lines if (point := _BULLET.sub("", line).strip()))
    return (text.strip(),)


def described(*paragraphs: str) -> str:
    """A description of these paragraphs; the empty ones are left out."""
    return "\n\n".join(filter(None, (paragraph.strip("\n") for paragraph in paragraphs)))


def facts(named: Mapping[str, str]) -> str:
    """A short list of facts, one a line, without those that say nothing."""
    return "\n".join(f"- {name}: {' '.join(value.split())}" for name, value in named.items() if value.strip())
