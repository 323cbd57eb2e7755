"""The ids that tasks get: their own ones as far as Kerrigan can write them, always the same for the same source."""

import re
from collections.abc import Iterable, Mapping

from kerrigan.load.foreign.remarks import Remarks
from kerrigan.model.imported import SourceTask

_NOT_IN_IDS = re.compile("[^a-z0-9]+")
_LONGEST = 63
_LONGEST_TITLE = 48


def names(tasks: Iterable[SourceTask], remarks: Remarks) -> list[str]:
    """An id for each task: from its own id, else from its title; a second one of the same name gets a number."""
    given: list[str] = []
    count: dict[str, int] = {}
    first: dict[str, str] = {}
    taken: set[str] = set()
    for number, task in enumerate(tasks, 1):
        wanted = _slug(task.id, _LONGEST) if task.id else _cut(_slug(task.title, 500))
        name = _free(wanted or f"task-{number}", count, taken)
        taken.add(name)
        given.append(name)
        if task.id and first.setdefault(task.id, name) != name:
            why = f"it is used before; this task is '{name}', and what waits for it waits for '{first[task.id]}'"
            remarks.warn("duplicate-task", task.path, task.span, f"the id '{task.id[:80]}'", why)
    return given


def by_source(tasks: Iterable[SourceTask], ids: Iterable[str]) -> Mapping[str, str]:
    """Kerrigan's ids by the source's, by `path:line`, and by title where that belongs to one task only."""
    found: dict[str, str] = {}
    lines: dict[str, str] = {}
    titles: dict[str, str | None] = {}
    for task, name in zip(tasks, ids, strict=True):
        titles[key(task.title)] = None if key(task.title) in titles else name
        lines.setdefault(key(f"{task.path}:{task.span.line}"), name)
        if task.id:
            found.setdefault(key(task.id), name)
    return {title: name for title, name in titles.items() if title and name} | lines | found


def key(text: str) -> str:
    """What makes two names the same: their words, whatever the case."""
    return " ".join(text.split()).casefold()


def _slug(text: str, longest: int) -> str:
    slug = _NOT_IN_IDS.sub("-", text.lower()).strip("-")[:longest].strip("-")
    # YAML would read a bare 12 as a number, and people write it bare.
    return f"task-{slug}"[:longest] if slug[:1].isdigit() and not slug.strip("0123456789-") else slug


def _cut(slug: str) -> str:
    return slug if len(slug) <= _LONGEST_TITLE else slug[: _LONGEST_TITLE + 1].rpartition("-")[0] or slug[:_LONGEST]


def _free(wanted: str, count: dict[str, int], taken: set[str]) -> str:
    name = wanted
    while name in taken:
        count[wanted] = count.get(wanted, 1) + 1
        end = f"-{count[wanted]}"
        name = wanted[: _LONGEST - len(end)] + end
    return name
