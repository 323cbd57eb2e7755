"""A dependency on a task that is not there."""

from collections.abc import Collection, Iterator, Mapping

from kerrigan.check.examples import new_project
from kerrigan.check.legacy.generation import is_new
from kerrigan.check.references import issue_dependencies, task_dependencies
from kerrigan.check.suggestion import did_you_mean
from kerrigan.model.checks.rule import Rule
from kerrigan.model.checks.source import Diagnostic, Severity
from kerrigan.model.checks.tree import Tree
from kerrigan.model.project import Dependency, Project, Task

HINTS = 50
"""How many unknown dependencies get the nearest name: difflib takes some milliseconds for each."""

ELSEWHERE = "one of another repository is looked for with --repositories DIR, or with --online"

_TASKS = (
    "kerrigan: 7\ntasks:\n  - {{id: contract, title: Agree it, role: architect}}\n"
    "  - {{id: screen, title: Show it, role: swe, depends_on: [{}]}}\n"
)


def find(tree: Tree) -> Iterator[Diagnostic]:
    """A dependency on a task, a project, an issue or a pull request that is not there."""
    yield from _lost_issues(tree)
    for number, (task, dependency, known) in enumerate(unknown(tree)):
        name, _, target = dependency.target.partition("/")
        tasks = known.get(name) or ()
        kind, word = "task", target
        candidates: Iterator[str] = (t.partition("/")[2] for t in tasks)
        if name not in known:
            kind, word, candidates = "project", name, iter(known)
        elif "/" in dependency.text:
            word, candidates = dependency.target, iter(tasks)
        hint = did_you_mean(word, candidates) if number < HINTS else ""
        if kind == "project" and tree.siblings is None:
            hint = hint or ELSEWHERE
        message = f"unknown {kind} '{word}'"
        yield Diagnostic("unknown-dependency", Severity.error, task.path, dependency.span, message, hint)


Known = Mapping[str, Collection[str] | None]
"""The tasks of each project by its name; None where no one can tell."""


def unknown(tree: Tree) -> Iterator[tuple[Task, Dependency, Known]]:
    """Each task with a dependency of its that is not in the tree or its siblings, and what is known instead."""
    known = known_tasks(tree)
    for task, dependency in task_dependencies(tree):
        name = dependency.target.partition("/")[0]
        tasks = known.get(name, ())
        if tasks is not None and dependency.target not in tasks and (name in known or not doubt(tree, task, name)):
            yield task, dependency, known


def known_tasks(tree: Tree) -> Known:
    """The projects of the tree and its siblings, with their tasks."""
    siblings = tree.siblings.projects if tree.siblings else ()
    own = {project.name: _known(tree, project) for project in tree.projects if is_new(tree, project)}
    return {**{project.name: project.tasks for project in siblings}, **own}


def doubt(tree: Tree, task: Task, name: str) -> str:
    """Why a project that a task waits for, and that is not here, may be elsewhere all the same; empty if it is not."""
    found = tree.siblings
    if found is None:
        return ""
    holder = task.id.partition("/")[0]
    slugs = (r.slug.casefold() for p in tree.projects if p.name == holder for r in p.repositories.values())
    reasons = (found.unread.get(name), *(found.absent.get(slug) for slug in slugs), *found.broken)
    return next(filter(None, reasons), "")


def _lost_issues(tree: Tree) -> Iterator[Diagnostic]:
    for task, dependency, sought in issue_dependencies(tree):
        if sought.there is False:
            yield Diagnostic("unknown-dependency", Severity.error, task.path, dependency.span, sought.why)


def _known(tree: Tree, project: Project) -> Collection[str] | None:
    """The tasks of a project; None where its tasks.yml is missing or not read whole, which is told already."""
    document = tree.documents.get(f"{project.path}/tasks.yml")
    listed = document.data.get("tasks") if document and isinstance(document.data, dict) else None
    entries = listed if isinstance(listed, list) else [None]
    ids = (entry.get("id") if isinstance(entry, dict) else None for entry in entries)
    return project.tasks if all(f"{project.name}/{name}" in project.tasks for name in ids) else None


RULE = Rule(
    name="unknown-dependency",
    severity=Severity.error,
    wants="A dependency on a task names one that exists.",
    why="The task would wait for ever for something that no one does.",
    bad=new_project(_TASKS.format("contrcat")),
    good=new_project(_TASKS.format("contract")),
    find=find,
)
