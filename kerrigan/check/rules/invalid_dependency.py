"""A dependency that says nothing Kerrigan knows."""

from collections.abc import Iterator

from kerrigan.check.examples import new_project
from kerrigan.check.legacy.generation import of_old
from kerrigan.check.legacy.tasks import unreadable
from kerrigan.model.checks.rule import Rule
from kerrigan.model.checks.source import Diagnostic, Severity
from kerrigan.model.checks.tree import Tree

_TASK = "kerrigan: 7\ntasks:\n  - id: screen\n    title: Show the list\n    role: swe\n"


def find(tree: Tree) -> Iterator[Diagnostic]:
    """Entries of each tasks.md of Milestones 1 to 6; what schemas find in tasks.yml is found with them."""
    for document in of_old(tree, "tasks.md"):
        yield from unreadable(document)


RULE = Rule(
    name="invalid-dependency",
    severity=Severity.error,
    wants="A dependency is `task`, `project/task`, `#12`, `owner/repo#12`, `name:#12` or `external:some fact`.",
    why="YAML reads `#12` without quotes as a comment and `external: x` as a mapping: the task would wait for nothing.",
    bad=new_project(f"{_TASK}    depends_on:\n      - external: legal sign-off\n"),
    good=new_project(f'{_TASK}    depends_on:\n      - "external: legal sign-off"\n'),
    find=find,
)
