"""The artifacts of a team's own, against the JSON Schemas that it wrote for them. Nothing is fetched from anywhere."""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from kerrigan.check.generation import is_broken
from kerrigan.check.shape import diagnose
from kerrigan.model.artifacts import own_artifacts
from kerrigan.model.source import START, Diagnostic, Document, Route, Severity
from kerrigan.model.tree import Tree

if TYPE_CHECKING:
    from jsonschema import ValidationError
    from jsonschema.protocols import Validator


def validate_own(tree: Tree) -> Iterator[Diagnostic]:
    """What does not fit, and the schemas that cannot be used. One that is missing is told where it is named."""
    for path, documents in _by_schema(tree).items():
        written = tree.documents[path]
        if not is_broken(written):
            yield from _validate(written, documents)


def _by_schema(tree: Tree) -> dict[str, list[Document]]:
    chosen: dict[str, list[Document]] = {}
    for path, document in tree.documents.items():
        for root, artifact in own_artifacts(tree.workspaces, path):
            schema = f"{root}/{artifact.schema}" if root else artifact.schema
            if artifact.schema and schema in tree.documents and not is_broken(document):
                chosen.setdefault(schema, []).append(document)
    return chosen


def _validate(written: Document, documents: list[Document]) -> Iterator[Diagnostic]:
    from jsonschema import Draft202012Validator, SchemaError
    from jsonschema.exceptions import UnknownType
    from jsonschema.validators import validator_for
    from referencing import Registry
    from referencing.exceptions import Unresolvable

    schema: Any = written.data
    if not isinstance(schema, dict):
        yield _unusable(written, (), "found something else, expected a JSON Schema, which is a mapping")
        return
    kind: type[Validator] = Draft202012Validator
    try:
        if isinstance(schema.get("$schema"), str):
            kind = validator_for(schema, default=kind)
        kind.check_schema(schema)
        # A registry that knows nothing: without one of its own jsonschema fetches what a `$ref` names.
        validator = kind(schema, registry=Registry(), format_checker=kind.FORMAT_CHECKER)
        for document in documents:
            data: Any = document.data
            if data is None and document.path.endswith(".md"):
                yield from () if validator.is_valid(data) else (_bare(document, written),)
                continue
            for error in validator.iter_errors(data):
                yield from diagnose(document, error, schema)
    except SchemaError as error:
        said = next(diagnose(written, cast("ValidationError", error), kind.META_SCHEMA))
        yield replace(said, code="broken-schema", message=f"this is no JSON Schema: {said.message}", related=())
    except Unresolvable as error:
        route, ref = _reference(schema, str(getattr(error, "anchor", error.ref)))
        message = f"the reference {ref[:80]!r} leads nowhere in this file, and nothing outside of it is read"
        yield _unusable(written, route, message)
    except (RecursionError, UnknownType, re.error, ValueError) as error:
        why = "it refers to itself without an end" if isinstance(error, RecursionError) else str(error)[:80]
        yield _unusable(written, (), f"this schema cannot be used: {why}")


def _bare(document: Document, written: Document) -> Diagnostic:
    message = f"found no front matter, expected what {written.path} asks of it"
    hint = "begin the file with a line '---', 'key: value', and another '---'"
    return Diagnostic("wrong-type", Severity.error, document.path, START, message, hint)


def _reference(schema: object, end: str) -> tuple[Route, str]:
    """Where the first reference stands that ends so, and what it says; the root where none is found."""
    waiting = deque[tuple[Route, object]]([((), schema)])
    while waiting:
        route, value = waiting.popleft()
        if isinstance(value, dict):
            for key in ("$ref", "$dynamicRef"):
                if isinstance(ref := value.get(key), str) and ref.endswith(end):
                    return (*route, key), ref
            waiting += [((*route, key), below) for key, below in value.items()]
        elif isinstance(value, list):
            waiting += [((*route, index), below) for index, below in enumerate(value)]
    return (), end


def _unusable(written: Document, route: Route, message: str) -> Diagnostic:
    place = written.positions.value(route)
    return Diagnostic("broken-schema", Severity.error, written.path, place, message)
