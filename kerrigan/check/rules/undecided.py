"""What a dependency or a reference names, and no one could look at."""

from collections.abc import Iterator

from kerrigan.check.examples import after, new_project
from kerrigan.check.journal_drift import whole
from kerrigan.check.references import entries, issue_dependencies, task_dependencies
from kerrigan.check.rules.unknown_dependency import doubt, known_tasks
from kerrigan.model.checks.rule import Rule
from kerrigan.model.checks.siblings import Siblings
from kerrigan.model.checks.source import Diagnostic, Severity
from kerrigan.model.checks.tree import Tree


def find(tree: Tree) -> Iterator[Diagnostic]:
    """Each of them with the reason, where the question was about other repositories or the forge."""
    if tree.siblings is None:
        return
    known = known_tasks(tree)
    for task, dependency in task_dependencies(tree):
        name = dependency.target.partition("/")[0]
        if name not in known and (why := doubt(tree, task, name)):
            message = f"cannot tell whether there is a project '{name}': {why}"
            yield Diagnostic("undecided", Severity.info, task.path, dependency.span, message)
    for task, dependency, sought in issue_dependencies(tree):
        if sought.there is None:
            message = f"cannot tell whether there is {dependency.target}: {sought.why}"
            yield Diagnostic("undecided", Severity.info, task.path, dependency.span, message)
    yield from _labels(tree, tree.siblings)
    for reference, sought in tree.siblings.references.items():
        if sought.there is None:
            message = f"cannot tell whether there is {reference.repository}:{reference.shown}: {sought.why}"
            yield Diagnostic("undecided", Severity.info, reference.path, reference.span, message)


def _labels(tree: Tree, siblings: Siblings) -> Iterator[Diagnostic]:
    """The repositories whose labels no one could list, each at the first task of a project that is to be done there."""
    for project, _, _ in whole(tree) if siblings.unlisted else ():
        told = set[str]()
        for index, task, document in entries(tree, project):
            slug = project.slug(task) if task.repository in project.repositories else ""
            why = siblings.unlisted.get(slug.casefold())
            if why and slug not in told:
                told.add(slug)
                span = document.positions.value(("tasks", index, "id"))
                message = f"cannot tell what the labels in {slug} say: {why}"
                yield Diagnostic("undecided", Severity.info, document.path, span, message)


RULE = Rule(
    name="undecided",
    severity=Severity.info,
    wants="With --repositories or --online: what a dependency or reference names elsewhere can be looked at.",
    why="What could not be looked at is neither right nor wrong. The reason says what would let the check tell.",
    bad=new_project(after("'acme/design#12'")),
    good=new_project(after("")),
    find=find,
    beside={"README.md": "# Web\n"},
)
