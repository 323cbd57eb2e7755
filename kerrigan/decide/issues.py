"""Tasks as issues: which issue is which task's, and what has to change so that it says what the journal says.

What a person did to an issue is told, never undone and never obeyed: a task is moved by asking for it.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from kerrigan.model.forge.body import new_body, part_of, task_of, with_part
from kerrigan.model.forge.issue import (
    LONGEST_BODY,
    PREFIXES,
    Block,
    Change,
    Close,
    Create,
    Issue,
    Relabel,
    Reopen,
    Rewrite,
    Warn,
)
from kerrigan.model.project import DependencyKind, Project, Task
from kerrigan.model.state import State, Status

ENDED: Mapping[Status, str] = {Status.done: "completed", Status.cancelled: "not_planned"}
"""The statuses of a task whose issue is closed, with GitHub's reason for it."""

_CLOSED_BY_US = frozenset(f"status:{status}" for status in ENDED)


@dataclass(frozen=True, slots=True)
class Known:
    """The issue of each task that has one; `left` are tasks that nothing is written about, `warnings` say why."""

    issues: Mapping[str, Issue] = field(default_factory=dict)
    left: frozenset[str] = frozenset()
    warnings: tuple[Warn, ...] = ()


@dataclass(frozen=True, slots=True)
class Words:
    """What an issue says of its task."""

    title: str
    part: str


def find_issues(
    project: Project, issues: Iterable[Issue], writers: Collection[Issue], unread: Collection[str] = ()
) -> Known:
    """Which issue is which task's, by its marker: the oldest one in the task's repository, if a writer opened it.

    Anyone may open an issue with a marker in it. Only those in `writers` are believed; a task that has none but others
    is left alone, and so are those with problems in their definition and those of the `unread` repositories.
    """
    found: dict[str, Issue] = {}
    doubted: dict[str, Issue] = {}
    warnings: list[Warn] = []
    for issue in sorted(issues, key=lambda issue: (issue.repository, issue.number)):
        task = task_of(issue.body) or ""
        if task.partition("/")[0] != project.name:
            continue
        if issue not in writers:
            doubted.setdefault(task, issue)
        elif task in project.tasks and project.tasks[task].problems:
            continue  # where its issue belongs is not known
        elif task not in project.tasks or _place(project, project.tasks[task]) != issue.repository:
            warnings += _misplaced(project, task, issue)
        elif found.setdefault(task, issue) is not issue and issue.open:
            warnings.append(_twice(task, issue, found[task]))
    doubted = {task: issue for task, issue in doubted.items() if task in project.tasks and task not in found}
    warnings += [_doubted(task, issue) for task, issue in doubted.items()]
    left = {task.id for task in project.tasks.values() if task.problems or _place(project, task) in {"", *unread}}
    return Known(found, frozenset(doubted) | left, tuple(warnings))


def plan_issues(project: Project, state: State, wording: Mapping[str, Words], known: Known) -> tuple[Change, ...]:
    """What has to change, in the order in which it can be done; `wording` has every task's title and part.

    A task that is over and never had an issue gets none.
    """
    tasks = [task for task in project.tasks.values() if task.id not in known.left]
    own = [change for task in tasks for change in _own(project, state, task, wording[task.id], known)]
    blocks = [change for task in tasks for change in _blocks(project, state, task, known)]
    return (*known.warnings, *own, *blocks)


def waits(project: Project, state: State, task: Task) -> tuple[str, ...]:
    """The tasks of the project that keep this one from being worked on; none for one that is over."""
    if state.task(task.id).status in ENDED:
        return ()
    targets = (d.target for d in task.hard if d.kind is DependencyKind.task and d.target in project.tasks)
    return tuple(dict.fromkeys(t for t in targets if t != task.id and state.task(t).status not in ENDED))


