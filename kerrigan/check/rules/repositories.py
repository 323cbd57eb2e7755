"""The repositories that a spec of Milestones 1 to 6 lists."""

from collections.abc import Iterator

from kerrigan.check.examples import OLD_SPEC, old_project
from kerrigan.check.legacy.front_matter import spec_md
from kerrigan.check.legacy.generation import of_old
from kerrigan.model.checks.rule import Rule
from kerrigan.model.checks.source import Diagnostic, Severity
from kerrigan.model.checks.tree import Tree

_FRONT = "---\nrepositories:\n  - {{name: api, url: {}, role: backend}}\n---\n" + OLD_SPEC


def find(tree: Tree) -> Iterator[Diagnostic]:
    """What the validators of Milestones 1 to 6 refused about them, and what else they made of the front matter."""
    for spec in of_old(tree, "spec.md"):
        yield from spec_md(spec)


RULE = Rule(
    name="repositories",
    severity=Severity.error,
    wants="A spec of Milestones 1 to 6 lists five repositories of one owner at most, each with name, url and role.",
    why="The validators of those days asked for it, and their projects keep that verdict.",
    bad=old_project(_FRONT.format("git@github.com:acme/todo-api")),
    good=old_project(_FRONT.format("https://github.com/acme/todo-api")),
    find=find,
)
