"""A repository that is listed twice, under two names."""

from collections.abc import Iterator

from kerrigan.check.examples import OLD_SPEC, old_project
from kerrigan.check.legacy.front_matter import same_urls
from kerrigan.check.legacy.generation import of_old
from kerrigan.model.checks.rule import Rule
from kerrigan.model.checks.source import Diagnostic, Severity
from kerrigan.model.checks.tree import Tree


def find(tree: Tree) -> Iterator[Diagnostic]:
    """The same address twice in a spec of Milestones 1 to 6."""
    for spec in of_old(tree, "spec.md"):
        yield from same_urls(spec)


_FRONT = (
    "---\nrepositories:\n  - {{name: api, url: https://github.com/acme/todo, role: backend}}\n"
    "  - {{name: web, url: https://github.com/acme/{}, role: frontend}}\n---\n"
)

RULE = Rule(
    name="duplicate-url",
    severity=Severity.warning,
    wants="A spec of Milestones 1 to 6 lists a repository once.",
    why="Under two names it would be worked on as if it were two.",
    bad=old_project(_FRONT.format("todo.git") + OLD_SPEC),
    good=old_project(_FRONT.format("todo-web.git") + OLD_SPEC),
    find=find,
)
