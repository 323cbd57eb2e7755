"""Headings that a document has to have."""

import re
from collections.abc import Iterator

from kerrigan.check.examples import OLD_SPEC, old_project
from kerrigan.check.generation import is_old
from kerrigan.model.rule import Rule
from kerrigan.model.source import START, Diagnostic, Document, Severity, Span
from kerrigan.model.tree import Tree

HEADINGS = {
    "spec.md": ("Goal", "Scope", "Non-goals", "Acceptance criteria"),
    "architecture.md": ("Overview", "Components & interfaces", "Tradeoffs", "Security & privacy notes"),
}
"""What the validators of Milestones 1 to 6 asked for, by file."""


def find(tree: Tree) -> Iterator[Diagnostic]:
    """Headings that a project of Milestones 1 to 6 lacks."""
    for project in tree.projects:
        if is_old(tree, project):
            for file, wanted in HEADINGS.items():
                document = tree.documents.get(f"{project.path}/{file}")
                yield from missing(document, wanted) if document else ()


def missing(document: Document, wanted: tuple[str, ...]) -> Iterator[Diagnostic]:
    """A finding for each heading that a document lacks."""
    for heading in wanted:
        if not re.search(rf"^#{{1,6}}\s+{re.escape(heading)}\s*$", document.text, re.MULTILINE):
            place = _nearly(document.text, heading)
            hint, message = f"write it exactly as '## {heading}'", f"the heading '{heading}' is missing"
            yield Diagnostic("missing-heading", Severity.error, document.path, place, message, hint)


def _nearly(text: str, heading: str) -> Span:
    """The line that means the heading and does not say it, or the start."""
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith("#") and heading.lower() in line.lower():
            return Span(number, 1, number, len(line) + 1)
    return START


RULE = Rule(
    name="missing-heading",
    severity=Severity.error,
    wants="A spec and an architecture of Milestones 1 to 6 have their headings.",
    why="People and agents look for a goal, or for what is not one, below the heading of that name.",
    bad=old_project(OLD_SPEC.replace("## Non-goals", "## Non-goals:")),
    good=old_project(),
    find=find,
)
