"""What a tree names outside of itself, looked for where the question says: in a folder of clones, on the forge."""

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from os.path import relpath
from pathlib import Path

from kerrigan.apply.clones import Contents, Files, Found, clones, match
from kerrigan.apply.definitions import definitions
from kerrigan.apply.lookups import Lookups
from kerrigan.apply.origin import slug_here
from kerrigan.errors import KerriganError
from kerrigan.load.references import has_anchor, references
from kerrigan.model.project import DependencyKind, Project
from kerrigan.model.siblings import LONGEST, Reference, Siblings, Sought
from kerrigan.model.tree import Tree

OFFLINE = "issues and pull requests are in no clone; --online looks them up"


@dataclass(frozen=True, slots=True)
class Outside:
    """Where to look: in a folder of clones, on the forge, or both."""

    clones: Path | None = None
    lookups: Lookups | None = None

    def beside(self, tree: Tree, root: Path) -> Tree:
        """The tree below `root` with what was found. Raises UnreadableError where the folder cannot be read."""
        found = _in_clones(tree, root, self.clones) if self.clones else Siblings()
        targets = list(_issues(tree))
        issues = self.lookups.of(targets) if self.lookups else {target: _offline(target, found) for target in targets}
        return replace(tree, siblings=replace(found, issues=issues))


@dataclass(frozen=True, slots=True)
class _Matched:
    """Which clone stands for which repository, by slug in lower case; `absent` says why there is none."""

    places: Mapping[str, Contents]
    absent: Mapping[str, str]
    slugs: Mapping[Path, str]


def _issues(tree: Tree) -> Iterator[str]:
    tasks = (task for project in tree.projects for task in project.tasks.values())
    return (d.target for task in tasks for d in task.depends_on if d.kind is DependencyKind.issue)


def _offline(target: str, found: Siblings) -> Sought:
    return Sought(None, found.absent.get(target.partition("#")[0].casefold()) or OFFLINE)


def _in_clones(tree: Tree, root: Path, folder: Path) -> Siblings:
    own = slug_here(root)
    others = [one for one in clones(folder) if one.folder.resolve() != root.resolve() and one.origin != own.casefold()]
    named = [reference for project in tree.projects for reference in references(project, tree.documents)]
    wanted = {repository.slug for project in tree.projects for repository in project.repositories.values()}
    wanted |= {reference.repository for reference in named} | {target.partition("#")[0] for target in _issues(tree)}
    mine = {own.casefold(): Files(root), **_inside(tree, root)}
    matched = _match({slug for slug in wanted if slug.casefold() not in mine}, others, folder)
    places = {**mine, **matched.places}
    found = _projects(others, matched.slugs, root)
    sought = {r: _seek(r, places.get(r.repository.casefold()), matched.absent) for r in named}
    return replace(found, absent=matched.absent, references=sought)


def _inside(tree: Tree, root: Path) -> dict[str, Files]:
    """The repositories that stand inside of the tree and have projects, by slug in lower case."""
    return {
        project.home.casefold(): Files(root / inner)
        for inner in filter(None, tree.workspaces)
        for project in tree.projects
        if project.path.startswith(f"{inner}/")
    }


def _match(wanted: set[str], others: Sequence[Found], folder: Path) -> _Matched:
    places: dict[str, Contents] = {}
    absent: dict[str, str] = {}
    slugs: dict[Path, str] = {}
    for slug in sorted(wanted):
        one = match(others, slug)
        if isinstance(one, str):
            absent[slug.casefold()] = f"{slug} is not in the folder {folder}" + (f": {one}" if one else "")
        elif isinstance(one.contents, str):
            absent[slug.casefold()] = one.contents
        else:
            places[slug.casefold()] = one.contents
            slugs[one.folder] = slug
    return _Matched(places, absent, slugs)


def _projects(others: Sequence[Found], slugs: Mapping[Path, str], root: Path) -> Siblings:
    """The projects of these clones, the first of a name."""
    projects: dict[str, Project] = {}
    unread: dict[str, str] = {}
    broken = []
    for one in others:
        if isinstance(one.contents, str):
            broken.append(one.contents)
            continue
        slug = slugs.get(one.folder) or one.origin or f"local/{one.name}"
        try:
            known, unknown = definitions(one.contents, slug)
        except (KerriganError, OSError, RuntimeError, ValueError) as error:
            broken.append(_why(one.folder, error))
            continue
        unread = {**unknown, **unread}
        for project in known:
            projects.setdefault(project.name, _seen_from(root, one.folder, project))
    return Siblings(
        tuple(projects.values()), {n: why for n, why in unread.items() if n not in projects}, {}, tuple(broken)
    )


def _seen_from(root: Path, folder: Path, project: Project) -> Project:
    """A project with paths that lead to it from `root`: `../web/specs/...`."""
    way = Path(relpath(folder.resolve(), root.resolve())).as_posix()
    tasks = {name: replace(task, path=f"{way}/{task.path}") for name, task in project.tasks.items()}
    return replace(project, path=f"{way}/{project.path}", tasks=tasks)


def _seek(reference: Reference, contents: Contents | None, absent: Mapping[str, str]) -> Sought:
    slug, file = reference.repository, reference.shown
    if contents is None:
        return Sought(None, absent[slug.casefold()])
    path = posixpath.normpath(reference.file)
    if path == ".." or path.startswith("../"):
        return Sought(False, f"{file} leads out of {slug}")
    try:
        kind = contents.kind(path)
        if kind == "outside":
            return Sought(None, f"{file} is a link that leads out of {slug}")
        if not kind:
            return Sought(False, f"{slug} has no {file}")
        if kind == "file" and reference.anchor and path.endswith(".md"):
            return _seek_heading(reference, path, contents)
    except (KerriganError, OSError, RuntimeError, ValueError) as error:
        return Sought(None, _why(file, error))
    return Sought(True)


def _seek_heading(reference: Reference, path: str, contents: Contents) -> Sought:
    texts, problems = contents.read([path])
    if path not in texts:
        why = problems[0].message if problems else "a check does not look into its folder"
        return Sought(None, f"{reference.shown} of {reference.repository}: {why}")
    if has_anchor(texts[path], reference.anchor):
        return Sought(True)
    return Sought(False, f"{reference.shown} of {reference.repository} has no heading '#{reference.anchor[:LONGEST]}'")


def _why(what: object, error: Exception) -> str:
    """Why something cannot be read."""
    if isinstance(error, KerriganError):
        return error.message
    return f"{what} cannot be read: {getattr(error, 'strerror', None) or error}"
