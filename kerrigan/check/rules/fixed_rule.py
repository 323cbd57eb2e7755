"""A choice about a rule that is not to be chosen."""

from collections.abc import Iterator

from kerrigan.check.choices import named
from kerrigan.check.examples import CONFIG, new_project
from kerrigan.check.rules import FIXED
from kerrigan.model.checks.rule import Rule
from kerrigan.model.checks.source import Diagnostic, Severity
from kerrigan.model.checks.tree import Tree


def find(tree: Tree) -> Iterator[Diagnostic]:
    """Names in kerrigan.yml and in comments of rules that no one can turn off."""
    for path, name, span in named(tree):
        if name in FIXED:
            message = f"the rule '{name}' always counts: nothing can turn it off or change its severity"
            yield Diagnostic("fixed-rule", Severity.error, path, span, message, "take the name out")


RULE = Rule(
    name="fixed-rule",
    severity=Severity.error,
    wants="No choice is made about a rule that always counts.",
    why="Nothing is checked in a file that cannot be read, so a check that passes it over would say it is fine.",
    bad={**new_project(), CONFIG: "check:\n  rules: {syntax: off}\n"},
    good={**new_project(), CONFIG: "check:\n  rules: {missing-heading: off}\n"},
    find=find,
)
