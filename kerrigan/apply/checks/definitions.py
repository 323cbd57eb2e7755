"""The projects that another repository holds: their specs and tasks alone, from its own root."""

from collections.abc import Mapping, Sequence

from kerrigan.apply.checks.clones import Contents
from kerrigan.check.legacy.generation import is_broken, is_new
from kerrigan.load.documents import parse_yaml
from kerrigan.load.project import SPEC, TASKS
from kerrigan.load.tree import CONFIG, load_tree
from kerrigan.load.workspace import workspace
from kerrigan.model.checks.source import Diagnostic
from kerrigan.model.checks.tree import Tree
from kerrigan.model.project import Project


def definitions(contents: Contents, slug: str) -> tuple[Sequence[Project], Mapping[str, str]]:
    """The projects of Milestone 7 in a repository, and why the tasks of some are not known, by the project's name.

    Raises OSError, RuntimeError or UndecidedError where the repository cannot be read.
    """
    config = contents.read([CONFIG])[0] if contents.kind(CONFIG) == "file" else {}
    folder = workspace(parse_yaml(CONFIG, config[CONFIG]) if config else None).projects
    files = (f"{folder}/{name}/{file}" for name in contents.folders(folder) for file in (SPEC, TASKS))
    texts, problems = contents.read([path for path in files if contents.kind(path)])
    tree = load_tree(config | texts, slug, problems)
    unread = {problem.path.split("/")[-2]: _said(slug, problem) for problem in problems}
    known = []
    for project in (project for project in tree.projects if is_new(tree, project)):
        why = unread.get(project.name) or _broken(tree, project, slug)
        if why:
            unread[project.name] = why
        else:
            known.append(project)
    return known, unread


def _broken(tree: Tree, project: Project, slug: str) -> str:
    path = f"{project.path}/{TASKS}"
    document = tree.documents.get(path)
    if document is None:
        return f"{slug} has no {path}"
    return _said(slug, document.diagnostics[0]) if is_broken(document) else ""


def _said(slug: str, problem: Diagnostic) -> str:
    return f"{problem.path} of {slug} cannot be read: {problem.message}"
