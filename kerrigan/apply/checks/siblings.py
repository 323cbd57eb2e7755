"""What a tree names outside of itself, looked for where the question says: in a folder of clones, on the forge."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from os.path import relpath
from pathlib import Path

from kerrigan.apply.checks.clones import Contents, Files, Found, clones, is_repository, match
from kerrigan.apply.checks.definitions import definitions
from kerrigan.apply.checks.forge_lookups import ForgeLookups
from kerrigan.apply.checks.labels import labels
from kerrigan.apply.checks.resolve import resolve, unreadable
from kerrigan.apply.state.origin import slug_here
from kerrigan.errors import KerriganError, UsageError
from kerrigan.load.references import references
from kerrigan.model.checks.siblings import Reference, Resolution, Siblings
from kerrigan.model.checks.tree import Tree
from kerrigan.model.project import DependencyKind, Project

OFFLINE = "issues and pull requests are in no clone; --online looks them up"


@dataclass(frozen=True, slots=True)
class _Near:
    """What is at hand: the files of repositories, by slug in lower case, and what was found in clones."""

    places: Mapping[str, Contents]
    found: Siblings


@dataclass(frozen=True, slots=True)
class OtherRepositories:
    """Where to look: in a folder of clones, on the forge, or both."""

    clones: Path | None = None
    lookups: ForgeLookups | None = None

    def beside(self, tree: Tree, root: Path) -> Tree:
        """The tree below `root` with what was found.

        Raises UnreadableError where the folder of clones cannot be read, and UsageError where no clone is in it.
        """
        named = [reference for project in tree.projects for reference in references(project, tree.documents)]
        targets = list(dict.fromkeys(_issues(tree)))
        own = {slug_here(root).casefold(): Files(root), **_inside(tree, root)}
        near = _in_clones(tree, root, self.clones, own, named) if self.clones else _Near(own, Siblings())
        if self.lookups:
            found = _on_forge(tree, self.lookups, near, named, targets)
            shown, unlisted = labels(tree, self.lookups, slug_here(root))
            return replace(tree, siblings=replace(found, shown=shown, unlisted=unlisted))
        issues = {target: Resolution(None, OFFLINE) for target in targets}
        return replace(tree, siblings=replace(near.found, issues=issues, references=_at_hand(near, named)))


def _on_forge(
    tree: Tree, lookups: ForgeLookups, near: _Near, named: Iterable[Reference], targets: Iterable[str]
) -> Siblings:
    """What was found in clones, and on the forge what is in none."""
    issues = lookups.of(targets)
    found = _known_there(tree, lookups, near)
    at_hand = [reference for reference in named if reference.repository.casefold() in near.places]
    elsewhere = [reference for reference in named if reference.repository.casefold() not in near.places]
    places = {reference: lookups.place(reference) for reference in elsewhere}
    lookups.save()
    return replace(found, issues=issues, references={**_at_hand(near, at_hand), **places})


def _known_there(tree: Tree, lookups: ForgeLookups, near: _Near) -> Siblings:
    """The projects of repositories that may have one that a task waits for, and no one here knows."""
    known = {project.name for project in (*tree.projects, *near.found.projects)}
    projects, absent, unread = list(near.found.projects), dict(near.found.absent), dict(near.found.unread)
    waiting = [p for p in tree.projects if not {_project(target) for target in _tasks(p)} <= known]
    slugs = {r.slug.casefold(): r.slug for p in waiting for r in p.repositories.values()}
    for slug in (slug for key, slug in sorted(slugs.items()) if key not in near.places):
        contents = lookups.contents(slug)
        absent.pop(slug.casefold(), None)
        if isinstance(contents, str):
            absent[slug.casefold()] = contents
            continue
        try:
            fresh, unknown = definitions(contents, slug)
        except (KerriganError, ValueError) as error:
            absent[slug.casefold()] = unreadable(slug, error)
            continue
        unread = {**unknown, **unread}
        projects += (_seen_as(f"{slug}:", project) for project in fresh if project.name not in known)
    return replace(near.found, projects=tuple(projects), absent=absent, unread=unread)


def _tasks(project: Project) -> Iterator[str]:
    dependencies = (d for task in project.tasks.values() for d in task.depends_on)
    return (d.target for d in dependencies if d.kind is DependencyKind.task)


def _project(target: str) -> str:
    return target.partition("/")[0]


def _at_hand(near: _Near, named: Iterable[Reference]) -> dict[Reference, Resolution]:
    """What there is of references in files that are at hand."""
    found = {}
    for reference in named:
        contents = near.places.get(reference.repository.casefold())
        why = near.found.absent.get(reference.repository.casefold(), "")
        found[reference] = resolve(reference, contents) if contents else Resolution(None, why)
    return found


def _issues(tree: Tree) -> Iterator[str]:
    tasks = (task for project in tree.projects for task in project.tasks.values())
    return (d.target for task in tasks for d in task.depends_on if d.kind is DependencyKind.issue)


@dataclass(frozen=True, slots=True)
class _Matched:
    """Which clone stands for which repository, by slug in lower case; `absent` says why there is none."""

    places: Mapping[str, Contents]
    absent: Mapping[str, str]
    slugs: Mapping[Path, str]


def _in_clones(tree: Tree, root: Path, folder: Path, own: Mapping[str, Contents], named: Iterable[Reference]) -> _Near:
    here = slug_here(root).casefold()
    there = clones(folder)
    if not there:
        raise _no_clone(folder)
    others = [one for one in there if one.folder.resolve() != root.resolve() and one.origin != here]
    wanted = {repository.slug for project in tree.projects for repository in project.repositories.values()}
    wanted |= {reference.repository for reference in named}
    matched = _match({slug for slug in wanted if slug.casefold() not in own}, others, folder)
    found = replace(_projects(others, matched.slugs, root), absent=matched.absent)
    return _Near({**own, **matched.places}, found)


def _no_clone(folder: Path) -> UsageError:
    is_clone = is_repository(folder)
    return UsageError(
        f"no clone is in {folder}" + (", which is a repository itself" if is_clone else ""),
        kind="no-clone",
        next_step=f"name the folder that your clones are in{': the one above it' if is_clone else ''}",
    )


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
            broken.append(unreadable(one.folder, error))
            continue
        unread = {**unknown, **unread}
        for project in known:
            way = Path(relpath(one.folder.resolve(), root.resolve())).as_posix()
            projects.setdefault(project.name, _seen_as(f"{way}/", project))
    return Siblings(
        tuple(projects.values()), {n: why for n, why in unread.items() if n not in projects}, {}, tuple(broken)
    )


def _seen_as(way: str, project: Project) -> Project:
    """A project with paths that begin so: `../web/specs/...` in a clone, `acme/web:specs/...` on the forge."""
    tasks = {name: replace(task, path=f"{way}{task.path}") for name, task in project.tasks.items()}
    return replace(project, path=f"{way}{project.path}", tasks=tasks)
