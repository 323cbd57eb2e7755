"""A project that calls itself completed and has tasks left."""

import re
from collections.abc import Iterator

from kerrigan.check.examples import FOLDER, old_project
from kerrigan.check.legacy.generation import of_old
from kerrigan.model.checks.rule import Rule
from kerrigan.model.checks.source import Diagnostic, Related, Severity, Span
from kerrigan.model.checks.tree import Tree

_OPEN = re.compile(r"\s*[-*+]\s+\[ \]\s")


def find(tree: Tree) -> Iterator[Diagnostic]:
    """A status.json of Milestones 1 to 6 that says completed, beside open boxes in its tasks.md."""
    for document in of_old(tree, "status.json"):
        tasks = document.path.replace("status.json", "tasks.md")
        left = [number for number, line in tree.prose.get(tasks, ()) if _OPEN.match(line)]
        if left and isinstance(document.data, dict) and document.data.get("status") == "completed":
            related = (Related(tasks, Span(left[0], 1, left[0], 1), "the first one"),)
            place = document.positions.value(("status",))
            message = f"the project is completed, and its tasks.md has {len(left)} open task{'s'[: len(left) > 1]}"
            hint = "tick them, take them out, or set the status to active"
            yield Diagnostic("open-tasks", Severity.warning, document.path, place, message, hint, related)


_STATUS = '{{"status": "{}",\n "current_phase": "deployment", "last_updated": "2026-01-15T07:50:00Z"}}\n'
_TASKS = "# Tasks\n\n- [x] Task: Agree the API contract\n- [ ] Task: Show the list\n"

RULE = Rule(
    name="open-tasks",
    severity=Severity.warning,
    wants="A project of Milestones 1 to 6 whose status is completed has no open tasks.",
    why="Agents do nothing in a completed project: what is open in it will stay so.",
    bad={**old_project(), f"{FOLDER}/tasks.md": _TASKS, f"{FOLDER}/status.json": _STATUS.format("completed")},
    good={**old_project(), f"{FOLDER}/tasks.md": _TASKS, f"{FOLDER}/status.json": _STATUS.format("active")},
    find=find,
)
