"""Which rules a project is held to: those of Milestone 7, those of Milestones 1 to 6, or none."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from kerrigan.model.checks.source import START, Diagnostic, Document, Severity
from kerrigan.model.checks.tree import Tree
from kerrigan.model.project import Project

PASSED = frozenset({"duplicate-key", "half-character"})
"""What the validators of Milestones 1 to 6 did not see, in any file that they read."""

READ = frozenset({"architecture.md", "spec.md", "status.json", "tasks.md"})
"""What they read in every project; of the other files they asked no more than whether they were there."""

_MARK = re.compile(r"^kerrigan:[ \t]*7\b", re.MULTILINE)


def is_new(tree: Tree, project: Project) -> bool:
    """Whether a project is one of Milestone 7: it says a format, rightly or not, or would if its file were whole."""
    files = (tree.documents.get(f"{project.path}/{file}") for file in ("spec.md", "tasks.yml"))
    return project.format == 7 or any(_says_format(document) for document in files if document)


def is_old(tree: Tree, project: Project) -> bool:
    """Whether a project keeps its verdict of Milestones 1 to 6."""
    return not is_new(tree, project) and project.name not in tree.workspace_at(project.path).check.unchecked


def of_old(tree: Tree, file: str) -> Iterator[Document]:
    """The files of one name, in the projects that keep their verdict of Milestones 1 to 6."""
    for project in tree.projects:
        document = tree.documents.get(f"{project.path}/{file}")
        if document and is_old(tree, project):
            yield document


def is_broken(document: Document) -> bool:
    """Whether a document could not be parsed at all."""
    return document.data is None and bool(document.diagnostics)


def loaded(tree: Tree) -> Iterator[Diagnostic]:
    """What reading the files already found; what Milestones 1 to 6 let pass is a warning in their projects."""
    projects = {project.path: project for project in tree.projects}
    found = [*tree.problems, *(d for document in tree.documents.values() for d in document.diagnostics)]
    for diagnostic in found:
        folder, _, file = diagnostic.path.rpartition("/")
        project = projects.get(folder)
        if project is None or is_new(tree, project):
            yield diagnostic
        elif is_old(tree, project) and (file, diagnostic.code) != ("spec.md", "too-deep"):
            passed = diagnostic.code in PASSED or (file == "spec.md" and diagnostic.code != "unreadable")
            passed |= diagnostic.code == "unreadable" and not _was_read(tree, folder, file)
            yield replace(diagnostic, severity=Severity.warning) if passed else diagnostic
    for document in of_old(tree, "status.json"):
        if document.text.startswith("\ufeff"):
            message = "found a byte order mark, expected '{': those who read this file as JSON refuse it"
            hint = "save the file again as UTF-8 without it"
            yield Diagnostic("syntax", Severity.error, document.path, START, message, hint)


def statuses(tree: Tree) -> Iterator[tuple[Document, Mapping[str, object]]]:
    """The status.json of every project that is held to rules, with what it says."""
    for project in tree.projects:
        document = tree.documents.get(f"{project.path}/status.json")
        data = document.data if document else None
        if document and isinstance(data, dict) and (is_new(tree, project) or is_old(tree, project)):
            yield document, data


def _was_read(tree: Tree, folder: str, file: str) -> bool:
    """Whether those validators read a file of a project: all Markdown where the spec lists repositories."""
    from kerrigan.check.legacy.front_matter import repositories  # late: most trees ask for none of it

    spec = tree.documents.get(f"{folder}/spec.md")
    return file in READ or (spec is not None and bool(repositories(spec)))


def _says_format(document: Document) -> bool:
    if is_broken(document):
        return _MARK.search(document.text) is not None
    return isinstance(document.data, dict) and "kerrigan" in document.data
