"""A key that a file has to have."""

from kerrigan.check.examples import new_project
from kerrigan.model.checks.rule import Rule
from kerrigan.model.checks.source import Severity

RULE = Rule(
    name="missing-key",
    severity=Severity.error,
    wants="A mapping has the keys that its schema requires.",
    why="Without them Kerrigan would have to guess: who does a task, or what it is.",
    bad=new_project("kerrigan: 7\ntasks:\n  - id: contract\n    title: Agree it\n"),
    good=new_project("kerrigan: 7\ntasks:\n  - id: contract\n    title: Agree it\n    role: architect\n"),
)
