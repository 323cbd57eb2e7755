"""Comments that silence a rule where they stand: `# kerrigan: ignore[RULE] reason`, in Markdown `<!-- … -->`."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import yaml

from kerrigan.load.markdown import front_matter, prose
from kerrigan.load.yaml.nodes import scalars
from kerrigan.model.checks.checking import Ignore
from kerrigan.model.checks.source import Document, Span

_MARK = "ignore["
_WORDS = r"[ \t]*kerrigan:[ \t]*ignore\[([^\]]{0,500})\]"
_YAML = re.compile(rf"(?:(?<=\s)|^)#{_WORDS}")
_HTML = re.compile(rf"<!--{_WORDS}")
_END = "-->"


@dataclass(frozen=True, slots=True)
class _Comment:
    """Where a comment stands: its line and where it begins and ends in it, and what it says of which rules."""

    line: int
    begin: int
    end: int
    rules: str
    reason: str


def ignores(document: Document) -> tuple[Ignore, ...]:
    """The comments of a document that silence something, in order. JSON has none."""
    is_broken = document.data is None and document.diagnostics
    if is_broken or document.path.endswith(".json"):
        return ()
    body = document.text.removeprefix("\ufeff")
    lines = [line.removesuffix("\r") for line in body.split("\n")]
    if not document.path.endswith(".md"):
        return tuple(_made(_in_yaml(body, 0), lines, _is_yaml_comment))
    begin, end = front_matter(body) or (0, 0)
    front = _made(_in_yaml(body[begin : max(begin, end)], 1), lines, _is_yaml_comment)
    return (*front, *_made(_in_prose(body), lines, _is_prose_comment))


def _in_yaml(text: str, offset: int) -> Iterator[_Comment]:
    marked = ((number, line) for number, line in enumerate(text.split("\n")) if _MARK in line)
    found = [(number, line, match) for number, line in marked for match in _YAML.finditer(line)]
    try:
        texts = scalars(text) if found else []
    except (yaml.YAMLError, ValueError):
        return  # front matter that no one else reads may be anything
    begins = [begin for begin, _ in texts]
    last = -1
    for number, line, match in found:
        place = (number, match.start())
        before = bisect_right(begins, place) - 1
        # Whatever follows the first comment of a line is a part of it.
        if number != last and (before < 0 or texts[before][1] <= place):
            last = number
            yield _Comment(number + 1 + offset, match.start(), len(line.rstrip()), match[1], line[match.end() :])


def _in_prose(text: str) -> Iterator[_Comment]:
    for number, line in prose(text):
        ticks, counted, after = 0, 0, 0
        for match in _HTML.finditer(line) if _MARK in line else ():
            if match.start() < after:
                continue  # it is inside of the one before
            ticks += line.count("`", counted, match.start())
            counted, after = match.start(), line.find(_END, match.end())
            if after < 0:
                break
            if ticks % 2 == 0:
                yield _Comment(number, match.start(), after + len(_END), match[1], line[match.end() : after])


def _made(found: Iterator[_Comment], lines: Sequence[str], is_comment: Callable[[str], bool]) -> Iterator[Ignore]:
    about: Sequence[int] = ()
    for comment in found:
        about = about or _about(lines, is_comment)
        names = tuple(name for part in comment.rules.split(",") if (name := part.strip()))
        span = Span(comment.line, comment.begin + 1, comment.line, comment.end + 1)
        covered = {comment.line, about[comment.line - 1]}
        if comment.line == 2 and lines[0].startswith("---"):
            covered.add(1)  # nothing can stand before front matter
        yield Ignore(names, comment.reason.strip(), span, frozenset(covered))


def _about(lines: Sequence[str], is_comment: Callable[[str], bool]) -> list[int]:
    """For each line the one that a comment on it is about: itself, or the next that is more than a comment, if any."""
    following = 0
    numbers = []
    for number in range(len(lines), 0, -1):
        if not is_comment(lines[number - 1]):
            following = number
            numbers.append(number)
        else:
            numbers.append(following or number)
    return numbers[::-1]


def _is_yaml_comment(line: str) -> bool:
    return line.lstrip()[:1] in {"", "#"}


def _is_prose_comment(line: str) -> bool:
    said = line.strip()
    return not said or (said.startswith("<!--") and said.endswith(_END) and len(said) >= len("<!---->"))
