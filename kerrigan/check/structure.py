"""What a Milestone 7 project consists of: a spec that says something, and tasks."""

from collections.abc import Iterator

from kerrigan.model.project import Project
from kerrigan.model.source import START, Diagnostic, Severity
from kerrigan.model.tree import Tree


def check(tree: Tree) -> Iterator[Diagnostic]:
    """Missing files, and a spec without a heading or a sentence."""
    for project in tree.projects:
        if project.format == 7:
            yield from _files(tree, project)


def _files(tree: Tree, project: Project) -> Iterator[Diagnostic]:
    spec, tasks = f"{project.path}/spec.md", f"{project.path}/tasks.yml"
    if spec not in tree.documents:
        yield _missing(tasks, f"project '{project.name}' has no spec.md", "write spec.md: a heading and a sentence")
    elif not project.title:
        yield _missing(spec, "the spec has no heading", f"write '# {project.name.title()}' and what it is for")
    elif not _has_sentence(tree.documents[spec].text):
        yield _missing(spec, "the spec has no sentence below its heading", "say what the project is for")
    if tasks not in tree.documents and not any(problem.path == tasks for problem in tree.problems):
        yield _missing(
            spec, f"project '{project.name}' has no tasks.yml", "write tasks.yml: 'kerrigan: 7' and 'tasks:'"
        )


def _has_sentence(text: str) -> bool:
    body = text.split("\n---", 1)[-1] if text.startswith("---") else text
    return any(line.strip() and not line.lstrip().startswith(("#", "---", "<!--")) for line in body.splitlines())


def _missing(path: str, message: str, hint: str) -> Diagnostic:
    return Diagnostic("incomplete-project", Severity.error, path, START, message, hint)
