"""Comments that silence a rule where they stand: `# kerrigan: ignore[RULE] reason`, in Markdown `<!-- … -->`."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

import yaml

from kerrigan.load.markdown import front_matter, prose
from kerrigan.load.nodes import scalars
from kerrigan.model.checking import Ignore
from kerrigan.model.source import Document, Span

_MARK = "ignore["
_WORDS = r"[ \t]*kerrigan:[ \t]*ignore\[([^\]]{0,500})\]"
_YAML = re.compile(rf"(?:(?<=\s)|^)#{_WORDS}(.*)")
_HTML = re.compile(rf"<!--{_WORDS}(.{{0,2000}}?)-->")
_NO_YAML = re.compile(r"\s*(?:#.*)?")
_NO_PROSE = re.compile(r"\s*(?:<!--.*-->)?\s*")
"""A line that is empty or only a comment, in either language."""


def ignores(document: Document) -> tuple[Ignore, ...]:
    """The comments of a document that silence something, in order. JSON has none."""
    is_broken = document.data is None and document.diagnostics
    if is_broken or document.path.endswith(".json"):
        return ()
    body = document.text.removeprefix("\ufeff")
    lines = [line.removesuffix("\r") for line in body.split("\n")]
    if not document.path.endswith(".md"):
        return tuple(_made(_in_yaml(body, 0), lines, _NO_YAML))
    begin, end = front_matter(body) or (0, 0)
    front = _made(_in_yaml(body[begin : max(begin, end)], 1), lines, _NO_YAML)
    return (*front, *_made(_in_prose(body), lines, _NO_PROSE))


def _in_yaml(text: str, offset: int) -> Iterator[tuple[int, re.Match[str]]]:
    lines = enumerate(text.split("\n"))
    found = [(number, match) for number, line in lines if _MARK in line for match in _YAML.finditer(line)]
    try:
        texts = scalars(text) if found else []
    except (yaml.YAMLError, ValueError):
        return  # front matter that nobody else reads may be anything
    begins = [begin for begin, _ in texts]
    for number, match in found:
        place = (number, match.start())
        before = bisect_right(begins, place) - 1
        if before < 0 or texts[before][1] <= place:
            yield number + 1 + offset, match


def _in_prose(text: str) -> Iterator[tuple[int, re.Match[str]]]:
    for number, line in prose(text):
        for match in _HTML.finditer(line) if _MARK in line else ():
            if line.count("`", 0, match.start()) % 2 == 0:
                yield number, match


def _made(
    found: Iterator[tuple[int, re.Match[str]]], lines: Sequence[str], nothing: re.Pattern[str]
) -> Iterator[Ignore]:
    following: Sequence[int] = ()
    for number, match in found:
        following = following or _following(lines, nothing)
        names = tuple(name for part in match[1].split(",") if (name := part.strip()))
        span = Span(number, match.start() + 1, number, match.start() + 1 + len(match[0].rstrip()))
        covered = {number}
        if nothing.fullmatch(lines[number - 1]):
            covered.add(following[number - 1])
        if number == 2 and lines[0].startswith("---"):
            covered.add(1)  # nothing can stand before front matter
        yield Ignore(names, match[2].strip(), span, frozenset(covered))


def _following(lines: Sequence[str], nothing: re.Pattern[str]) -> list[int]:
    """For each line the number of the next one that is more than a comment; its own where none comes."""
    found = 0
    numbers = []
    for number in range(len(lines), 0, -1):
        numbers.append(found or number)
        if not nothing.fullmatch(lines[number - 1]):
            found = number
    return numbers[::-1]
