"""A reference to a file or heading that the other repository does not have."""

from collections.abc import Iterator

from kerrigan.check.examples import TASKS, new_project
from kerrigan.model.checks.rule import Rule
from kerrigan.model.checks.source import Diagnostic, Severity
from kerrigan.model.checks.tree import Tree


def find(tree: Tree) -> Iterator[Diagnostic]:
    """What was looked for in another repository and is not in it."""
    for reference, sought in tree.siblings.references.items() if tree.siblings else ():
        if sought.there is False:
            yield Diagnostic("broken-reference", Severity.warning, reference.path, reference.span, sought.why)


_SPEC = "---\nkerrigan: 7\n---\n# Todo\n\nShown as the [guide](acme/web:docs/guide.md#{}) says.\n"

RULE = Rule(
    name="broken-reference",
    severity=Severity.warning,
    wants="With --repositories or --online: what a link or hand-off `repository:path#heading` names is there.",
    why="The link leads nowhere, and an agent that was told to read it makes something up.",
    bad=new_project(TASKS, _SPEC.format("lists")),
    good=new_project(TASKS, _SPEC.format("the-list")),
    find=find,
    beside={"docs/guide.md": "# Guide\n\n## The list\n\nNewest first.\n"},
)
