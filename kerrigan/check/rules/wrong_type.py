"""A value of another type than its schema wants, and front matter that is no mapping."""

from kerrigan.check.examples import new_project
from kerrigan.model.checks.rule import Rule
from kerrigan.model.checks.source import Severity

RULE = Rule(
    name="wrong-type",
    severity=Severity.error,
    wants="A value is of the type that its schema wants: text, a number, a list, a mapping.",
    why="`1.10` without quotes is a number, and another one than was meant; `yes` is text, and no switch.",
    bad=new_project("kerrigan: 7\ntasks:\n  - {id: release, title: 1.10, role: deployment}\n"),
    good=new_project('kerrigan: 7\ntasks:\n  - {id: release, title: "1.10", role: deployment}\n'),
)
