"""One cause, one error: of the errors that one wrong value has, those that say what is wrong with it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kerrigan.check.suggestion import nearest
from kerrigan.model.checks.source import Route

if TYPE_CHECKING:
    from jsonschema import ValidationError

_FIXED = frozenset({"enum", "const"})
_FORM = frozenset({"not", "anyOf", "oneOf", "pattern", "format", "multipleOf", "minLength", "maxLength"})
_FORM |= {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"}
"""What says less of a value than the type that it should have, or the values that it may be."""

_ALL_AT_ONCE = frozenset({"required", "dependentRequired", "dependencies"})
"""Keywords whose every error names all the keys that are missing."""


def causes(errors: Iterable["ValidationError"]) -> "list[ValidationError]":
    """The errors without those that follow from another one of them; of any, some are left.

    Where a value has to be one of a few, its type and form say nothing more; where its type is wrong, its form does
    not. A key that is misspelt is not missing as well.
    """
    found = list({_identity(error): error for error in reversed(list(errors))}.values())[::-1]
    fixed = {place_of(error) for error in found if error.validator in _FIXED}
    typed = {place_of(error) for error in found if error.validator == "type"}
    unknown: dict[Route, list[str]] = {}
    for error in found:
        if error.validator == "unevaluatedProperties":
            unknown.setdefault(tuple(error.absolute_path)[:-1], []).append(str(error.absolute_path[-1]))
    told = fixed | typed
    return [
        error
        for error in found
        if not (error.validator == "type" and place_of(error) in fixed)
        and not (error.validator in _FORM and place_of(error) in told)
        and not (error.validator == "required" and _is_misspelt(error, unknown))
    ]


def place_of(error: "ValidationError") -> Route:
    """Where a value stands that is wrong; a name of a key stands where its value does."""
    route = tuple(error.absolute_path)
    return (*route, str(error.instance)) if is_name(error) else route


def is_name(error: "ValidationError") -> bool:
    """Whether an error is about the name of a key."""
    return "propertyNames" in list(error.absolute_schema_path)[-3:]


def _identity(error: "ValidationError") -> object:
    if error.validator in _ALL_AT_ONCE:
        return error.validator, tuple(error.absolute_path), id(error.schema)
    return id(error)


def _is_misspelt(error: "ValidationError", unknown: Mapping[Route, Sequence[str]]) -> bool:
    """Whether every key that is missing stands there under a name much like its own."""
    wanted: Any = error.validator_value
    instance: Any = error.instance
    missing = [key for key in wanted if key not in instance]
    meant = {nearest(key, missing) for key in unknown.get(tuple(error.absolute_path), ())}
    return meant.issuperset(missing)
