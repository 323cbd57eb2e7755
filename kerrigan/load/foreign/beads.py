"""beads' export: one issue a line, as JSON."""

from collections.abc import Iterator, Mapping
from typing import Any

from kerrigan.load.documents import parse_json
from kerrigan.load.foreign.records import JOURNAL, Record, as_text, described, facts, points
from kerrigan.load.foreign.remarks import Remarks
from kerrigan.model.checks.source import Diagnostic, Document, Route, Severity, Span
from kerrigan.model.imported import Need, NeedKind, Source, SourceTask

_CARRIED = (
    *("id", "title", "description", "design", "notes", "acceptance_criteria", "status", "priority", "issue_type"),
    *("assignee", "owner", "labels", "external_ref", "estimated_minutes", "comments", "dependencies", "close_reason"),
    *("_type",),
)
_REASONS = dict.fromkeys(
    ("created_at", "updated_at", "closed_at", "created_by", "started_at", "deleted_at", "deleted_by"), JOURNAL
)
_DONE = frozenset({"closed"})
_GONE = frozenset({"tombstone"})


def read(path: str, texts: Mapping[str, str]) -> Source:
    """The issues of a file of JSON lines. What is deleted there is left out, and said."""
    remarks = Remarks()
    tasks = []
    for record in _records(path, texts[path], remarks):
        if record.text("status") in _GONE:
            remarks.lost(path, record.place(()), "a deleted issue", "it was deleted in the source", record.text("id"))
        elif record.text("_type") not in ("", "issue"):
            remarks.lost(path, record.place(()), f"a line of type '{record.text('_type')}'", "it is no issue")
        else:
            tasks.append(_task(record, remarks))
    prefix = next((task.id.rpartition("-")[0] for task in tasks if "-" in task.id), "")
    return Source(tuple(tasks), prefix, prefix, remarks=remarks.told())


def _records(path: str, text: str, remarks: Remarks) -> Iterator[Record]:
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n")):
        if not line.strip():
            continue
        document = parse_json(path, line)
        remarks.add(_moved(found, number) for found in document.diagnostics)
        if isinstance(document.data, dict):
            yield Record(document.data, path, _places(document, number))
        elif not document.diagnostics:
            span = Span(number + 1, 1, number + 1, len(line) + 1)
            message = "found a line that is no object, expected one issue a line"
            remarks.add([Diagnostic("syntax", Severity.error, path, span, message)])


def _places(document: Document, number: int) -> Any:
    def place(route: Route) -> Span:
        return _below(document.positions.key(route), number)

    return place


def _moved(found: Diagnostic, number: int) -> Diagnostic:
    severity = Severity.warning if found.code == "duplicate-key" else Severity.error
    return Diagnostic(found.code, severity, found.path, _below(found.span, number), found.message, found.hint)


def _below(span: Span, lines: int) -> Span:
    return Span(span.line + lines, span.column, span.end_line + lines, span.end_column)


def _task(record: Record, remarks: Remarks) -> SourceTask:
    name = record.text("id")
    record.leftovers(_CARRIED, _REASONS, remarks, name)
    needs, parents, links = _dependencies(record)
    for parent in parents[1:]:
        remarks.lost(record.path, record.place(("dependencies",)), f"the parent '{parent}'", "one is carried", name)
    named = ("issue_type", "priority", "assignee", "owner", "labels", "external_ref", "estimated_minutes")
    told = {key.replace("_", " "): record.text(key) for key in (*named, "close_reason")} | links
    sections = ((title, record.text(title.lower())) for title in ("Design", "Notes"))
    return SourceTask(
        title=record.text("title"),
        path=record.path,
        span=record.place(()),
        id=name,
        parent=parents[0] if parents else "",
        needs=tuple(needs),
        acceptance=points(record.text("acceptance_criteria")) if record.text("acceptance_criteria") else (),
        description=described(
            record.text("description"),
            *(f"## {title}\n\n{text}" for title, text in sections if text),
            _comments(record),
            facts(told),
        ),
        status="" if record.text("status") == "open" else record.text("status"),
        done=record.text("status") in _DONE,
    )


def _dependencies(record: Record) -> tuple[list[Need], list[str], dict[str, str]]:
    needs: list[Need] = []
    parents: list[str] = []
    links: dict[str, str] = {}
    for index, raw in enumerate(record.items("dependencies")):
        entry = record.below(raw, "dependencies", index)
        target, kind = entry.text("depends_on_id", "id") or as_text(raw), entry.text("type", "dependency_type")
        span = entry.place(())
        if target.startswith("external:"):
            needs.append(Need(target, NeedKind.ready_made, span))
        elif kind in ("", "blocks", "conditional-blocks", "waits-for"):
            needs.append(Need(target, NeedKind.task, span))
        elif kind == "parent-child":
            parents.append(target)
        else:
            links[kind] = ", ".join(filter(None, (links.get(kind, ""), target)))
    return needs, parents, links


def _comments(record: Record) -> str:
    told = []
    for index, raw in enumerate(record.items("comments")):
        entry = record.below(raw, "comments", index)
        told.append(f"{entry.text('author')}: {entry.text('text')}" if entry.text("text") else as_text(raw))
    return "\n\n".join(["## Comments", *told]) if told else ""
