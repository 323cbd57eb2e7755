"""A key that stands twice in one mapping."""

from kerrigan.check.examples import new_project
from kerrigan.model.checks.rule import Rule
from kerrigan.model.checks.source import Severity

RULE = Rule(
    name="duplicate-key",
    severity=Severity.error,
    wants="A key stands once in its mapping.",
    why="Readers differ in which of the two they take, most of them in silence, so no one knows what the file says.",
    bad=new_project("kerrigan: 7\ntasks:\n  - id: contract\n    title: Agree it\n    role: swe\n    role: architect\n"),
    good=new_project("kerrigan: 7\ntasks:\n  - id: contract\n    title: Agree it\n    role: architect\n"),
)
