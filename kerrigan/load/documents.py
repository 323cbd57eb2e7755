"""Text to documents with places: YAML, JSON and Markdown front matter, with JSON's types only.

PyYAML's plain loaders are wrong for files that people review: they keep the last of two equal keys in silence, and
read `on` as true, `012` as ten, `1:30` as ninety. So only its composer is used, and YAML 1.2's rules make the values.
"""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import NoReturn

import yaml

from kerrigan.load.markdown import front_matter, headings, prose
from kerrigan.load.yaml.complaints import at_index, complaint, not_json, not_yaml, unmerged
from kerrigan.load.yaml.fast_yaml import NotPlainError, parse_fast
from kerrigan.load.yaml.nodes import TooLargeError, compose
from kerrigan.load.yaml.places import LatePlaces, NodePlaces
from kerrigan.load.yaml.values import Builder, scalar
from kerrigan.model.checks.source import START, Diagnostic, Document, NoPlaces

__all__ = ["headings", "parse_any", "parse_front_matter", "parse_json", "parse_yaml"]

_BOM = "\ufeff"
_ESCAPE = re.compile(r"\\u[dD][89abAB]..\\u[dD][c-fC-F]..|(\\u[dD][89a-fA-F]..)|\\.")
_SURROGATE = re.compile(r"\\u[dD]([89a-fA-F][0-9a-fA-F]{2})|[\ud800-\udfff]")


def parse_yaml(path: str, text: str) -> Document:
    """A YAML document. Never raises: what is wrong is in its diagnostics, and its data is None then."""
    return _yaml(path, text, text.removeprefix(_BOM), 0)


def parse_front_matter(path: str, text: str) -> Document:
    """A Markdown file: the data is its front matter's, None where it has none. Never raises."""
    body = text.removeprefix(_BOM)
    bounds = front_matter(body)
    begin, end = bounds or (0, 0)
    if end < 0:
        message = "found front matter that is never closed, expected a line '---' after it"
        return _broken(path, text, complaint(path, "syntax", message, START))
    document = _yaml(path, text, body[begin:end], 1) if bounds else Document(path, text, None, NoPlaces())
    found = unmerged(path, prose(body)) if "<<<<<<<" in body and not document.diagnostics else None
    return replace(document, diagnostics=(found,)) if found else document


def parse_json(path: str, text: str) -> Document:
    """A JSON document: `json` judges it; the YAML composer finds the places, for JSON is nearly YAML. Never raises."""
    body = text.removeprefix(_BOM)
    try:
        data = json.loads(body, parse_constant=_refuse, parse_float=_number, parse_int=_number)
    except (ValueError, RecursionError) as error:
        return _broken(path, text, not_json(path, body, error))
    as_yaml = _as_yaml(body)
    if _is_plain(as_yaml) and not (halves := tuple(_halves(path, body, data))):
        return Document(path, text, data, LatePlaces(as_yaml, 0))
    root: yaml.Node | None
    try:
        root = compose(as_yaml)
    except TooLargeError as error:
        return _broken(path, text, not_yaml(path, body, error, 0))
    except (yaml.YAMLError, ValueError):
        root = None
    built = _built(path, text, root, 0)
    halves = tuple(_halves(path, body, data))
    return Document(path, text, _whole(data) if halves else data, built.positions, (*built.diagnostics, *halves))


def parse_any(path: str, text: str) -> Document:
    """A document by the end of its name: YAML, JSON, Markdown's front matter; of anything else only the text."""
    parse = _BY_END.get(path.rpartition(".")[2])
    return parse(path, text) if parse else Document(path, text, None, NoPlaces())


_BY_END = {"yml": parse_yaml, "yaml": parse_yaml, "json": parse_json, "md": parse_front_matter}


def _halves(path: str, body: str, data: object) -> Iterator[Diagnostic]:
    try:
        json.dumps(data, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        half = next((m for m in _ESCAPE.finditer(body) if m[1]), None)
        message = "found half of a character, expected both its escapes"
        yield complaint(path, "half-character", message, at_index(body, half.start() if half else 0))


def _whole(data: object) -> object:
    """The same data with a question mark for every half of a character, which nothing could write or print."""
    return json.loads(json.dumps(data, ensure_ascii=False).encode("utf-8", "replace"))


def _as_yaml(body: str) -> str:
    # Every character keeps its place. A literal tab is always white space in JSON; YAML forbids it there, as it
    # does the escapes of surrogates.
    return _SURROGATE.sub(r"\\u0\1", body.replace("\t", " "))


def _is_plain(body: str) -> bool:
    try:
        parse_fast(body)
    except (NotPlainError, yaml.YAMLError, ValueError):
        return False
    return True


def _yaml(path: str, text: str, body: str, offset: int) -> Document:
    with suppress(NotPlainError, yaml.YAMLError, ValueError):
        return Document(path, text, parse_fast(body), LatePlaces(body, offset))
    try:
        return _built(path, text, compose(body), offset)
    except (yaml.YAMLError, ValueError) as error:
        return _broken(path, text, not_yaml(path, body, error, offset))


def _built(path: str, text: str, root: yaml.Node | None, offset: int) -> Document:
    builder = Builder(path, offset)
    data = builder.build(root)
    return Document(path, text, data, NodePlaces(root, offset), tuple(builder.diagnostics))


def _broken(path: str, text: str, diagnostic: Diagnostic) -> Document:
    conflict = unmerged(path, enumerate(text.removeprefix(_BOM).split("\n"), 1)) if "<<<<<<<" in text else None
    # Below the place of the error they may be an example in the prose of a page.
    is_meant = conflict and (conflict.span.line <= diagnostic.span.line or diagnostic.span == START)
    return Document(path, text, None, NoPlaces(), (conflict if conflict and is_meant else diagnostic,))


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"found {constant}, expected a number")


def _number(text: str) -> object:
    # A number too large for a float, or of a million digits, stays text, which the schema refuses.
    return scalar(text, plain=True)
