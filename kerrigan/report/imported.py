"""An import for people and for machines: what it has, and everything that the source says and tasks.yml does not."""

from collections.abc import Iterator

from kerrigan.model.imported import Imported
from kerrigan.model.source import Diagnostic, Severity
from kerrigan.report.plain import plain

_PLACES = 4


def import_text(imported: Imported) -> str:
    """How many tasks there are, then what a person should look at, then what is lost or changed."""
    edges = sum(len(task.depends_on) for task in imported.tasks)
    count = len(imported.tasks)
    blocks = [f"{count} task{'' if count == 1 else 's'}, {edges} dependenc{'y' if edges == 1 else 'ies'}"]
    for title, severity in (("to look at", Severity.warning), ("not carried over, or changed", Severity.info)):
        found = [found for found in imported.lost if found.severity is severity]
        if found:
            blocks.append("\n".join([f"{title}:", *(line for each in found for line in _lines(each))]))
    return "\n\n".join(blocks)


def import_json(imported: Imported) -> dict[str, object]:
    """The same for machines, with every place; `ids` are the source's by Kerrigan's."""
    return {
        "project": imported.project,
        "tasks": len(imported.tasks),
        "ids": {task.id: task.source.id for task in imported.tasks},
        "finished": list(imported.finished),
        "cancelled": list(imported.cancelled),
        "lost": [_object(found) for found in imported.lost],
    }


def _lines(found: Diagnostic) -> Iterator[str]:
    yield f"  {plain(found.path)}:{found.span.line}: {plain(found.message)} [{found.code}]"
    shown = [f"{plain(r.message)} {plain(r.path)}:{r.span.line}".strip() for r in found.related[:_PLACES]]
    if shown:
        more = f" and {len(found.related) - _PLACES} more, all of them with --json" if found.related[_PLACES:] else ""
        yield f"      also {', '.join(shown)}{more}"
    if found.hint:
        yield f"      {plain(found.hint)}"


def _object(found: Diagnostic) -> dict[str, object]:
    return {
        "code": found.code,
        "severity": found.severity.value,
        "path": found.path,
        "line": found.span.line,
        "column": found.span.column,
        "message": found.message,
        "related": [{"path": r.path, "line": r.span.line, "message": r.message} for r in found.related],
    }
