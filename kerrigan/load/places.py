"""Where the values of a YAML document stand: the composed nodes are kept and walked only when a place is asked for."""

import yaml

from kerrigan.model.source import START, Route, Span


class NodePlaces:
    """Positions over composed nodes. `offset` is how many lines of the file lie before the text."""

    def __init__(self, root: yaml.Node | None, offset: int) -> None:
        self._root = root
        self._offset = offset

    def value(self, route: Route) -> Span:
        """The place of the value at `route`, or of its nearest parent."""
        node = self._root
        for step in route:
            _, below = _child(node, step)
            if below is None:
                break
            node = below
        return self._span(node)

    def key(self, route: Route) -> Span:
        """The place of the key that ends `route`, or of the value where there is no key."""
        if not route:
            return self.value(route)
        node = self._root
        for step in route[:-1]:
            _, below = _child(node, step)
            if below is None:
                return self._span(node)
            node = below
        key, below = _child(node, route[-1])
        return self._span(key or below or node)

    def _span(self, node: yaml.Node | None) -> Span:
        if node is None:
            return START
        start, end = node.start_mark, node.end_mark
        if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
            return self._first_line(start.line, start.column, node)
        return Span(start.line + self._offset + 1, start.column + 1, end.line + self._offset + 1, end.column + 1)

    def _first_line(self, line: int, column: int, node: yaml.CollectionNode) -> Span:
        # A block ends where the next thing begins; what people want to see is where it starts.
        first = node.value[0][0] if isinstance(node, yaml.MappingNode) else node.value[0]
        end = first.end_mark if first.end_mark.line == line else first.start_mark
        line += self._offset + 1
        return Span(line, column + 1, line, max(end.column, column) + 1)


def _child(node: yaml.Node | None, step: str | int) -> tuple[yaml.Node | None, yaml.Node | None]:
    if isinstance(node, yaml.MappingNode):
        return next(((k, v) for k, v in node.value if k.value == step), (None, None))
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and -1 < step < len(node.value):
        return None, node.value[step]
    return None, None
