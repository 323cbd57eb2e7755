"""JSON Schema errors, said as a person would, at the key or value that is meant."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from kerrigan.check.generation import is_broken, is_new, is_old
from kerrigan.check.nearest import did_you_mean, nearest
from kerrigan.model.source import Diagnostic, Document, Route, Severity
from kerrigan.model.tree import Tree

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
DEPENDENCY = "'task', 'project/task', '#12', 'owner/repo#12', 'name:#12' or 'external:some fact'"
LIMITS = {
    "minLength": "text, {} or more characters long",
    "maxLength": "{} characters at most",
    "minimum": "{} or more",
}
"""What the limits that our schemas set ask for."""


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


def _validate(documents: Iterable[Document], schema: Mapping[str, Any]) -> Iterator[Diagnostic]:
    from jsonschema import Draft202012Validator  # imported late: start-up is a feature

    validator = Draft202012Validator(schema)
    for document in documents:
        for error in validator.iter_errors(document.data):
            yield from _diagnose(document, error)


def _diagnose(document: Document, error: "ValidationError") -> Iterator[Diagnostic]:
    route, found = tuple(error.absolute_path), _shown(error.instance)
    match error.validator:
        case "additionalProperties":
            yield from _unknown_keys(document, route, error)
        case "required":
            yield from _missing_keys(document, route, error)
        case "type":
            yield _wrong_type(document, route, error)
        case "enum" | "const":
            allowed = _allowed(error)
            message = f"found {found}, expected {' or '.join(_shown(value) for value in allowed)}"
            yield _at_value(document, route, "wrong-value", message, _nearly(error.instance, allowed))
        case "pattern" if _is_dependency(route):
            yield _at_value(document, route, "invalid-dependency", f"found {found}, expected {DEPENDENCY}")
        case "pattern":
            message = f"found {found}, expected {_meaning(_rule(error)) or 'text of another form'}"
            yield _at_value(document, route, "wrong-value", message, _example(_rule(error)))
        case str() as limit if limit in LIMITS:
            message = f"found {found}, expected {LIMITS[limit].format(error.validator_value)}"
            yield _at_value(document, route, "wrong-value", message)
        case _:
            yield _at_value(document, route, "wrong-value", error.message[:300])


def _unknown_keys(document: Document, route: Route, error: "ValidationError") -> Iterator[Diagnostic]:
    known = list(_rule(error).get("properties", {}))
    for key in _keys(error):
        if key not in known:
            hint = did_you_mean(key, known) or f"known here: {', '.join(known)}"
            span = document.positions.key((*route, key))
            yield Diagnostic("unknown-key", Severity.error, document.path, span, f"unknown key {_shown(key)}", hint)


def _missing_keys(document: Document, route: Route, error: "ValidationError") -> Iterator[Diagnostic]:
    rule = _rule(error)
    known: Mapping[str, Any] = rule.get("properties", {})
    # A key that is only misspelt is already reported as unknown.
    strays = [key for key in _keys(error) if key not in known] if rule.get("additionalProperties") is False else []
    misspelt = {nearest(key, known) for key in strays}
    wanted: Any = error.validator_value
    for key in wanted:
        if key not in _keys(error) and key not in misspelt:
            meaning = _meaning(known.get(key, {}))
            hint = f"{key}: {meaning}" if meaning else ""
            yield _at_value(document, route, "missing-key", f"the key '{key}' is missing here", hint)


def _wrong_type(document: Document, route: Route, error: "ValidationError") -> Diagnostic:
    wanted: Any = error.validator_value
    if _is_dependency(route):
        return _swallowed(document, route, error.instance)
    names = [TYPES[name] for name in ([wanted] if isinstance(wanted, str) else wanted)]
    is_scalar = isinstance(error.instance, bool | int | float)
    hint = f'put it in quotes: "{_shown(error.instance)}"' if wanted == "string" and is_scalar else ""
    message = f"found {_shown(error.instance)}, expected {' or '.join(names)}"
    return _at_value(document, route, "wrong-type", message, hint)


def _swallowed(document: Document, route: Route, instance: object) -> Diagnostic:
    hint = ""
    if instance is None:
        message = "this entry is empty: YAML reads '#12' as a comment and '~' as nothing"
        hint = 'put it in quotes: "#12"'
    elif isinstance(instance, dict) and len(instance) == 1:
        key, value = next(iter(instance.items()))
        text = f"{key}:{value if isinstance(value, str) else ''}"[:80]
        message, hint = "YAML reads this as a mapping, expected text", f'put it in quotes: "{text}"'
    else:
        message = f"found {_shown(instance)}, expected {DEPENDENCY}"
    return _at_value(document, route, "invalid-dependency", message, hint)


def _is_dependency(route: Route) -> bool:
    return len(route) == 4 and route[2] == "depends_on"


def _at_value(document: Document, route: Route, code: str, message: str, hint: str = "") -> Diagnostic:
    return Diagnostic(code, Severity.error, document.path, document.positions.value(route), message, hint)


def _meaning(rule: Mapping[str, Any]) -> str:
    text = str(rule.get("description", "")).removesuffix(".")
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def _nearly(found: object, allowed: list[object]) -> str:
    texts = [value for value in allowed if isinstance(value, str)]
    same = next((value for value in allowed if not isinstance(value, str) and str(value) == found), None)
    return did_you_mean(found, texts) if same is None else f"write {same} without quotes"


def _allowed(error: "ValidationError") -> list[object]:
    wanted: Any = error.validator_value
    return list(wanted) if error.validator == "enum" else [wanted]


def _example(rule: Mapping[str, Any]) -> str:
    examples = [example for example in rule.get("examples", []) if not isinstance(example, dict | list)]
    return f"for example: {', '.join(map(str, examples[:3]))}" if examples else ""


def _rule(error: "ValidationError") -> Mapping[str, Any]:
    return error.schema if isinstance(error.schema, dict) else {}


def _keys(error: "ValidationError") -> Mapping[str, object]:
    return error.instance if isinstance(error.instance, dict) else {}


def _shown(value: object) -> str:
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
