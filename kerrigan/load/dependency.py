"""The entries of `depends_on`: a task, an issue or pull request, or a fact outside of git; `~` makes one soft."""

import re
from collections.abc import Mapping

from kerrigan.model.project import Dependency, DependencyKind, Repository
from kerrigan.model.source import START, Span

ID = "[a-z0-9][a-z0-9-]{0,62}"
_TASK = re.compile(ID)
_FULL_TASK = re.compile(f"{ID}/{ID}")
_ISSUE = re.compile(r"(?:(?P<slug>[\w.-]+/[\w.-]+)|(?P<name>[A-Za-z0-9_][\w-]*):)?#(?P<number>[1-9][0-9]{0,9})")
_EXTERNAL = re.compile(r"external:[ \t]*(\S.*?)[ \t]*")

FORMS = (
    "a task ('contract'), 'project/task', '#12', 'owner/repo#12', 'name:#12' or 'external:text'; "
    "'~' in front makes it soft"
)
"""Every form, for messages."""


def parse_dependency(
    text: str, project: str, repositories: Mapping[str, Repository], slug: str, span: Span = START
) -> Dependency | None:
    """The dependency that an entry means, or None. `slug` is the repository of the task that has it: `#12` is there."""
    soft = text.startswith("~")
    body = text[1:].strip() if soft else text.strip()
    found = _target(body, project, repositories, slug)
    return Dependency(body, found[0], found[1], soft, span) if found else None


def _target(
    body: str, project: str, repositories: Mapping[str, Repository], slug: str
) -> tuple[DependencyKind, str] | None:
    if _TASK.fullmatch(body):
        return DependencyKind.task, f"{project}/{body}"
    if _FULL_TASK.fullmatch(body):
        return DependencyKind.task, body
    if external := _EXTERNAL.fullmatch(body):
        return DependencyKind.external, external.group(1)
    if issue := _ISSUE.fullmatch(body):
        named = repositories.get(issue["name"]) if issue["name"] else None
        if issue["name"] and named is None:
            return None
        return DependencyKind.issue, f"{issue['slug'] or (named.slug if named else slug)}#{issue['number']}"
    return None
