"""The outlines of Markdown files against the schemas that Kerrigan ships for them: what is missing is a heading."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from kerrigan.check.legacy.generation import is_broken
from kerrigan.check.rules.missing_heading import missing
from kerrigan.check.schema.expected import meaning, rule_of
from kerrigan.check.schema.shape import diagnose
from kerrigan.model.checks.artifacts import own_artifacts
from kerrigan.model.checks.source import START, Diagnostic, Document, Severity
from kerrigan.model.checks.tree import Tree

if TYPE_CHECKING:
    from jsonschema import ValidationError


def by_schema(tree: Tree) -> dict[str, list[Document]]:
    """The outlines to judge, by the name of the schema that their repository wants for them."""
    chosen: dict[str, list[Document]] = {}
    for path, outline in tree.outlines.items():
        names = {artifact.outline for _, artifact in own_artifacts(tree.workspaces, path) if artifact.outline}
        for name in () if is_broken(tree.documents[path]) else sorted(names):
            chosen.setdefault(name, []).append(outline)
    return chosen


def diagnose_outline(document: Document, error: "ValidationError", schema: object) -> Iterator[Diagnostic]:
    """What to report of one error. `schema` is the whole schema that it comes from."""
    match error.validator, tuple(error.absolute_path):
        case "required", ("sections",):
            yield from missing(document, _lacking(error), _others(document, error))
        case "minItems", ("sections", title):
            message, hint = f"nothing stands below '{title}'", "say it in a sentence, or that there is nothing to say"
            place = document.positions.value(tuple(error.absolute_path))
            yield Diagnostic("empty-section", Severity.warning, document.path, place, message, hint)
        case "contains", ("headings",):
            message = f"no heading is {_wanted(error)}"
            yield Diagnostic("missing-heading", Severity.error, document.path, START, message)
        case "contains", ("lines",):
            message = f"no line is {_wanted(error)}"
            yield Diagnostic("wrong-value", Severity.error, document.path, START, message)
        case _:
            yield from diagnose(document, error, schema)


def _lacking(error: "ValidationError") -> list[str]:
    wanted: Any = error.validator_value
    found: Any = error.instance
    return [title for title in wanted if title not in found]


def _others(document: Document, error: "ValidationError") -> list[tuple[int, str]]:
    outline: Any = document.data
    wanted: Any = error.validator_value
    titles = ((n, title) for n, title in enumerate(outline["headings"]) if title not in wanted)
    return [(document.positions.value(("headings", n)).line, title) for n, title in titles]


def _wanted(error: "ValidationError") -> str:
    return meaning(rule_of(error)["contains"])
