"""What an import has to tell: the same remark about many tasks is told once, with every place."""

from collections.abc import Iterable

from kerrigan.model.checks.source import Diagnostic, Document, Related, Severity, Span


class Remarks:
    """Collects what is lost or changed; `told` gives it as diagnostics, in the order of the files."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, Severity, str, str], list[Related]] = {}
        self._ready: list[Diagnostic] = []

    def lost(self, path: str, span: Span, what: str, why: str, task: str = "") -> None:
        """Something of the source that tasks.yml does not have, and why; `task` is whose it was."""
        self._add("not-carried", Severity.info, path, what, why, span, task)

    def changed(self, path: str, span: Span, what: str, why: str, task: str = "") -> None:
        """Something that tasks.yml has in another form."""
        self._add("changed", Severity.info, path, what, why, span, task)

    def warn(self, code: str, path: str, span: Span, what: str, why: str, task: str = "") -> None:
        """Something that a person should look at."""
        self._add(code, Severity.warning, path, what, why, span, task)

    def take(self, document: Document) -> None:
        """What parsing found: errors where nothing could be read, else warnings."""
        self._ready += document.diagnostics if document.data is None else map(_as_warning, document.diagnostics)

    def add(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Remarks that were made elsewhere."""
        self._ready += diagnostics

    def told(self) -> tuple[Diagnostic, ...]:
        """Every remark, by place."""
        counted = (_diagnostic(*key, places) for key, places in self._found.items())
        return tuple(sorted([*self._ready, *counted], key=lambda d: d.order))

    def _add(self, code: str, severity: Severity, path: str, what: str, why: str, span: Span, task: str) -> None:
        self._found.setdefault((code, severity, what, why), []).append(Related(path, span, task))


def _diagnostic(code: str, severity: Severity, what: str, why: str, places: list[Related]) -> Diagnostic:
    first, *others = places
    more = f" and {len(others)} more" if others else ""
    whose = f" ({first.message}{more})" if first.message else more
    return Diagnostic(code, severity, first.path, first.span, f"{what}{whose}: {why}", related=tuple(others))


def _as_warning(found: Diagnostic) -> Diagnostic:
    return Diagnostic(found.code, Severity.warning, found.path, found.span, found.message, found.hint, found.related)
