"""A value of another type than its schema wants, and front matter that is no mapping."""

from collections.abc import Iterator

from kerrigan.check.examples import new_project
from kerrigan.check.generation import is_old
from kerrigan.model.rule import Rule
from kerrigan.model.source import Diagnostic, Severity
from kerrigan.model.tree import Tree


def find(tree: Tree) -> Iterator[Diagnostic]:
    """Front matter that Milestones 1 to 6 passed over in silence; what schemas find is found with them."""
    for project in tree.projects:
        spec = tree.documents.get(f"{project.path}/spec.md")
        if is_old(tree, project) and spec and spec.data is not None and not isinstance(spec.data, dict):
            message = "the front matter is not read, expected 'key: value'"
            yield Diagnostic("wrong-type", Severity.warning, spec.path, spec.positions.value(()), message)


RULE = Rule(
    name="wrong-type",
    severity=Severity.error,
    wants="A value is of the type that its schema wants: text, a number, a list, a mapping.",
    why="`1.10` without quotes is a number, and another one than was meant; `yes` is text, and no switch.",
    bad=new_project("kerrigan: 7\ntasks:\n  - {id: release, title: 1.10, role: deployment}\n"),
    good=new_project('kerrigan: 7\ntasks:\n  - {id: release, title: "1.10", role: deployment}\n'),
    find=find,
)
