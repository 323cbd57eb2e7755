"""A choice about a rule that does not exist."""

from collections.abc import Iterator

from kerrigan.check.choices import named
from kerrigan.check.examples import CONFIG, new_project
from kerrigan.check.rules import NAMES
from kerrigan.check.suggestion import did_you_mean
from kerrigan.model.checks.rule import Rule
from kerrigan.model.checks.source import Diagnostic, Severity
from kerrigan.model.checks.tree import Tree


def find(tree: Tree) -> Iterator[Diagnostic]:
    """Names in kerrigan.yml and in comments that no rule has."""
    for path, name, span in named(tree):
        if name not in NAMES:
            hint = did_you_mean(name, NAMES) or "kerrigan rules lists them"
            yield Diagnostic("unknown-rule", Severity.error, path, span, f"unknown rule '{name[:80]}'", hint)


_CONFIG = "check:\n  rules:\n    {}: error\n"

RULE = Rule(
    name="unknown-rule",
    severity=Severity.error,
    wants="A rule that is chosen or silenced by name exists.",
    why="A name that is misspelt chooses nothing, and does so in silence.",
    bad={**new_project(), CONFIG: _CONFIG.format("duplicate-dependencies")},
    good={**new_project(), CONFIG: _CONFIG.format("duplicate-dependency")},
    find=find,
)
