"""Projects of Milestones 1 to 6: the verdict that the validators of those days gave, with every finding at once."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from kerrigan.check.generation import is_new, is_old
from kerrigan.model.project import Project
from kerrigan.model.source import START, Diagnostic, Document, Severity, Span
from kerrigan.model.tree import Tree

REQUIRED = ("spec.md", "acceptance-tests.md", "architecture.md", "plan.md", "tasks.md", "test-plan.md")
DEPLOYABLE = ("runbook.md", "cost-plan.md")
HEADINGS = {
    "spec.md": ("Goal", "Scope", "Non-goals", "Acceptance criteria"),
    "architecture.md": ("Overview", "Components & interfaces", "Tradeoffs", "Security & privacy notes"),
}
KEYWORDS = ("deploy", "production", "runtime")
_GITHUB = re.compile(r"^https://github\.com/([^/]+)/([^/]+?)(?:\.git)?/?$")
_NAME = re.compile(r"^[a-zA-Z0-9_-]+$")


def check(tree: Tree) -> Iterator[Diagnostic]:
    """What the validators of Milestones 1 to 6 refused, and warnings of what they let pass in silence."""
    for project in tree.projects:
        if is_old(tree, project):
            yield from _files(tree, project)
            yield from _headings(tree, project)
            yield from _repositories(tree, project)
            yield from _unread(tree, project)


def _files(tree: Tree, project: Project) -> Iterator[Diagnostic]:
    spec = tree.documents.get(f"{project.path}/spec.md")
    text = spec.text.lower() if spec else ""
    deployable = f"{project.path}/runbook.md" in tree.documents or any(word in text for word in KEYWORDS)
    for file in (*REQUIRED, *(DEPLOYABLE if deployable else ())):
        path = f"{project.path}/{file}"
        if path not in tree.documents and not any(problem.path == path for problem in tree.problems):
            why = "" if file in REQUIRED else f": it is deployable, for {_why_deployable(text)}"
            yield _error("missing-file", path, START, f"project '{project.name}' has no {file}{why}", f"write {path}")


def _why_deployable(text: str) -> str:
    word = next((word for word in KEYWORDS if word in text), None)
    return f"its spec.md says '{word}'" if word else "it has a runbook.md"


def _headings(tree: Tree, project: Project) -> Iterator[Diagnostic]:
    for file, wanted in HEADINGS.items():
        document = tree.documents.get(f"{project.path}/{file}")
        for heading in wanted if document else ():
            assert document is not None
            if not re.search(rf"^#{{1,6}}\s+{re.escape(heading)}\s*$", document.text, re.MULTILINE):
                near = _nearly(document.text, heading)
                hint = f"write it exactly as '## {heading}'"
                yield _error("missing-heading", document.path, near, f"the heading '{heading}' is missing", hint)


def _nearly(text: str, heading: str) -> Span:
    """The line that means the heading and does not say it, or the start."""
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith("#") and heading.lower() in line.lower():
            return Span(number, 1, number, len(line) + 1)
    return START


def _repositories(tree: Tree, project: Project) -> Iterator[Diagnostic]:
    document = tree.documents.get(f"{project.path}/spec.md")
    front = document.data if document else None
    if document is None or not isinstance(front, dict) or "repositories" not in front:
        return
    listed = front["repositories"]
    place = document.positions.value(("repositories",))
    if not isinstance(listed, list):
        yield _error("repositories", document.path, place, "'repositories' has to be a list", "list name, url and role")
        return
    if not listed:
        yield _warning("repositories", document.path, place, "'repositories' is empty", "list one, or take it out")
    if len(listed) > 5:
        yield _error("repositories", document.path, place, f"found {len(listed)} repositories, expected 5 at most", "")
    names: set[str] = set()
    owners: set[str] = set()
    for index, entry in enumerate(listed):
        for key, message in _repository(entry, names, owners):
            span = document.positions.value(("repositories", index, key))
            yield _error("repositories", document.path, span, message, "")
    if len(owners) > 1:
        message = f"the repositories are of several owners: {', '.join(sorted(owners))}; expected one"
        yield _error("repositories", document.path, place, message, "")


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


def _unread(tree: Tree, project: Project) -> Iterator[Diagnostic]:
    spec, tasks = (tree.documents.get(f"{project.path}/{file}") for file in ("spec.md", "tasks.yml"))
    if spec and spec.data is not None and not isinstance(spec.data, dict):
        place = spec.positions.value(())
        yield _warning("wrong-type", spec.path, place, "the front matter is not read, expected 'key: value'", "")
    if tasks:
        hint = "write 'kerrigan: 7' as its first line"
        message = "tasks.yml is not read: this project says nowhere that it is of Milestone 7"
        yield _warning("not-read", tasks.path, START, message, hint)


def constitution(tree: Tree) -> Iterator[Diagnostic]:
    """A repository with projects of Milestones 1 to 6 has a constitution."""
    roots = {p.path.removesuffix(f"projects/{p.name}") for p in tree.projects if is_old(tree, p)}
    for root in sorted(roots):
        path = f"{root}constitution.md"
        is_there = path in tree.documents or any(problem.path == path for problem in tree.problems)
        if root.endswith("specs/") and not is_there:
            yield _error("missing-file", path, START, f"{path} is missing: the governing principles", f"write {path}")


def statuses(tree: Tree) -> Iterator[Diagnostic]:
    """The time in a status.json is one, and a project that is blocked says why."""
    for project in tree.projects:
        document = tree.documents.get(f"{project.path}/status.json")
        data = document.data if document else None
        if document and isinstance(data, dict) and (is_new(tree, project) or is_old(tree, project)):
            yield from _time(document, data.get("last_updated"))
            if data.get("status") == "blocked" and not data.get("blocked_reason"):
                place = document.positions.value(("status",))
                message = "the project is blocked without a blocked_reason"
                yield _warning("no-reason", document.path, place, message, "say what it waits for")


def _time(document: Document, text: object) -> Iterator[Diagnostic]:
    if not isinstance(text, str):
        return
    try:
        datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        span = document.positions.value(("last_updated",))
        yield _error("wrong-value", document.path, span, f"found {text[:40]!r}, expected an ISO 8601 time", "")


def _error(code: str, path: str, span: Span, message: str, hint: str) -> Diagnostic:
    return Diagnostic(code, Severity.error, path, span, message, hint)


def _warning(code: str, path: str, span: Span, message: str, hint: str) -> Diagnostic:
    return Diagnostic(code, Severity.warning, path, span, message, hint)
