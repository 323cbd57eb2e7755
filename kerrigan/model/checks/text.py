"""A text by lines and columns, as spans count them, and changes of it that leave every other character alone."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from kerrigan.model.checks.source import Edit, Span

_BREAK = re.compile(r"\r\n|\r|\n")
_BOM = "\ufeff"


class Text:
    """A text whose lines are found once. A byte order mark at its begin takes no column."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._begins = [len(text) - len(text.removeprefix(_BOM)), *(found.end() for found in _BREAK.finditer(text))]

    def index(self, line: int, column: int) -> int:
        """Where a place is, counted in characters; a place behind the end is the end."""
        if line > len(self._begins):
            return len(self.text)
        return min(self._begins[line - 1] + column - 1, len(self.text))

    def cut(self, span: Span) -> tuple[int, int]:
        """Where a span begins and ends."""
        return self.index(span.line, span.column), self.index(span.end_line, span.end_column)

    def at(self, span: Span) -> str:
        """What stands at a place."""
        begin, end = self.cut(span)
        return self.text[begin:end]

    def line(self, number: int) -> str:
        """A line without its line end."""
        return self.text[self.index(number, 1) : self.index(number + 1, 1)].rstrip("\r\n")


@lru_cache(maxsize=8)
def text_of(text: str) -> Text:
    """The same, found again for a text that was asked about a moment ago."""
    return Text(text)


def apart(text: Text, edits: Iterable[Edit]) -> list[Edit]:
    """Those of the edits that do not touch each other, from the top; of two that do, the upper one."""
    chosen: list[Edit] = []
    for edit in sorted(edits, key=lambda edit: edit.span):
        if not chosen or text.cut(chosen[-1].span)[1] < text.cut(edit.span)[0]:
            chosen.append(edit)
    return chosen


def edited(text: Text, edits: Iterable[Edit]) -> str:
    """The text after edits that do not touch each other."""
    pieces, left = [], 0
    for edit in sorted(edits, key=lambda edit: edit.span):
        begin, end = text.cut(edit.span)
        pieces += [text.text[left:begin], edit.text]
        left = end
    return "".join([*pieces, text.text[left:]])


def moved(text: Text, edits: Iterable[Edit]) -> Iterator[int]:
    """The lines that these edits, from the top, stand on when all of them are done."""
    more = 0
    for edit in edits:
        yield edit.span.line + more
        more += edit.text.count("\n") - text.at(edit.span).count("\n")
