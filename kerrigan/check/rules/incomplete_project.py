"""What a Milestone 7 project consists of: a spec that says something, and tasks."""

import re
from collections.abc import Iterator

from kerrigan.check.examples import new_project
from kerrigan.model.checks.rule import Rule
from kerrigan.model.checks.source import START, Diagnostic, Severity
from kerrigan.model.checks.tree import Tree
from kerrigan.model.project import Project

_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+\S", re.MULTILINE)


def find(tree: Tree) -> Iterator[Diagnostic]:
    """Missing files, and a spec without a heading or a sentence."""
    unreadable = {problem.path for problem in tree.problems}
    for project in tree.projects:
        if project.format == 7:
            yield from _project(tree, project, unreadable)


def _project(tree: Tree, project: Project, unreadable: set[str]) -> Iterator[Diagnostic]:
    spec, tasks = f"{project.path}/spec.md", f"{project.path}/tasks.yml"
    if spec in tree.documents:
        yield from _spec(spec, project, tree.documents[spec].text)
    elif spec not in unreadable:
        yield _missing(tasks, f"project '{project.name}' has no spec.md", "write spec.md: a heading and a sentence")
    if tasks not in tree.documents and tasks not in unreadable:
        hint = "write tasks.yml: 'kerrigan: 7' and 'tasks:'"
        yield _missing(spec, f"project '{project.name}' has no tasks.yml", hint)


def _spec(path: str, project: Project, text: str) -> Iterator[Diagnostic]:
    body = text.split("\n---", 1)[-1] if text.startswith("---") else text
    if not project.title and not _HEADING.search(body):
        title = project.name.replace("-", " ").capitalize()
        yield _missing(path, "the spec has no heading", f"write '# {title}' and what it is for")
    elif not any(line.strip() and not line.lstrip().startswith(("#", "---", "<!--")) for line in body.splitlines()):
        yield _missing(path, "the spec has no sentence below its heading", "say what the project is for")


def _missing(path: str, message: str, hint: str) -> Diagnostic:
    return Diagnostic("incomplete-project", Severity.error, path, START, message, hint)


RULE = Rule(
    name="incomplete-project",
    severity=Severity.error,
    wants="A project has a spec.md with a heading and a sentence, and a tasks.yml.",
    why="Agents read the spec before they begin: one that says nothing makes them guess.",
    bad=new_project(spec="---\nkerrigan: 7\n---\n# Todo\n"),
    good=new_project(),
    find=find,
)
