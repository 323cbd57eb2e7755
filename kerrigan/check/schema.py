"""JSON Schema errors, said as a person would, at the key or value that is meant."""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from kerrigan.check.contract import EXCLUDED
from kerrigan.model.source import Diagnostic, Document, Route, Severity
from kerrigan.model.tree import Tree

if TYPE_CHECKING:
    from jsonschema import ValidationError

KINDS = {
    dict: "a mapping",
    list: "a list",
    str: "text",
    bool: "true or false",
    int: "a number",
    float: "a number",
    type(None): "nothing",
}
TYPES = {
    "object": "a mapping",
    "array": "a list",
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "nothing",
}


def check(tree: Tree, schemas: Mapping[str, Mapping[str, Any]]) -> Iterator[Diagnostic]:
    """The schema errors of every document that has a schema."""
    for name, documents in _documents(tree).items():
        yield from _validate(documents, schemas[name])


def _documents(tree: Tree) -> dict[str, list[Document]]:
    chosen: dict[str, list[Document]] = {}
    for path, document in tree.documents.items():
        if path.endswith(".github/kerrigan.yml") and document.data is not None:
            chosen.setdefault("kerrigan", []).append(document)
    for project in tree.projects:
        if project.format == 1 and project.name in EXCLUDED:
            continue
        files = {"status": "status.json"}
        if project.format == 7:
            files |= {"spec": "spec.md", "tasks": "tasks.yml"}
        for name, file in files.items():
            found = tree.documents.get(f"{project.path}/{file}")
            if found and not _unparsed(found) and not (name == "spec" and found.data is None):
                chosen.setdefault(name, []).append(found)
    return chosen


def _unparsed(document: Document) -> bool:
    return document.data is None and bool(document.diagnostics)


def _validate(documents: Iterable[Document], schema: Mapping[str, Any]) -> Iterator[Diagnostic]:
    from jsonschema import Draft202012Validator  # imported late: start-up is a feature

    validator = Draft202012Validator(schema)
    for document in documents:
        for error in validator.iter_errors(document.data):
            yield from _diagnose(document, error)


def _diagnose(document: Document, error: "ValidationError") -> Iterator[Diagnostic]:
    route = tuple(error.absolute_path)
    match error.validator:
        case "additionalProperties":
            yield from _unknown_keys(document, route, error)
        case "required":
            instance: Any = error.instance
            for key in _wanted(error):
                if key not in instance:
                    what = f"the key '{key}' is missing here"
                    yield _at_value(document, route, "missing-key", what, _meaning(error, key))
        case "type":
            yield _wrong_type(document, route, error)
        case "enum" | "const":
            yield _wrong_value(document, route, error)
        case "pattern" | "format":
            meaning = str(_rule(error).get("description", f"text like {error.validator_value}"))
            yield _at_value(document, route, "wrong-value", f"found {_shown(error.instance)}", f"expected: {meaning}")
        case _:
            yield _at_value(document, route, "wrong-value", error.message[:300], _expected(error))


def _unknown_keys(document: Document, route: Route, error: "ValidationError") -> Iterator[Diagnostic]:
    known = list(_rule(error).get("properties", {}))
    instance: Any = error.instance
    for key in instance:
        if key not in known:
            near = get_close_matches(str(key), known, n=1)
            hint = f"did you mean '{near[0]}'?" if near else f"known here: {', '.join(known)}"
            span = document.positions.key((*route, key))
            yield Diagnostic("unknown-key", Severity.error, document.path, span, f"unknown key {_shown(key)}", hint)


def _wrong_type(document: Document, route: Route, error: "ValidationError") -> Diagnostic:
    if len(route) == 4 and route[2] == "depends_on":
        return _swallowed(document, route, error.instance)
    wanted = _wanted(error)
    names = [TYPES[t] for t in ([wanted] if isinstance(wanted, str) else wanted)]
    found = KINDS.get(type(error.instance), "something else")
    return _at_value(document, route, "wrong-type", f"found {found}, expected {' or '.join(names)}", _expected(error))


def _swallowed(document: Document, route: Route, instance: object) -> Diagnostic:
    if instance is None:
        message, hint = "this entry is empty: YAML reads '#12' as a comment and '~' as nothing", 'quote it: "#12"'
    elif isinstance(instance, dict) and len(instance) == 1:
        key, value = next(iter(instance.items()))
        message = f"YAML reads this as a mapping, expected text such as '{key}:{value}'"
        hint = f'quote it: "{key}:{value}"'
    else:
        message, hint = f"found {KINDS.get(type(instance), 'something else')}, expected a dependency as text", ""
    return _at_value(document, route, "wrong-type", message, hint)


def _wrong_value(document: Document, route: Route, error: "ValidationError") -> Diagnostic:
    allowed = _wanted(error) if error.validator == "enum" else [_wanted(error)]
    near = get_close_matches(str(error.instance), [str(a) for a in allowed], n=1)
    expected = " or ".join(repr(a) for a in allowed)
    hint = f"did you mean '{near[0]}'?" if near else ""
    return _at_value(document, route, "wrong-value", f"found {_shown(error.instance)}, expected {expected}", hint)


def _at_value(document: Document, route: Route, code: str, message: str, hint: str = "") -> Diagnostic:
    return Diagnostic(code, Severity.error, document.path, document.positions.value(route), message, hint)


def _meaning(error: "ValidationError", key: str) -> str:
    return str(_rule(error).get("properties", {}).get(key, {}).get("description", ""))


def _expected(error: "ValidationError") -> str:
    description = _rule(error).get("description")
    return f"expected: {description}" if description else ""


def _rule(error: "ValidationError") -> Mapping[str, Any]:
    return error.schema if isinstance(error.schema, dict) else {}


def _wanted(error: "ValidationError") -> Any:
    return error.validator_value


def _shown(value: object) -> str:
    text = repr(value) if isinstance(value, str) else KINDS.get(type(value), "") if value is None else repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
