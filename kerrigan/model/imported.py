"""What an import makes of another tool's files: their tasks as they were, and the same tasks in Kerrigan's terms."""

from dataclasses import dataclass
from enum import StrEnum

from kerrigan.model.checks.source import START, Diagnostic, Span


class NeedKind(StrEnum):
    """What a dependency of the source names: a task; one that its order implies; words; something Kerrigan can say."""

    task = "task"
    implied = "implied"
    words = "words"
    ready_made = "ready-made"


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that a task of the source waits for, in the source's own words."""

    text: str
    kind: NeedKind = NeedKind.task
    span: Span = START


@dataclass(frozen=True, slots=True)
class SourceTask:
    """A task as the source has it. `id` and `parent` are the source's names; empty where it gives none.

    `status` is the source's own word; `done` says whether it means that nothing is left to do.
    """

    title: str
    path: str
    span: Span
    id: str = ""
    parent: str = ""
    role: str = ""
    repository: str = ""
    needs: tuple[Need, ...] = ()
    paths: tuple[str, ...] = ()
    acceptance: tuple[str, ...] = ()
    milestone: str = ""
    description: str = ""
    status: str = ""
    done: bool = False

    @property
    def cancelled(self) -> bool:
        """Whether the source says that no one is to do it."""
        return self.status.lower() in {"cancelled", "canceled"}


@dataclass(frozen=True, slots=True)
class Source:
    """The files of another tool, read. `spec` is Markdown for a spec.md; `remarks` tell what is left behind.

    Remarks of severity error are why nothing can be imported.
    """

    tasks: tuple[SourceTask, ...] = ()
    project: str = ""
    title: str = ""
    spec: str = ""
    remarks: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportedTask:
    """A task as tasks.yml will have it: `depends_on` are its entries, `source` is what it was made of."""

    id: str
    title: str
    role: str
    source: SourceTask
    repository: str = ""
    depends_on: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    acceptance: tuple[str, ...] = ()
    milestone: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class Imported:
    """A whole import. `finished` are the ids of what was done in the source, whether or not it is among the tasks.

    `lost` names everything that is not in `tasks`, or is there in another form.
    """

    tasks: tuple[ImportedTask, ...]
    project: str = ""
    spec: str = ""
    finished: tuple[str, ...] = ()
    lost: tuple[Diagnostic, ...] = ()

    @property
    def cancelled(self) -> tuple[str, ...]:
        """The ids of the tasks that were given up in the source."""
        return tuple(task.id for task in self.tasks if task.source.cancelled)
