"""A repository that the spec does not list."""

from collections.abc import Iterator

from kerrigan.check.examples import new_project
from kerrigan.check.references import entries
from kerrigan.check.suggestion import did_you_mean, listed
from kerrigan.model.checks.rule import Rule
from kerrigan.model.checks.source import Diagnostic, Place, Severity
from kerrigan.model.checks.tree import Tree
from kerrigan.model.project import Dependency, DependencyKind, Project

_SPEC = """\
---
kerrigan: 7
repositories:
  - {name: api, url: https://github.com/acme/todo-api}
---
# Todo

A list that people share.
"""
_ENTRY = "repositories: [{{name: {0}, url: https://github.com/OWNER/{0}}}]"
_TASKS = "kerrigan: 7\ntasks:\n  - {{id: contract, title: Agree it, role: architect, repository: {}}}\n"


def find(tree: Tree) -> Iterator[Diagnostic]:
    """A task in a repository, or a dependency `name:#12` on one, that the spec does not list."""
    for project in tree.projects:
        known = project.repositories
        listed = f"{project.path}/spec.md lists {_listed(project)}"
        seen: set[str] = set()
        for index, task, document in entries(tree, project):
            if task.id in seen:
                continue  # the task is that of the first entry of its id
            seen.add(task.id)
            place = Place(document.positions, ("tasks", index, "repository"))
            wrong = [] if task.repository in known else [(task.repository, place)]
            wrong += [(name, dependency.place) for dependency in task.depends_on if (name := _unlisted(dependency))]
            for name, where in wrong:
                message = f"unknown repository '{name}'; {listed}"
                hint = did_you_mean(name, known) or f"list it there: {_ENTRY.format(name[:80])}"
                yield Diagnostic("unknown-repository", Severity.error, task.path, where.span, message, hint)


def _listed(project: Project) -> str:
    names = listed(project.repositories)
    # The one that holds the project is known without being listed.
    is_alone = all(repository.slug == project.home for repository in project.repositories.values())
    return f"no repository besides this one, {names}" if is_alone else names


def _unlisted(dependency: Dependency) -> str | None:
    # What no one can read is loaded as external; of these only `name:#12` is right in form.
    if dependency.kind is not DependencyKind.external or dependency.text.startswith("external:"):
        return None
    name, colon, number = dependency.text.partition(":#")
    return name if colon and number.isdigit() and "/" not in name else None


RULE = Rule(
    name="unknown-repository",
    severity=Severity.error,
    wants="The repository of a task, and of a dependency `name:#12`, is one that the spec lists.",
    why="Kerrigan would not know where the work belongs, nor whom to wake when it is ready.",
    bad=new_project(_TASKS.format("ap"), _SPEC),
    good=new_project(_TASKS.format("api"), _SPEC),
    find=find,
)
