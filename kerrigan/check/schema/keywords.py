"""The keywords that jsonschema judges otherwise than jsonschema-rs, which decides: here they judge as it does.

Patterns (ECMA 262, in linear time), formats and multiples (in decimals) are asked of jsonschema-rs itself. What no rule
has evaluated is found as if every rule that fails had passed: its own error is told, and is the only cause.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from kerrigan.check.schema.same import Same

if TYPE_CHECKING:
    from jsonschema import ValidationError
    from jsonschema.protocols import Validator

Keyword = Callable[[Any, Any, Any, Any], Iterator["ValidationError"]]
"""A keyword as jsonschema calls it: with a validator, the keyword's value, the instance, and the schema around it."""

_ASKED = ("pattern", "format", "multipleOf", "enum", "uniqueItems")
"""The keywords that jsonschema-rs is asked about, the last two because jsonschema compares everything with all else."""

_REFERENCES = ("$ref", "$dynamicRef", "$recursiveRef")


@cache
def explainer(dialect: str) -> "type[Validator]":
    """The validator of jsonschema that explains what the one of jsonschema-rs has refused."""
    import jsonschema
    from jsonschema.validators import extend

    kind = getattr(jsonschema, dialect)
    changed = {**_CHANGED, **{name: _asked(dialect, name) for name in _ASKED}}
    changed = {name: keyword for name, keyword in changed.items() if name in kind.VALIDATORS}
    # Not in the newer dialects, but what someone writes is meant.
    changed["dependencies"] = jsonschema.Draft7Validator.VALIDATORS["dependencies"]
    extended: type[Validator] = extend(kind, changed)  # type: ignore[no-untyped-call]
    return extended


def fits_pattern(pattern: str, text: str) -> bool:
    """Whether a text has a part that fits a pattern, as JSON Schema writes patterns."""
    return _fits("Draft202012Validator", "pattern", pattern, text)


def strays(rule: Mapping[str, Any], instance: Mapping[str, object]) -> list[str]:
    """The keys of a mapping that neither the properties nor the patterns of a rule name."""
    unnamed = [key for key in instance if key not in rule.get("properties", {})]
    patterns = rule.get("patternProperties", {})
    return [key for key in unnamed if not any(fits_pattern(pattern, key) for pattern in patterns)]


def _fits(dialect: str, keyword: str, wanted: object, instance: object) -> bool:
    return _compiled(dialect, keyword, Same(wanted))(instance)


@lru_cache(maxsize=4096)
def _compiled(dialect: str, keyword: str, wanted: Same) -> Callable[[object], bool]:
    import jsonschema_rs

    is_valid: Callable[[object], bool]
    is_valid = getattr(jsonschema_rs, dialect)({keyword: wanted.value}, validate_formats=True).is_valid
    return is_valid


def _asked(dialect: str, keyword: str) -> Keyword:
    def find(validator: Any, wanted: Any, instance: Any, schema: Any) -> "Iterator[ValidationError]":
        from jsonschema import ValidationError

        if not _fits(dialect, keyword, wanted, instance):
            yield ValidationError(f"does not fit '{keyword}'")

    return find


def _pattern_properties(validator: Any, wanted: Any, instance: Any, schema: Any) -> "Iterator[ValidationError]":
    for pattern, rule in wanted.items() if isinstance(instance, dict) else ():
        for key in (key for key in instance if fits_pattern(pattern, key)):
            yield from _descend(validator, instance[key], rule, key)


def _additional_properties(validator: Any, wanted: Any, instance: Any, schema: Any) -> "Iterator[ValidationError]":
    from jsonschema import ValidationError

    extra = strays(schema, instance) if isinstance(instance, dict) else []
    if wanted is False and extra:
        yield ValidationError("has keys that are not known here")
    for key in extra if isinstance(wanted, dict) else ():
        yield from validator.descend(instance[key], wanted, path=key)


def _properties(validator: Any, wanted: Any, instance: Any, schema: Any) -> "Iterator[ValidationError]":
    for key in (key for key in wanted if isinstance(instance, dict) and key in instance):
        yield from _descend(validator, instance[key], wanted[key], key)


def _prefix_items(validator: Any, wanted: Any, instance: Any, schema: Any) -> "Iterator[ValidationError]":
    for index, (value, rule) in enumerate(zip(instance if isinstance(instance, list) else (), wanted, strict=False)):
        yield from _descend(validator, value, rule, index)


def _additional_items(validator: Any, wanted: Any, instance: Any, schema: Any) -> "Iterator[ValidationError]":
    from jsonschema import ValidationError

    listed = schema.get("items")
    is_about = isinstance(instance, list) and isinstance(listed, list) and len(instance) > len(listed)
    if is_about and wanted is False:
        yield ValidationError("has too many entries")
    for index in range(len(listed), len(instance)) if is_about and wanted is not False else ():
        yield from validator.descend(instance[index], wanted, path=index)


