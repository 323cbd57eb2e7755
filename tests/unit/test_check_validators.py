"""Two validators of JSON Schema, one verdict: jsonschema-rs decides, and jsonschema explains just what it refuses."""

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import jsonschema_rs
import pytest
from referencing import Registry

from kerrigan.check.schema.dialects import DIALECTS, dialect_of, unknown_dialects
from kerrigan.check.schema.keywords import explainer
from kerrigan.check.schema.loops import endless
from kerrigan.check.schema.shape import diagnose
from kerrigan.check.schema.validator import Validator, explain, is_about_a_pattern
from kerrigan.load.documents import parse_json, parse_yaml
from tests.unit.generated_schemas import Maker

ROOT = Path(__file__).parents[2]
SCHEMAS, VALUES = 500, 4
"""How many schemas of each dialect are made, and how many values each of them is asked about."""

NEW, OLD = "Draft202012Validator", "Draft7Validator"
DIFFERING = {"pattern", "patternProperties", "format", "multipleOf", "dependencies"}
DIFFERING |= {"additionalItems"}
"""The keywords of which docs/check.md says that the two validators differ."""


def plain(schema: dict[str, Any], dialect: str, value: Any) -> object:
    """The verdict of jsonschema as it comes, or the name of what it raises."""
    kind = getattr(jsonschema, dialect)
    try:
        return bool(kind(schema, registry=Registry(), format_checker=kind.FORMAT_CHECKER).is_valid(value))
    except (ArithmeticError, RecursionError, TypeError, jsonschema.exceptions.UndefinedTypeCheck) as error:
        return type(error).__name__


def made(dialect: str) -> Iterator[tuple[dict[str, Any], Validator, Any]]:
    """Schemas that can be used, each with a value to judge."""
    maker = Maker(dialect, 1)
    for schema in (maker.schema() for _ in range(SCHEMAS)):
        if endless(schema, dialect):
            continue
        try:
            validator = Validator(schema, dialect)
        except jsonschema_rs.ValidationError:
            continue
        yield from ((schema, validator, maker.value()) for _ in range(VALUES))


def keywords(rule: object) -> Iterator[str]:
    below = rule.values() if isinstance(rule, dict) else rule if isinstance(rule, list) else ()
    yield from rule if isinstance(rule, dict) else ()
    for each in below:
        yield from keywords(each)


@pytest.mark.parametrize("dialect", DIALECTS.values())
def test_what_is_refused_is_explained_and_nothing_else(dialect: str) -> None:
    verdicts = [0, 0]
    for schema, validator, value in made(dialect):
        is_valid = validator.is_valid(value)
        found = explain(schema, dialect, value)
        assert bool(found) is not is_valid, (schema, value, found)
        document = parse_json("a.json", json.dumps(value))
        told = [list(diagnose(document, error, schema)) for error in validator.errors(document.data)]
        assert (told == []) is is_valid, (schema, value)
        assert all(told), (schema, value, told)
        verdicts[is_valid] += 1
    assert min(verdicts) > SCHEMAS / 10


@pytest.mark.parametrize("dialect", DIALECTS.values())
def test_where_the_two_do_not_differ_the_verdict_is_that_of_both(dialect: str) -> None:
    asked = 0
    for schema, validator, value in made(dialect):
        if not DIFFERING & set(keywords(schema)):
            assert plain(schema, dialect, value) is validator.is_valid(value), (schema, value)
            asked += 1
    assert asked > SCHEMAS / 10


@pytest.mark.parametrize(
    ("schema", "dialect", "value", "verdict"),
    [
        ({"multipleOf": 0.01}, NEW, 19.99, True),
        ({"multipleOf": 1.5}, NEW, 10**40, False),
        ({"pattern": "^a$"}, NEW, "a\n", False),
        ({"pattern": r"^\d$"}, NEW, "\u0661", False),
        ({"pattern": r"^\w$"}, NEW, "é", False),
        ({"patternProperties": {"^a$": False}}, NEW, {"a\n": 1}, True),
        ({"additionalProperties": False, "patternProperties": {r"^\w$": {}}}, NEW, {"é": 1}, False),
        ({"format": "date-time"}, NEW, "yesterday", False),
        ({"format": "uri"}, NEW, "x y", False),
        ({"format": "email"}, NEW, "@", False),
        ({"dependencies": {"a": ["b"]}}, NEW, {"a": 1}, False),
        ({"dependencies": {"a": {"required": ["b"]}}}, "Draft201909Validator", {"a": 1}, False),
        ({"items": True, "additionalItems": False}, OLD, [1], True),
    ],
)
def test_where_they_differ_jsonschema_rs_decides(
    schema: dict[str, Any], dialect: str, value: Any, verdict: bool
) -> None:
    assert plain(schema, dialect, value) is not verdict
    assert Validator(schema, dialect).is_valid(value) is verdict
    assert (Validator(schema, dialect).errors(value) == []) is verdict


@pytest.mark.parametrize("dialect", DIALECTS.values())
@pytest.mark.parametrize(
    ("pattern", "fits", "does_not"),
    [
        ("^[a-z]{2}-[a-z]{2}]?$", "en-us]", "en-us}"),
        ("^{a}$", "{a}", "a"),
        ("^a{,2}$", "a{,2}", "aa"),
        (r"^\{[^}]{1,3}}$", "{abc}", "{}"),
        ("^a[^]b$", "a\nb", "ab"),
        (r"^\0$", "\0", "0"),
        (r"^[\w-]+$", "a-b", "a.b"),
        (r"^\_[\-\.]$", "_-", "__"),
        (r"\p{L}", "é", "1"),
    ],
)
def test_a_pattern_that_javascript_takes_is_one_in_every_dialect(
    dialect: str, pattern: str, fits: str, does_not: str
) -> None:
    texts, keys = (
        Validator({"pattern": pattern}, dialect),
        Validator({"patternProperties": {pattern: {"not": {}}}}, dialect),
    )
    assert [texts.is_valid(fits), texts.is_valid(does_not)] == [True, False]
    assert [keys.is_valid({fits: 1}), keys.is_valid({does_not: 1})] == [False, True]
    assert [len(texts.errors(does_not)), len(keys.errors({fits: 1}))] == [1, 1]


