"""Small projects that the examples of rules are made of: texts by path."""

from collections.abc import Mapping

FOLDER = "specs/projects/todo"
CONFIG = ".github/kerrigan.yml"
SPEC = "---\nkerrigan: 7\n---\n# Todo\n\nA list that people share.\n"
TASKS = "kerrigan: 7\ntasks: []\n"
ARCHITECTURE = (
    "## Overview\nA page.\n\n## Components & interfaces\nOne.\n\n## Tradeoffs\nNone.\n\n"
    "## Security & privacy notes\nNothing is stored.\n"
)
OLD_SPEC = (
    "# Todo\n\n## Goal\nShare a list.\n\n## Scope\nLists.\n\n## Non-goals\nMail.\n\n## Acceptance criteria\nIt works.\n"
)


def new_project(tasks: str = TASKS, spec: str = SPEC, folder: str = FOLDER) -> Mapping[str, str]:
    """A project of Milestone 7."""
    return {f"{folder}/spec.md": spec, f"{folder}/tasks.yml": tasks}


def old_project(spec: str = OLD_SPEC) -> Mapping[str, str]:
    """A project of Milestones 1 to 6."""
    plain = {name: f"# {name.capitalize()}\n" for name in ("acceptance-tests", "plan", "tasks", "test-plan")}
    files = {"spec": spec, "architecture": ARCHITECTURE, **plain}
    return {"specs/constitution.md": "# Principles\n"} | {f"{FOLDER}/{n}.md": text for n, text in files.items()}


def one_task(key: str) -> str:
    """A tasks.yml with one task; `key` is a line of it, such as `depends_on: [contract]`, with a comment perhaps."""
    return f"kerrigan: 7\ntasks:\n  - id: contract\n    title: Agree it\n    role: architect\n    {key}\n"


def after(dependency: str) -> str:
    """A tasks.yml with two tasks, `contract` and `screen`; the second waits for `dependency`, or nothing."""
    needs = f", depends_on: [{dependency}]" if dependency else ""
    first = "  - {id: contract, title: Agree it, role: architect}\n"
    return f"kerrigan: 7\ntasks:\n{first}  - {{id: screen, title: Show it, role: swe{needs}}}\n"
