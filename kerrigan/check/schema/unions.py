"""`anyOf` and `oneOf`: which of the branches was meant, so that only its errors are told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kerrigan.check.schema.causes import causes
from kerrigan.check.schema.loops import resolve

if TYPE_CHECKING:
    from jsonschema import ValidationError

MOST_REFERENCES = 20
"""How many references are followed to find out what a branch says."""


@dataclass(frozen=True, slots=True)
class LikelyBranch:
    """The errors to tell: either those of one branch, or alternatives at one place, an error of each branch."""

    errors: Sequence["ValidationError"]
    are_alternatives: bool = False


def likely_branch(error: "ValidationError", schema: object) -> LikelyBranch:
    """What to report of a union in which no branch fits; nothing where several of `oneOf` fit. `schema` is all of it.

    A branch that wants another type was not meant. Then a key with a fixed value decides, such as `kind`; then the
    branch with the deepest error, for what is above it fits; then the one with the fewest.
    """
    branches: dict[int, list[ValidationError]] = {}
    # An error of the schema `false` names no branch; it says nothing that another branch would not.
    for below in (below for below in error.context or () if below.schema_path):
        branches.setdefault(int(below.schema_path[0]), []).append(below)
    if not branches:
        return LikelyBranch(list(error.context or ())[:1])
    branches = {number: causes(errors) for number, errors in branches.items()}
    if _are_alike(branches):
        return LikelyBranch([errors[0] for errors in branches.values()], are_alternatives=True)
    live = {n: errors for n, errors in branches.items() if not _is_other_type(errors)} or branches
    key, fitting = _told_apart(error, live, schema)
    if key is not None and not fitting:
        deciding = [e for errors in live.values() for e in errors if list(e.relative_path) == [key] and _is_fixed(e)]
        return LikelyBranch(deciding, are_alternatives=True)
    left = [live[n] for n in fitting] or list(live.values())
    return LikelyBranch(max(left, key=lambda errors: (max(map(_depth, errors)), -len(errors)), default=[]))


def _are_alike(branches: Mapping[int, Sequence["ValidationError"]]) -> bool:
    """Whether every branch says one thing about the value itself, and all of them the same kind of thing."""
    if not branches or any(len(errors) != 1 or errors[0].relative_path for errors in branches.values()):
        return False
    keywords = {str(errors[0].validator) for errors in branches.values()}
    return keywords == {"required"} or keywords <= {"type", "enum", "const"}


def _told_apart(
    error: "ValidationError", live: Mapping[int, object], schema: object
) -> tuple[str | None, Sequence[int]]:
    """The key whose fixed values tell the branches apart, and the branches that have the value found there."""
    instance = error.instance if isinstance(error.instance, dict) else {}
    branches: Any = error.validator_value
    fixed = {n: _fixed(branches[n], schema) for n in live}
    for key in instance:
        saying = [n for n in live if key in fixed[n]]
        if len(saying) > 1:
            return str(key), [n for n in saying if instance[key] in fixed[n][key]]
    return None, ()


def _fixed(branch: object, schema: object) -> Mapping[str, Sequence[object]]:
    """The keys that a branch gives only certain values, and these."""
    rule = _resolved(branch, schema)
    properties = rule.get("properties")
    fixed: dict[str, Sequence[object]] = {}
    for key, below in properties.items() if isinstance(properties, dict) else ():
        inner = _resolved(below, schema)
        if "const" in inner:
            fixed[key] = [inner["const"]]
        elif isinstance(inner.get("enum"), list):
            fixed[key] = inner["enum"]
    return fixed


def _resolved(rule: object, schema: object) -> Mapping[str, Any]:
    """The rule that a `$ref` within the same schema stands for."""
    for _ in range(MOST_REFERENCES):
        if not isinstance(rule, dict) or "$ref" not in rule:
            break
        rule = resolve(schema, rule["$ref"])
    return rule if isinstance(rule, dict) else {}


def _is_other_type(errors: Sequence["ValidationError"]) -> bool:
    """Whether a branch wants another type, or only values of other types."""
    return any(not error.relative_path and (error.validator == "type" or _is_alien(error)) for error in errors)


def _is_alien(error: "ValidationError") -> bool:
    allowed: Any = error.validator_value if error.validator == "enum" else [error.validator_value]
    return _is_fixed(error) and type(error.instance) not in [type(value) for value in allowed]


def _is_fixed(error: "ValidationError") -> bool:
    return error.validator in ("const", "enum")


def _depth(error: "ValidationError") -> int:
    return max([len(error.absolute_path), *(_depth(below) for below in error.context or ())])
