"""Half of a character in a JSON file."""

from kerrigan.check.examples import FOLDER, new_project
from kerrigan.model.checks.rule import Rule
from kerrigan.model.checks.source import Severity

_STATUS = '{{"status": "active",\n "current_phase": "spec", "last_updated": "2026-01-15",\n "notes": "{}"}}\n'

RULE = Rule(
    name="half-character",
    severity=Severity.error,
    wants="An escape such as `\\ud83d` stands together with its other half.",
    why="One half is no character: nothing can print it, write it, or send it on.",
    bad={**new_project(), f"{FOLDER}/status.json": _STATUS.format("\\ud83d")},
    good={**new_project(), f"{FOLDER}/status.json": _STATUS.format("\\ud83d\\ude42")},
)
