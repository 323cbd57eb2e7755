r"""Patterns that JavaScript takes and jsonschema-rs does not, written so that it does: `a]`, `{`, `[^]`, `\0`.

In the older dialects it refuses what is only careless, such as a bracket that closes nothing, in the newer ones less.
"""

import re
from collections.abc import Mapping
from typing import Any

_PART = re.compile(r"\\.|\[\^?(?:\\.|[^\]\\])*\]|\{[0-9]+(?:,[0-9]*)?\}|[\]{}]", re.DOTALL)
_OTHER = {r"\0": r"\x00", "[^]": r"[\s\S]", "[]": r"[^\s\S]", r"[\b]": r"\x08", "]": r"\]", "{": r"\{", "}": r"\}"}


def strict(pattern: str) -> str:
    """The same pattern, in which nothing is escaped by its place alone."""
    return _PART.sub(lambda part: _OTHER.get(part[0], part[0]), pattern)


def with_strict_patterns(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The same schema, with all its patterns strict."""
    return {key: _strict(key, value) for key, value in schema.items()}


def _strict(key: str, value: Any) -> Any:
    if key == "pattern" and isinstance(value, str):
        return strict(value)
    if isinstance(value, list):
        return [_strict("", below) for below in value]
    if not isinstance(value, dict):
        return value
    if key == "patternProperties":
        return {strict(pattern): _strict("", below) for pattern, below in value.items()}
    return with_strict_patterns(value)
