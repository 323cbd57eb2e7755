"""Markdown as far as Kerrigan reads it: where the front matter is, and the headings."""

import re
from collections.abc import Iterator

_OPENING = re.compile(r"---[ \t]*\r?\n")
_CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*\r?$", re.MULTILINE)
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")
_HEADING = re.compile(r" {0,3}(#{1,6})[ \t\u00a0](.*)")


def front_matter(text: str) -> tuple[int, int] | None:
    """Where the front matter's own text begins and ends; None without one, an end of -1 where it is never closed."""
    opening = _OPENING.match(text)
    if opening is None:
        return None
    closing = _CLOSING.search(text, opening.end())
    return opening.end(), closing.start() if closing else -1


def headings(text: str) -> tuple[tuple[int, str, int], ...]:
    """Every `#` heading as (level, title, line); not those in front matter, code fences or comments."""
    found = ((heading(line), number) for number, line in prose(text))
    return tuple((*one, number) for one, number in found if one)


def heading(line: str) -> tuple[int, str] | None:
    """The level and the title of a line that is a `#` heading and has one."""
    match = _HEADING.fullmatch(line)
    title = _title(match[2]) if match else ""
    return (len(match[1]), title) if match and title else None


def _title(text: str) -> str:
    title = text.strip()
    closed = title.rstrip("#")
    return closed.strip() if not closed or closed[-1].isspace() else title


def prose(text: str) -> Iterator[tuple[int, str]]:
    """The lines with their numbers, but for those of front matter, code fences, and comments that began above."""
    return ((number, line) for number, line, is_code in lines(text) if not is_code)


def lines(text: str) -> Iterator[tuple[int, str, bool]]:
    """The same with those inside of code fences. Each says whether it is one of them."""
    bounds = front_matter(text.removeprefix("\ufeff"))
    body = text.count("\n", 0, bounds[1]) + 1 if bounds and bounds[1] >= 0 else 0
    fence, comment = "", False
    for number, raw in enumerate(text.split("\n"), 1):
        line = raw.removesuffix("\r")
        mark = _FENCE.fullmatch(line)
        if number <= body:
            continue
        if comment:
            comment = _opens_comment("<!--" + line)
        elif fence:
            if mark and mark[1].startswith(fence) and not mark[2].strip():
                fence = ""
            else:
                yield number, line, True
        elif mark:
            fence = mark[1]
        else:
            comment = _opens_comment(line)
            yield number, line, False


def _opens_comment(line: str) -> bool:
    if "<!--" not in line:
        return False
    # What stands between backticks is code; one that is never closed is only a backtick.
    pieces = line.split("`")
    said = "".join(pieces[::2] if len(pieces) % 2 else [*pieces[::2], pieces[-1]])
    return said.rfind("<!--") > said.rfind("-->")
