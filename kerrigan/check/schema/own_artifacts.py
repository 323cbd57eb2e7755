"""The artifacts of a team's own, against the JSON Schemas that it wrote for them. Nothing is fetched from anywhere."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from kerrigan.check.legacy.generation import is_broken
from kerrigan.check.schema.causes import causes
from kerrigan.check.schema.dialects import dialect_of, subschemas, unknown_dialects
from kerrigan.check.schema.loops import endless
from kerrigan.check.schema.shape import diagnose
from kerrigan.check.schema.validator import Validator, explain, jsonschema_error
from kerrigan.model.checks.artifacts import own_artifacts
from kerrigan.model.checks.source import START, Diagnostic, Document, Route, Severity
from kerrigan.model.checks.tree import Tree

if TYPE_CHECKING:
    import jsonschema_rs

_QUOTED = re.compile(r"'([^']*)'")


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
    import jsonschema_rs

    schema: Any = written.data
    if not isinstance(schema, dict):
        yield _unusable(written, (), "found something else, expected a JSON Schema, which is a mapping")
        return
    if unknown := list(unknown_dialects(written)):
        yield from unknown
        return
    dialect = dialect_of(schema) or ""
    if circle := endless(schema, dialect):
        yield _unusable(written, circle, "this schema cannot be used: it refers to itself without an end")
        return
    try:
        validator = Validator(schema, dialect)
    except jsonschema_rs.ValidationError as error:
        yield _broken(written, schema, dialect, error)
        return
    for document in documents:
        if document.data is None and document.path.endswith(".md"):
            yield from () if validator.is_valid(None) else (_bare(document, written),)
            continue
        for found in validator.errors(document.data):
            yield from diagnose(document, found, schema)


def _bare(document: Document, written: Document) -> Diagnostic:
    message = f"found no front matter, expected what {written.path} asks of it"
    hint = "begin the file with a line '---', 'key: value', and another '---'"
    return Diagnostic("wrong-type", Severity.error, document.path, START, message, hint)


def _broken(
    written: Document, schema: Mapping[str, Any], dialect: str, error: "jsonschema_rs.ValidationError"
) -> Diagnostic:
    """Why a schema cannot be used: what its dialect does not allow, or a reference that leads nowhere."""
    if error.kind.name == "$ref":
        quoted = _QUOTED.search(error.message)
        route, reference = _reference(schema, quoted[1] if quoted else "")
        where = f"the reference {reference[:80]!r} leads nowhere in this file"
        return _unusable(written, route, f"{where}, and nothing outside of it is read")
    import jsonschema

    meta: Mapping[str, Any] = getattr(jsonschema, dialect).META_SCHEMA
    found = causes(explain(meta, dialect, schema)) or [jsonschema_error(error)]
    said = next(diagnose(written, found[0], meta))
    return replace(said, code="broken-schema", message=f"this is no JSON Schema: {said.message}", related=())


def _reference(schema: object, end: str) -> tuple[Route, str]:
    """Where the first reference stands that ends so, and what it says; the root where none is found."""
    for route, rule in subschemas(schema):
        for key in ("$ref", "$dynamicRef", "$recursiveRef"):
            if isinstance(found := rule.get(key), str) and unquote(found).endswith(unquote(end)):
                return (*route, key), found
    return (), end


def _unusable(written: Document, route: Route, message: str) -> Diagnostic:
    place = written.positions.value(route)
    return Diagnostic("broken-schema", Severity.error, written.path, place, message)
