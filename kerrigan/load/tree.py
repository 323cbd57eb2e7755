"""Texts by path to a tree: which repositories stand there side by side, and which projects each one holds."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from kerrigan.load.documents import headings, parse_any, parse_yaml
from kerrigan.load.markdown import prose
from kerrigan.load.project import PARSERS, STATUS, project
from kerrigan.load.workspace import UNREADABLE, workspace
from kerrigan.model.checks.checking import Ignore
from kerrigan.model.checks.siblings import Siblings
from kerrigan.model.checks.source import START, Diagnostic, Document, NoPlaces, Severity, plain
from kerrigan.model.checks.tree import Line, Tree
from kerrigan.model.project import Brake, Project, Workspace

CONFIG = ".github/kerrigan.yml"
MISNAMED = ".github/kerrigan.yaml"
"""What is taken for the workspace file, and is not: it is looked at to say so."""
CONSTITUTION = "specs/constitution.md"
USUAL = Workspace().projects
_HIDDEN = re.compile(r"(?:^|/)\.(?!github/)")


class Place(NamedTuple):
    """A file of a project: the folders of its repository ("" for the root) and of the project, and its name."""

    root: str
    folder: str
    file: str


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the repositories of a tree keep their projects. `workspaces` are those that say it, by folder."""

    workspaces: Mapping[str, Workspace]

    def place(self, path: str) -> Place | None:
        """The project that a path belongs to; None for a file that no project reads."""
        folder, _, file = path.rpartition("/")
        holder, _, name = folder.rpartition("/")
        root = self._root(holder)
        if root is None or not name or name.startswith((".", "_")):
            return None
        return Place(root, folder, file) if file in PARSERS or file.endswith(".md") else None

    def reads(self, path: str) -> bool:
        """Whether a tree of this layout is made of this file, among others."""
        is_named = any(_is_below(path, end) for end in (CONFIG, MISNAMED, CONSTITUTION))
        return is_named or self.place(path) is not None or self.owner(path) is not None

    @property
    def folders(self) -> tuple[str, ...]:
        """The folders that projects are kept in, of the repositories that say it."""
        return tuple(_inside(root, space) for root, space in self.workspaces.items())

    def holders(self, read: Iterable[str]) -> frozenset[str]:
        """The folders that projects are kept in: those above, the usual one, and those of files that were read."""
        places = (place for path in read if (place := self.place(path)))
        own = () if "" in self.workspaces else (USUAL,)
        return frozenset((*self.folders, *own, *(place.folder.rpartition("/")[0] for place in places)))

    def hollow(self, folders: Iterable[str], read: Collection[str]) -> Iterator[Diagnostic]:
        """A finding for each of these folders that has a project's place, and none of the files of one among `read`."""
        used = {path.rpartition("/")[0] for path in read if self.place(path)}
        holders = self.holders(read)
        for folder in sorted(set(folders) - used):
            holder, _, name = folder.rpartition("/")
            space = self.workspaces.get(self._root(holder) or "", Workspace())
            is_left_out = name.startswith((".", "_")) or name in space.check.unchecked or space.home is not None
            if holder in holders and not is_left_out:
                message = f"the folder of the project '{name}' holds none of its files"
                hint = f"write {folder}/spec.md and tasks.yml, or take the folder out"
                yield Diagnostic("missing-file", Severity.error, folder, START, message, hint)

    def owner(self, path: str) -> str | None:
        """The folder of the repository that reads a file as its team's own artifact, or as the schema of one."""
        own = {root: space for root, space in self.workspaces.items() if space.check.artifacts}
        if not own:
            return None
        from kerrigan.model.checks.artifacts import inside, own_artifacts

        for root, space in own.items():
            is_schema = inside(root, path) in [artifact.schema for artifact in space.check.artifacts]
            if is_schema or own_artifacts({root: space}, path):
                return root
        return None

    def _root(self, holder: str) -> str | None:
        for root, space in self.workspaces.items():
            if holder == _inside(root, space):
                return root
        root = _above(holder, USUAL)
        return root if _is_below(holder, USUAL) and root not in self.workspaces else None


def layout(texts: Mapping[str, str]) -> Layout:
    """The layout that the workspace files among these texts make."""
    return _layout(_configs(texts))


