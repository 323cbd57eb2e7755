"""An import for people and for machines: what it has, and everything that the source says and tasks.yml does not."""

from collections.abc import Iterator, Mapping, Sequence

from kerrigan.model.checks.source import Diagnostic, Severity
from kerrigan.model.event import Event
from kerrigan.model.imported import Imported
from kerrigan.report.plain import plain
from kerrigan.report.words import sentence

_PLACES = 4
_NAMED = 10


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


def recorded_text(events: Sequence[Event], skipped: Mapping[str, str]) -> str:
    """What was written into the journal of what was done before an import; then what was not, by the reason."""
    lines = [*map(sentence, events)] or ["nothing was written: no task is left that was done before the import"]
    tasks: dict[str, list[str]] = {}
    for task, why in skipped.items():
        tasks.setdefault(why, []).append(task)
    for why, left in tasks.items():
        more = f" and {len(left) - _NAMED:,} more, all of them with --json" if left[_NAMED:] else ""
        lines.append(f"left as it is: {', '.join(left[:_NAMED])}{more}: {plain(why)}")
    return "\n".join(lines)


def recorded_json(project: str, events: Sequence[Event], skipped: Mapping[str, str]) -> dict[str, object]:
    """The same for machines, with every task; `event` is None where nothing was written."""
    return {
        "project": project,
        "done": list(events[0].imported) if events else [],
        "skipped": [{"task": task, "reason": why} for task, why in skipped.items()],
        "event": events[0].to_json() if events else None,
        "caused": [event.to_json() for event in events[1:]],
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
