"""Commits made without index, work tree or ref."""

import re
import time
from collections.abc import Mapping, Sequence
from secrets import token_hex

from kerrigan.errors import UnreadableError
from kerrigan.git.repo import Clone, GitError, git

_UNSAFE = re.compile(r"[<>\n\0]")


def write_commit(clone: Clone, parent: str | None, message: str, files: Mapping[str, str]) -> str:
    """The id of a new commit: `parent` with these files (path to text) replaced. Raises UnreadableError."""
    try:
        stream = _stream(parent, message, files, _who(clone.config))
        return git("fast-import", "--quiet", "--cat-blob-fd=1", cwd=clone.root, stdin=stream)
    except GitError as error:
        raise UnreadableError(
            f"{clone.root} takes no new commit: {error.reason}",
            kind="clone",
            next_step="check that its folder can be written and its disk has room; nothing was published",
        ) from error


def write_merge(clone: Clone, tree: str, parents: Sequence[str], message: str) -> str:
    """The id of a new commit of a tree that is here, on top of these parents. Raises GitError."""
    name, email = _who(clone.config)
    named = ("-c", f"user.name={name}", "-c", f"user.email={email}")
    above = (word for parent in parents for word in ("-p", parent))
    return git(*named, "commit-tree", *above, "-m", message, tree, cwd=clone.root)


def _who(config: Mapping[str, str]) -> tuple[str, str]:
    name = _UNSAFE.sub("", config.get("user.name", "")).strip() or "kerrigan"
    email = _UNSAFE.sub("", config.get("user.email", "")).strip() or "kerrigan@localhost"
    return name, email


def _stream(parent: str | None, message: str, files: Mapping[str, str], who: tuple[str, str]) -> bytes:
    # The ref is deleted in the same stream, and fast-import writes refs at its end: it never exists.
    ref, (name, email) = f"refs/kerrigan/append/{token_hex(8)}", who
    parts = [
        f"commit {ref}\nmark :1\ncommitter {name} <{email}> {int(time.time())} +0000\n".encode(),
        _data(f"{message}\n"),
    ]
    if parent:
        parts.append(f"from {parent}\n".encode())
    for path, text in files.items():
        parts += [f"M 100644 inline {path}\n".encode(), _data(text)]
    parts.append(f"\nget-mark :1\nreset {ref}\nfrom {'0' * 40}\n\ndone\n".encode())
    return b"feature done\nfeature get-mark\n" + b"".join(parts)


def _data(text: str) -> bytes:
    raw = text.encode()
    return b"data %d\n%b\n" % (len(raw), raw)
