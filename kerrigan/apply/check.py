"""A folder to a checked tree."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from kerrigan import __version__
from kerrigan.check import run
from kerrigan.errors import UnreadableError, UsageError
from kerrigan.files import read_tree, shipped
from kerrigan.load.names import slug_of
from kerrigan.load.tree import CONFIG, layout, load_tree
from kerrigan.model.source import Diagnostic
from kerrigan.model.tree import Tree
from kerrigan.report.diagnostics import Checked

SCHEMAS = ("spec", "tasks", "kerrigan", "status")


def load_here(root: Path) -> Tree:
    """The tree below a folder, as its files are now."""
    is_own = _own(root)
    configs, _ = read_tree(root, lambda path: path.endswith(CONFIG) and is_own(path))
    places = layout(configs)
    texts, problems = read_tree(root, lambda path: places.reads(path) and is_own(path))
    return load_tree(texts, slug_here(root), problems)


def check_tree(path: Path, project: str | None = None) -> Checked:
    """Check everything below a folder, or one project of it.

    Where the folder is a part of a repository the repository is read, and what lies below the folder is told.
    Raises UnreadableError without the folder, and UsageError for a project that is not there.
    """
    if not path.is_dir():
        raise UnreadableError(f"{path} is no folder", kind="no-such-folder", next_step="name a folder that exists")
    tree = load_here(path)
    part = ""
    if not tree.documents and not tree.problems:
        root = repository_root(path)
        part = path.resolve().relative_to(root).as_posix()
        tree = load_here(root) if part != "." else tree
    folders = [p.path for p in tree.projects if _is_below(p.path, part) and project in (None, p.name)]
    if project is not None and not folders:
        raise _unknown(path, project, tree)
    found = run(tree, schemas())
    if project is None and part in ("", "."):
        return Checked(tree, found, __version__)
    chosen = tuple(p for p in tree.projects if p.path in folders)
    about = tuple(d for d in found if _is_about(d, folders) or (project is None and _is_below(d.path, part)))
    return Checked(replace(tree, projects=chosen), about, __version__)


def schemas() -> Mapping[str, Mapping[str, Any]]:
    """The schemas of the files that people write, by name."""
    folder = shipped("schemas")
    return {name: json.loads((folder / f"{name}.schema.json").read_text(encoding="utf-8")) for name in SCHEMAS}


def repository_root(start: Path) -> Path:
    """The repository that a folder lies in, else the folder that has it in its specs/, else the folder itself."""
    folder = start.resolve()
    above = (folder, *folder.parents)
    repository = next((a for a in above if (a / ".git").exists()), None)
    return repository or next((a.parent for a in above if a.name == "specs"), folder)


def slug_here(root: Path) -> str:
    """`owner/name` of the origin of the repository at `root`, as far as its configuration says so."""
    config = root / ".git" / "config"
    lines = config.read_text(encoding="utf-8", errors="replace").splitlines() if config.is_file() else []
    in_origin = False
    for line in (line.strip() for line in lines):
        if line.startswith("["):
            in_origin = line == '[remote "origin"]'
        elif in_origin and line.startswith("url"):
            return slug_of(line.partition("=")[2].strip()) or f"local/{root.resolve().name}"
    return f"local/{root.resolve().name}"


def _own(root: Path) -> Callable[[str], bool]:
    """Which paths count: in a repository its own, and those of repositories that stand inside of it.

    Below any other folder everything counts. So a repository's examples and test data are no projects of it.
    """
    if not (root / ".git").exists():
        return lambda path: True
    ...
