"""Texts by path to a tree: which repositories stand there side by side, and which projects each one holds."""

import re
from collections.abc import Iterable, Mapping

from kerrigan.load.documents import parse_yaml
from kerrigan.load.project import PARSERS, project, workspace
from kerrigan.model.project import Project, Workspace
from kerrigan.model.source import Diagnostic, Document, Nowhere
from kerrigan.model.tree import Tree

CONFIG = ".github/kerrigan.yml"
_HIDDEN = re.compile(r"(?:^|/)\.(?!github/)")
_Place = tuple[str, str]
"""A project's repository folder and its own folder."""


def load_tree(texts: Mapping[str, str], home: str, problems: Iterable[Diagnostic] = ()) -> Tree:
    """The tree of these texts. `home` is the slug of the repository at its root; `problems` are unreadable files."""
    paths = sorted(path for path in texts if not _HIDDEN.search(path))
    configs = {_above(path, CONFIG): parse_yaml(path, texts[path]) for path in paths if _is_below(path, CONFIG)}
    workspaces = {root: workspace(document) for root, document in configs.items()}
    folders = _projects(paths, workspaces)
    for root, _ in folders:
        workspaces.setdefault(root, Workspace())
    documents = {document.path: document for document in configs.values()}
    projects = []
    for (root, folder), files in folders.items():
        parsed = {file: _parse(f"{folder}/{file}", file, texts[f"{folder}/{file}"]) for file in files}
        documents |= {document.path: document for document in parsed.values()}
        projects.append(_project(folder, parsed, _slug(root, workspaces[root], home)))
    return Tree(documents, workspaces, tuple(projects), tuple(problems))


def _projects(paths: Iterable[str], workspaces: Mapping[str, Workspace]) -> dict[_Place, list[str]]:
    found: dict[_Place, list[str]] = {}
    places = {root: space.projects for root, space in workspaces.items()}
    for path in paths:
        folder, _, file = path.rpartition("/")
        above, _, name = folder.rpartition("/")
        if name and name[0] not in "._" and _is_read(file):
            root = next((root for root, projects in places.items() if above == _join(root, projects)), None)
            if root is None and _is_below(above, Workspace().projects):
                root = _above(above, Workspace().projects)
                root = None if root in places else root
            if root is not None:
                found.setdefault((root, folder), []).append(file)
    return found


def _is_read(file: str) -> bool:
    return file in PARSERS or file.endswith(".md")


def _parse(path: str, file: str, text: str) -> Document:
    return PARSERS[file](path, text) if file in PARSERS else Document(path, text, None, Nowhere())


def _project(folder: str, documents: Mapping[str, Document], home: str) -> Project:
    return project(folder.rpartition("/")[2], folder, documents, home)


def _slug(root: str, space: Workspace, home: str) -> str:
    if space.home:
        return space.home
    return f"local/{root.rpartition('/')[2]}" if root else home


def _join(root: str, path: str) -> str:
    return f"{root}/{path}" if root else path


def _is_below(path: str, end: str) -> bool:
    return path == end or path.endswith(f"/{end}")


def _above(path: str, end: str) -> str:
    return path.removesuffix(end).removesuffix("/")
