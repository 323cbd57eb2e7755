"""The section `check` of a workspace: what is not readable is left out here, and reported by the check."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from kerrigan.model.checks.checking import OUTLINES, UNCHECKED, Artifact, Checking, Levels, PathChoice
from kerrigan.model.checks.source import Severity

SHIPPED = "kerrigan:"
"""What the name of a schema that Kerrigan ships begins with."""

_OUTSIDE = re.compile(r"/|[a-z]+://|(?:.*/)?\.\.(?:/|$)")
_MARK = re.compile(r"#{1,6}(?:\s|$)")
_LEVELS: Levels = {**{severity.value: severity for severity in Severity}, "off": None}


def checking(raw: Mapping[str, Any]) -> Checking:
    """What the section chooses."""
    return Checking(
        rules=_rules(raw.get("rules")),
        paths=tuple(PathChoice(entry["glob"], _rules(entry.get("rules"))) for entry in _entries(raw, "paths")),
        artifacts=tuple(_artifact(entry) for entry in _entries(raw, "artifacts")),
        unchecked=_names(raw["unchecked"]) if "unchecked" in raw else UNCHECKED,
    )


def _names(raw: object) -> frozenset[str]:
    return frozenset(name for name in raw if isinstance(name, str)) if isinstance(raw, list) else UNCHECKED


def _rules(raw: object) -> Levels:
    found = raw.items() if isinstance(raw, dict) else ()
    return {name: _LEVELS[level] for name, level in found if isinstance(level, str) and level in _LEVELS}


def _entries(raw: Mapping[str, Any], key: str) -> Iterator[Mapping[str, Any]]:
    listed = raw.get(key)
    for entry in listed if isinstance(listed, list) else ():
        if isinstance(entry, dict) and isinstance(entry.get("glob"), str):
            yield entry


def _is_heading(raw: object) -> bool:
    return isinstance(raw, str) and not _MARK.match(raw)


def _artifact(raw: Mapping[str, Any]) -> Artifact:
    headings, schema = raw.get("headings"), raw.get("schema")
    wanted = tuple(filter(_is_heading, headings)) if isinstance(headings, list) else ()
    if not isinstance(schema, str):
        return Artifact(raw["glob"], wanted)
    if not schema.startswith(SHIPPED):
        return Artifact(raw["glob"], wanted, "" if _OUTSIDE.match(schema) else schema)
    name = schema.removeprefix(SHIPPED)
    return Artifact(raw["glob"], wanted, outline=name if name in OUTLINES else "")
