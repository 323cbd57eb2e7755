"""Tasks of another tool to tasks that `kerrigan check` accepts; whatever does not fit as it is gets a remark."""

import re
from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType

from kerrigan.load.foreign.edges import Edges, edges
from kerrigan.load.foreign.ids import names
from kerrigan.load.foreign.records import described
from kerrigan.load.foreign.remarks import Remarks
from kerrigan.model.imported import Imported, ImportedTask, Source, SourceTask
from kerrigan.model.names import is_id
from kerrigan.model.project import Repository

NO_REPOSITORIES: Mapping[str, Repository] = MappingProxyType({})
"""Of a project whose tasks are all at home."""

_SPEC = "---\nkerrigan: 7\n---\n# {}\n\nThe tasks were imported. Say here what is to be built, and for whom.\n"
_LONGEST_LINE = 500
_PATH = re.compile(r"(?!/)(?!(?:.*/)?\.\.(?:/|$))[^\\\x00-\x1f]+", re.DOTALL)
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def finished(task: SourceTask) -> bool:
    """Whether the source says that nothing is left to do: such a task is usually left out."""
    return task.done


def none(_task: SourceTask) -> bool:
    """Leaves no task out."""
    return False


def done_in(source: Source) -> tuple[str, ...]:
    """The ids that an import gives to what is done in the source, whether it takes that or leaves it out."""
    ids = names(source.tasks, Remarks())
    return tuple(name for task, name in zip(source.tasks, ids, strict=True) if task.done)


def assemble(
    source: Source,
    role: str,
    repositories: Mapping[str, Repository] = NO_REPOSITORIES,
    leave_out: Callable[[SourceTask], bool] = finished,
) -> Imported:
    """The import of a source. `role` is for tasks that name none; `repositories` are the project's, by short name.

    A task that is left out keeps its name from all others; what waited for it waits no more.
    """
    remarks = Remarks()
    remarks.add(source.remarks)
    ids = names(source.tasks, remarks)
    waits = edges(source.tasks, ids, repositories, remarks)
    named = list(zip(source.tasks, ids, strict=True))
    gone = frozenset(name for task, name in named if leave_out(task))
    tasks = tuple(
        _task(task, name, role, repositories, waits, gone, remarks) for task, name in named if name not in gone
    )
    for task, name in named:
        _tell_status(task, name, gone, remarks)
    spec = source.spec or _SPEC.format(_line(source.title) or "Imported tasks")
    done = tuple(name for task, name in named if task.done)
    return Imported(tasks, source.project, spec, done, remarks.told())


def _task(
    task: SourceTask,
    name: str,
    role: str,
    repositories: Collection[str],
    waits: Edges,
    gone: Collection[str],
    remarks: Remarks,
) -> ImportedTask:
    repository = _repository(task, name, repositories, remarks)
    elsewhere = "" if repository == task.repository else f"Repository: {_line(task.repository)}"
    return ImportedTask(
        id=name,
        title=_title(task, name, remarks),
        role=_role(task, name, role, remarks),
        source=task,
        repository=repository,
        depends_on=(*(to for to in waits.tasks[name] if to not in gone), *waits.others[name]),
        paths=_paths(task, name, remarks),
        acceptance=tuple(clean for text in task.acceptance if (clean := _text(text, task, name, remarks).strip())),
        milestone=_line(task.milestone)[:_LONGEST_LINE],
        description=_description(task, name, elsewhere, remarks),
    )


def _title(task: SourceTask, name: str, remarks: Remarks) -> str:
    title = _line(task.title)
    if len(title) <= _LONGEST_LINE:
        return title or name
    remarks.changed(task.path, task.span, "a long title", "cut here; the whole of it is in the description", name)
    return f"{title[: _LONGEST_LINE - 1]}…"


def _role(task: SourceTask, name: str, usual: str, remarks: Remarks) -> str:
    if is_id(task.role):
        return task.role
    why = f"the source names none that Kerrigan can read, so it is '{usual}'; --role ROLE changes that"
    remarks.changed(task.path, task.span, "the role", why, name)
    return usual


def _repository(task: SourceTask, name: str, repositories: Collection[str], remarks: Remarks) -> str:
    if task.repository in repositories or not task.repository:
        return task.repository
    why = "spec.md lists no such repository, so the task is in the home repository; its description says the name"
    remarks.changed(task.path, task.span, f"the repository '{task.repository[:80]}'", why, name)
    return ""


def _paths(task: SourceTask, name: str, remarks: Remarks) -> tuple[str, ...]:
    for path in task.paths:
        if not _PATH.fullmatch(path):
            why = "expected a path from the repository's root, with '/' and without '..'"
            remarks.warn("path", task.path, task.span, f"the path '{path[:80]}'", why, name)
    return tuple(dict.fromkeys(path for path in task.paths if _PATH.fullmatch(path)))


def _description(task: SourceTask, name: str, elsewhere: str, remarks: Remarks) -> str:
    title = _line(task.title)
    origin = f"Imported from {task.path}:{task.span.line}{f', {_line(task.id)}' if task.id else ''}."
    words = _text(task.description, task, name, remarks)
    return described(title if len(title) > _LONGEST_LINE else "", words, elsewhere, origin).strip()


def _text(text: str, task: SourceTask, name: str, remarks: Remarks) -> str:
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    if not _CONTROLS.search(plain):
        return plain
    remarks.changed(task.path, task.span, "control characters", "left out, no text needs them", name)
    return _CONTROLS.sub("", plain)


def _line(text: str) -> str:
    return " ".join(_CONTROLS.sub(" ", text).split())


def _tell_status(task: SourceTask, name: str, gone: Collection[str], remarks: Remarks) -> None:
    if name in gone:
        why = "left out, and what waited for it waits no more; --with-finished takes it, --record then says it is done"
        remarks.warn("finished", task.path, task.span, "a finished task", why, name)
    elif task.done:
        why = "it is open here, and someone may be asked to do it again, until --record says in the journal it is done"
        remarks.warn("finished", task.path, task.span, "a finished task", why, name)
    elif task.cancelled:
        why = "it is open in tasks.yml, which has no status: its journal has to say that it is cancelled"
        remarks.warn("cancelled", task.path, task.span, "a cancelled task", why, name)
    elif task.status:
        why = "the journal holds the state, and there the task begins as open"
        remarks.lost(task.path, task.span, f"the status '{_line(task.status)[:80]}'", why, name)
