"""A folder to a checked tree."""

import json
from collections.abc import Mapping
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from kerrigan import __version__
from kerrigan.check import run
from kerrigan.errors import UsageError
from kerrigan.files import read_tree, shipped
from kerrigan.load.names import slug_of
from kerrigan.load.tree import load_tree
from kerrigan.model.source import Diagnostic
from kerrigan.model.tree import Tree
from kerrigan.report.diagnostics import Checked

SCHEMAS = ("spec", "tasks", "kerrigan", "status")


def load_here(root: Path) -> Tree:
    """The tree below a folder, as its files are now."""
    texts, problems = read_tree(root)
    return load_tree(texts, slug_here(root), problems)


def check_tree(root: Path, project: str | None) -> Checked:
    """Check everything below a folder, or one project of it. Raises UsageError for a project that is not there."""
    tree = load_here(root)
    if project is not None and project not in {p.name for p in tree.projects}:
        near = get_close_matches(project, [p.name for p in tree.projects], n=1)
        raise UsageError(
            f"no project '{project}' below {root}",
            kind="unknown-project",
            next_step=f"did you mean '{near[0]}'?" if near else "kerrigan check without --project",
        )
    found = run(tree, schemas())
    if project is None:
        return Checked(tree, found, __version__)
    chosen = tuple(p for p in tree.projects if p.name == project)
    about = tuple(d for d in found if any(_is_about(d, p.path) for p in chosen))
    return Checked(replace(tree, projects=chosen), about, __version__)


def schemas() -> Mapping[str, Mapping[str, Any]]:
    """The schemas of the files that people write, by name."""
    folder = shipped("schemas")
    return {name: json.loads((folder / f"{name}.schema.json").read_text(encoding="utf-8")) for name in SCHEMAS}


def repository_root(start: Path) -> Path:
    """The repository that a folder lies in, or the folder itself."""
    folder = start.resolve()
    return next((above for above in (folder, *folder.parents) if (above / ".git").exists()), folder)


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


def _is_about(diagnostic: Diagnostic, folder: str) -> bool:
    return any(path.startswith(f"{folder}/") for path in (diagnostic.path, *(r.path for r in diagnostic.related)))
