"""Documents to projects. Tolerant: what cannot be read is left out here and reported by the check."""

import re
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from kerrigan.load.dependency import parse_dependency
from kerrigan.load.documents import headings, parse_front_matter, parse_json, parse_yaml
from kerrigan.model.project import Brake, Dependency, Project, Repository, Task
from kerrigan.model.source import Document

SPEC, TASKS, STATUS = "spec.md", "tasks.yml", "status.json"
_NOT_A_NAME = re.compile(r"[^a-z0-9-]+")


def parse_project_texts(name: str, folder: str, texts: Mapping[str, str], home: str) -> Project:
    """The project of a folder's texts, by file name. `home` is the slug of the repository that holds them."""
    parsers = {SPEC: parse_front_matter, TASKS: parse_yaml, STATUS: parse_json}
    documents = {file: parsers[file](f"{folder}/{file}", text) for file, text in texts.items() if file in parsers}
    return project(name, folder, documents, home)


def project(name: str, folder: str, documents: Mapping[str, Document], home: str) -> Project:
    """The project of a folder's documents, by file name."""
    spec, tasks = documents.get(SPEC), documents.get(TASKS)
    front, plan = _mapping(spec), _mapping(tasks)
    repositories = _repositories(front, home)
    return Project(
        name=name,
        home=home,
        repositories=MappingProxyType(repositories),
        tasks=MappingProxyType(_tasks(name, tasks, repositories, home) if tasks else {}),
        title=next((title for _, title, _ in headings(spec.text)), "") if spec else "",
        path=folder,
        format=7 if 7 in (front.get("kerrigan"), plan.get("kerrigan")) else 1,
        brake=_brake(_mapping(documents.get(STATUS))),
        budget_usd=_money(front.get("budget")),
    )


def _mapping(document: Document | None) -> Mapping[str, Any]:
    return document.data if document and isinstance(document.data, dict) else {}


def _list(raw: object) -> list[Any]:
    return raw if isinstance(raw, list) else []


def _word(raw: object) -> str:
    return raw if isinstance(raw, str) else ""


def _repositories(front: Mapping[str, Any], home: str) -> dict[str, Repository]:
    found: dict[str, Repository] = {}
    for raw in _list(front.get("repositories")):
        entry = raw if isinstance(raw, dict) else {}
        name, url = _word(entry.get("name")), _word(entry.get("url"))
        if name and name not in found:
            found[name] = Repository(name, slug_of(url), url, _word(entry.get("role")))
    if home not in {repository.slug for repository in found.values()}:
        name = _NOT_A_NAME.sub("-", home.rpartition("/")[2].lower()).strip("-") or "home"
        name = f"{name}-home" if name in found else name
        found[name] = Repository(name, home)
    return found


def slug_of(url: str) -> str:
    """`owner/name`, the last two parts of a repository's address."""
    parts = [part for part in url.removesuffix("/").removesuffix(".git").split("/") if part]
    return "/".join(parts[-2:])


def _tasks(project_name: str, document: Document, repositories: Mapping[str, Repository], home: str) -> dict[str, Task]:
    found: dict[str, Task] = {}
    at_home = next(name for name, repository in repositories.items() if repository.slug == home)
    for index, raw in enumerate(_list(_mapping(document).get("tasks"))):
        if isinstance(raw, dict) and isinstance(raw.get("id"), str):
            repository = _word(raw.get("repository")) or at_home
            entry = {**raw, "repository": repository}
            task = _task(project_name, index, entry, document, repositories)
            found.setdefault(task.id, task)
    return found


def _task(
    project_name: str, index: int, raw: Mapping[str, Any], document: Document, repositories: Mapping[str, Repository]
) -> Task:
    slug = repositories[raw["repository"]].slug if raw["repository"] in repositories else ""
    return Task(
        id=f"{project_name}/{raw['id']}",
        title=_word(raw.get("title")),
        role=_word(raw.get("role")),
        repository=raw["repository"],
        depends_on=_dependencies(project_name, index, raw, document, repositories, slug),
        paths=tuple(p for p in _list(raw.get("paths")) if isinstance(p, str)),
        acceptance=tuple(a for a in _list(raw.get("acceptance")) if isinstance(a, str)),
        risk=_word(raw.get("risk")) or "low",
        estimate_usd=_money(raw.get("estimate")),
        milestone=_word(raw.get("milestone")),
        description=_word(raw.get("description")),
        agent=_word(raw.get("agent")),
        path=document.path,
        span=document.positions.value(("tasks", index, "id")),
    )


def _dependencies(
    project_name: str,
    index: int,
    raw: Mapping[str, Any],
    document: Document,
    repositories: Mapping[str, Repository],
    slug: str,
) -> tuple[Dependency, ...]:
    found = []
    for number, text in enumerate(_list(raw.get("depends_on"))):
        span = document.positions.value(("tasks", index, "depends_on", number))
        dependency = parse_dependency(text, project_name, repositories, slug, span) if isinstance(text, str) else None
        if dependency:
            found.append(dependency)
    return tuple(found)


def _brake(raw: Mapping[str, Any]) -> Brake | None:
    status = raw.get("status")
    return Brake(status, _word(raw.get("blocked_reason"))) if isinstance(status, str) else None


def _money(raw: object) -> Decimal | None:
    usd = raw.get("usd") if isinstance(raw, dict) else None
    is_number = isinstance(usd, int | float) and not isinstance(usd, bool)
    return Decimal(str(usd)) if is_number else None
