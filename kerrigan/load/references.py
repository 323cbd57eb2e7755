"""Links and hand-offs that name a file of a repository, `web:docs/api.md#paging`, and the headings they lead to."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from urllib.parse import unquote

from kerrigan.load.markdown import headings, prose
from kerrigan.model.checks.siblings import Reference
from kerrigan.model.checks.source import Document, Span, plain
from kerrigan.model.names import SLUG
from kerrigan.model.project import Project

_NAMED = rf"(?P<repository>{SLUG}|[a-zA-Z0-9_-]+):(?P<file>[\w.-][\w./%-]*)(?:#(?P<anchor>[^\s()<>,]+))?"
_LINK = re.compile(rf"\]\(<?({_NAMED})>?(?:\s[^()]*)?\)")
_BULLET = re.compile(r"\s*[-*+]\s+(?:Handoff to|Artifacts):(.*)")
_ENTRY = re.compile(rf"(?:(?<=[\s,`])|^)({_NAMED})")
_LINES = re.compile(r"L[0-9]+(?:C[0-9]+)?(?:-L[0-9]+(?:C[0-9]+)?)?")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-{2,})[ \t]*")
_TARGET = re.compile(r"<a\s[^<>]*?\b(?:id|name)=[\"']([^\"'<>]+)[\"']")
_MARKUP = re.compile(r"!?\[([^\[\]]*)\](?:\([^()]*\)|\[[^\[\]]*\])")


def references(project: Project, documents: Mapping[str, Document]) -> Iterator[Reference]:
    """Those in the Markdown of a project. A name that is no repository of the project's is left out."""
    for path, document in documents.items():
        if path.endswith(".md") and path.rpartition("/")[0] == project.path and ":" in document.text:
            for number, line in prose(plain(document.text)):
                for found in _in(line):
                    if slug := _slug(found["repository"], project):
                        span = Span(number, found.start(1) + 1, number, found.end(1) + 1)
                        yield Reference(path, span, slug, unquote(found["file"]), unquote(found["anchor"] or ""))


def _in(line: str) -> Iterator[re.Match[str]]:
    yield from _LINK.finditer(line)
    if bullet := _BULLET.fullmatch(line):
        yield from (found for found in _ENTRY.finditer(line, bullet.start(1)))


def _slug(name: str, project: Project) -> str:
    if "/" in name:
        return name
    found = project.repositories.get(name)
    return found.slug if found else ""


def has_anchor(text: str, anchor: str) -> bool:
    """Whether an address that ends in `#anchor` leads to a heading, or another target, of a Markdown text."""
    return bool(_LINES.fullmatch(anchor)) or anchor.lower() in anchors(text)


def anchors(text: str) -> frozenset[str]:
    """What GitHub makes of the headings of a Markdown text in addresses, and the targets that it has of its own."""
    found: set[str] = {target.lower() for target in _TARGET.findall(text)}
    used: Counter[str] = Counter()
    for _, title in sorted([(line, title) for _, title, line in headings(text)] + list(_underlined(text))):
        base = re.sub(r"[^\w\- ]", "", _MARKUP.sub(r"\1", title).lower()).replace(" ", "-")
        found.add(f"{base}-{used[base]}" if used[base] else base)
        used[base] += 1
    return frozenset(found)


def _underlined(text: str) -> Iterator[tuple[int, str]]:
    before = (0, "")
    for number, line in prose(plain(text)):
        if before[0] == number - 1 and before[1].strip() and _UNDERLINE.fullmatch(line):
            yield before[0], before[1].strip()
        before = (number, line)
