"""Where the values of a YAML document stand, walked to over its nodes when a place is asked for."""

import yaml

from kerrigan.load.yaml.nodes import compose
from kerrigan.model.checks.source import START, Route, Span

_LARGE = 100
"""A mapping with more keys than this is indexed when it is first asked."""


class NodePlaces:
    """Positions over composed nodes. `offset` is how many lines of the file lie before the text."""

    def __init__(self, root: yaml.Node | None, offset: int) -> None:
        self._root = root
        self._offset = offset
        self._large: dict[int, dict[str, tuple[yaml.Node, yaml.Node]]] = {}

    def value(self, route: Route) -> Span:
        """The place of the value at `route`, or of its nearest parent."""
        return self._find(route)[1]

    def key(self, route: Route) -> Span:
        """The place of the key that ends `route`, or of the value where there is no key."""
        key, value = self._find(route)
        return key or value

    @property
    def has_aliases(self) -> bool:
        """Whether a node is met more than once."""
        seen: set[int] = set()
        waiting = [self._root] if self._root else []
        while waiting:
            node = waiting.pop()
            if id(node) in seen:
                return True
            seen.add(id(node))
            if isinstance(node, yaml.MappingNode):
                waiting += (part for pair in node.value for part in pair)
            elif isinstance(node, yaml.SequenceNode):
                waiting += node.value
        return False

    def _find(self, route: Route) -> tuple[Span | None, Span]:
        key: yaml.Node | None = None
        node = self._root
        for step in route:
            key, below = self._child(node, step)
            if below is None:
                break
            node = below
        return span_of(key, self._offset) if key else None, span_of(node, self._offset)

    def _child(self, node: yaml.Node | None, step: str | int) -> tuple[yaml.Node | None, yaml.Node | None]:
        if isinstance(node, yaml.MappingNode):
            if len(node.value) > _LARGE:
                return self._index(node).get(str(step), (None, None))
            # The last of two equal keys counts, as in every other reader.
            for key, value in reversed(node.value):
                if key.value == step:
                    return key, value
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and -1 < step < len(node.value):
            return None, node.value[step]
        return None, None

    def _index(self, node: yaml.MappingNode) -> dict[str, tuple[yaml.Node, yaml.Node]]:
        if id(node) not in self._large:
            pairs = ((key.value, (key, value)) for key, value in node.value if isinstance(key, yaml.ScalarNode))
            self._large[id(node)] = dict(pairs)
        return self._large[id(node)]


class LatePlaces:
    """Positions in a text that was read without nodes: they are made when the first place is asked for."""

    def __init__(self, text: str, offset: int) -> None:
        self._text = text
        self._offset = offset
        self._found: NodePlaces | None = None

    def value(self, route: Route) -> Span:
        """The place of the value at `route`, or of its nearest parent."""
        return self._places().value(route)

    def key(self, route: Route) -> Span:
        """The place of the key that ends `route`, or of the value where there is no key."""
        return self._places().key(route)

    @property
    def has_aliases(self) -> bool:
        """Never: a text with anchors is read with nodes."""
        return False

    def _places(self) -> NodePlaces:
        self._found = self._found or NodePlaces(compose(self._text), self._offset)
        return self._found


def span_of(node: yaml.Node | None, offset: int) -> Span:
    """The place of a node; of a block, its first line: a block ends only where the next thing begins."""
    if node is None:
        return START
    start, end = node.start_mark, node.end_mark
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        first = node.value[0][0] if isinstance(node, yaml.MappingNode) else node.value[0]
        end = first.end_mark if first.end_mark.line == start.line else start
    return Span(start.line + offset + 1, start.column + 1, end.line + offset + 1, end.column + 1)
