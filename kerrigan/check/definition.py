"""What is wrong with the definition that decides about one project, as data on the project and its tasks."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from operator import itemgetter
from types import MappingProxyType
from typing import Any

from kerrigan.check.choices import chosen
from kerrigan.check.legacy import generation
from kerrigan.check.rules import READING, SHAPE, rule
from kerrigan.check.schema import documents as schema
from kerrigan.model.checks.source import Diagnostic, Document, Severity, Span
from kerrigan.model.checks.tree import Tree
from kerrigan.model.project import Problem, Project

CONFIG = ".github/kerrigan.yml"

RULES = (
    "case-clash",
    "dependency-cycle",
    "duplicate-repository",
    "duplicate-task",
    "fixed-rule",
    "incomplete-project",
    "self-dependency",
    "unknown-dependency",
    "unknown-repository",
    "unknown-rule",
    "wrong-value",
)
"""The rules with errors that the files of one project and kerrigan.yml tell alone."""

UNREAD = frozenset((*READING, "invalid-dependency", "missing-key", "unknown-repository", "wrong-type", "wrong-value"))
"""A value that cannot be used. A comment that silences the check does not make it readable."""

STOPPING = UNREAD | {*SHAPE, "case-clash", "duplicate-repository", "duplicate-task", "incomplete-project"}
"""What stops work: a rule may be lost. What waits for itself is never ready anyway; the rest decides nothing."""

DECIDES_NOTHING = frozenset({"check"})
"""The sections of kerrigan.yml that no decision about tasks rests on."""


def with_problems(tree: Tree, project: Project, schemas: Mapping[str, Mapping[str, Any]], branch: str) -> Project:
    """The project with its problems, each at the tasks that it concerns. `branch` says where the files are."""
    found = _errors(tree, schemas)
    parts = {path: _Parts(document) for path, document in tree.documents.items()} if found else {}
    of_tasks: dict[str, list[Problem]] = defaultdict(list)
    of_project: list[Problem] = []
    for error in found:
        entries = _entries(project, error, parts)
        tasks = dict.fromkeys(_named(project, entries)) if error.code in STOPPING else {}
        stops = bool(tasks) if entries else _stops(project, error, parts)
        place = f"{error.path}:{error.span.line}:{error.span.column} {branch}"
        problem = Problem(error.code, place, error.message, error.hint, stops)
        for task in tasks:
            of_tasks[task].append(problem)
        of_project += [] if tasks else [problem]
    with_own = {name: replace(project.tasks[name], problems=tuple(own)) for name, own in of_tasks.items()}
    return replace(project, tasks=MappingProxyType({**project.tasks, **with_own}), problems=tuple(of_project))


def _errors(tree: Tree, schemas: Mapping[str, Mapping[str, Any]]) -> list[Diagnostic]:
    """The errors, also those that a comment or a choice silences where the value stays unreadable."""
    raw = [*generation.loaded(tree), *schema.check(tree, schemas)]
    for name in RULES:
        find = rule(name).find
        raw += find(tree) if find else ()
    left = dict.fromkeys((*chosen(tree, raw), *(found for found in raw if found.code in UNREAD)))
    return sorted((found for found in left if found.severity is Severity.error), key=lambda found: found.order)


def _stops(project: Project, found: Diagnostic, parts: Mapping[str, "_Parts"]) -> bool:
    """Whether an error outside of the entries of tasks stops the whole project."""
    if found.path == CONFIG and found.path in parts and parts[CONFIG].key(found.span) in DECIDES_NOTHING:
        return False
    if found.path == f"{project.path}/status.json" and found.path in parts:
        return False  # a brake that is there holds alone, whatever it says
    spec, tasks = f"{project.path}/spec.md", f"{project.path}/tasks.yml"
    is_prose = (found.code, found.path) == ("incomplete-project", spec) and tasks in parts
    return found.code in STOPPING and not is_prose


def _entries(project: Project, found: Diagnostic, parts: Mapping[str, "_Parts"]) -> list[object]:
    """The entries of tasks.yml that an error is in; none where it is elsewhere, or may be in any of them."""
    path = f"{project.path}/tasks.yml"
    if found.path != path or path not in parts or parts[path].key(found.span) != "tasks":
        return []
    places = (found.span, *(related.span for related in found.related if related.path == path))
    return [entry for place in places for entry in parts[path].entry(place)]


def _named(project: Project, entries: Iterable[object]) -> Iterator[str]:
    for entry in entries:
        name = f"{project.name}/{entry.get('id')}" if isinstance(entry, dict) else ""
        if name in project.tasks:
            yield name


class _Parts:
    """Where the keys at a document's root begin, and the entries of its list `tasks`.

    Where something counts in several places by an alias, nothing is known of any place.
    """

    def __init__(self, document: Document) -> None:
        data = document.data if isinstance(document.data, dict) and not document.positions.has_aliases else {}
        listed = data.get("tasks")
        self._keys = sorted((_start(document.positions.key((key,))), key) for key in data)
        self._listed = listed if isinstance(listed, list) else []
        self._starts = [_start(document.positions.value(("tasks", at))) for at in range(len(self._listed))]

    def key(self, span: Span) -> str | None:
        """The key that a place is below; None above the first, and where no one knows."""
        at = bisect_right(self._keys, _start(span), key=itemgetter(0))
        return self._keys[at - 1][1] if at else None

    def entry(self, span: Span) -> list[object]:
        """The entry that a place is in, or none."""
        at = bisect_right(self._starts, _start(span))
        return [self._listed[at - 1]] if at else []


def _start(span: Span) -> tuple[int, int]:
    return span.line, span.column