@pytest.mark.parametrize("pattern", ["(", r"\Z", "a{2,1}", "(?<a>x)(?<a>y)", "[b-a]"])
def test_one_that_it_does_not_take_is_refused(pattern: str) -> None:
    with pytest.raises(jsonschema_rs.ValidationError) as refused:
        Validator({"items": {"patternProperties": {pattern: {}}}})
    assert is_about_a_pattern(refused.value)


@pytest.mark.parametrize("end", ["", "#"])
@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize(("address", "dialect"), DIALECTS.items())
def test_a_dialect_is_known_by_each_spelling_of_its_address(address: str, dialect: str, scheme: str, end: str) -> None:
    spelled = f"{scheme}:{address.partition(':')[2].removesuffix('#')}{end}"
    assert dialect_of({"$schema": spelled}) == dialect
    assert list(unknown_dialects(parse_json("a.json", json.dumps({"$schema": spelled})))) == []
    assert Validator({"$schema": spelled, "type": "string"}, dialect).errors(1)


def test_the_dialects_are_those_of_the_documentation() -> None:
    text = (ROOT / "docs" / "check.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `(\S+json-schema\.org\S+)`", text, re.MULTILINE) == list(DIALECTS)


@pytest.mark.parametrize(
    "named",
    ["", "http://json-schema.org/draft-03/schema#", "http://json-schema.org/schema#", "urn:x:y", 7, None, ["x"]],
)
def test_an_unknown_dialect_is_refused_by_its_name(named: object) -> None:
    written = parse_json("a.json", json.dumps({"title": "A", "$schema": named, "properties": {"$schema": {}}}))
    (found,) = unknown_dialects(written)
    assert (found.code, found.span.column) == ("broken-schema", 27)
    assert all(address in found.message for address in DIALECTS)


@pytest.mark.parametrize("dialect", DIALECTS.values())
def test_an_amount_in_cents_is_a_multiple_of_a_cent(dialect: str) -> None:
    schema = {"multipleOf": 0.01}
    validator, message_giving = Validator(schema, dialect), explainer(dialect)(schema)
    amounts = [float(Decimal(cents) / 100) for cents in range(10_000)]
    assert [amount for amount in amounts if not validator.is_valid(amount)] == []
    assert [amount for amount in amounts[::10] if not message_giving.is_valid(amount)] == []
    halves = [float(Decimal(cents) / 1000) for cents in range(5, 10_000, 10)]
    assert [amount for amount in halves if validator.is_valid(amount)] == []


@pytest.mark.parametrize(
    ("keyword", "wanted", "value"),
    [
        ("contentMediaType", "application/json", "{"),
        ("contentEncoding", "base64", "?"),
        ("additionalProperties", {"$ref": "https://json-schema.org/draft-07/schema#"}, {"a": 1}),
    ],
)
def test_what_jsonschema_cannot_explain_is_told_in_the_words_of_the_other(
    keyword: str, wanted: object, value: Any
) -> None:
    schema = {keyword: wanted}
    assert explain(schema, OLD, value) == []
    document = parse_json("a.json", json.dumps(value))
    (found,) = [d for e in Validator(schema, OLD).errors(document.data) for d in diagnose(document, e, schema)]
    assert found.code in {"wrong-value", "wrong-type"}
    assert found.message


@pytest.mark.parametrize("dialect", DIALECTS.values())
@pytest.mark.parametrize(
    ("schema", "data", "told"),
    [
        ("properties: {1: {type: string}}", "1: 2", ["1"]),
        ("required: ['1']", "1: 2", None),
        ("required: ['2']", "1: 2", []),
        ("patternProperties: {1: {type: string}}", "{11: 2, 2: 2}", ["11"]),
        ("{properties: {1: {}}, additionalProperties: false}", "{1: 2, 1.0: 2}", []),
        ("dependencies: {1: ['2']}", "{1: 2, 2: 3}", None),
        ("dependencies: {1: ['2']}", "1: 2", []),
        ("enum: [{1: a}]", "'1': a", None),
        ("definitions: {1: {type: string}}\nproperties: {a: {$ref: '#/definitions/1'}}", "a: 2", ["a"]),
    ],
)
def test_a_key_that_looks_like_a_number_is_text_to_every_keyword(
    schema: str, data: str, told: list[str] | None, dialect: str
) -> None:
    rule: Any = parse_yaml("s.yml", schema).data
    errors = Validator(rule, dialect).errors(parse_yaml("a.yml", data).data)
    assert [list(error.absolute_path) for error in errors] == ([] if told is None else [told])


def test_a_schema_that_jsonschema_cannot_follow_to_its_end_has_a_verdict() -> None:
    # Of parts that have addresses of their own no loop is looked for.
    parts = {"a": {"$id": "urn:a", "not": {"anyOf": [{"$ref": "urn:b"}]}}, "b": {"$id": "urn:b", "$ref": "urn:a"}}
    schema = {"$defs": parts, "allOf": [{"$ref": "urn:a"}], "type": "null"}
    assert Validator(schema).errors(1)
