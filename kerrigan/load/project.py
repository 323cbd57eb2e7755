"""Documents to projects. Tolerant: what cannot be read is left out here, and reported by the check."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from kerrigan.load.budget import amount
from kerrigan.load.dependency import parse_dependency
from kerrigan.load.documents import headings, parse_front_matter, parse_json, parse_yaml
from kerrigan.model.checks.source import Document, Place
from kerrigan.model.names import is_id, short_name, slug_of
from kerrigan.model.project import Brake, Dependency, DependencyKind, Project, Repository, Task

SPEC, TASKS, STATUS = "spec.md", "tasks.yml", "status.json"

PARSERS = MappingProxyType({SPEC: parse_front_matter, TASKS: parse_yaml, STATUS: parse_json})
"""The files that define a project, and how each is parsed."""


def parse_all(folder: str, texts: Mapping[str, str]) -> Mapping[str, Document]:
    """The documents of a project's texts, both by file name."""
    return {file: parse(f"{folder}/{file}", texts[file]) for file, parse in PARSERS.items() if file in texts}


def project(name: str, folder: str, documents: Mapping[str, Document], home: str) -> Project:
    """The project of a folder's documents, by file name. `home` is the slug of the repository that holds them."""
    spec, tasks = documents.get(SPEC), documents.get(TASKS)
    front, plan = _mapping(spec), _mapping(tasks)
    repositories = {repository.name: repository for repository in _repositories(front, home)}
    is_new = 7 in (front.get("kerrigan"), plan.get("kerrigan"))
    return Project(
        name=name,
        home=home,
        repositories=MappingProxyType(repositories),
        tasks=MappingProxyType(_Tasks(name, tasks, repositories, home).read() if tasks and is_new else {}),
        title=next((title for level, title, _ in headings(spec.text) if level == 1), "") if spec else "",
        path=folder,
        format=7 if is_new else 1,
        brake=_brake(documents.get(STATUS)),
        budget_usd=_budget(front.get("budget")),
    )


def _repositories(front: Mapping[str, Any], home: str) -> Iterator[Repository]:
    names, slugs = set(), set()
    for entry in _list(front.get("repositories")):
        url = _text(entry.get("url")) if isinstance(entry, dict) else ""
        slug = _same(slug_of(url), home)
        name = slug and (_text(entry.get("name")) or short_name(slug))
        if slug and name and name not in names:
            names.add(name)
            slugs.add(slug)
            yield Repository(name, slug, url, _text(entry.get("role")))
    if home not in slugs:
        name = short_name(home)
        yield Repository(f"{name}-home" if name in names else name, home)


def _same(slug: str | None, home: str) -> str | None:
    # No forge tells `Acme/API` from `acme/api`; everything else compares them as they are written.
    return home if slug is not None and slug.casefold() == home.casefold() else slug


@dataclass(frozen=True, slots=True)
class _Tasks:
    """The tasks of one document, and what their entries are read against."""

    project: str
    document: Document
    repositories: Mapping[str, Repository]
    home: str

    def read(self) -> dict[str, Task]:
        found: dict[str, Task] = {}
        for index, entry in enumerate(_list(_mapping(self.document).get("tasks"))):
            if isinstance(entry, dict) and is_id(entry.get("id")):
                found.setdefault(f"{self.project}/{entry['id']}", self._task(index, entry))
        return found

    def _task(self, index: int, entry: Mapping[str, Any]) -> Task:
        repository = _text(entry.get("repository")) or self._at_home()
        return Task(
            id=f"{self.project}/{entry['id']}",
            title=_text(entry.get("title")),
            role=_text(entry.get("role")),
            repository=repository,
            depends_on=tuple(
                self._dependency(index, number, raw, repository)
                for number, raw in enumerate(_needs(entry.get("depends_on")))
            ),
            paths=_texts(entry.get("paths")),
            acceptance=_texts(entry.get("acceptance")),
            risk=_risk(entry),
            estimate_usd=_money(entry.get("estimate")),
            milestone=_text(entry.get("milestone")),
            description=_text(entry.get("description")),
            agent=_text(entry.get("agent")),
            path=self.document.path,
            place=Place(self.document.positions, ("tasks", index, "id")),
        )

    def _dependency(self, index: int, number: int, raw: object, repository: str) -> Dependency:
        place = Place(self.document.positions, ("tasks", index, "depends_on", number))
        slug = self.repositories[repository].slug if repository in self.repositories else ""
        found = parse_dependency(_text(raw), self.project, self.repositories, slug, place)
        # An entry that no one can read may not make its task ready: it waits for a person, who fixes the file.
        unread = f"entry {number + 1} of depends_on, which cannot be read"
        return found or Dependency(_text(raw), DependencyKind.external, unread, place=place)

    def _at_home(self) -> str:
        return next(name for name, repository in self.repositories.items() if repository.slug == self.home)


def _mapping(document: Document | None) -> Mapping[str, Any]:
    return document.data if document and isinstance(document.data, dict) else {}


def _list(raw: object) -> list[Any]:
    return raw if isinstance(raw, list) else []


def _needs(raw: object) -> list[Any]:
    # Something else than a list means something, and no one knows what: one entry that cannot be read.
    return raw if isinstance(raw, list) else [] if raw is None else [None]


def _text(raw: object) -> str:
    return raw if isinstance(raw, str) else ""


def _texts(raw: object) -> tuple[str, ...]:
    return tuple(text for text in _list(raw) if isinstance(text, str))


def _risk(entry: Mapping[str, Any]) -> str:
    # A risk that cannot be read counts as the highest one: less would open gates.
    raw = entry.get("risk", "low")
    return str(raw) if raw in ("low", "medium", "high") else "high"


def _brake(document: Document | None) -> Brake | None:
    if document is None:
        return None
    raw = _mapping(document)
    return Brake(_text(raw.get("status")) or "unreadable", _text(raw.get("blocked_reason")))


def _budget(raw: object) -> Decimal | None:
    # A budget is meant to limit something: one that cannot be read lets nothing be spent.
    return None if raw is None else _money(raw) or Decimal(0)


def _money(raw: object) -> Decimal | None:
    return amount(raw.get("usd")) if isinstance(raw, dict) else None
