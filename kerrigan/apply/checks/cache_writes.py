"""Answers of a check put into the user's cache, and the answer about a tree that was fine and changed a little.

Of such a tree only the projects that changed are read and checked, and those that wait for them or that they wait for:
nothing else that was fine can have become wrong. Whatever is found in them, the whole tree is checked after all.
"""

import time
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from kerrigan import __version__
from kerrigan.apply.checks.check_cache import (
    CachedResult,
    CacheEntry,
    CacheKey,
    Fingerprint,
    digest_of,
    folders_below,
    part_of,
    stamp_of,
    write,
)
from kerrigan.apply.checks.run import findings, tree_of_texts
from kerrigan.check.rules.case_clash import find as clashes
from kerrigan.files import read_files
from kerrigan.model.project import DependencyKind, Project
from kerrigan.report.findings.diagnostics import Checked

Links = Mapping[str, tuple[int, list[str]]]
"""Of each project's folder: how many tasks it has, and the names of the other projects that they wait for."""


class FolderFingerprints(NamedTuple):
    """The folders below a root, each with `/` at its end, and when they were looked at, in ns."""

    at: int
    folders: Mapping[str, Fingerprint]


class Refreshed(NamedTuple):
    """What there is to say about the tree as it is now, and its projects."""

    checked: Checked
    links: Links


def fingerprint_folders(kept: CacheKey) -> FolderFingerprints | None:
    """The folders as they are before a check reads them; None where one of them cannot be read."""
    with suppress(OSError):
        return FolderFingerprints(time.time_ns(), {path: part_of(kept.root, path) for path in folders_below(kept.root)})
    return None


def store(kept: CacheKey, before: FolderFingerprints, checked: Checked, said: CachedResult) -> None:
    """Keep what was said, unless something moved meanwhile. The tree is whole: nothing of it was passed over."""
    texts = {path: document.text for path, document in checked.tree.documents.items()}
    with suppress(OSError, ValueError):
        if any(stamp and stamp_of(f"{kept.root}/{path}") != stamp for path, (_, stamp) in before.folders.items()):
            return
        if any((kept.root / path).is_symlink() for path in texts):
            return  # what is at its end may change without a trace here
        parts = {path: [digest_of(text.encode()), stamp_of(f"{kept.root}/{path}")] for path, text in texts.items()}
        about = {"at": before.at, "question": kept.question, "projects": links(checked)}
        write(kept, {**about, "parts": {**before.folders, **parts}, **said._asdict()})


def links(checked: Checked) -> Links:
    """How the projects of a tree hang together, if it is fine; nothing of any other tree.

    Nor of one where more than dependencies ties projects together: artifacts of a team's own may be anywhere, names may
    clash without anyone being told, and a repository may be there only by its projects, within another's.
    """
    tree = checked.tree
    spaces = tree.workspaces.items()
    if checked.diagnostics or any(space.check.artifacts for _, space in spaces):
        return {}
    if any(tree.root_of(f"{root}/{space.projects}/".lstrip("/")) != root for root, space in spaces):
        return {}
    if any(clashes(tree)):
        return {}
    return {project.path: (len(project.tasks), sorted(_others(project))) for project in tree.projects}


def refresh(root: Path, kept: CacheEntry) -> Refreshed | None:
    """What a whole check would say; None where only that can tell."""
    with suppress(OSError, ValueError, TypeError, KeyError, AttributeError, OverflowError):
        known: Links = kept.entry["projects"]
        changed = {path.rpartition("/")[0] for path in kept.changed}
        near = _near(changed, known)
        if not changed <= known.keys() or len(near) > len(known) // 2:
            return None
        checked = _check(root, kept.entry["parts"], known.keys() - near)
        found = links(checked) if checked else {}
        far = {folder: tasks for folder, (tasks, _) in known.items() if folder not in near}
        if checked and found.keys() == near and _named(found).isdisjoint(map(_name, far)):
            return Refreshed(replace(checked, untouched=far), {**known, **found})
    return None


def _near(changed: Collection[str], known: Links) -> set[str]:
    """The folders of these projects, and of all that hang together with them."""
    ties: dict[str, set[str]] = {}
    for folder, (_, names) in known.items():
        for other in names:
            ties.setdefault(_name(folder), set()).add(other)
            ties.setdefault(other, set()).add(_name(folder))
    near: set[str] = set()
    waiting = list(map(_name, changed))
    while waiting:
        name = waiting.pop()
        if name not in near:
            near.add(name)
            waiting += ties.get(name, ())
    return {folder for folder in known if _name(folder) in near}


def _check(root: Path, parts: Mapping[str, Fingerprint], without: Collection[str]) -> Checked | None:
    """A check of the files that these parts are of, but for some folders; None where they are others by now."""
    files = (path for path in parts if not path.endswith("/"))
    texts, problems = read_files(root, (path for path in files if path.rpartition("/")[0] not in without))
    if problems or any(digest_of(text.encode()) != parts[path][0] for path, text in texts.items()):
        return None
    tree = tree_of_texts(root, texts, ())
    return Checked(tree, findings(tree), __version__, str(root))


def _others(project: Project) -> set[str]:
    entries = (entry for task in project.tasks.values() for entry in task.depends_on)
    return {e.target.partition("/")[0] for e in entries if e.kind is DependencyKind.task} - {project.name}


def _named(links: Links) -> set[str]:
    return {name for _, names in links.values() for name in names}


def _name(folder: str) -> str:
    return folder.rpartition("/")[2]
