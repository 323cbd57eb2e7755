"""Headings that a document has to have."""

import re
from collections.abc import Collection, Iterable, Iterator
from itertools import islice

from kerrigan.check.examples import OLD_SPEC, old_project
from kerrigan.check.legacy.generation import is_old
from kerrigan.check.suggestion import longer, nearest
from kerrigan.model.checks.rule import Rule
from kerrigan.model.checks.source import START, Diagnostic, Document, Severity, Span, plain
from kerrigan.model.checks.tree import Tree

HEADINGS = {
    "spec.md": ("Goal", "Scope", "Non-goals", "Acceptance criteria"),
    "architecture.md": ("Overview", "Components & interfaces", "Tradeoffs", "Security & privacy notes"),
}
"""What the validators of Milestones 1 to 6 asked for, by file."""

ALIKE = 0.75
"""How much of its words two headings must share, as difflib measures it, for the one to be meant as the other."""

LONGER = 100
"""How many headings that begin with a missing one are looked at."""

_WORD = re.compile(r"[^\W_]+")


def find(tree: Tree) -> Iterator[Diagnostic]:
    """Headings that a project of Milestones 1 to 6 lacks, and those that teams want in artifacts of their own."""
    for project in tree.projects:
        if is_old(tree, project):
            for file, needed in HEADINGS.items():
                document = tree.documents.get(f"{project.path}/{file}")
                if document and (lacking := _lacking(document, needed)):
                    yield from missing(document, lacking, _marked(document, needed))
    if tree.headings:
        yield from _own(tree)


def _own(tree: Tree) -> Iterator[Diagnostic]:
    from kerrigan.model.checks.artifacts import own_artifacts

    for path, headings in tree.headings.items():
        wanted = dict.fromkeys(h for _, own in own_artifacts(tree.workspaces, path) for h in own.headings)
        lines = [(number, title) for _, title, number in headings if title not in wanted]
        titles = {title for _, title, _ in headings}
        yield from missing(tree.documents[path], [heading for heading in wanted if heading not in titles], lines)


def form(heading: str) -> str:
    """A heading as the validators of Milestones 1 to 6 saw it, anywhere in a file; a pattern of many lines."""
    return rf"^#{{1,6}}\s+{re.escape(heading)}\s*$"


def _lacking(document: Document, wanted: Iterable[str]) -> list[str]:
    return [heading for heading in wanted if not re.search(form(heading), plain(document.text), re.MULTILINE)]


def _marked(document: Document, wanted: Collection[str]) -> list[tuple[int, str]]:
    lines = ((n, line) for n, line in enumerate(_lines(document), 1) if line.lstrip().startswith("#"))
    return [(n, line) for n, line in lines if not any(re.match(form(heading), line) for heading in wanted)]


def missing(document: Document, headings: Iterable[str], lines: list[tuple[int, str]]) -> Iterator[Diagnostic]:
    """A finding for each heading, at the line that means it and does not say it, or at the start.

    `lines` are the headings that no one asks for, with their numbers: one that is wanted itself means no other.
    """
    said = {words: number for number, line in reversed(lines) if (words := _words(line))}
    written = _lines(document)
    for heading in headings:
        near = said.get(_meant(_words(heading), said) or "")
        length = len(written[near - 1]) if near else 0
        place = Span(near, 1, near, length + 1) if near else START
        hint, message = f"write it exactly as '## {heading}'", f"the heading '{heading}' is missing"
        yield Diagnostic("missing-heading", Severity.error, document.path, place, message, hint)


def _meant(heading: str, said: Collection[str]) -> str | None:
    """The heading that is nearly this one, or this one longer, as 'debugging' is 'debug'; not one that contains it."""
    found = nearest(heading, said, ALIKE)
    further = longer(heading, said) if heading and not found else ()
    return found or next((words for words in islice(further, LONGER) if " " not in words[len(heading) :]), None)


def _lines(document: Document) -> list[str]:
    return plain(document.text).split("\n")


def _words(heading: str) -> str:
    return " ".join(_WORD.findall(heading.lower()))


RULE = Rule(
    name="missing-heading",
    severity=Severity.error,
    wants="A spec and an architecture of Milestones 1 to 6 have their headings, and so have artifacts of a team's own.",
    why="People and agents look for a goal, or for what is not one, below the heading of that name.",
    bad=old_project(OLD_SPEC.replace("## Non-goals", "## Non-goals:")),
    good=old_project(),
    find=find,
)
