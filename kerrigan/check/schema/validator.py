"""The verdict of a JSON Schema, and why: jsonschema-rs decides, jsonschema explains.

They differ, so one has to decide: see `keywords`, and docs/check.md. It is jsonschema-rs, which follows the
specification where jsonschema follows Python, looks for a pattern in the time that a text's length takes, and is sixty
times as fast. It does not explain, for each of its errors holds a copy of the whole value that it is about.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, NoReturn

from kerrigan.check.schema.causes import causes
from kerrigan.check.schema.dialects import DEFAULT, dialect_of
from kerrigan.check.schema.keywords import explainer
from kerrigan.check.schema.patterns import with_strict_patterns

if TYPE_CHECKING:
    import jsonschema_rs
    from jsonschema import ValidationError

_SIMPLE = frozenset({"type", "enum", "const", "pattern", "format", "minimum", "maximum"})
"""Keywords of which jsonschema-rs says all there is to say, as `kerrigan.check.schema.expected` reads it."""

_ENDS = (KeyboardInterrupt, SystemExit, GeneratorExit)


class Validator:
    """A schema, compiled once for many documents. Raises jsonschema_rs.ValidationError for one that cannot be used."""

    def __init__(self, schema: Mapping[str, Any], dialect: str = DEFAULT) -> None:
        import jsonschema_rs  # imported late: start-up is a feature

        self._schema = schema
        self._dialect = dialect
        try:
            self._compiled = _compile(schema, dialect)
        except jsonschema_rs.ValidationError as error:
            if not is_about_a_pattern(error):
                raise
            self._schema = with_strict_patterns(schema)
            self._compiled = _compile(self._schema, dialect)

    def is_valid(self, data: object) -> bool:
        """The verdict."""
        try:
            return self._compiled.is_valid(data)
        except ValueError:
            return False  # nested deeper than it can follow

    def errors(self, data: object) -> "list[ValidationError]":
        """Why data are not valid, one error for each cause: none exactly where they are valid."""
        return [] if self.is_valid(data) else causes(explain(self._schema, self._dialect, data)) or [self._first(data)]

    def _first(self, data: object) -> "ValidationError":
        import jsonschema_rs

        try:
            self._compiled.validate(data)
        except jsonschema_rs.ValidationError as error:
            return jsonschema_error(error)
        except ValueError as error:
            return _error(str(error))
        raise AssertionError("a verdict and no error")


def explain(schema: Mapping[str, Any], dialect: str, data: Any) -> "list[ValidationError]":
    """The errors that jsonschema finds, as far as it can follow a schema."""
    from referencing import Registry

    # Where the key stands jsonschema leaves the class that it was given for one of its own.
    undecided = {key: value for key, value in schema.items() if key != "$schema"}
    found: list[ValidationError] = []
    try:
        # A registry of its own: without one jsonschema fetches what a `$ref` names.
        validator = explainer(dialect)(undecided, registry=Registry())
        found.extend(validator.iter_errors(data))
    except BaseException as error:
        # Where Python's stack ends inside of rpds, that panics, and its panic is no Exception.
        if isinstance(error, _ENDS):
            raise
    return found


def is_about_a_pattern(error: "jsonschema_rs.ValidationError") -> bool:
    """Whether a schema is refused for a pattern in it."""
    return error.kind.name == "format" and error.kind.value == "regex"


def jsonschema_error(error: "jsonschema_rs.ValidationError") -> "ValidationError":
    """An error of jsonschema-rs as one of jsonschema's."""
    keyword, wanted = (error.kind.name, error.kind.value) if error.kind.name in _SIMPLE else ("", None)
    return _error(error.message, error.instance_path, keyword, wanted, error.instance)


def _error(
    message: str, path: Sequence[str | int] = (), keyword: str = "", wanted: object = None, instance: object = None
) -> "ValidationError":
    from jsonschema import ValidationError

    rule: dict[str, object] = {keyword: wanted}
    return ValidationError(message, keyword, path, validator_value=wanted, instance=instance, schema=rule)


def _compile(schema: Mapping[str, Any], dialect: str) -> "jsonschema_rs.Validator":
    import jsonschema_rs

    undecided = {key: value for key, value in schema.items() if key != "$schema"}
    kind = getattr(jsonschema_rs, dialect)
    compiled: jsonschema_rs.Validator
    try:
        compiled = kind(undecided, validate_formats=True, retriever=_refuse)
    except jsonschema_rs.ValidationError as error:
        if "json-schema.org" not in error.message:
            raise
        compiled = kind(undecided, validate_formats=True, retriever=_refuse, registry=_meta_schemas())
    return compiled


def _refuse(address: str) -> NoReturn:
    raise ValueError("nothing outside of the file is read")


@cache
def _meta_schemas() -> "jsonschema_rs.Registry":
    """The schemas of the dialects, by both spellings: any schema may refer to them."""
    import jsonschema_rs
    from jsonschema_specifications import REGISTRY  # type: ignore[import-untyped]  # jsonschema brings it

    names = (name for name in REGISTRY if dialect_of({"$schema": name}) or "/meta/" in name)
    known = {name: REGISTRY[name].contents for name in names}
    known |= {f"http{'' if name.startswith('https') else 's'}:{name.partition(':')[2]}": known[name] for name in known}
    return jsonschema_rs.Registry(list(known.items()))
