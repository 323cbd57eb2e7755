"""The dialects of JSON Schema that a schema file may be written in, by the address that its `$schema` names."""

from collections.abc import Iterator, Mapping
from typing import Any

from kerrigan.check.schema.expected import shown
from kerrigan.model.checks.source import Diagnostic, Document, Route, Severity

DIALECTS: Mapping[str, str] = {
    "https://json-schema.org/draft/2020-12/schema": "Draft202012Validator",
    "https://json-schema.org/draft/2019-09/schema": "Draft201909Validator",
    "http://json-schema.org/draft-07/schema#": "Draft7Validator",
    "http://json-schema.org/draft-06/schema#": "Draft6Validator",
    "http://json-schema.org/draft-04/schema#": "Draft4Validator",
}
"""Each dialect's address as its specification writes it, and the class that both validators have for it."""

DEFAULT = "Draft202012Validator"
"""The dialect of a schema that names none."""

IGNORES_SIBLINGS = frozenset({"Draft4Validator", "Draft6Validator", "Draft7Validator"})
"""The dialects in which whatever stands beside a `$ref` does not count."""

_SCHEMAS_BY_NAME = frozenset(
    ("$defs", "definitions", "properties", "patternProperties", "dependentSchemas", "dependencies")
)
_DATA = frozenset(("const", "enum", "default", "examples"))


def _plain(address: str) -> str:
    return address.removeprefix("https://").removeprefix("http://").removesuffix("#")


_NAMES = {_plain(address): name for address, name in DIALECTS.items()}


def dialect_of(schema: Mapping[str, Any]) -> str | None:
    """The class of a schema's dialect; None for one that is not known. http, https and an empty `#` are the same."""
    if "$schema" not in schema:
        return DEFAULT
    named = schema["$schema"]
    return _NAMES.get(_plain(named)) if isinstance(named, str) else None


def unknown_dialects(written: Document) -> Iterator[Diagnostic]:
    """The `$schema` of a file, and of the schemas with an `$id` of their own in it, that name no known dialect."""
    for route, rule in subschemas(written.data):
        is_resource = not route or isinstance(rule.get("$id"), str)
        if is_resource and "$schema" in rule and dialect_of(rule) is None:
            message = f"found the dialect {shown(rule['$schema'])}, expected one of: {', '.join(DIALECTS)}"
            hint = "without '$schema' a schema is read as 2020-12"
            place = written.positions.value((*route, "$schema"))
            yield Diagnostic("broken-schema", Severity.error, written.path, place, message, hint)


def subschemas(schema: object) -> Iterator[tuple[Route, Mapping[str, Any]]]:
    """Every mapping of a schema that may be a schema itself, with its route; values that it only talks of are not."""
    waiting: list[tuple[Route, object, bool]] = [((), schema, False)]
    for route, value, is_named in waiting:
        if isinstance(value, list):
            waiting += [((*route, index), below, False) for index, below in enumerate(value)]
        elif isinstance(value, dict):
            if not is_named:
                yield route, value
            for key, below in value.items():
                if is_named or key not in _DATA:
                    waiting.append(((*route, key), below, not is_named and key in _SCHEMAS_BY_NAME))
