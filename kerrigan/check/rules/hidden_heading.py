"""A required heading that no one sees."""

from collections.abc import Iterator

from kerrigan.check.examples import OLD_SPEC, old_project
from kerrigan.check.legacy.sections import sections
from kerrigan.model.checks.rule import Rule
from kerrigan.model.checks.source import Diagnostic, Severity
from kerrigan.model.checks.tree import Tree


def find(tree: Tree) -> Iterator[Diagnostic]:
    """Headings of Milestones 1 to 6 that stand in code fences, comments and front matter only."""
    for section in sections(tree):
        if not section.is_seen:
            message = (
                f"the heading '{section.heading}' stands where it is not displayed: in a fence, comment or front matter"
            )
            path, hint = section.document.path, f"write '## {section.heading}' as a heading of the page"
            yield Diagnostic("hidden-heading", Severity.warning, path, section.span, message, hint)


RULE = Rule(
    name="hidden-heading",
    severity=Severity.warning,
    wants="The headings that a project of Milestones 1 to 6 has to have are seen by who reads the page.",
    why="The validators of those days took any line that looks like one, also in an example or in a comment.",
    bad=old_project(OLD_SPEC.replace("## Scope\n", "```\n## Scope\n```\n")),
    good=old_project(),
    find=find,
)
