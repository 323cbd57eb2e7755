"""Two repositories with one name."""

from collections.abc import Iterator

from kerrigan.check.examples import new_project
from kerrigan.check.references import duplicates
from kerrigan.model.checks.rule import Rule
from kerrigan.model.checks.source import Diagnostic, Severity
from kerrigan.model.checks.tree import Tree

_SPEC = """\
---
kerrigan: 7
repositories:
  - {{name: api, url: https://github.com/acme/todo-api}}
  - {{name: {}, url: https://github.com/acme/todo-web}}
---
# Todo

A list that people share.
"""


def find(tree: Tree) -> Iterator[Diagnostic]:
    """Two repositories of one project with the same short name."""
    yield from duplicates(tree, "spec.md", ("repositories", "name"), "duplicate-repository", "repository")


RULE = Rule(
    name="duplicate-repository",
    severity=Severity.error,
    wants="The short name of a repository is the only one in its project.",
    why="Tasks name their repository by it; only the first of the two could be meant.",
    bad=new_project(spec=_SPEC.format("api")),
    good=new_project(spec=_SPEC.format("web")),
    find=find,
)
