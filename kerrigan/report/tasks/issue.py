"""A task in an issue: its title, Kerrigan's part of the body, and each change in words.

What people wrote into tasks.yml stays text: it can format nothing, mention no one, refer to no issue and hide nothing.
"""

import re

from kerrigan.model.forge.issue import Block, Change, Close, Create, Relabel, Reopen, Rewrite, Warn
from kerrigan.model.project import Dependency, DependencyKind, Project, Task
from kerrigan.report.plain import plain

LONGEST_TITLE = 256
LONGEST_PART = 60_000
"""Characters of Kerrigan's part: GitHub takes 65,536 in a body, and people write there too."""

_APART = "&#8203;"
"""A space of no width. GitHub looks for mentions and references in what is rendered, where a backslash is gone."""
_RISKY = re.compile(r"@|#|:(?=//)|gh-(?=\d)|[\\`*_\[\]{}<>&!|~$]", re.IGNORECASE)
_AT_THE_START = re.compile(r"(\d*)([-+=:.)])")
_CUT = "\n\n… the rest is in tasks.yml"


def title(task: Task) -> str:
    """The title of a task's issue."""
    return plain(" ".join(task.title.split()))[:LONGEST_TITLE].strip() or task.id


def part(project: Project, task: Task) -> str:
    """Kerrigan's part of the body. What changes with the journal is told by labels, so this changes with the files."""
    sections = [
        literal(task.description),
        _listed("Done when", task.acceptance),
        _listed("May change", task.paths),
        _listed("Waits for", [_needed(each) for each in task.depends_on]),
    ]
    text = "\n\n".join(filter(None, sections))
    if len(text) > LONGEST_PART:
        text = text[:LONGEST_PART] + _CUT
    return f"{text}\n\n{_footer(project, task)}".strip()


def literal(text: str) -> str:
    """The same text for Markdown to show letter by letter, on as many lines; runs of empty lines become one."""
    lines = "\n".join(_line(line) for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip("\n")


def _line(text: str) -> str:
    safe = _RISKY.sub(_harmless, plain(text))
    return _AT_THE_START.sub(r"\1\\\2", safe, count=1) if _AT_THE_START.match(safe) else safe


def _harmless(found: re.Match[str]) -> str:
    risky = found.group()
    return risky + _APART if risky[0] in "@#:gG" else f"\\{risky}"


def _listed(head: str, entries: tuple[str, ...] | list[str]) -> str:
    return "\n".join([f"**{head}**", "", *(f"* {literal(' '.join(e.split()))}" for e in entries)]) if entries else ""


def _needed(dependency: Dependency) -> str:
    words = f"{dependency.target} (a person confirms it)" if _is_external(dependency) else dependency.target
    return f"{words} (would be good)" if dependency.soft else words


def _is_external(dependency: Dependency) -> bool:
    return dependency.kind is DependencyKind.external


def _footer(project: Project, task: Task) -> str:
    return (
        f"<sub>`{task.id}` of {literal(project.home)}, on branch `{task.branch}`. Kerrigan keeps this part as it is in "
        "tasks.yml; what you write above or below it stays.</sub>"
    )


def kind(change: Change) -> str:
    """The change in one word: create, rewrite, close, reopen, relabel, block or warn."""
    return type(change).__name__.lower()


def words(change: Change) -> str:
    """What is to become of the issue."""
    match change:
        case Create():
            return f"open an issue '{plain(change.title)}'"
        case Rewrite():
            return "write its part of the body again: the task was changed"
        case Close():
            return f"close it as {change.reason.replace('_', ' ')}"
        case Reopen():
            return "open it again: the task came back"
        case Relabel():
            return f"label it {', '.join(map(plain, change.labels))}"
        case Block():
            return f"mark it as blocked by {change.by}"
        case Warn():
            return f"{plain(change.message)}; {plain(change.next)}"


def line(change: Change) -> str:
    """A change on one line: `close    acme/api#3  todo/contract  close it as completed`."""
    where = change.repository if change.number is None else f"{change.repository}#{change.number}"
    return f"{kind(change):<8} {plain(where)}  {change.task}  {words(change)}"
