"""What would fix a finding. Each looks at the text itself, and says nothing where that is not what it expects."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from kerrigan.check.schema.same import Same
from kerrigan.model.checks.source import Document, Edit, Route, Span
from kerrigan.model.checks.text import text_of

MOST = 200
"""Keys of a mapping in which a misspelt one is still looked for: each is compared with every other."""

ALIKE = 0.75
"""How much of a key must be that of another, as difflib measures it, for the one to be the other misspelt."""

LONGEST = 500
"""Characters of a line that a dependency is looked for in. A fix that cuts one in two would not hold."""

_ALONE = re.compile(r"[ \t]*(?:\r?\n|\r|\Z)")
_BARE = re.compile(r"[\w.+-]+", re.ASCII)
_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,17})?")
_COMMENT_OR_END = r"(?=[ \t]+#|[ \t]*$)"
_ISSUE = re.compile(r"(~?)[ \t]*(#[1-9][0-9]{0,9})" + _COMMENT_OR_END)
_NAMED_ISSUE = re.compile(r"(~?[\w-]+:)[ \t]+(#[1-9][0-9]{0,9})" + _COMMENT_OR_END, re.ASCII)


def renamed(document: Document, route: Route, present: Collection[str], known: Sequence[str]) -> Edit | None:
    """The key that ends a route by the name that was meant, where only one can be meant, and nothing has it yet."""
    key, names = str(route[-1]), tuple(known)
    if len(present) > MOST:
        return None
    meant = _meant(key, names)
    strays = [other for other in present if other not in names]
    if meant is None or meant in present or [_meant(other, names) for other in strays].count(meant) > 1:
        return None
    return _requoted(document, document.positions.key(route), key, meant)


@lru_cache(maxsize=2 * MOST)
def _meant(key: str, known: tuple[str, ...]) -> str | None:
    plain = key.casefold().replace("-", "_").replace(" ", "_")
    if plain in known:
        return plain
    near = get_close_matches(plain, known, n=2, cutoff=ALIKE) if len(key) <= 100 else []
    return near[0] if len(near) == 1 else None


def rewritten(
    document: Document, route: Route, found: object, types: Collection[str], allowed: Sequence[object]
) -> Edit | None:
    """The value in the form that a schema wants: of one of these types, or one of what is allowed."""
    return chosen(document, route, found, allowed) or retyped(document, route, found, types)


def retyped(document: Document, route: Route, found: object, types: Collection[str]) -> Edit | None:
    """A number where text is wanted, in quotes; a number or a truth in quotes where one is wanted, without them."""
    span, wanted = document.positions.value(route), types
    if isinstance(found, bool | int | float) and "string" in wanted:
        written = text_of(document.text).at(span)
        return Edit(span, f'"{written}"') if _BARE.fullmatch(written) else None
    if not isinstance(found, str):
        return None
    can_be = (
        ("boolean" in wanted and found in {"true", "false"})
        or ("integer" in wanted and _WHOLE.fullmatch(found))
        or ("number" in wanted and _NUMBER.fullmatch(found))
    )
    return unquoted(document, span, found) if can_be else None


def unquoted(document: Document, span: Span, found: str) -> Edit | None:
    """The same without its quotes."""
    return Edit(span, found) if text_of(document.text).at(span) in {f'"{found}"', f"'{found}'"} else None


def chosen(document: Document, route: Route, found: object, allowed: Sequence[object]) -> Edit | None:
    """The allowed value that this one is, but for the case of its letters or for quotes."""
    if not isinstance(found, str):
        return None
    span, forms = document.positions.value(route), _forms(Same(allowed))
    if (value := forms.get(found.casefold())) is None:
        return None
    return _requoted(document, span, found, value) if isinstance(value, str) else unquoted(document, span, found)


@lru_cache(maxsize=8)
def _forms(allowed: Same) -> Mapping[str, object]:
    """Each text and number that is allowed, the first of its kind, by its form without upper and lower case."""
    values: Any = allowed.value
    forms: dict[str, object] = {}
    for value in values:
        if isinstance(value, str | int):
            forms.setdefault(str(value).casefold(), value)
    return forms


def spelled_out(document: Document, route: Route, found: object) -> Edit | None:
    """A dependency in quotes that YAML took for a comment or for a mapping."""
    text, span = text_of(document.text), document.positions.value(route)
    begin, end = text.index(span.line, span.column), text.index(span.line + 1, 1)
    rest = text.text[begin : min(end, begin + LONGEST)].rstrip("\r\n")
    if found is None:
        match = _ISSUE.match(rest.lstrip(" \t"))
        return _quoted(span, len(rest) - len(rest.lstrip(" \t")), match) if match else None
    if not isinstance(found, dict) or len(found) != 1:
        return None
    [(key, value)] = found.items()
    if value is None:
        match = _NAMED_ISSUE.match(rest)
        return _quoted(span, 0, match) if match else None
    begin_span, end_span = document.positions.key((*route, key)), document.positions.value((*route, key))
    if not isinstance(value, str) or begin_span.line != end_span.end_line:
        return None
    said = f"{key}: {value}".replace("\\", "\\\\").replace('"', '\\"')
    return Edit(replace(begin_span, end_column=end_span.end_column), f'"{said}"')


def taken_out(document: Document, span: Span) -> Edit | None:
    """An entry of a list without which the list is as long as it was meant to be; not where a comment would go too."""
    text = text_of(document.text)
    begin, end = text.cut(span)
    if span.line != span.end_line or begin == end:
        return None
    comma = _before(text.text, begin)
    if text.text[comma - 1 : comma] == ",":
        return Edit(replace(span, column=span.column - (begin - comma) - 1), "")
    dash = comma - 1
    is_alone = _ALONE.match(text.text, end) and text.text[dash : dash + 1] == "-" and dash + 1 < begin
    if is_alone and _before(text.text, dash) == text.index(span.line, 1):
        return Edit(Span(span.line, 1, span.line + 1, 1), "")
    return None


def _before(text: str, index: int) -> int:
    """Where the blanks begin that end at an index."""
    while index and text[index - 1] in " \t":
        index -= 1
    return index


def _quoted(span: Span, skip: int, match: re.Match[str]) -> Edit:
    begin = span.column + skip
    return Edit(Span(span.line, begin, span.line, begin + match.end()), f'"{match[1]}{match[2]}"')


def _requoted(document: Document, span: Span, old: str, new: str) -> Edit | None:
    written = text_of(document.text).at(span)
    quote = written[:1] if written[:1] in {'"', "'"} else ""
    return Edit(span, f"{quote}{new}{quote}") if written == f"{quote}{old}{quote}" else None
