"""A project that is blocked, and does not say why."""

from collections.abc import Iterator

from kerrigan.check.examples import FOLDER, new_project
from kerrigan.check.legacy.generation import statuses
from kerrigan.model.checks.rule import Rule
from kerrigan.model.checks.source import Diagnostic, Severity
from kerrigan.model.checks.tree import Tree


def find(tree: Tree) -> Iterator[Diagnostic]:
    """Blocked projects without a reason."""
    for document, data in statuses(tree):
        if data.get("status") == "blocked" and not data.get("blocked_reason"):
            place = document.positions.value(("status",))
            message = "the project is blocked without a blocked_reason"
            yield Diagnostic("no-reason", Severity.warning, document.path, place, message, "say what it waits for")


_TIME = '"current_phase": "implementation", "last_updated": "2026-11-21T06:00:00Z"'

RULE = Rule(
    name="no-reason",
    severity=Severity.warning,
    wants="A project that is blocked says why.",
    why="Nothing of it is claimed while it is blocked; those who can change that have to know what it waits for.",
    bad={**new_project(), f"{FOLDER}/status.json": f'{{"status": "blocked",\n {_TIME}}}\n'},
    good={
        **new_project(),
        f"{FOLDER}/status.json": f'{{"status": "blocked", "blocked_reason": "waits for legal",\n {_TIME}}}\n',
    },
    find=find,
)
