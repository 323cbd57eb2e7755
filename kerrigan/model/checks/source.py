"""Text with places: spans, documents and the diagnostics that point into them."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

Route = tuple[str | int, ...]
"""Where a value stands inside a document: ("tasks", 2, "depends_on", 0)."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A piece of text. Lines and columns count from 1, columns in characters; the end is exclusive."""

    line: int = 1
    column: int = 1
    end_line: int = 1
    end_column: int = 1


START = Span()


def plain(text: str) -> str:
    """A text as Python reads it from a file: every line ends with a line feed."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


class Positions(Protocol):
    """Turns a route into a place. A route that leads nowhere gets the place of its nearest parent."""

    def value(self, route: Route) -> Span:
        """The place of the value at `route`."""
        ...

    def key(self, route: Route) -> Span:
        """The place of the mapping key that ends `route`, or of the value where there is no key."""
        ...

    @property
    def has_aliases(self) -> bool:
        """Whether something is written in one place and counts in others, so that a place tells only one of them."""
        ...


class NoPlaces:
    """Positions of a document that could not be parsed: everything stands at its start."""

    def value(self, route: Route) -> Span:
        """Always the start."""
        return START

    def key(self, route: Route) -> Span:
        """Always the start."""
        return START

    @property
    def has_aliases(self) -> bool:
        """Never."""
        return False


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands, looked up when someone asks: of most of what is read there is nothing to tell."""

    positions: Positions
    route: Route = ()

    @property
    def span(self) -> Span:
        """The place in the text."""
        return self.positions.value(self.route)


UNKNOWN = Place(NoPlaces())


class Severity(StrEnum):
    """How much a diagnostic matters: only an error makes a check fail."""

    error = "error"
    warning = "warning"
    info = "info"


@dataclass(frozen=True, slots=True, order=True)
class Related:
    """Another place that belongs to a diagnostic: the other half of a duplicate, an edge of a cycle."""

    path: str
    span: Span
    message: str


@dataclass(frozen=True, slots=True)
class Edit:
    """A change of a text: what stands at a place becomes another text."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding: `code` is the rule's name in kebab-case, `path` is relative to the checked tree, with `/`.

    `fix` is an edit that should end it, where that is certain enough to try: `--fix` looks whether it did.
    """

    code: str
    severity: Severity
    path: str
    span: Span
    message: str
    hint: str = ""
    related: tuple[Related, ...] = ()
    fix: Edit | None = None

    @property
    def order(self) -> tuple[str, int, int, str, str]:
        """The contract's order: path, line, column, code."""
        return (self.path, self.span.line, self.span.column, self.code, self.message)


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed file: `data` holds JSON's types only, `positions` finds any route in the text."""

    path: str
    text: str
    data: object
    positions: Positions
    diagnostics: tuple[Diagnostic, ...] = field(default=())
