"""The references within a schema: where they lead, and those that lead back to themselves for the same value."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from kerrigan.check.schema.dialects import IGNORES_SIBLINGS, subschemas
from kerrigan.model.checks.source import Route

_LISTS = ("allOf", "anyOf", "oneOf")
_ONES = ("not", "if", "then", "else")
_BY_KEY = ("dependentSchemas", "dependencies")


def resolve(schema: object, reference: object) -> object:
    """What a reference to a place in the same file names; None for any other, and for one that leads nowhere."""
    if not isinstance(reference, str) or not (reference == "#" or reference.startswith("#/")):
        return None
    found = schema
    for step in unquote(reference[1:]).split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        if isinstance(found, list) and name.isdecimal():
            found = found[int(name)] if int(name) < len(found) else None
        else:
            found = found.get(name) if isinstance(found, dict) else None
    return found


def endless(schema: Mapping[str, Any], dialect: str) -> Route | None:
    """Where a reference stands that asks the same of the same value again, without an end; None without one.

    Where a part of the schema has an address of its own nothing is found: there `#` is that part.
    """
    rules = {id(rule): (route, rule) for route, rule in subschemas(schema)}
    if any("$id" in rule for route, rule in rules.values() if route):
        return None
    done: set[int] = set()
    for _, start in rules.values():
        if circle := _circle(start, schema, dialect, done):
            return next((*rules[id(rule)][0], "$ref") for rule in circle if "$ref" in rule and id(rule) in rules)
    return None


def _circle(start: Mapping[str, Any], schema: object, dialect: str, done: set[int]) -> list[Mapping[str, Any]]:
    """The rules of a circle that can be walked to from a rule; none of those that are done is walked to again."""
    path: list[Mapping[str, Any]] = []
    on_path: dict[int, int] = {}
    waiting: list[tuple[Mapping[str, Any], bool]] = [(start, False)]
    while waiting:
        rule, is_left = waiting.pop()
        if is_left:
            path.pop()
            del on_path[id(rule)]
            done.add(id(rule))
        elif id(rule) in on_path:
            return path[on_path[id(rule)] :]
        elif id(rule) not in done:
            on_path[id(rule)] = len(path)
            path.append(rule)
            waiting.append((rule, True))
            waiting += [(below, False) for below in _in_place(rule, schema, dialect) if isinstance(below, dict)]
    return []


def _in_place(rule: Mapping[str, Any], schema: object, dialect: str) -> Iterator[object]:
    """What else a rule asks of the value that it is about."""
    if "$ref" in rule:
        yield resolve(schema, rule["$ref"])
        if dialect in IGNORES_SIBLINGS:
            return
    for several in (rule[name] for name in _LISTS if isinstance(rule.get(name), list)):
        yield from several
    yield from (rule[name] for name in _ONES if name in rule)
    for by_key in (rule[name] for name in _BY_KEY if isinstance(rule.get(name), dict)):
        yield from by_key.values()
