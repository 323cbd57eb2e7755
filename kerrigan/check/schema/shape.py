"""JSON Schema errors, said as a person would, at the key or value that is meant."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from kerrigan.check.fixes import renamed, retyped, rewritten, spelled_out
from kerrigan.check.schema.causes import is_name, place_of
from kerrigan.check.schema.expected import example, expected, found, meaning, rule_of, shown
from kerrigan.check.schema.keywords import strays
from kerrigan.check.schema.same import Same
from kerrigan.check.schema.unions import likely_branch
from kerrigan.check.suggestion import did_you_mean, listed, nearest
from kerrigan.model.checks.source import Diagnostic, Document, Related, Route, Severity, Span
from kerrigan.model.checks.text import text_of

if TYPE_CHECKING:
    from jsonschema import ValidationError

_INLINE = re.compile(r"[^\n\[\]{}]{1,80}")
MERGE = "<<"
"""The key by which YAML 1.1 took the keys of one mapping into another; YAML 1.2 knows no such thing."""
DEPENDENCY = "'task', 'project/task', '#12', 'owner/repo#12', 'name:#12' or 'external:some fact'"


def diagnose(document: Document, error: "ValidationError", schema: object) -> Iterator[Diagnostic]:
    """What to report of one error. `schema` is the whole schema that it comes from."""
    if error.validator in ("anyOf", "oneOf"):
        yield from _union(document, error, schema)
    elif _is_dependency(document, _route(error)) and error.validator in ("type", "pattern"):
        yield _swallowed(document, _route(error), error.instance)
    elif error.validator == "required" and isinstance(error.validator_value, list):
        yield from _missing_keys(document, error)
    else:
        say = SAYINGS.get(str(error.validator))
        yield from (say and list(say(document, error))) or [_wrong(document, error)]


def _union(document: Document, error: "ValidationError", schema: object) -> Iterator[Diagnostic]:
    told = likely_branch(error, schema)
    if not told.errors:
        branches: Any = error.validator_value
        names = [str(branch["title"]) for branch in branches if isinstance(branch, dict) and "title" in branch]
        message = f"found {found(error)}, which fits more than one of what is allowed here; expected exactly one"
        hint = f"one of: {', '.join(names)}" if names else ""
        yield _at_value(document, _route(error), "wrong-value", message, hint)
    elif not told.are_alternatives:
        for below in told.errors:
            yield from diagnose(document, below, schema)
    elif told.errors[0].validator == "required":
        wanted: list[Any] = [below.validator_value for below in told.errors]
        keys = dict.fromkeys(key for required in wanted for key in required if key not in _keys(error))
        message = f"one of the keys {' or '.join(map(repr, keys))} is missing here"
        yield _at_value(document, _route(error), "missing-key", message)
    else:
        yield _wrong(document, *told.errors)


def _wrong(document: Document, *errors: "ValidationError") -> Diagnostic:
    """A value that is none of what these errors expect; they stand at one place."""
    first = errors[0]
    wanted = list(dict.fromkeys(text for error in errors if (text := expected(error))))
    message = f"found {found(first)}, expected {listed(wanted, ' or ')}" if wanted else first.message[:300]
    code = "wrong-type" if all(error.validator == "type" for error in errors) else "wrong-value"
    allowed = _allowed(first) if len(errors) == 1 else [value for error in errors for value in _allowed(error)]
    hint = _nearly(first.instance, allowed) or _quoted(document, first) or _wrapped(document, *errors)
    if first.validator in ("pattern", "format"):
        hint = example(rule_of(first))
    fix = None if is_name(first) else rewritten(document, _route(first), first.instance, _types(errors), allowed)
    return Diagnostic(code, Severity.error, document.path, _place(document, first), message, hint, fix=fix)


def _unknown_keys(document: Document, error: "ValidationError") -> Iterator[Diagnostic]:
    known = list(rule_of(error).get("properties", {}))
    for key in strays(rule_of(error), _keys(error)):
        hint = did_you_mean(key, known) or (f"known here: {listed(known)}" if known else "")
        if key == MERGE:
            hint = "YAML's merging of mappings is not read: write out the keys that it stands for"
        span = document.positions.key((*_route(error), key))
        fix = renamed(document, (*_route(error), key), _keys(error), known)
        message = f"unknown key {shown(key)}"
        yield Diagnostic("unknown-key", Severity.error, document.path, span, message, hint, fix=fix)


def _unevaluated(document: Document, error: "ValidationError") -> Iterator[Diagnostic]:
    # It stands at the key, and has the keys that are known there.
    *around, key = _route(error)
    known: Any = error.validator_value
    span = document.positions.key(_route(error))
    hint = did_you_mean(key, known) or (f"known here: {listed(known)}" if known else "")
    fix = renamed(document, (*around, key), _keys(error), known)
    yield Diagnostic("unknown-key", Severity.error, document.path, span, f"unknown key {shown(key)}", hint, fix=fix)


def _missing_keys(document: Document, error: "ValidationError") -> Iterator[Diagnostic]:
    rule = rule_of(error)
    known: Mapping[str, Any] = rule.get("properties", {})
    # A key that is only misspelt, or merged, is already reported as unknown.
    unknown = strays(rule, _keys(error)) if rule.get("additionalProperties") is False else []
    if MERGE in unknown:
        return
    misspelt = {nearest(key, known) for key in unknown}
    wanted: Any = error.validator_value
    for key in wanted:
        if key not in _keys(error) and key not in misspelt:
            what = meaning(known.get(key))
            hint = f"{key}: {what}" if what else ""
            yield _at_value(document, _route(error), "missing-key", f"the key '{key}' is missing here", hint)


def _dependent(document: Document, error: "ValidationError") -> Iterator[Diagnostic]:
    wanted: Any = error.validator_value
    for key, needed in wanted.items():
        if key in _keys(error) and isinstance(needed, list):
            for missing in (missing for missing in needed if missing not in _keys(error)):
                message = f"the key '{missing}' is missing here: where '{key}' is, it has to be"
                span = document.positions.key((*_route(error), key))
                yield Diagnostic("missing-key", Severity.error, document.path, span, message)


def _twice(document: Document, error: "ValidationError") -> Iterator[Diagnostic]:
    first: dict[str, int] = {}
    for index, entry in enumerate(error.instance if isinstance(error.instance, list) else ()):
        earlier = first.setdefault(json.dumps(_whole(entry), sort_keys=True), index)
        if earlier != index:
            span, other = (document.positions.value((*_route(error), n)) for n in (index, earlier))
            message = f"found {shown(entry)} twice, expected each entry once"
            related = (Related(document.path, other, "first written here"),)
            yield Diagnostic("wrong-value", Severity.error, document.path, span, message, related=related)


def _whole(value: object) -> object:
    """A value in which 1.0 is 1, as JSON Schema has it."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_whole(below) for below in value]
    return {key: _whole(below) for key, below in value.items()} if isinstance(value, dict) else value


