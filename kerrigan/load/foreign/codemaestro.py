"""CodeMaestro's manifest.yml: subtasks with owners and dependencies."""

from collections.abc import Mapping

from kerrigan.load.documents import parse_yaml
from kerrigan.load.foreign.records import JOURNAL, Record, as_text, described, facts
from kerrigan.load.foreign.remarks import Remarks
from kerrigan.model.checks.source import START, Diagnostic, Severity
from kerrigan.model.imported import Need, Source, SourceTask

_CARRIED = (
    *("id", "title", "status", "owner", "priority", "dependencies", "description", "outcome", "phase"),
    *("log", "implRequirements", "checklists"),
)
_REASONS = {
    "branch": "Kerrigan names a task's branch kerrigan/PROJECT/TASK",
    **dict.fromkeys(("lastUpdated", "updatedBy", "history"), JOURNAL),
}
_WHOLE = {
    "sequence": "the order is what depends_on says, and what is ready may begin",
    "policies": "how Kerrigan works is in .github/kerrigan.yml",
    "version": "it is the version of the manifest's own format",
    **_REASONS,
}
_ROLES = {
    **{"tara": "testing", "devon": "swe", "adam": "architect", "orion": "architect"},
    **{"tester": "testing", "developer": "swe", "architect": "architect"},
}
_DONE = frozenset({"completed"})


def read(path: str, texts: Mapping[str, str]) -> Source:
    """The subtasks of a manifest. Their logs are not read: most of them are about work that was done."""
    remarks = Remarks()
    document = parse_yaml(path, texts[path])
    remarks.take(document)
    whole = Record(document.data if isinstance(document.data, dict) else {}, path, document.positions.key)
    whole.leftovers(("subtasks",), _WHOLE, remarks, "")
    if not isinstance(whole.data.get("subtasks"), list) and not document.diagnostics:
        message = "found no list 'subtasks', expected the manifest of a CodeMaestro project"
        remarks.add([Diagnostic("syntax", Severity.error, path, START, message)])
    tasks = []
    for index, raw in enumerate(whole.items("subtasks")):
        record = whole.below(raw, "subtasks", index)
        if record.data:
            tasks.append(_task(record, remarks))
        else:
            remarks.lost(path, record.place(()), "an entry", "it is no subtask, expected a mapping")
    return Source(tuple(tasks), remarks=remarks.told())


def _task(record: Record, remarks: Remarks) -> SourceTask:
    name, owner, status = record.text("id"), record.text("owner"), record.text("status")
    record.leftovers(_CARRIED, _REASONS, remarks, name)
    if record.text("log"):
        why = "the log of work that is past is not read; the description says where it is"
        remarks.lost(record.path, record.place(("log",)), "what the log says", why, name)
    role = _ROLES.get(owner.lower(), "")
    named = {key: record.text(key) for key in ("priority", "phase", "log", "implRequirements", "checklists")}
    return SourceTask(
        title=record.text("title"),
        path=record.path,
        span=record.place(()),
        id=name,
        role=role,
        needs=tuple(
            Need(as_text(raw), span=record.place(("dependencies", index)))
            for index, raw in enumerate(record.items("dependencies"))
        ),
        acceptance=(record.text("outcome"),) if record.text("outcome") else (),
        description=described(record.text("description"), facts({"owner": owner} | named)),
        status="" if status == "pending" else status,
        done=status in _DONE,
    )
