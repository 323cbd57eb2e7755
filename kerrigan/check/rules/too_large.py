"""A document with more values than anyone writes."""

from kerrigan.check.examples import new_project
from kerrigan.model.checks.rule import Rule
from kerrigan.model.checks.source import Severity

_TWICE = "".join(f"    - &v{n} [{', '.join([f'*v{n - 1}'] * 10)}]\n" for n in range(1, 7))

RULE = Rule(
    name="too-large",
    severity=Severity.error,
    wants="A document has 500,000 values at most, counting those that aliases repeat.",
    why="A few lines of aliases can stand for more values than a machine has memory.",
    bad=new_project(f"kerrigan: 7\ntasks:\n  - acceptance:\n    - &v0 it works\n{_TWICE}"),
    good=new_project(
        "kerrigan: 7\ntasks:\n  - {id: a, title: Do a, role: swe, acceptance: &it [it works]}\n"
        "  - {id: b, title: Do b, role: swe, acceptance: *it}\n"
    ),
)
