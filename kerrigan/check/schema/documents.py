"""Documents against their schemas: those that Kerrigan ships, and those that teams write for artifacts of their own."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from kerrigan.check.legacy.generation import is_broken, is_new, is_old
from kerrigan.check.schema.shape import diagnose
from kerrigan.check.schema.validator import Validator
from kerrigan.model.checks.source import Diagnostic, Document
from kerrigan.model.checks.tree import Tree

if TYPE_CHECKING:
    from jsonschema import ValidationError

Telling = Callable[[Document, "ValidationError", object], Iterator[Diagnostic]]
"""What says an error of a document, and of the whole schema that it comes from, in words."""


def check(tree: Tree, schemas: Mapping[str, Mapping[str, Any]]) -> Iterator[Diagnostic]:
    """The schema errors of every document that has a schema."""
    for name, documents in _documents(tree).items():
        yield from _validate(documents, schemas[name])
    if any(artifact.schema for space in tree.workspaces.values() for artifact in space.check.artifacts):
        from kerrigan.check.schema.own_artifacts import validate_own

        yield from validate_own(tree)
    if tree.outlines:
        from kerrigan.check.outlines import by_schema, diagnose_outline

        for name, documents in by_schema(tree).items():
            yield from _validate(documents, schemas[name], diagnose_outline)


def _documents(tree: Tree) -> dict[str, list[Document]]:
    chosen: dict[str, list[Document]] = {}
    for path, document in tree.documents.items():
        if path.endswith(".github/kerrigan.yml") and document.data is not None:
            chosen.setdefault("kerrigan", []).append(document)
    for project in tree.projects:
        files = {}
        if is_new(tree, project):
            files = {"spec": "spec.md", "tasks": "tasks.yml", "status": "status.json"}
        elif is_old(tree, project):
            files = {"status": "status.json"}
        for name, file in files.items():
            found = tree.documents.get(f"{project.path}/{file}")
            if found and not is_broken(found) and not (name == "spec" and found.data is None):
                chosen.setdefault(name, []).append(found)
    return chosen


@lru_cache(maxsize=32)  # the projects of a home are checked one by one, by the same schemas
def _compiled(schema: str) -> Validator:
    return Validator(json.loads(schema))


def _validate(
    documents: Iterable[Document], schema: Mapping[str, Any], tell: Telling = diagnose
) -> Iterator[Diagnostic]:
    validator = _compiled(json.dumps(schema))
    for document in documents:
        for error in validator.errors(document.data):
            yield from tell(document, error, schema)
