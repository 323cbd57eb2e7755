"""Commits made without index, work tree or ref."""

import re
import time
from collections.abc import Mapping, Sequence

from kerrigan.errors import UnreadableError
from kerrigan.git.objects import FILE, FOLDER, Tree, tree_body, write_object
from kerrigan.git.repo import Clone

_UNSAFE = re.compile(r"[<>\n\0]")


def write_files(repository: Clone, above: Tree, files: Mapping[str, str]) -> Tree:
    """The entries of a folder after these files (name to text) were put into it. Raises UnreadableError."""
    written = {name.encode(): (FILE, _written(repository, "blob", text.encode())) for name, text in files.items()}
    return {**above, **written}


def write_folder(repository: Clone, above: Tree, name: str, folder: Tree) -> Tree:
    """The entries of a folder after a folder was put into it. Raises UnreadableError."""
    return {**above, name.encode(): (FOLDER, _written(repository, "tree", tree_body(folder)))}


def write_commit(repository: Clone, parent: str | None, message: str, root: Tree) -> str:
    """The id of a new commit of a folder on top of a parent. Raises UnreadableError."""
    name, email = _who(repository.config)
    who = f"{name} <{email}> {int(time.time())} +0000"
    above = f"parent {parent}\n" if parent else ""
    tree = _written(repository, "tree", tree_body(root)).hex()
    text = f"tree {tree}\n{above}author {who}\ncommitter {who}\n\n{message}\n"
    return _written(repository, "commit", text.encode()).hex()


def write_merge(clone: Clone, tree: str, parents: Sequence[str], message: str) -> str:
    """The id of a new commit of a tree that is here, on top of these parents. Raises GitError."""
    name, email = _who(clone.config)
    named = ("-c", f"user.name={name}", "-c", f"user.email={email}")
    above = (word for parent in parents for word in ("-p", parent))
    return clone.git(*named, "commit-tree", *above, "-m", message, tree)


def _who(config: Mapping[str, str]) -> tuple[str, str]:
    name = _UNSAFE.sub("", config.get("user.name", "")).strip() or "kerrigan"
    email = _UNSAFE.sub("", config.get("user.email", "")).strip() or "kerrigan@localhost"
    return name, email


def _written(repository: Clone, kind: str, body: bytes) -> bytes:
    digits = 64 if repository.config.get("extensions.objectformat") == "sha256" else 40
    try:
        return write_object(repository.git_dir / "objects", kind, body, digits)
    except OSError as error:
        raise UnreadableError(
            f"{repository.git_dir} takes no new commit: {error.strerror}",
            kind="clone",
            next_step="check that its folder can be written and its disk has room; nothing was published",
        ) from error
