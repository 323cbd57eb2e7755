"""A project as its files on the default branch define it, with everything that is wrong in them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from kerrigan.files import decoded, parted
from kerrigan.load.project import SPEC, STATUS, TASKS
from kerrigan.load.tree import CONFIG, project_tree
from kerrigan.model.checks.source import START, Diagnostic, Severity
from kerrigan.model.project import Project, Workspace

Files = Mapping[str, bytes | str]
"""Files by path: the bytes of each, or in words what stands there instead of a file."""


@dataclass(frozen=True, slots=True)
class Definition:
    """What people wrote about one project: the project itself, and the rules of its home."""

    project: Project
    workspace: Workspace


def wanted(projects: str, name: str) -> tuple[str, ...]:
    """The paths that define a project in the folder of projects."""
    return (CONFIG, *(f"{projects}/{name}/{file}" for file in (SPEC, TASKS, STATUS)))


def definition(folder: str, home: str, branch: str, files: Files) -> Definition:
    """The definition that these files make. `branch` says in messages where they are: `on origin/main`.

    Never raises: what cannot be read is a problem of the project or of a task, and the strictest value counts.
    """
    return _definition(folder, home, branch, tuple(sorted(files.items())))


@lru_cache(maxsize=64)  # a lost race decides again, mostly on the same files
def _definition(folder: str, home: str, branch: str, files: tuple[tuple[str, bytes | str], ...]) -> Definition:
    from kerrigan.apply.schemas import schemas
    from kerrigan.check.definition import with_problems

    texts, problems = parted((path, _text(path, content)) for path, content in files)
    tree = project_tree(folder, home, texts, problems)
    project = with_problems(tree, tree.projects[0], schemas(), branch)
    of_rules = tuple(problem for problem in project.problems if problem.place.startswith(f"{CONFIG}:"))
    return Definition(project, replace(tree.workspaces[""], problems=of_rules))


def _text(path: str, content: bytes | str) -> str | Diagnostic:
    if isinstance(content, bytes):
        return decoded(path, content)
    return Diagnostic("unreadable", Severity.error, path, START, f"found {content}, expected a text file")
