"""A file that cannot be read as text."""

from kerrigan.check.examples import TASKS, new_project
from kerrigan.model.checks.rule import Rule
from kerrigan.model.checks.source import Severity

RULE = Rule(
    name="unreadable",
    severity=Severity.error,
    wants="A file is UTF-8 text of ten million bytes at most, inside of the tree, and may be read.",
    why="What is not text cannot be reviewed, and a link out of the tree shows every machine another file.",
    bad=new_project(f"{TASKS}# \0\n"),
    good=new_project(TASKS),
)
