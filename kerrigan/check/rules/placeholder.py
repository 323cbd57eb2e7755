"""What a template left for people to fill in."""

import re
from collections.abc import Iterator

from kerrigan.check.examples import FOLDER, old_project
from kerrigan.check.legacy.generation import is_old
from kerrigan.model.checks.rule import Rule
from kerrigan.model.checks.source import Diagnostic, Severity, Span
from kerrigan.model.checks.tree import Tree

_LEFT = re.compile(
    r"\s*(?:[-*+]\s+)?(?:\[[ xX]\]\s*)?(?:\*{0,2}[A-Za-z ]{1,40}:\*{0,2}\s*)?(\.\.\.|…)\s*|.*(<project-name>).*"
)


def find(tree: Tree) -> Iterator[Diagnostic]:
    """Lines of a project of Milestones 1 to 6 that are `...` and no more, or name `<project-name>`."""
    for project in tree.projects:
        if is_old(tree, project):
            for path in tree.prose:
                if path.rpartition("/")[0] == project.path:
                    yield from _in(tree, path)


def _in(tree: Tree, path: str) -> Iterator[Diagnostic]:
    for number, line in tree.prose[path]:
        if found := _LEFT.fullmatch(line):
            group = 1 if found[1] else 2
            place = Span(number, found.start(group) + 1, number, found.end(group) + 1)
            message = f"'{found[group]}' is what the template left to fill in"
            yield Diagnostic("placeholder", Severity.warning, path, place, message, "fill it in, or take the line out")


RULE = Rule(
    name="placeholder",
    severity=Severity.warning,
    wants="A project of Milestones 1 to 6 has filled in what its template left open.",
    why="The validators of those days passed a template without a word in it, and such a task says nothing.",
    bad={**old_project(), f"{FOLDER}/tasks.md": "# Tasks\n\n- [ ] Task: ...\n"},
    good={**old_project(), f"{FOLDER}/tasks.md": "# Tasks\n\n- [ ] Task: Agree the API contract\n"},
    find=find,
)
