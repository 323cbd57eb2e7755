"""The values of a YAML text that nothing is odd about, as nearly every one is; any other is read node by node.

An event costs half of what a node does, and none is kept.
"""

from collections.abc import Iterator
from itertools import islice

from yaml import (
    CollectionStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)

from kerrigan.load.yaml.nodes import MAX_DEPTH, MAX_NODES, events
from kerrigan.load.yaml.values import scalar


class NotPlainError(Exception):
    """There is an anchor, a key twice or of an odd kind, a second document, or too much of anything."""


def parse_fast(text: str) -> object:
    """The value of a text; None where it is empty. Raises NotPlainError, and what `events` raises."""
    found = islice(events(text), MAX_NODES)
    next(found)  # the stream begins
    if isinstance(next(found), StreamEndEvent):
        return None
    value = _Reader(found).value(next(found), 0)
    next(found, None)  # the document ends
    if not isinstance(next(found, None), StreamEndEvent):
        raise NotPlainError
    return value


class _Reader:
    """Reads one document. The keys of one name are one text, in however many mappings they are."""

    def __init__(self, events: Iterator[Event]) -> None:
        self._events = events
        self._keys: dict[str, str] = {}

    def value(self, event: Event | None, depth: int) -> object:
        """The value that begins with an event."""
        if isinstance(event, ScalarEvent) and not event.anchor:
            return event.value if event.style else scalar(event.value, plain=True)
        if not isinstance(event, CollectionStartEvent) or event.anchor or depth == MAX_DEPTH:
            raise NotPlainError
        return (self._mapping if isinstance(event, MappingStartEvent) else self._sequence)(depth + 1)

    def _sequence(self, depth: int) -> list[object]:
        items: list[object] = []
        for event in self._events:
            if isinstance(event, SequenceEndEvent):
                return items
            items.append(self.value(event, depth))
        raise NotPlainError

    def _mapping(self, depth: int) -> dict[str, object]:
        built: dict[str, object] = {}
        for event in self._events:
            if isinstance(event, MappingEndEvent):
                return built
            if not isinstance(event, ScalarEvent) or event.anchor or event.value in built:
                raise NotPlainError
            key = self._keys.setdefault(event.value, event.value)
            built[key] = self.value(next(self._events, None), depth)
        raise NotPlainError
