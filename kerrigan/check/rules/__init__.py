"""The catalog: every code that a check can report. A rule is one file in this folder, and its line here.

The file has the rule's name, with `_` for `-`, and defines `RULE`. It is imported when it is asked for.
"""

from collections.abc import Iterator
from importlib import import_module

from kerrigan.model.checks.rule import Rule

READING = (
    "duplicate-key",
    "half-character",
    "syntax",
    "too-deep",
    "too-large",
    "unreadable",
)
"""What reading a file finds."""

SHAPE = (
    "missing-key",
    "unknown-key",
    "wrong-type",
)
"""What the schemas find."""

SETTLED = ("unused-ignore",)
"""What is found when every finding is known."""

FOUND = (
    "broken-schema",
    "case-clash",
    "deep-chain",
    "dependency-cycle",
    "duplicate-dependency",
    "duplicate-project",
    "duplicate-repository",
    "duplicate-task",
    "duplicate-url",
    "empty-section",
    "fixed-rule",
    "hidden-heading",
    "ignore-without-reason",
    "incomplete-project",
    "invalid-dependency",
    "missing-file",
    "missing-heading",
    "no-reason",
    "not-read",
    "open-tasks",
    "orphan-role",
    "placeholder",
    "project-name",
    "repositories",
    "self-dependency",
    "unknown-dependency",
    "unknown-reference",
    "unknown-repository",
    "unknown-rule",
    "unreachable-task",
    "wide-fan-out",
    "wrong-value",
)
"""What a function of its own finds."""

EMPTY = ("no-projects",)
"""The same, where a tree has no project; else no one asks."""

BESIDE = (
    "broken-reference",
    "cancelled-dependency",
    "done-too-early",
    "lost-task",
    "moved-task",
    "stale-label",
    "undecided",
    "unfinished-project",
)
"""The same, where the files are compared with journals or with what is outside of the tree; else no one asks."""

NAMES = tuple(sorted(READING + SHAPE + SETTLED + FOUND + EMPTY + BESIDE))

FIXED = frozenset(
    (*READING, *SETTLED, *EMPTY, "broken-schema", "fixed-rule", "ignore-without-reason", "unknown-rule"),
)
"""What no one can silence or give another severity: files not found or read, and choices that mean nothing."""


def rule(name: str) -> Rule:
    """The rule of a name out of NAMES."""
    found: Rule = import_module(f"kerrigan.check.rules.{name.replace('-', '_')}").RULE
    return found


def catalog() -> Iterator[Rule]:
    """Every rule, by name."""
    return (rule(name) for name in NAMES)
