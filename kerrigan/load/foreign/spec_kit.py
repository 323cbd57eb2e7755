"""spec-kit's tasks.md: numbered checkboxes in phases; what comes before what is said by the order of both."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from kerrigan.load.foreign.prose import Line, heading, lines, spec_of, tell_files, tell_unread, title_of
from kerrigan.load.foreign.remarks import Remarks
from kerrigan.model.checks.source import Span
from kerrigan.model.imported import Need, NeedKind, Source, SourceTask

SPEC = "spec.md"

_TASK = re.compile(r"[-*+]\s+\[([ xX])\]\s+(?:\*\*)?(T[0-9]+[a-zA-Z]?|TXXX)(?:\*\*)?[:.]?\s+(.*)")
_MARK = re.compile(r"\[(P|(?:US|Story)[ -]?[0-9]+)\]\s*", re.IGNORECASE)
_AFTER = re.compile(r"\b(?:depends on|dependencies|after|blocked by)\b[\s*:]+([^)\n]*)", re.IGNORECASE)
_ID = re.compile(r"\bT[0-9]+[a-zA-Z]?\b")
_STORY = re.compile(r"user story|\bUS[0-9]", re.IGNORECASE)
_MOST = 10_000
"""Dependencies between two phases; more of them say nothing to anyone."""


@dataclass(frozen=True, slots=True)
class _Phase:
    title: str
    tasks: list[SourceTask] = field(default_factory=list)
    parallel: set[str] = field(default_factory=set)


def read(path: str, texts: Mapping[str, str]) -> Source:
    """The tasks of the phases. A phase waits for the one before; stories wait for what comes before all of them."""
    remarks = Remarks()
    phases = list(_phases(path, texts[path], remarks))
    tasks = _in_order(path, phases, remarks)
    tell_files(texts, {path, SPEC}, remarks)
    return Source(tuple(tasks), "", title_of(texts[path]), spec_of(texts, SPEC, remarks), remarks.told())


def _phases(path: str, text: str, remarks: Remarks) -> Iterator[_Phase]:
    phase = _Phase("")
    unread: list[Line] = []
    for line in lines(text):
        found = _TASK.match(line.text) if line.is_prose else None
        titled = heading(line)
        if titled and titled[0] <= 2:
            yield phase
            phase = _Phase(titled[1])
        if found:
            task, is_parallel = _task(path, line, found, phase.title)
            phase.tasks.append(task)
            if is_parallel:
                phase.parallel.add(task.id)
        elif phase.tasks and line.text[:1].isspace() and line.text.strip():
            phase.tasks[-1] = _with_detail(phase.tasks[-1], line)
        else:
            unread.append(line)
    yield phase
    tell_unread(path, unread, remarks)


def _task(path: str, line: Line, found: re.Match[str], milestone: str) -> tuple[SourceTask, bool]:
    done, name, rest = found.groups()
    marks = [mark.upper() for mark in _MARK.findall(rest)]
    title = _MARK.sub("", rest).strip()
    span = Span(line.number, 1, line.number, len(line.text) + 1)
    stories = [f"- story: {mark}" for mark in marks if mark != "P"]
    task = SourceTask(
        title=title,
        path=path,
        span=span,
        id=name,
        needs=_needs(title, span),
        milestone=milestone,
        description="\n".join(stories),
        status="done" if done.strip() else "",
        done=bool(done.strip()),
    )
    return task, "P" in marks


def _with_detail(task: SourceTask, line: Line) -> SourceTask:
    span = Span(line.number, 1, line.number, len(line.text) + 1)
    words = f"{task.description}\n{line.text.strip()}".strip()
    return replace(task, description=words, needs=(*task.needs, *_needs(line.text, span)))


def _needs(text: str, span: Span) -> tuple[Need, ...]:
    named = (number for part in _AFTER.findall(text) for number in _ID.findall(part))
    return tuple(Need(number, span=span) for number in dict.fromkeys(named))


def _in_order(path: str, phases: list[_Phase], remarks: Remarks) -> list[SourceTask]:
    ordered: list[SourceTask] = []
    barrier: list[str] = []
    since: list[str] = []
    was_story = False
    for phase in (phase for phase in phases if phase.tasks):
        is_story = bool(_STORY.search(phase.title))
        if since and not (is_story and was_story):
            barrier, since = since, []
        tasks = _in_sequence(phase)
        inside = {task.id for task in tasks}
        waited_for = {need.text for task in tasks for need in task.needs}
        first = [task for task in tasks if not any(need.text in inside for need in task.needs)]
        if len(barrier) * len(first) > _MOST:
            why = "too many tasks end there and begin here; only the last one of them is waited for"
            remarks.changed(path, first[0].span, "the order of two phases", why, first[0].id)
            barrier = barrier[-1:]
        begins = {id(task) for task in first}
        ordered += (_behind(task, barrier) if id(task) in begins else task for task in tasks)
        since += [task.id for task in tasks if task.id not in waited_for]
        was_story = is_story
    return ordered


def _behind(task: SourceTask, barrier: list[str]) -> SourceTask:
    more = tuple(Need(name, NeedKind.implied, task.span) for name in barrier)
    return replace(task, needs=(*task.needs, *more))


def _in_sequence(phase: _Phase) -> list[SourceTask]:
    """Tasks without [P] come one after the other, each after those with [P] that stand between."""
    found: list[SourceTask] = []
    before: list[str] = []
    for task in phase.tasks:
        if task.id in phase.parallel:
            found.append(task)
            before.append(task.id)
        else:
            more = tuple(Need(name, NeedKind.implied, task.span) for name in before)
            found.append(replace(task, needs=(*task.needs, *more)))
            before = [task.id]
    return found
