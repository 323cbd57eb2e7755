"""Who tells the story: headlines, one line an event, and what commands really said. Colour on a terminal only."""

import json
import textwrap
import time
from collections.abc import Callable, Iterable

from kerrigan.model.event import Event, EventType
from kerrigan.report.plain import plain
from kerrigan.report.words import sentence

WIDTH = 100
"""The longest line, in columns, as far as a line can be broken at all."""
RED, GREEN, YELLOW, BLUE, BOLD, DIM = "31", "32", "33", "36", "1", "2"
COLOURS = {
    EventType.rejected: RED,
    EventType.dispatch_resent: YELLOW,
    EventType.dispatch_acknowledged: BLUE,
    EventType.completed: GREEN,
    EventType.approved: GREEN,
}


class Narrator:
    """`write` prints a line; `style` puts a terminal style round a text, or leaves it as it is."""

    def __init__(self, write: Callable[[str], None], style: Callable[[str, str], str], as_json: bool) -> None:
        self._write = write
        self._style = style
        self._as_json = as_json
        self._start = time.monotonic()

    @property
    def seconds(self) -> float:
        """How long the story has taken."""
        return time.monotonic() - self._start

    def scene(self, title: str) -> None:
        """A headline."""
        if self._as_json:
            self._write(json.dumps({"scene": title}, ensure_ascii=False))
        else:
            self._write(f"\n{self._style(title, BOLD)}")

    def say(self, text: str, colour: str = "") -> None:
        """A line of the story."""
        for line in text.splitlines():
            if self._as_json:
                self._write(json.dumps({"line": line}, ensure_ascii=False))
            else:
                for row in _rows(line):
                    self._write(f"  {self._style(row, colour) if colour else row}" if row else "")

    def command(self, who: str, words: str) -> None:
        """Someone types a command."""
        self.say(f"{who} $ {words}", DIM)

    def events(self, events: Iterable[Event]) -> None:
        """What the journal has new."""
        for event in events:
            if self._as_json:
                self._write(json.dumps({"event": event.to_json()}, ensure_ascii=False))
            else:
                self.say(plain(sentence(event)), COLOURS.get(event.type, ""))


def _rows(line: str) -> list[str]:
    indent = " " * (len(line) - len(line.lstrip()) + 4)
    rows = textwrap.wrap(line, WIDTH - 2, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
    return rows or [""]
