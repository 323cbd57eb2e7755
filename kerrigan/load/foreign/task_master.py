"""task-master's tasks.json: tasks with subtasks, in one list or in one list a tag."""

from collections.abc import Iterator, Mapping
from typing import Any

from kerrigan.load.documents import parse_json
from kerrigan.load.foreign.records import Record, as_text, described, facts, points
from kerrigan.load.foreign.remarks import Remarks
from kerrigan.model.checks.source import START, Diagnostic, Severity
from kerrigan.model.imported import Need, Source, SourceTask

_CARRIED = ("id", "title", "description", "details", "testStrategy", "priority", "status", "dependencies", "subtasks")
_REASONS = {
    "complexity": "Kerrigan's estimate is in dollars",
    "complexityScore": "Kerrigan's estimate is in dollars",
    "parentId": "the id says it",
}
_DONE = frozenset({"done", "completed"})
_USUAL_TAG = "master"


def read(path: str, texts: Mapping[str, str]) -> Source:
    """The tasks of every tag; a tag beside the usual one comes in front of its tasks' ids, and is their milestone."""
    remarks = Remarks()
    document = parse_json(path, texts[path])
    remarks.take(document)
    whole = Record(document.data if isinstance(document.data, dict) else {}, path, document.positions.key)
    tags = _tags(whole, remarks)
    if not tags and not document.diagnostics:
        message = "found no list of tasks, expected 'tasks', alone or below a tag"
        remarks.add([Diagnostic("syntax", Severity.error, path, START, message)])
    tasks: list[SourceTask] = []
    for tag, record in tags:
        prefix = "" if tag in ("", _USUAL_TAG) or len(tags) == 1 else f"{tag}."
        for index, raw in enumerate(record.items("tasks")):
            entry = record.below(raw, "tasks", index)
            tasks += _tasks(entry, prefix, tag if prefix else "", remarks)
    name = as_text(whole.below(whole.data.get("meta"), "meta").data.get("projectName"))
    return Source(tuple(tasks), name, name, remarks=remarks.told())


def _tags(whole: Record, remarks: Remarks) -> list[tuple[str, Record]]:
    if isinstance(whole.data.get("tasks"), list):
        whole.leftovers(("tasks",), {}, remarks, "")
        return [("", whole)]
    found = []
    for tag, raw in whole.data.items():
        record = whole.below(raw, tag)
        if isinstance(record.data.get("tasks"), list):
            record.leftovers(("tasks",), {}, remarks, "")
            found.append((tag, record))
        else:
            remarks.lost(whole.path, whole.place((tag,)), f"'{tag[:80]}'", "it holds no list of tasks")
    return found


def _tasks(record: Record, prefix: str, milestone: str, remarks: Remarks) -> Iterator[SourceTask]:
    name = f"{prefix}{record.text('id')}" if record.text("id") else ""
    if not record.data:
        remarks.lost(record.path, record.place(()), "an entry", "it is no task, expected a mapping")
        return
    yield _task(record, name, "", _needs(record, prefix, frozenset()), milestone, remarks)
    parts = list(_parts(record, remarks))
    siblings = frozenset(part.text("id") for part in parts)
    for part in parts:
        own = part.text("id")
        inner = own if own.startswith(f"{record.text('id')}.") else f"{record.text('id')}.{own}"
        needs = _needs(part, prefix, siblings, record.text("id"))
        yield _task(part, f"{prefix}{inner}", name, needs, milestone, remarks)


def _parts(record: Record, remarks: Remarks) -> Iterator[Record]:
    for index, raw in enumerate(record.items("subtasks")):
        part = record.below(raw, "subtasks", index)
        if part.data:
            yield part
        else:
            remarks.lost(record.path, part.place(()), f"the subtask '{as_text(raw)[:80]}'", "expected a mapping")


def _needs(record: Record, prefix: str, siblings: frozenset[str], whole: str = "") -> tuple[Need, ...]:
    found = []
    for index, raw in enumerate(record.items("dependencies")):
        text = as_text(raw)
        # A subtask names its siblings by their number alone.
        local = f"{whole}.{text}" if text in siblings else text
        found.append(Need(f"{prefix}{local}", span=record.place(("dependencies", index))))
    return tuple(found)


def _task(
    record: Record, name: str, parent: str, needs: tuple[Need, ...], milestone: str, remarks: Remarks
) -> SourceTask:
    record.leftovers(_CARRIED, _REASONS, remarks, name)
    status, tests, details = record.text("status"), record.text("testStrategy"), record.text("details")
    named: dict[str, Any] = {"priority": record.text("priority")}
    return SourceTask(
        title=record.text("title"),
        path=record.path,
        span=record.place(()),
        id=name,
        parent=parent,
        needs=needs,
        acceptance=points(tests) if tests else (),
        milestone=milestone,
        description=described(record.text("description"), f"## Details\n\n{details}" if details else "", facts(named)),
        status="" if status == "pending" else status,
        done=status in _DONE,
    )
