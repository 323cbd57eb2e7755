"""The repositories that a spec of Milestones 1 to 6 lists."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from kerrigan.check.examples import OLD_SPEC, old_project
from kerrigan.check.generation import is_old
from kerrigan.model.rule import Rule
from kerrigan.model.source import Diagnostic, Document, Severity
from kerrigan.model.tree import Tree

_GITHUB = re.compile(r"^https://github\.com/([^/]+)/([^/]+?)(?:\.git)?/?$")
_NAME = re.compile(r"^[a-zA-Z0-9_-]+$")
_FRONT = "---\nrepositories:\n  - {{name: api, url: {}, role: backend}}\n---\n" + OLD_SPEC


def find(tree: Tree) -> Iterator[Diagnostic]:
    """What the validators of Milestones 1 to 6 refused about them."""
    for project in tree.projects:
        spec = tree.documents.get(f"{project.path}/spec.md")
        if spec and isinstance(spec.data, dict) and "repositories" in spec.data and is_old(tree, project):
            yield from _listed(spec, spec.data["repositories"])


def _listed(spec: Document, listed: object) -> Iterator[Diagnostic]:
    place = spec.positions.value(("repositories",))
    if not isinstance(listed, list):
        hint = "list name, url and role"
        yield Diagnostic("repositories", Severity.error, spec.path, place, "'repositories' has to be a list", hint)
        return
    if not listed:
        hint = "list one, or take it out"
        yield Diagnostic("repositories", Severity.warning, spec.path, place, "'repositories' is empty", hint)
    if len(listed) > 5:
        message = f"found {len(listed)} repositories, expected 5 at most"
        yield Diagnostic("repositories", Severity.error, spec.path, place, message)
    names: set[str] = set()
    owners: set[str] = set()
    for index, entry in enumerate(listed):
        for key, message in _repository(entry, names, owners):
            span = spec.positions.value(("repositories", index, key))
            yield Diagnostic("repositories", Severity.error, spec.path, span, message)
    if len(owners) > 1:
        message = f"the repositories are of several owners: {', '.join(sorted(owners))}; expected one"
        yield Diagnostic("repositories", Severity.error, spec.path, place, message)


def _repository(entry: object, names: set[str], owners: set[str]) -> Iterator[tuple[str, str]]:
    raw: Mapping[str, Any] = entry if isinstance(entry, dict) else {}
    name, url, role = raw.get("name"), raw.get("url"), raw.get("role")
    if not isinstance(name, str) or not _NAME.match(name):
        yield "name", f"found the name {name!r}, expected letters, digits, '-' and '_'"
    elif name in names:
        yield "name", f"the name '{name}' is used twice"
    else:
        names.add(name)
    found = _GITHUB.match(url) if isinstance(url, str) else None
    if found is None:
        yield "url", f"found the url {url!r}, expected https://github.com/OWNER/NAME"
    else:
        owners.add(found[1])
    if not isinstance(role, str) or not role.strip():
        yield "role", "the role has to be some text"


RULE = Rule(
    name="repositories",
    severity=Severity.error,
    wants="A spec of Milestones 1 to 6 lists five repositories of one owner at most, each with name, url and role.",
    why="The validators of those days asked for it, and their projects keep that verdict.",
    bad=old_project(_FRONT.format("git@github.com:acme/todo-api")),
    good=old_project(_FRONT.format("https://github.com/acme/todo-api")),
    find=find,
)
