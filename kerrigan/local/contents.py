"""What a repository of the local forge has at a path of a commit."""

import posixpath
from pathlib import Path
from typing import NamedTuple

from kerrigan.errors import UndecidedError
from kerrigan.git.repo import Batch
from kerrigan.local.branches import ask, commit_id
from kerrigan.model.checks.siblings import Entry

_FOLDER, _LINK, _FILE = "040000", "120000", "100"


class Row(NamedTuple):
    """What git lists: its mode and id, and the path."""

    mode: str
    id: str
    path: str


def entry(folder: Path, commit: str, path: str) -> Entry | None:
    """What stands there; None for nothing. As on GitHub, a link to a file of the repository is that file."""
    row = _row(folder, commit, path)
    if row is None:
        return None
    if row.mode == _FOLDER:
        listed = ask(folder, "ls-tree", "-d", "-z", "--full-tree", "--name-only", commit, "--", f"{path}/")
        return Entry("folder", folders=tuple(sorted(posixpath.basename(name) for name in listed.split("\0") if name)))
    with Batch(folder) as batch:
        if row.mode == _LINK:
            target = (batch.content(row.id) or b"").decode(errors="replace")
            row = _row(folder, commit, posixpath.normpath(posixpath.join(posixpath.dirname(path), target)))
        if row is None or not row.mode.startswith(_FILE):
            return Entry("outside")
        content = batch.content(row.id)
    if content is None:
        raise UndecidedError(
            f"{folder} has lost the content of {row.path}", kind="git", next_step=f"git -C {folder} fsck"
        )
    return Entry("file", content)


def _row(folder: Path, commit: str, path: str) -> Row | None:
    if path.startswith(("/", "../")) or path in (".", ".."):
        return None
    listed = ask(folder, "ls-tree", "-z", "--full-tree", commit_id(commit), "--", path).partition("\0")[0]
    about, _, found = listed.partition("\t")
    if found != path:
        return None
    mode, _, name = about.split(" ")
    return Row(mode, name, found)
