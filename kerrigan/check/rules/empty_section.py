"""A required section that says nothing."""

from collections.abc import Iterator

from kerrigan.check.examples import OLD_SPEC, old_project
from kerrigan.check.legacy.sections import sections
from kerrigan.model.checks.rule import Rule
from kerrigan.model.checks.source import Diagnostic, Severity
from kerrigan.model.checks.tree import Tree


def find(tree: Tree) -> Iterator[Diagnostic]:
    """Sections of Milestones 1 to 6 that are a heading only."""
    for section in sections(tree):
        if section.is_empty:
            message = f"nothing stands below '{section.heading}'"
            path, hint = section.document.path, "say it in a sentence, or that there is nothing to say"
            yield Diagnostic("empty-section", Severity.warning, path, section.span, message, hint)


RULE = Rule(
    name="empty-section",
    severity=Severity.warning,
    wants="The sections that Milestones 1 to 6 asked for, or a schema of Kerrigan asks for, say something.",
    why="A template as it was copied has every heading and not a word; the validators of those days passed it.",
    bad=old_project(OLD_SPEC.replace("Mail.", "")),
    good=old_project(),
    find=find,
)
