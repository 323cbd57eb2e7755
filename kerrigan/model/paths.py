"""What paths mean: `*` stands for any characters within one part, `**` for any parts, everything else for itself.

Two patterns overlap when one path fits both. That is decided exactly, and by the same walk as whether a path fits a
pattern: a path is a pattern in which every character stands for itself.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import TypeVar

T = TypeVar("T")
Part = tuple[str | None, ...]
"""One part of a path: its characters, None for `*`."""
Glob = tuple[Part | None, ...]
"""The parts of a pattern, None for `**`."""

_ANY: Part = (None,)
_SKIPPED = frozenset({"node_modules", "__pycache__", "venv"})


def is_skipped(folder: str) -> bool:
    """Whether nothing is read in a folder of this name: a tool made it, or it is hidden."""
    return folder in _SKIPPED or (folder.startswith(".") and folder != ".github")


@lru_cache(maxsize=65_536)
def parse(pattern: str) -> Glob:
    """A pattern's parts. A folder, `src/`, is everything in it, and so is `src/**`: never a file called `src`."""
    parts = [part for part in pattern.split("/") if part not in ("", ".")]
    if pattern.endswith("/"):
        parts.append("**")
    glob = tuple(None if part == "**" else tuple(None if c == "*" else c for c in part) for part in parts)
    return (*glob, _ANY) if glob[-1:] == (None,) else glob


def overlap(one: str, other: str) -> bool:
    """Whether some path fits both patterns."""
    return _meet(parse(one), parse(other), _parts_meet)


def fits(path: str, pattern: str) -> bool:
    """Whether a path is one of those that a pattern stands for."""
    begin, end = _ends(pattern)
    if not (path.startswith(begin) and path.endswith(end)):
        return False  # most of the files of a repository end here
    return _meet(tuple(tuple(part) for part in path.split("/")), parse(pattern), _parts_meet)


def outside(paths: Iterable[str], patterns: Sequence[str]) -> tuple[str, ...]:
    """The paths that fit none of the patterns."""
    return tuple(path for path in paths if not any(fits(path, pattern) for pattern in patterns))


def literal(glob: Glob) -> Glob:
    """The leading parts that stand for themselves: what every path that fits begins with."""
    length = next((n for n, part in enumerate(glob) if part is None or None in part), len(glob))
    return glob[:length]


@lru_cache(maxsize=65_536)
def _ends(pattern: str) -> tuple[str, str]:
    """What a path that fits begins and ends with, as far as the pattern has no `*` there."""
    parts = ("**" if part is None else "".join(c or "*" for c in part) for part in parse(pattern))
    whole = "/".join(parts)
    return whole.partition("*")[0], whole.rpartition("*")[2].lstrip("/")  # `**` may stand for nothing


def _parts_meet(one: Part, other: Part) -> bool:
    if None not in one and None not in other:
        return one == other
    return _ANY in (one, other) or _meet(one, other, str.__eq__)


def _meet(one: Sequence[T | None], other: Sequence[T | None], same: Callable[[T, T], bool]) -> bool:
    """Whether one sequence fits both, where None stands for any number of elements. From the ends to the beginnings."""
    below = [all(x is None for x in other[column:]) for column in range(len(other) + 1)]
    for a in reversed(one):
        row = [False] * len(other) + [a is None and below[-1]]
        for column in reversed(range(len(other))):
            b = other[column]
            if a is None or b is None:
                row[column] = below[column] or row[column + 1]
            else:
                row[column] = same(a, b) and below[column + 1]
        below = row
    return below[0]