def _contains(document: Document, error: "ValidationError") -> Iterator[Diagnostic]:
    rule = rule_of(error)
    what = meaning(rule.get("contains")) or "what the schema wants in this list"
    numbers = {
        "minContains": f"{rule.get('minContains')} or more entries that are",
        "maxContains": f"{rule.get('maxContains')} entries at most that are",
    }
    wanted = numbers.get(str(error.validator), "an entry that is")
    yield _at_value(document, _route(error), "wrong-value", f"found {found(error)}, expected {wanted} {what}")


def _too_many(document: Document, error: "ValidationError") -> Iterator[Diagnostic]:
    rule = rule_of(error)
    listed = rule.get("prefixItems", rule.get("items"))
    fixed: Any = len(listed) if isinstance(listed, list) else 0
    if error.validator == "unevaluatedItems":
        fixed = error.validator_value
    entries = error.instance if isinstance(error.instance, list) else []
    message = f"found {len(entries)} entries, expected {fixed} at most"
    yield _at_value(document, (*_route(error), fixed), "wrong-value", message)


def _nothing(document: Document, error: "ValidationError") -> Iterator[Diagnostic]:
    span = _place(document, error) if error.validator is None else document.positions.key(_route(error))
    message = f"found {shown(error.instance)}, expected nothing here"
    yield Diagnostic("wrong-value", Severity.error, document.path, span, message)