def _own(project: Project, state: State, task: Task, wording: Words, known: Known) -> Iterator[Change]:
    standing = state.task(task.id)
    labels = (f"status:{standing.status}", f"role:{standing.role or task.role}")
    issue = known.issues.get(task.id)
    if issue is not None:
        yield from _text(task.id, issue, wording)
        yield from _opening(task.id, issue, standing.status)
        yield from _labels(task.id, issue, labels)
    elif standing.status not in ENDED:
        body = new_body(task.id, wording.part)
        yield Create(task.id, _place(project, task), None, wording.title, body, labels)


def _text(task: str, issue: Issue, wording: Words) -> Iterator[Change]:
    there = part_of(issue.body)
    if there is None or there.touched:
        message = "someone edited the part of the body that Kerrigan writes, so it stays as it is"
        step = "move your text out of it and leave it empty, and it is written again"
        if there is None:
            step = "it stands between the lines <!-- kerrigan:begin --> and <!-- kerrigan:end -->, once each"
        yield _warn(task, issue, message, step)
    elif there.text != wording.part:
        body = with_part(issue.body, wording.part)
        if len(body) > LONGEST_BODY:
            yield _warn(task, issue, "the body would be longer than GitHub takes", "make the text around it shorter")
        else:
            yield Rewrite(task, issue.repository, issue.number, issue.body, body)


def _opening(task: str, issue: Issue, status: Status) -> Iterator[Change]:
    """Open or closed. The label of Kerrigan's last visit tells what it left: what differs from that, a person did."""
    if issue.open == (status not in ENDED):
        return
    left_open = not any(label.casefold() in _CLOSED_BY_US for label in issue.labels)
    if issue.open and left_open:
        yield Close(task, issue.repository, issue.number, ENDED[status])
    elif issue.open:
        message = f"a person opened it again, and the task is {status}"
        yield _warn(task, issue, message, f"kerrigan task reopen {task} --reason TEXT, or close it")
    elif left_open:
        message = f"a person closed it, and the task is {status}"
        yield _warn(task, issue, message, f"kerrigan task cancel {task} --reason TEXT, or open it again")
    else:
        yield Reopen(task, issue.repository, issue.number)


def _labels(task: str, issue: Issue, labels: tuple[str, ...]) -> Iterator[Change]:
    present = {label.casefold() for label in issue.labels}
    if {label for label in present if label.startswith(PREFIXES)} != {label.casefold() for label in labels}:
        yield Relabel(task, issue.repository, issue.number, labels)


def _blocks(project: Project, state: State, task: Task, known: Known) -> Iterator[Change]:
    issue = known.issues.get(task.id)
    if issue is not None and issue.blocked_by is None:
        return
    for other in waits(project, state, task):
        blocker = known.issues.get(other)
        is_so = issue and blocker and blocker.id in (issue.blocked_by or ())
        if not is_so and other not in known.left:
            number = issue.number if issue else None
            yield Block(task.id, _place(project, task), number, other, blocker.id if blocker else None)


def _place(project: Project, task: Task) -> str:
    """The repository that a task's issue belongs in; empty for one that the project does not name."""
    return project.slug(task) if task.repository in project.repositories else ""


def _misplaced(project: Project, task: str, issue: Issue) -> Iterator[Warn]:
    if not issue.open:
        return
    if task in project.tasks:
        place = _place(project, project.tasks[task]) or "a repository that the project does not name"
        yield _warn(task, issue, f"the task belongs in {place} now", "close this one")
    else:
        yield _warn(task, issue, f"{project.name} has no such task any more", "close it, or take its first line out")


def _twice(task: str, issue: Issue, first: Issue) -> Warn:
    return _warn(task, issue, f"{first.name} is this task's issue already", "close this one")


def _doubted(task: str, issue: Issue) -> Warn:
    message = f"it says that it is this task's, but {issue.author or 'no one'}, who opened it, may not write here"
    return _warn(task, issue, message, "take the marker out of its text, or close it and take the marker out")


def _warn(task: str, issue: Issue, message: str, step: str) -> Warn:
    return Warn(task, issue.repository, issue.number, message, step)
