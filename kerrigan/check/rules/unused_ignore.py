"""A comment that silences nothing."""

from kerrigan.check.examples import new_project, one_task
from kerrigan.model.checks.rule import Rule
from kerrigan.model.checks.source import Severity

_COMMENT = "# kerrigan: ignore[duplicate-dependency] each stands for one half of it"

RULE = Rule(
    name="unused-ignore",
    severity=Severity.warning,
    wants="A comment that silences a rule stands on the line of a finding of that rule, or above it.",
    why="What it was written for is fixed; left there, it would silence the next finding, which no one has seen.",
    bad=new_project(one_task(f"depends_on: ['#1', '#2']  {_COMMENT}")),
    good=new_project(one_task(f"depends_on: ['#1', '#1']  {_COMMENT}")),
)
