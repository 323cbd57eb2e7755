"""A document with more levels than anyone writes."""

from kerrigan.check.examples import TASKS, new_project
from kerrigan.model.checks.rule import Rule
from kerrigan.model.checks.source import Severity

RULE = Rule(
    name="too-deep",
    severity=Severity.error,
    wants="A document has a hundred levels of nesting at most, and no alias of itself.",
    why="No one writes such a file on purpose, and parsers die of it.",
    bad=new_project("kerrigan: 7\ntasks: &all\n  - *all\n"),
    good=new_project(TASKS),
)
