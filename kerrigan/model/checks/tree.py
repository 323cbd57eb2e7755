"""A tree of files as Kerrigan reads it: documents, and the workspaces and projects they define."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kerrigan.model.checks.checking import Ignore
from kerrigan.model.checks.source import Diagnostic, Document
from kerrigan.model.project import Project, Workspace

if TYPE_CHECKING:  # most trees are read without: start-up is a feature
    from kerrigan.model.checks.siblings import Siblings
    from kerrigan.model.state import State

Line = tuple[int, str]
"""A line of a text and its number, from 1."""


@dataclass(frozen=True, slots=True)
class Tree:
    """`documents` by path relative to the tree; `workspaces` by the folder of the repository ("" for the root).

    A tree may hold several repositories side by side; project names are unique over all of them.
    `problems` are files that could not be read as text at all. `ignores` are the comments that silence a rule, by path;
    `headings` those of a team's own Markdown files that need some, as (level, title, line), by path; `outlines` those
    that have to fit a schema that Kerrigan ships, each as a document whose data is its outline, by path;
    `prose` is the text of Markdown files of projects that say no format, without front matter, fences and comments.
    `states` are the journals of projects by their names, where the question is about them too; `siblings` is what was
    found outside of the tree, None where no one asked.
    """

    documents: Mapping[str, Document]
    workspaces: Mapping[str, Workspace] = field(default_factory=dict)
    projects: tuple[Project, ...] = ()
    problems: tuple[Diagnostic, ...] = ()
    ignores: Mapping[str, tuple[Ignore, ...]] = field(default_factory=dict)
    headings: Mapping[str, tuple[tuple[int, str, int], ...]] = field(default_factory=dict)
    outlines: Mapping[str, Document] = field(default_factory=dict)
    prose: Mapping[str, tuple[Line, ...]] = field(default_factory=dict)
    states: Mapping[str, "State"] = field(default_factory=dict)
    siblings: "Siblings | None" = None

    def root_of(self, path: str) -> str | None:
        """The folder of the nearest repository that a path lies in; None where no workspace is above it."""
        above = (root for root in self.workspaces if not root or path.startswith(f"{root}/"))
        return max(above, key=len, default=None)

    def workspace_at(self, path: str) -> Workspace:
        """The workspace of that repository; the defaults where there is none."""
        root = self.root_of(path)
        return Workspace() if root is None else self.workspaces[root]


class Lines:
    """The lines of a tree's documents, each document split once."""

    def __init__(self, tree: Tree) -> None:
        self._documents = tree.documents
        self._split: dict[str, list[str]] = {}

    def of(self, path: str) -> list[str]:
        """Every line of a document, without line ends; none where there is no such document."""
        if path not in self._split:
            document = self._documents.get(path)
            self._split[path] = [line.removesuffix("\r") for line in document.text.split("\n")] if document else []
        return self._split[path]

    def at(self, found: Diagnostic) -> str:
        """The line that a finding begins on; empty where there is none."""
        lines = self.of(found.path)
        return lines[found.span.line - 1] if found.span.line <= len(lines) else ""
