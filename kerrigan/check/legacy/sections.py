"""The sections that Milestones 1 to 6 asked for, as a reader of the page sees them; those validators saw lines only."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from kerrigan.check.legacy.generation import of_old
from kerrigan.check.rules.missing_heading import HEADINGS, form
from kerrigan.model.checks.source import Document, Span, plain
from kerrigan.model.checks.tree import Tree

_HEADING = re.compile(r" {0,3}(#{1,6})[ \t\u00a0]")
_FENCE = re.compile(r"\s*(?:`{3}|~{3})")


class Section(NamedTuple):
    """A heading that counts and its place. `is_seen` by who reads the page; `is_empty` where nothing stands below."""

    document: Document
    heading: str
    span: Span
    is_seen: bool
    is_empty: bool


def sections(tree: Tree) -> Iterator[Section]:
    """The sections that are there, of every project of Milestones 1 to 6."""
    for file, wanted in HEADINGS.items():
        for document in of_old(tree, file):
            text, shown = plain(document.text), dict(tree.prose.get(document.path, ()))
            lines = text.split("\n")
            for heading in wanted:
                found = [text.count("\n", 0, m.start()) + 1 for m in re.finditer(form(heading), text, re.MULTILINE)]
                seen = [line for line in found if line in shown]
                for line in (seen or found)[:1]:
                    is_empty = bool(seen) and _is_empty(lines, shown, line)
                    yield Section(document, heading, whole(lines, line), bool(seen), is_empty)


def whole(lines: Sequence[str], number: int) -> Span:
    """The place of a whole line."""
    return Span(number, 1, number, len(lines[number - 1]) + 1)


def _is_empty(lines: Sequence[str], shown: Mapping[int, str], begin: int) -> bool:
    """Whether no text and no code stands between this heading and the next one that is not below it."""
    level = len(lines[begin - 1]) - len(lines[begin - 1].lstrip("#"))
    for number in range(begin + 1, len(lines) + 1):
        line = lines[number - 1]
        if number not in shown:
            if _FENCE.match(line):
                return False
        elif heading := _HEADING.match(line):
            if len(heading[1]) <= level:
                return True
        elif line.strip() and not line.lstrip().startswith("<!--"):
            return False
    return True
