"""YAML nodes to values of JSON's types, by YAML 1.2's rules: only true, false, null and decimal numbers are special."""

import math
import re

import yaml

from kerrigan.load.yaml.nodes import MAX_DEPTH, MAX_NODES, too_deep, too_large
from kerrigan.load.yaml.places import span_of
from kerrigan.model.checks.source import Diagnostic, Related, Severity

_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
}
_MAY_BE_NUMBER = frozenset("0123456789+-.")
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,299})")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]*)(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")


class Builder:
    """Makes the values of one document, counting them, and collects diagnostics about its keys."""

    def __init__(self, path: str, offset: int) -> None:
        self.diagnostics: list[Diagnostic] = []
        self._path = path
        self._offset = offset
        self._count = 0

    def build(self, root: yaml.Node | None) -> object:
        """The value of the root. Raises TooLargeError for what aliases blow up or nest in themselves."""
        return None if root is None else self._value(root, 0)

    def _value(self, node: yaml.Node, depth: int) -> object:
        self._count += 1
        if self._count > MAX_NODES:
            raise too_large(node)
        if depth > MAX_DEPTH:
            raise too_deep(node)
        if isinstance(node, yaml.ScalarNode):
            return scalar(node.value, plain=not node.style)
        if isinstance(node, yaml.SequenceNode):
            return [self._value(item, depth + 1) for item in node.value]
        return self._mapping(node, depth + 1)

    def _mapping(self, node: yaml.Node, depth: int) -> dict[str, object]:
        built: dict[str, object] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self._say("syntax", key, "found a list or mapping as a key, expected text: put braces in quotes")
                continue
            built[key.value] = self._value(value, depth)
        if len(built) < len(node.value):
            self._find_duplicates(node)
        return built

    def _find_duplicates(self, node: yaml.Node) -> None:
        first: dict[str, yaml.Node] = {}
        for key in (key for key, _ in node.value if isinstance(key, yaml.ScalarNode)):
            if first.setdefault(key.value, key) is not key:
                related = Related(self._path, span_of(first[key.value], self._offset), "written here first")
                self._say("duplicate-key", key, f"the key '{key.value}' is written twice, expected once", related)

    def _say(self, code: str, node: yaml.Node, message: str, *related: Related) -> None:
        span = span_of(node, self._offset)
        self.diagnostics.append(Diagnostic(code, Severity.error, self._path, span, message, related=related))


def scalar(text: str, *, plain: bool) -> str | int | float | bool | None:
    """The value of a scalar; one in quotes, or a block, is text."""
    if not plain:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _MAY_BE_NUMBER:
        return text
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text) and math.isfinite(number := float(text)):
        return number
    return text
