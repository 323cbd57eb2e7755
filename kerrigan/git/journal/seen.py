"""What a clone has seen of a journal: the number of its last line, the hash of that line, and the commit that held it.

Each line carries the hash of the line before it. A journal that still has the line under its number therefore has all
lines before it too, and one that has not was rewritten.
"""

import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from kerrigan.git.objects import replace_file
from kerrigan.model.event import digest

_FORM = re.compile(r"([0-9]{1,18}) ([0-9a-f]{64}) ([0-9a-f]{40}|[0-9a-f]{64})\n")


@dataclass(frozen=True, slots=True)
class Seen:
    """The last line that was seen: `number` counts from 1, `hash` is its SHA-256, `commit` the tip that held it."""

    number: int
    hash: str
    commit: str

    def is_line(self, line: str | None) -> bool:
        """Whether this is that line; None is no line."""
        return line is not None and digest(line) == self.hash


def recall(file: Path) -> Seen | None:
    """What a file says was seen; None where it says nothing."""
    try:
        found = _FORM.fullmatch(file.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None
    return Seen(int(found[1]), found[2], found[3]) if found else None


def remember(file: Path, number: int, line: str, commit: str) -> None:
    """Write down that a line was seen, unless a later one was; where the file cannot be written, nothing is."""
    before = recall(file)
    if before is not None and before.number >= number:
        return
    with suppress(OSError):
        file.parent.mkdir(exist_ok=True)
        replace_file(file, f"{number} {digest(line)} {commit}\n".encode())
