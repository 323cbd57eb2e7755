"""Errors of JSON Schema, as a person reads them: one for one cause, at its place, with what belongs there."""

from typing import Any

import pytest

from kerrigan.check.schema.shape import diagnose
from kerrigan.check.schema.validator import Validator
from kerrigan.load.documents import parse_yaml

STEP = {
    "$defs": {
        "shell": {"properties": {"kind": {"const": "shell"}, "run": {"type": "string"}}, "required": ["kind", "run"]},
        "wait": {"properties": {"kind": {"enum": ["wait", "sleep"]}, "for": {"minimum": 1}}, "required": ["for"]},
    },
    "oneOf": [{"$ref": "#/$defs/shell"}, {"$ref": "#/$defs/wait"}],
}
TEXT_OR_STEP = {"$defs": STEP["$defs"], "anyOf": [{"type": "string"}, {"oneOf": STEP["oneOf"]}]}
NESTED = {"anyOf": [{"properties": {"a": {"properties": {"b": {"type": "string"}}}}}, {"required": ["z", "y"]}]}
TITLED = {"oneOf": [{"title": "A", "required": ["a"]}, {"title": "B", "required": ["b"]}]}
FIELDS = [
    {"properties": {"name": {}, "level": {"enum": ["low", "high"]}}, "additionalProperties": False},
    {"properties": {"name": {}, "colour": {"enum": ["red", "blue"]}}, "additionalProperties": False},
]


def said(schema: dict[str, Any], text: str) -> list[str]:
    document = parse_yaml("x", text)
    errors = Validator(schema).errors(document.data)
    found = dict.fromkeys(d for error in errors for d in diagnose(document, error, schema))
    return [f"{d.span.line}:{d.span.column} {d.code}: {d.message}{d.hint and f' ({d.hint})'}" for d in found]


@pytest.mark.parametrize(
    ("schema", "text", "expected"),
    [
        (STEP, "kind: shell", "1:1 missing-key: the key 'run' is missing here"),
        (STEP, "kind: sleep\nfor: 0", "2:6 wrong-value: found 0, expected 1 or more"),
        (
            STEP,
            "kind: shel",
            "1:7 wrong-value: found 'shel', expected 'shell' or 'wait' or 'sleep' (did you mean 'shell'?)",
        ),
        (STEP, "kind: wait\nrun: 1", "1:1 missing-key: the key 'for' is missing here"),
        (NESTED, "a: {b: 1}", "1:8 wrong-type: found 1, expected text (put it in quotes: \"1\")"),
        (NESTED, "a: {b: 1.10}", "1:8 wrong-type: found 1.1, expected text (put it in quotes: \"1.10\")"),
        ({"anyOf": [{"type": "string"}, {"type": "array"}]}, "5", "1:1 wrong-type: found 5, expected text or a list"),
        (
            {"anyOf": [{"const": "auto"}, {"type": "integer"}]},
            "atuo",
            "1:1 wrong-value: found 'atuo', expected 'auto' or a whole number (did you mean 'auto'?)",
        ),
        (TEXT_OR_STEP, "kind: shell", "1:1 missing-key: the key 'run' is missing here"),
        (
            {"anyOf": [{"type": "string", "minLength": 3}, {"type": "array"}]},
            "ab",
            "1:1 wrong-value: found 'ab', expected text, 3 or more characters long",
        ),
        ({"anyOf": FIELDS}, "{name: x, level: lwo}", "found 'lwo', expected 'low' or 'high' (did you mean 'low'?)"),
        (
            {"anyOf": [{"enum": ["all", "none"]}, {"type": "array", "minItems": 1}]},
            "[]",
            "1:1 wrong-value: found 0 entries, expected 1 or more",
        ),
        (TITLED, "a: 1\nb: 2", "fits more than one of what is allowed here; expected exactly one (one of: A, B)"),
        (TITLED, "{}", "1:1 missing-key: one of the keys 'a' or 'b' is missing here"),
        (
            {"if": {"properties": {"a": {"const": 1}}}, "then": {"required": ["b"]}},
            "a: 1",
            "1:1 missing-key: the key 'b' is missing here",
        ),
        (
            {"dependentRequired": {"usd": ["per", "of"]}},
            "usd: 1\nof: 2",
            "1:1 missing-key: the key 'per' is missing here: where 'usd' is, it has to be",
        ),
        ({"uniqueItems": True}, "- a\n- b\n- a", "3:3 wrong-value: found 'a' twice, expected each entry once"),
        ({"uniqueItems": True}, "[1, 1.0]", "1:5 wrong-value: found 1.0 twice, expected each entry once"),
        ({"minItems": 2}, "[a]", "1:1 wrong-value: found 1 entry, expected 2 or more"),
        ({"maxItems": 1}, "[a, b]", "1:1 wrong-value: found 2 entries, expected 1 at most"),
        ({"minProperties": 1}, "{}", "1:1 wrong-value: found 0 keys, expected 1 or more"),
        (
            {"contains": {"const": "a", "description": "An a."}},
            "[b]",
            "1:1 wrong-value: found a list, expected an entry that is an a",
        ),
        (
            {"contains": {"const": "a", "description": "An a."}, "minContains": 2},
            "[a]",
            "1:1 wrong-value: found a list, expected 2 or more entries that are an a",
        ),
        ({"not": {"const": "none"}}, "none", "1:1 wrong-value: found 'none', expected anything but 'none'"),
        ({"not": {"type": "object"}}, "{}", "1:1 wrong-value: found a mapping, expected anything but a mapping"),
        ({"format": "date"}, "2026-13-01", "found '2026-13-01', expected a date such as 2026-11-21"),
        ({"format": "json-pointer"}, "x", "1:1 wrong-value: found 'x', expected text of the format 'json-pointer'"),
        ({"format": "date-time"}, "2026-11-21", "found '2026-11-21', expected a time such as 2026-11-21T06:00:00Z"),
        ({"format": "unheard-of"}, "x", ""),
        ({"exclusiveMaximum": 3}, "3", "1:1 wrong-value: found 3, expected less than 3"),
        ({"multipleOf": 5}, "3", "1:1 wrong-value: found 3, expected a multiple of 5"),
        ({"pattern": "^a"}, "b", "1:1 wrong-value: found 'b', expected text that fits the pattern ^a"),
        (
            {"propertyNames": {"pattern": "^[a-z]+$", "description": "A word."}},
            "ok: 1\nNot ok: 2",
            "2:1 wrong-value: found 'Not ok', expected a word",
        ),
        (
            {"patternProperties": {"^x-": {}}, "additionalProperties": False, "properties": {"name": {}}},
            "x-a: 1\nnam: 2",
            "2:1 unknown-key: unknown key 'nam' (did you mean 'name'?)",
        ),
        ({"allOf": [{"properties": {"a": {}}}], "unevaluatedProperties": False}, "a: 1\nb: 2", "2:1 unknown-key: unk"),
        ({"unevaluatedProperties": False}, "\"it's \\\"\": 2", "1:1 unknown-key: unknown key 'it\\'s \"'"),
        ({"prefixItems": [{}], "items": False}, "[1, 2, 3]", "1:5 wrong-value: found 3 entries, expected 1 at most"),
        ({"properties": {"a": False}}, "b: 1\na: 2", "2:1 wrong-value: found 2, expected nothing here"),
    ],
)  # fmt: skip
def test_one_cause_is_told_once_in_words(schema: dict[str, Any], text: str, expected: str) -> None:
    found = said(schema, text)
    assert len(found) == bool(expected), found
    assert not found or expected in found[0]
