"""A dependency on a task that is not there."""

from collections.abc import Collection, Iterator, Mapping

from kerrigan.check.examples import new_project
from kerrigan.check.generation import is_broken, is_new
from kerrigan.check.nearest import did_you_mean
from kerrigan.check.references import task_dependencies
from kerrigan.model.project import Dependency, Project, Task
from kerrigan.model.rule import Rule
from kerrigan.model.source import Diagnostic, Severity
from kerrigan.model.tree import Tree

HINTS = 50
"""How many unknown dependencies get the nearest name: difflib takes some milliseconds for each."""

_TASKS = (
    "kerrigan: 7\ntasks:\n  - {{id: contract, title: Agree it, role: architect}}\n"
    "  - {{id: screen, title: Show it, role: swe, depends_on: [{}]}}\n"
)


def find(tree: Tree) -> Iterator[Diagnostic]:
    """A dependency on a task or project that is not in the tree."""
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
        message = f"unknown {kind} '{word}'"
        yield Diagnostic("unknown-dependency", Severity.error, task.path, dependency.span, message, hint)


Known = Mapping[str, Collection[str] | None]
"""The tasks of each project by its name; None where nobody can tell."""


def unknown(tree: Tree) -> Iterator[tuple[Task, Dependency, Known]]:
    """Each task with a dependency of its that is not in the tree, and what is known instead."""
    known = {project.name: _known(tree, project) for project in tree.projects if is_new(tree, project)}
    for task, dependency in task_dependencies(tree):
        tasks = known.get(dependency.target.partition("/")[0], ())
        if tasks is not None and dependency.target not in tasks:
            yield task, dependency, known


def _known(tree: Tree, project: Project) -> Collection[str] | None:
    """The tasks of a project; None where its tasks.yml is missing or broken, which is told already."""
    document = tree.documents.get(f"{project.path}/tasks.yml")
    return None if document is None or is_broken(document) else project.tasks


RULE = Rule(
    name="unknown-dependency",
    severity=Severity.error,
    wants="A dependency on a task names one that exists.",
    why="The task would wait for ever for something that nobody does.",
    bad=new_project(_TASKS.format("contrcat")),
    good=new_project(_TASKS.format("contract")),
    find=find,
)
