"""Tasks that wait for each other."""

from kerrigan.check.examples import new_project
from kerrigan.check.graph import cycles
from kerrigan.model.rule import Rule
from kerrigan.model.source import Severity

_TASKS = (
    'kerrigan: 7\ntasks:\n  - {{id: contract, title: Agree it, role: architect, depends_on: ["{}"]}}\n'
    "  - {{id: screen, title: Show it, role: swe, depends_on: [contract]}}\n"
)

RULE = Rule(
    name="dependency-cycle",
    severity=Severity.error,
    wants="No task waits for itself over others, in this project, another one or another repository.",
    why="None of them would ever be ready. A soft dependency, with `~`, orders and does not block.",
    bad=new_project(_TASKS.format("screen")),
    good=new_project(_TASKS.format("~screen")),
    find=cycles,
)
