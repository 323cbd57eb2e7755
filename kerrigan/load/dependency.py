"""The entries of `depends_on`: a task, an issue or pull request, or a fact outside of git; `~` makes one soft."""

import re
from collections.abc import Mapping

from kerrigan.model.checks.source import UNKNOWN, Place
from kerrigan.model.names import ID, SLUG
from kerrigan.model.project import Dependency, DependencyKind, Repository

__all__ = ["ID", "parse_dependency"]

_TASK = re.compile(ID)
_FULL_TASK = re.compile(f"{ID}/{ID}")
_ISSUE = re.compile(rf"(?:(?P<slug>{SLUG})|(?P<name>[A-Za-z0-9_][\w-]*):)?#(?P<number>[1-9][0-9]{{0,9}})", re.ASCII)
_EXTERNAL = re.compile(r"external:[ \t]*(\S.*)")


def parse_dependency(
    text: str, project: str, repositories: Mapping[str, Repository], slug: str, place: Place = UNKNOWN
) -> Dependency | None:
    """The dependency that an entry means, or None. `slug` is the repository of the task that has it: `#12` is there."""
    soft = text.startswith("~")
    body = text[1:].strip() if soft else text.strip()
    found = _target(body, project, repositories, slug)
    return Dependency(body, found[0], found[1], soft, place) if found else None


def _target(
    body: str, project: str, repositories: Mapping[str, Repository], slug: str
) -> tuple[DependencyKind, str] | None:
    if _TASK.fullmatch(body):
        return DependencyKind.task, f"{project}/{body}"
    if _FULL_TASK.fullmatch(body):
        return DependencyKind.task, body
    if external := _EXTERNAL.fullmatch(body):
        return DependencyKind.external, external[1]
    if issue := _ISSUE.fullmatch(body):
        sibling = repositories.get(issue["name"] or "")
        where = issue["slug"] or (sibling.slug if sibling else "" if issue["name"] else slug)
        return (DependencyKind.issue, f"{where}#{issue['number']}") if where else None
    return None
