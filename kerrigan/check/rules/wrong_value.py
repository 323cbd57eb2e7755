"""A value that its schema does not allow, and a time in status.json that is none."""

from collections.abc import Iterator
from datetime import datetime

from kerrigan.check.examples import new_project
from kerrigan.check.legacy.generation import statuses
from kerrigan.model.checks.rule import Rule
from kerrigan.model.checks.source import Diagnostic, Severity
from kerrigan.model.checks.tree import Tree

_TASK = "kerrigan: 7\ntasks:\n  - {{id: contract, title: Agree it, role: architect, risk: {}}}\n"


def find(tree: Tree) -> Iterator[Diagnostic]:
    """Times that are none; what schemas find is found with them."""
    for document, data in statuses(tree):
        text = data.get("last_updated")
        if isinstance(text, str) and not _is_time(text):
            span = document.positions.value(("last_updated",))
            message = f"found {text[:40]!r}, expected an ISO 8601 time"
            yield Diagnostic("wrong-value", Severity.error, document.path, span, message)


def _is_time(text: str) -> bool:
    try:
        datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return False
    return True


RULE = Rule(
    name="wrong-value",
    severity=Severity.error,
    wants="A value is one that its schema allows.",
    why="What is outside of the range or of the list has no meaning that Kerrigan could act on.",
    bad=new_project(_TASK.format("hihg")),
    good=new_project(_TASK.format("high")),
    find=find,
)
