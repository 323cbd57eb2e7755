"""A folder to a checked tree."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from kerrigan import __version__
from kerrigan.apply.schemas import schemas
from kerrigan.apply.state.origin import slug_here
from kerrigan.apply.state.root import repository_root
from kerrigan.check import run
from kerrigan.errors import UsageError
from kerrigan.files import Wanted, read_tree
from kerrigan.load.tree import CONFIG, CONSTITUTION, MISNAMED, Layout, layout, load_tree
from kerrigan.model.checks.source import Diagnostic
from kerrigan.model.checks.tree import Tree
from kerrigan.report.findings.diagnostics import Checked

if TYPE_CHECKING:
    from kerrigan.model.state import State

Key = TypeVar("Key")
"""What makes a finding the same in two trees."""

Beside = Callable[[Tree, Path], Tree]
"""What adds something to the tree below a folder."""


def load_here(root: Path) -> Tree:
    """The tree below a folder, as its files are now.

    A repository is its own files, and repositories that stand inside of it: what else looks like a project in there
    is an example or test data. Below any other folder repositories stand side by side.
    """
    configs, problems = read_tree(root, config_paths(root))
    texts, more = read_tree(root, readable_paths(root, configs, lambda path: (root / path).is_dir()))
    hollow = _hollow(root, layout(configs), [*texts, *(problem.path for problem in more)])
    return tree_of_texts(root, configs | texts, (*problems, *more, *hollow))


def _hollow(root: Path, places: Layout, read: Sequence[str]) -> Iterator[Diagnostic]:
    """A finding for each folder of a project in which there is none of its files."""
    found: list[str] = []
    for holder in places.holders(read):
        with suppress(OSError):  # it is not there, or what is wrong with it is told already
            inside = (folder for folder in (root / holder).iterdir() if folder.is_dir() and not folder.is_symlink())
            found += (f"{holder}/{folder.name}" for folder in inside)
    return places.hollow(found, read)


def tree_of_texts(root: Path, texts: Mapping[str, str], problems: Iterable[Diagnostic]) -> Tree:
    """The tree that the folder would be with these texts, by path."""
    return load_tree(texts, slug_here(root), problems)


def config_paths(root: Path) -> Wanted:
    """The workspace files below a folder."""
    return Wanted(lambda path: path.endswith(CONFIG) and _counts(root, path[: -len(CONFIG)]))


def readable_paths(root: Path, configs: Mapping[str, str], is_folder: Callable[[str], bool]) -> Wanted:
    """Everything below a folder that the workspace files give a meaning. `is_folder` knows what is at a path."""
    places = layout(configs)

    def reads(path: str) -> bool:
        place = places.place(path)
        owner = place.root if place else places.owner(path)
        if owner is None:
            return path.endswith(CONSTITUTION) or (path.endswith(MISNAMED) and _counts(root, path[: -len(MISNAMED)]))
        # A team's pattern may fit folders, too; there it means what is in them.
        return _counts(root, owner) and (place is not None or not is_folder(path))

    return Wanted(reads, places.folders)


def check_tree(
    path: Path,
    project: str | None = None,
    states: "Mapping[str, State] | None" = None,
    beside: Beside = lambda tree, root: tree,
) -> Checked:
    """Check everything below a folder, or one project of it.

    Where the folder is a part of a repository the repository is read, and what lies below the folder is told. `states`
    are the journals to compare the files with, by project; None compares nothing. `beside` adds what the tree names
    outside of itself.
    Raises UnreadableError without the folder, and UsageError for a project that is not there.
    """
    tree = load_here(path)
    part, root = "", path
    if not tree.documents and not tree.problems:
        root = repository_root(path)
        part = path.resolve().relative_to(root).as_posix()
        tree = load_here(root) if part != "." else tree
    folders = [p.path for p in tree.projects if _is_below(p.path, part) and project in (None, p.name)]
    if project is not None and not folders:
        raise _unknown(path, project, tree)
    if states is not None:
        from kerrigan.model.state import State  # imported late: start-up is a feature

        tree = replace(tree, states={p.name: states.get(p.name, State()) for p in tree.projects})
    tree = beside(tree, root)
    found = findings(tree)
    if project is None and part in ("", "."):
        return Checked(tree, found, __version__, str(root))
    chosen = tuple(p for p in tree.projects if p.path in folders)
    about = tuple(d for d in found if _is_about(d, folders) or (project is None and _is_below(d.path, part)))
    return Checked(replace(tree, projects=chosen), about, __version__, str(root))


def findings(tree: Tree) -> tuple[Diagnostic, ...]:
    """Everything that is wrong with a tree."""
    return run(tree, schemas(_asked(tree)))


def beyond(
    known: Counter[Key], found: Iterable[Diagnostic], trait: Callable[[Diagnostic], Key]
) -> Iterator[Diagnostic]:
    """The findings that are more than are known, counted by a trait; of equal ones the last are those."""
    left = known.copy()
    for diagnostic in found:
        left[trait(diagnostic)] -= 1
        if left[trait(diagnostic)] < 0:
            yield diagnostic


def _asked(tree: Tree) -> Iterator[str]:
    for space in tree.workspaces.values():
        yield from (artifact.outline for artifact in space.check.artifacts if artifact.outline)


def _counts(root: Path, folder: str) -> bool:
    return not folder or not (root / ".git").exists() or (root / folder / ".git").exists()


def _unknown(path: Path, project: str, tree: Tree) -> UsageError:
    near = get_close_matches(project, [p.name for p in tree.projects], n=1)
    step = f"did you mean '{near[0]}'?" if near else "kerrigan check without --project"
    return UsageError(f"no project '{project}' below {path}", kind="unknown-project", next_step=step)


def _is_about(diagnostic: Diagnostic, folders: Sequence[str]) -> bool:
    places = (diagnostic.path, *(related.path for related in diagnostic.related))
    return any(_is_below(place, folder) for place in places for folder in folders)


def _is_below(path: str, folder: str) -> bool:
    return folder in ("", ".", path) or path.startswith(f"{folder}/")
