"""A key that means nothing."""

from kerrigan.check.examples import new_project
from kerrigan.model.checks.rule import Rule
from kerrigan.model.checks.source import Severity

_TASKS = (
    "kerrigan: 7\ntasks:\n  - {{id: contract, title: Agree it, role: architect}}\n"
    "  - {{id: screen, title: Show it, role: swe, {}: [contract]}}\n"
)

RULE = Rule(
    name="unknown-key",
    severity=Severity.error,
    wants="A mapping has no keys but those of its schema.",
    why="A key that is misspelt does nothing, and does so in silence: here the screen would not wait for the contract.",
    bad=new_project(_TASKS.format("dependson")),
    good=new_project(_TASKS.format("depends_on")),
)