def load_tree(texts: Mapping[str, str], home: str, problems: Iterable[Diagnostic] = ()) -> Tree:
    """The tree of these texts. `home` is the slug of the repository at its root; `problems` are unreadable files."""
    configs = _configs(texts)
    places = _layout(configs)
    documents = {document.path: document for document in configs.values()}
    workspaces = dict(places.workspaces)
    folders: dict[tuple[str, str], dict[str, Document]] = {}
    for path in _visible(texts):
        place = places.place(path)
        if place and place.file in PARSERS:
            documents[path] = PARSERS[place.file](path, texts[path])
        elif path not in documents and places.owner(path) is not None:
            documents[path] = parse_any(path, texts[path])
        elif place or _is_below(path, CONSTITUTION) or _is_below(path, MISNAMED):
            documents[path] = Document(path, texts[path], None, NoPlaces())
        if place:
            folders.setdefault((place.root, place.folder), {})[place.file] = documents[path]
            workspaces.setdefault(place.root, Workspace())
    projects = tuple(
        project(folder.rpartition("/")[2], folder, files, _slug(root, workspaces[root], home))
        for (root, folder), files in folders.items()
    )
    return Tree(
        documents,
        workspaces,
        projects,
        tuple(problems),
        _ignores(documents),
        _headings(workspaces, documents),
        _outlines(workspaces, documents),
        dict(_prose(projects, documents)),
    )


def project_tree(folder: str, home: str, texts: Mapping[str, str], problems: Iterable[Diagnostic]) -> Tree:
    """The tree of one project and kerrigan.yml, as texts by path; `problems` are those files that are no text.

    It has this project even where none of its files can be read. Nothing is said of other projects.
    """
    unread = tuple(problems)
    paths = {problem.path for problem in unread}
    parsers = {CONFIG: parse_yaml} | {f"{folder}/{file}": parse for file, parse in PARSERS.items()}
    documents = {path: parse(path, texts[path]) for path, parse in parsers.items() if path in texts}
    files = {file: documents[path] for file in PARSERS if (path := f"{folder}/{file}") in documents}
    found = project(folder.rpartition("/")[2], folder, files, home)
    if f"{folder}/{STATUS}" in paths:
        found = replace(found, brake=Brake("unreadable"))
    space = UNREADABLE if CONFIG in paths else workspace(documents.get(CONFIG))
    elsewhere = Siblings(broken=("other projects are not looked into",))
    return Tree(documents, {"": space}, (found,), unread, _ignores(documents), siblings=elsewhere)


def _ignores(documents: Mapping[str, Document]) -> dict[str, tuple[Ignore, ...]]:
    marked = {path: document for path, document in documents.items() if "ignore[" in document.text}
    if not marked:
        return {}
    from kerrigan.load.ignores import ignores

    return {path: found for path, document in marked.items() if (found := ignores(document))}


def _prose(projects: Iterable[Project], documents: Mapping[str, Document]) -> Iterator[tuple[str, tuple[Line, ...]]]:
    """The Markdown of projects that say no format: rules look into it that schemas know nothing of."""
    folders = {project.path for project in projects if project.format != 7}
    for path, document in documents.items():
        if path.endswith(".md") and path.rpartition("/")[0] in folders:
            yield path, tuple(prose(plain(document.text)))


def _headings(
    workspaces: Mapping[str, Workspace], documents: Mapping[str, Document]
) -> dict[str, tuple[tuple[int, str, int], ...]]:
    own = {root: space for root, space in workspaces.items() if space.check.artifacts}
    if not own:
        return {}
    from kerrigan.model.checks.artifacts import own_artifacts

    pages = (path for path in documents if path.endswith(".md"))
    wanting = (path for path in pages if any(artifact.headings for _, artifact in own_artifacts(own, path)))
    return {path: headings(documents[path].text) for path in wanting}


def _outlines(workspaces: Mapping[str, Workspace], documents: Mapping[str, Document]) -> dict[str, Document]:
    if not any(artifact.outline for space in workspaces.values() for artifact in space.check.artifacts):
        return {}
    from kerrigan.load.outline import outline
    from kerrigan.model.checks.artifacts import own_artifacts

    pages = (path for path in documents if path.endswith(".md"))
    wanting = (path for path in pages if any(artifact.outline for _, artifact in own_artifacts(workspaces, path)))
    return {path: outline(documents[path]) for path in wanting}


def _configs(texts: Mapping[str, str]) -> dict[str, Document]:
    paths = (path for path in _visible(texts) if _is_below(path, CONFIG))
    return {_above(path, CONFIG): parse_yaml(path, texts[path]) for path in paths}


def _layout(configs: Mapping[str, Document]) -> Layout:
    return Layout({root: workspace(document) for root, document in configs.items()})


def _visible(paths: Iterable[str]) -> list[str]:
    return sorted(path for path in paths if not _HIDDEN.search(path))


def _inside(root: str, space: Workspace) -> str:
    return f"{root}/{space.projects}" if root else space.projects


def _slug(root: str, space: Workspace, home: str) -> str:
    if space.home:
        return space.home
    return f"local/{root.rpartition('/')[2]}" if root else home


def _is_below(path: str, end: str) -> bool:
    return path == end or path.endswith(f"/{end}")


def _above(path: str, end: str) -> str:
    return path.removesuffix(end).removesuffix("/")
