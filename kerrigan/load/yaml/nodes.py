"""Text to YAML events and nodes. Nodes have bounds: PyYAML's composer follows nesting on the C stack, which may end."""

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import yaml

MAX_DEPTH = 100
"""Levels of nesting that a document may have."""

MAX_NODES = 500_000
"""Values that a document may have, counted after its aliases are followed."""

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_ODD_BREAKS = re.compile("[\u0085\u2028\u2029]")


class TooLargeError(yaml.MarkedYAMLError):
    """The document is deeper or larger than anything that people write. `code` is the diagnostic's."""

    def __init__(self, code: str, problem: str, node: yaml.Node | None) -> None:
        super().__init__(problem=problem, problem_mark=node.start_mark if node else None)
        self.code = code


def too_deep(node: yaml.Node | None) -> TooLargeError:
    """Too many levels, or an alias that holds itself."""
    return TooLargeError(
        "too-deep", f"found more than {MAX_DEPTH} levels of nesting, or an alias of itself; expected fewer", node
    )


def too_large(node: yaml.Node | None) -> TooLargeError:
    """Too many values."""
    problem = f"found more than {MAX_NODES:,} values, counting those that aliases repeat; expected fewer"
    return TooLargeError("too-large", problem, node)


class _Composer(_Loader):  # type: ignore[misc]  # two loaders, one of them made in C
    """The composer without its guesses at types, which cost most of its time; counts what it meets."""

    depth = 0
    count = 0

    def descend_resolver(self, parent: yaml.Node | None, _index: object) -> None:
        self.depth += 1
        self.count += 1
        if self.depth > MAX_DEPTH + 1:
            raise too_deep(parent)
        if self.count > MAX_NODES:
            raise too_large(parent)

    def ascend_resolver(self) -> None:
        self.depth -= 1

    def resolve(self, _kind: object, _value: object, _implicit: object) -> str:
        return ""


def events(text: str) -> Iterator[yaml.Event]:
    """The events of a YAML text. Raises yaml.YAMLError or ValueError (lone surrogates), also on the way."""
    found: Iterator[yaml.Event] = yaml.parse(_one_way_broken(text), Loader=_Loader)
    return found


def compose(text: str) -> yaml.Node | None:
    """The root node of a YAML text; None when it is empty. Raises as `events` does."""
    root: yaml.Node | None = yaml.compose(_one_way_broken(text), Loader=_Composer)
    return root


def scalars(text: str) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Where the scalars of a YAML text begin and end, as (line, column) from 0. The text is one that `compose` took."""
    found = (token for token in yaml.scan(_one_way_broken(text), Loader=_Loader) if isinstance(token, yaml.ScalarToken))
    return [((t.start_mark.line, t.start_mark.column), (t.end_mark.line, t.end_mark.column)) for t in found]


def quotes(text: str) -> Iterator[tuple[yaml.Mark, yaml.Mark]]:
    """Where each text in quotes that goes over lines begins and ends, as far as the text can be scanned."""
    with suppress(yaml.YAMLError, ValueError):
        for token in yaml.scan(_one_way_broken(text), Loader=_Loader):
            is_quoted = isinstance(token, yaml.ScalarToken) and token.style in {'"', "'"}
            if is_quoted and token.start_mark.line < token.end_mark.line:
                yield token.start_mark, token.end_mark


def _one_way_broken(text: str) -> str:
    # PyYAML ends a line at these three, as YAML 1.1 said; editors, git and YAML 1.2 do not.
    return text if text.isascii() else _ODD_BREAKS.sub(" ", text)
