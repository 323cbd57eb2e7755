"""A tree of files as Kerrigan reads it: documents, and the workspaces and projects they define."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kerrigan.model.project import Project, Workspace
from kerrigan.model.source import Diagnostic, Document


@dataclass(frozen=True, slots=True)
class Tree:
    """`documents` by path relative to the tree; `workspaces` by the folder of the repository ("" for the root).

    A tree may hold several repositories side by side; project names are unique over all of them.
    `problems` are files that could not be read as text at all.
    """

    documents: Mapping[str, Document]
    workspaces: Mapping[str, Workspace] = field(default_factory=dict)
    projects: tuple[Project, ...] = ()
    problems: tuple[Diagnostic, ...] = ()
