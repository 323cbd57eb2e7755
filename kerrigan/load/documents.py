"""Text to documents with places: YAML, JSON and Markdown front matter, with JSON's types only.

PyYAML's plain loaders are wrong for files that people review: they keep the last of two equal keys, read `on` as true,
`012` as ten and `1:30` as ninety. So only the composer is used, and the values are made here, by YAML 1.2's rules.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

import yaml

from kerrigan.load.places import NodePlaces
from kerrigan.model.source import START, Diagnostic, Document, Nowhere, Related, Severity, Span

MAX_DEPTH = 100
"""Levels of nesting that a document may have."""

MAX_NODES = 500_000
"""Values that a document may have, counted after its aliases are followed."""

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|(0|[1-9][0-9]*)(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_WORDS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_NULLS = {"", "~", "null", "Null", "NULL"}
_FENCE = re.compile(r"---[ \t]*\r?\n")


class _TooBigError(Exception):
    """The document is deeper or larger than anything that people write."""

    def __init__(self, code: str, message: str, node: yaml.Node) -> None:
        super().__init__(message)
        self.code = code
        self.node = node


def parse_yaml(path: str, text: str, first_line: int = 1) -> Document:
    """A YAML document; `first_line` says where the text begins in its file. Never raises."""
    try:
        root = yaml.compose(text.removeprefix("\ufeff"), Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        return _broken(path, text, _sentence(error), _mark(error, first_line))
    except (yaml.YAMLError, ValueError) as error:
        return _broken(path, text, f"this is not YAML text: {str(error).splitlines()[0]}", START)
    except RecursionError:
        return _broken(path, text, f"nested deeper than {MAX_DEPTH} levels", START, "too-deep")
    return _built(path, text, root, first_line)


def parse_json(path: str, text: str) -> Document:
    """A JSON document: `json` judges it, the YAML composer finds the places, for JSON is nearly YAML. Never raises."""
    body = text.removeprefix("\ufeff")
    try:
        data = json.loads(body)
    except json.JSONDecodeError as error:
        return _broken(
            path, text, f"this is not JSON: {error.msg}", Span(error.lineno, error.colno, error.lineno, error.colno)
        )
    except (ValueError, RecursionError) as error:
        return _broken(path, text, f"this is not JSON that can be read: {error}", START)
    try:
        # A literal tab is always white space in JSON, and YAML forbids it there.
        root = yaml.compose(body.replace("\t", " "), Loader=_Loader)
        document = _built(path, text, root, 1)
    except (yaml.YAMLError, RecursionError, ValueError):
        return Document(path, text, data, Nowhere())
    return Document(path, text, data, document.positions, document.diagnostics)


def parse_front_matter(path: str, text: str) -> Document:
    """A Markdown file: the document is its front matter, and None where it has none. Never raises."""
    body = text.removeprefix("\ufeff")
    opening = _FENCE.match(body)
    if opening is None:
        return Document(path, text, None, Nowhere())
    closing = re.compile(r"^(---|\.\.\.)[ \t]*\r?$", re.MULTILINE).search(body, opening.end())
    if closing is None:
        return _broken(path, text, "the front matter that begins here is never closed: expected a line '---'", START)
    return parse_yaml(path, body[opening.end() : closing.start()], first_line=2)


def headings(text: str) -> Iterator[tuple[int, str, int]]:
    """The headings of a Markdown text as (level, title, line), not those in code fences or comments."""
    fence = ""
    comment = False
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        if comment or (not fence and stripped.startswith("<!--")):
            comment = "-->" not in stripped
        elif opener := re.match(r" {0,3}(`{3,}|~{3,})", line):
            fence = "" if fence and stripped.startswith(fence) else fence or opener.group(1)[:3]
        elif not fence and (found := re.match(r"(#{1,6})[ \t\u00a0]+(\S.*)$", line)):
            yield len(found.group(1)), found.group(2).strip(), number


def _built(path: str, text: str, root: yaml.Node | None, first_line: int) -> Document:
    builder = _Builder(path, first_line - 1)
    try:
        data = builder.value(root, 0) if root is not None else None
    except _TooBigError as error:
        return _broken(path, text, str(error), builder.span(error.node), error.code)
    return Document(path, text, data, NodePlaces(root, first_line - 1), tuple(builder.diagnostics))


class _Builder:
    """Makes values out of nodes, counting them, and collects duplicate keys."""

    def __init__(self, path: str, offset: int) -> None:
        self.diagnostics: list[Diagnostic] = []
        self._path = path
        self._offset = offset
        self._count = 0

    def value(self, node: yaml.Node, depth: int) -> object:
        self._count += 1
        if self._count > MAX_NODES:
            raise _TooBigError("too-large", f"more than {MAX_NODES} values, counting what aliases repeat", node)
        if depth > MAX_DEPTH:
            raise _TooBigError("too-deep", f"nested deeper than {MAX_DEPTH} levels, or an alias of itself", node)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, depth)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, depth + 1) for item in node.value]
        assert isinstance(node, yaml.ScalarNode)
        return _scalar(node)

    def _mapping(self, node: yaml.MappingNode, depth: int) -> dict[str, object]:
        built: dict[str, object] = {}
        first: dict[str, yaml.Node] = {}
        for key_node, value_node in node.value:
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else str(self.value(key_node, depth + 1))
            if key in first:
                self._duplicate(key, key_node, first[key])
            else:
                first[key] = key_node
                built[key] = self.value(value_node, depth + 1)
        return built

    def _duplicate(self, key: str, node: yaml.Node, earlier: yaml.Node) -> None:
        related = Related(self._path, self.span(earlier), "first written here")
        message = f"the key '{key}' is written twice; only the first counts"
        self.diagnostics.append(
            Diagnostic("duplicate-key", Severity.error, self._path, self.span(node), message, related=(related,))
        )

    def span(self, node: yaml.Node) -> Span:
        return NodePlaces(node, self._offset).value(())


def _scalar(node: yaml.ScalarNode) -> object:
    text: str = node.value
    if node.style in {"'", '"', "|", ">"}:
        return text
    if text in _NULLS:
        return None
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text) and len(text) < 300:
        return int(text)
    if _FLOAT.fullmatch(text) and len(text) < 300:
        return float(text)
    return text


def _broken(path: str, text: str, message: str, span: Span, code: str = "syntax") -> Document:
    return Document(path, text, None, Nowhere(), (Diagnostic(code, Severity.error, path, span, message),))


def _sentence(error: yaml.MarkedYAMLError) -> str:
    parts = [part for part in (error.context, error.problem) if part]
    return "this is not YAML: " + ", ".join(parts)


def _mark(error: yaml.MarkedYAMLError, first_line: int) -> Span:
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return START
    line, column = mark.line + first_line, mark.column + 1
    return Span(line, column, line, column)