def _descend(validator: Any, value: object, rule: object, step: str | int) -> "Iterator[ValidationError]":
    """The errors of a value below. For the schema `false` jsonschema does not say where it stands."""
    from jsonschema import ValidationError

    if rule is False:
        yield ValidationError("is not allowed", "false", [step], validator_value=False, instance=value, schema={})
    else:
        yield from validator.descend(value, rule, path=step, schema_path=step)


def _unevaluated_properties(validator: Any, wanted: Any, instance: Any, schema: Any) -> "Iterator[ValidationError]":
    from jsonschema import ValidationError

    rules = [rule for _, rule in _in_place(validator, instance, schema)] if isinstance(instance, dict) else []
    known = dict.fromkeys(key for rule in rules for key in rule.get("properties", ()))
    patterns = dict.fromkeys(pattern for rule in rules for pattern in rule.get("patternProperties", ()))
    takes_all = not rules or any(_takes_all_keys(rule, schema) for rule in rules)
    names = list(known)
    named = {"properties": known, "patternProperties": patterns}
    for key in () if takes_all else strays(named, instance):
        if wanted is False:
            yield ValidationError("is not known here", path=[key], validator_value=names)
        else:
            yield from _descend(validator, instance[key], wanted, key)


def _takes_all_keys(rule: Mapping[str, Any], around: Mapping[str, Any]) -> bool:
    return "additionalProperties" in rule or (rule is not around and "unevaluatedProperties" in rule)


def _unevaluated_items(validator: Any, wanted: Any, instance: Any, schema: Any) -> "Iterator[ValidationError]":
    from jsonschema import ValidationError

    left = set(range(len(instance))) if isinstance(instance, list) else set()
    for inner, rule in _in_place(validator, instance, schema) if left else ():
        left = {index for index in left if not _takes_item(inner, rule, schema, instance, index)}
    if wanted is False and left and min(left) + len(left) == len(instance):
        yield ValidationError("has too many entries", validator_value=min(left))
        return
    for index in sorted(left):
        yield from _descend(validator, instance[index], wanted, index)


def _takes_item(validator: Any, rule: Mapping[str, Any], around: object, instance: list[Any], index: int) -> bool:
    name = "prefixItems" if "prefixItems" in validator.VALIDATORS else "items"
    listed = rule.get(name)
    if isinstance(listed, list) and index < len(listed):
        return True
    rest = "additionalItems" if name == "items" and isinstance(listed, list) else "items"
    if rest in rule or (rule is not around and "unevaluatedItems" in rule):
        return True
    return "contains" in rule and _is_valid(validator, instance[index], rule["contains"])


def _in_place(validator: Any, instance: object, rule: object) -> Iterator[tuple[Any, Mapping[str, Any]]]:
    """The rules about an instance that a rule leads to, each with its validator, as if all that fail had passed."""
    if not isinstance(rule, dict):
        return
    yield validator, rule
    for reference in (rule[name] for name in _REFERENCES if name in rule and name in validator.VALIDATORS):
        resolved = validator._resolver.lookup(reference)
        inner = validator.evolve(schema=resolved.contents, _resolver=resolved.resolver)
        yield from _in_place(inner, instance, resolved.contents)
    for below in _applied(validator, instance, rule):
        yield from _in_place(validator, instance, below)


def _applied(validator: Any, instance: Any, rule: Mapping[str, Any]) -> Iterator[object]:
    yield from rule.get("allOf", ())
    for union in (rule[name] for name in ("anyOf", "oneOf") if name in rule):
        yield from [below for below in union if _is_valid(validator, instance, below)] or union
    if "if" in rule:
        if _is_valid(validator, instance, rule["if"]):
            yield from (rule[name] for name in ("if", "then") if name in rule)
        elif "else" in rule:
            yield rule["else"]
    for dependents in (rule[name] for name in ("dependentSchemas", "dependencies") if name in rule):
        yield from (below for key, below in dependents.items() if isinstance(instance, dict) and key in instance)


def _is_valid(validator: Any, instance: object, rule: object) -> bool:
    return next(validator.descend(instance, rule), None) is None


_CHANGED: Mapping[str, Keyword] = {
    "properties": _properties,
    "patternProperties": _pattern_properties,
    "additionalProperties": _additional_properties,
    "prefixItems": _prefix_items,
    "additionalItems": _additional_items,
    "unevaluatedProperties": _unevaluated_properties,
    "unevaluatedItems": _unevaluated_items,
}
