"""A file that is not what its name says."""

from kerrigan.check.examples import new_project
from kerrigan.model.checks.rule import Rule
from kerrigan.model.checks.source import Severity

RULE = Rule(
    name="syntax",
    severity=Severity.error,
    wants="A file is whole YAML or JSON, and front matter is closed.",
    why="What cannot be parsed defines nothing: no other rule can look at it, and no task in it can begin.",
    bad=new_project("kerrigan: 7\ntasks:\n  - id: contract\n    title: Agree: the contract\n    role: architect\n"),
    good=new_project('kerrigan: 7\ntasks:\n  - id: contract\n    title: "Agree: the contract"\n    role: architect\n'),
)
