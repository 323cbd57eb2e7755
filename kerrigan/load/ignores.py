"""Comments that silence a rule where they stand: `# kerrigan: ignore[RULE] reason`, in Markdown `<!-- … -->`."""

import re
from collections.abc import Iterator, Sequence

from kerrigan.load.markdown import front_matter, prose
from kerrigan.load.nodes import scalars
from kerrigan.model.checking import Ignore
from kerrigan.model.source import Document, Span

_MARK = re.compile(r"kerrigan:[ \t]*ignore\[")
_WORDS = r"[ \t]*kerrigan:[ \t]*ignore\[([^\]\r\n]*)\][ \t]*"
_YAML = re.compile(rf"(?:(?<=\s)|^)#{_WORDS}(.*)", re.MULTILINE)
_HTML = re.compile(rf"<!--{_WORDS}(.*?)[ \t]*-->")
_NO_YAML = re.compile(r"\s*(?:#.*)?")
_NO_PROSE = re.compile(r"\s*(?:<!--.*-->)?\s*")
"""A line that is empty or only a comment, in either language."""


def ignores(document: Document) -> tuple[Ignore, ...]:
    """The comments of a document that silence something, in order. JSON has none."""
    is_broken = document.data is None and document.diagnostics
    if is_broken or _MARK.search(document.text) is None or document.path.endswith(".json"):
        return ()
    body = document.text.removeprefix("\ufeff")
    lines = body.split("\n")
    if not document.path.endswith(".md"):
        return tuple(_in_yaml(body, 0, lines))
    begin, end = front_matter(body) or (0, 0)
    return (*_in_yaml(body[begin:end], 1, lines), *_in_prose(body, lines))


def _in_yaml(text: str, offset: int, lines: Sequence[str]) -> Iterator[Ignore]:
    found = list(_YAML.finditer(text))
    texts = scalars(text) if found else []
    for match in found:
        line = text.count("\n", 0, match.start())
        column = match.start() - (text.rfind("\n", 0, match.start()) + 1)
        if not any(begin <= (line, column) < end for begin, end in texts):
            yield _ignore(match, line + 1 + offset, column, lines, _NO_YAML)


def _in_prose(text: str, lines: Sequence[str]) -> Iterator[Ignore]:
    for number, line in prose(text):
        for match in _HTML.finditer(line):
            if line.count("`", 0, match.start()) % 2 == 0:
                yield _ignore(match, number, match.start(), lines, _NO_PROSE)


def _ignore(match: re.Match[str], line: int, column: int, lines: Sequence[str], nothing: re.Pattern[str]) -> Ignore:
    names = tuple(name for part in match[1].split(",") if (name := part.strip()))
    span = Span(line, column + 1, line, column + 1 + len(match[0].rstrip()))
    covered = {line}
    if nothing.fullmatch(lines[line - 1]):
        covered.add(next((n for n in range(line + 1, len(lines) + 1) if not nothing.fullmatch(lines[n - 1])), line))
    if line == 2 and lines[0].startswith("---"):
        covered.add(1)
    return Ignore(names, match[2].strip(), span, frozenset(covered))
