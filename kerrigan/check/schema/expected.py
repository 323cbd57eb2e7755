"""What a keyword of JSON Schema asks for, in the words that follow `expected`."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from kerrigan.check.suggestion import listed

if TYPE_CHECKING:
    from jsonschema import ValidationError

TYPES = {
    "object": "a mapping",
    "array": "a list",
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "nothing",
}
LIMITS = {
    "minLength": "text, {} or more characters long",
    "maxLength": "{} characters at most",
    "minimum": "{} or more",
    "maximum": "{} or less",
    "exclusiveMinimum": "more than {}",
    "exclusiveMaximum": "less than {}",
    "multipleOf": "a multiple of {}",
    "minItems": "{} or more",
    "maxItems": "{} at most",
    "minProperties": "{} or more",
    "maxProperties": "{} at most",
}
_EXCLUSIVE = {"minimum": "exclusiveMinimum", "maximum": "exclusiveMaximum"}
"""In draft 4 a word beside the limit says that the limit itself is no longer allowed."""

FORMATS = {
    "date": "a date such as 2026-11-21",
    "time": "a time such as 06:00:00Z",
    "date-time": "a time such as 2026-11-21T06:00:00Z",
    "duration": "a duration such as P3D",
    "email": "an e-mail address",
    "hostname": "the name of a host",
    "ipv4": "an IPv4 address",
    "ipv6": "an IPv6 address",
    "uri": "an address such as https://example.com/x",
    "uuid": "a UUID",
    "regex": "a regular expression (ECMA 262)",
}


def expected(error: "ValidationError") -> str | None:
    """What belongs at the place of an error; None where that is more than a value."""
    wanted: Any = error.validator_value
    match error.validator:
        case "type":
            return " or ".join(TYPES.get(name, name) for name in ([wanted] if isinstance(wanted, str) else wanted))
        case "enum":
            return listed(wanted, " or ", shown)
        case "const":
            return shown(wanted)
        case "pattern":
            return meaning(rule_of(error)) or f"text that fits the pattern {wanted}"
        case "format":
            return FORMATS.get(str(wanted), f"text of the format '{wanted}'")
        case "not":
            return f"anything but {meaning(wanted) or _told(wanted)}"
        case "minimum" | "maximum" as limit if rule_of(error).get(_EXCLUSIVE[limit]) is True:
            return LIMITS[_EXCLUSIVE[limit]].format(wanted)
        case str() as limit if limit in LIMITS:
            return LIMITS[limit].format(wanted)
        case _:
            return None


def found(error: "ValidationError") -> str:
    """What stands at the place of an error, counted where its number is what is wrong."""
    match error.validator, error.instance:
        case (("minItems" | "maxItems"), list() as entries):
            return f"{len(entries)} {'entry' if len(entries) == 1 else 'entries'}"
        case (("minProperties" | "maxProperties"), dict() as entries):
            return f"{len(entries)} {'key' if len(entries) == 1 else 'keys'}"
        case _, instance:
            return shown(instance)


def rule_of(error: "ValidationError") -> Mapping[str, Any]:
    """The part of the schema that an error comes from."""
    return error.schema if isinstance(error.schema, dict) else {}


def _told(rule: object) -> str:
    if isinstance(rule, dict) and "const" in rule:
        return shown(rule["const"])
    if isinstance(rule, dict) and isinstance(rule.get("enum"), list):
        return " or ".join(shown(value) for value in rule["enum"])
    if isinstance(rule, dict) and isinstance(rule.get("type"), str):
        return TYPES.get(str(rule["type"]), "another type")
    return "what the schema excludes here"


def example(rule: Mapping[str, Any]) -> str:
    """Some of the examples that a schema gives."""
    examples = [example for example in rule.get("examples", []) if not isinstance(example, dict | list)]
    return f"for example: {', '.join(map(str, examples[:3]))}" if examples else ""


def meaning(rule: object) -> str:
    """What a schema says of itself, as the middle of a sentence."""
    if not isinstance(rule, dict):
        return ""
    text = str(rule.get("description", "")).removesuffix(".")
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def shown(value: object) -> str:
    """A value as a message shows it."""
    match value:
        case None:
            return "nothing"
        case bool():
            return str(value).lower()
        case str():
            return repr(value) if len(value) <= 80 else f"{value[:77]!r}... ({len(value)} characters)"
        case dict():
            return "a mapping"
        case list():
            return "a list"
        case _:
            return str(value)[:80]