SAYINGS: Mapping[str, Callable[[Document, "ValidationError"], Iterator[Diagnostic]]] = {
    "additionalProperties": _unknown_keys,
    "unevaluatedProperties": _unevaluated,
    "dependentRequired": _dependent,
    "dependencies": _dependent,
    "uniqueItems": _twice,
    "contains": _contains,
    "minContains": _contains,
    "maxContains": _contains,
    "items": _too_many,
    "additionalItems": _too_many,
    "unevaluatedItems": _too_many,
    "false": _nothing,
    "None": _nothing,
}
"""The keywords whose errors are more than one wrong value. `false` is that schema at a key, `None` elsewhere."""


def _swallowed(document: Document, route: Route, instance: object) -> Diagnostic:
    hint = ""
    if instance is None and (written := text_of(document.text).at(document.positions.value(route))):
        message = f"this entry is empty: YAML reads {written} as nothing"
        hint = "take it out, or name what it waits for"
        if written == "~":
            hint = 'take it out, or put all of it in quotes: "~#12"'
    elif instance is None:
        message, hint = "this entry is empty: YAML reads '#12' as a comment", 'put it in quotes: "#12"'
    elif isinstance(instance, dict) and len(instance) == 1:
        key, value = next(iter(instance.items()))
        text = f"{key}:{value if isinstance(value, str) else ''}"[:80]
        message, hint = "YAML reads this as a mapping, expected text", f'put it in quotes: "{text}"'
    else:
        message = f"found {shown(instance)}, expected {DEPENDENCY}"
    found = _at_value(document, route, "invalid-dependency", message, hint)
    return replace(found, fix=spelled_out(document, route, instance))


def _is_dependency(document: Document, route: Route) -> bool:
    return len(route) == 4 and route[2] == "depends_on" and document.path.endswith("tasks.yml")


def _at_value(document: Document, route: Route, code: str, message: str, hint: str = "") -> Diagnostic:
    return Diagnostic(code, Severity.error, document.path, document.positions.value(route), message, hint)


def _place(document: Document, error: "ValidationError") -> Span:
    # What is wrong with a name of a key is told at the key.
    return (document.positions.key if is_name(error) else document.positions.value)(place_of(error))


def _route(error: "ValidationError") -> Route:
    return tuple(error.absolute_path)


def _quoted(document: Document, error: "ValidationError") -> str:
    is_scalar = isinstance(error.instance, bool | int | float)
    is_text = error.validator == "type" and error.validator_value == "string"
    if not (is_scalar and is_text):
        return ""
    # As the file has it: 1.10 is the same number as 1.1, and another text.
    edit = retyped(document, _route(error), error.instance, ("string",))
    return f"put it in quotes: {edit.text if edit else json.dumps(shown(error.instance))}"


def _wrapped(document: Document, *errors: "ValidationError") -> str:
    """How to write a value as the list or mapping around it that is wanted, where that holds one thing."""
    first = errors[0]
    written = text_of(document.text).at(document.positions.value(_route(first)))
    keys = list(rule_of(first).get("properties", {}))
    if len(errors) > 1 or first.validator != "type" or not _INLINE.fullmatch(written):
        return ""
    if first.validator_value == "array" and isinstance(first.instance, str):
        return f"write [{written}]"
    return f"write {{{keys[0]}: {written}}}" if first.validator_value == "object" and len(keys) == 1 else ""


def _nearly(found: object, allowed: Sequence[object]) -> str:
    texts, others = _of_kinds(Same(allowed))
    return f"write {found} without quotes" if isinstance(found, str) and found in others else did_you_mean(found, texts)


@lru_cache(maxsize=8)
def _of_kinds(allowed: Same) -> tuple[Sequence[str], frozenset[str]]:
    values: Any = allowed.value
    others = frozenset(str(value) for value in values if not isinstance(value, str))
    return [value for value in values if isinstance(value, str)], others


def _allowed(error: "ValidationError") -> Sequence[object]:
    wanted: Any = error.validator_value
    return wanted if error.validator == "enum" else [wanted] if error.validator == "const" else []


def _types(errors: Iterable["ValidationError"]) -> set[str]:
    wanted: list[Any] = [error.validator_value for error in errors if error.validator == "type"]
    return {name for types in wanted for name in (types if isinstance(types, list) else [types])}


def _keys(error: "ValidationError") -> Mapping[str, object]:
    return error.instance if isinstance(error.instance, dict) else {}
