"""A commit made without index, work tree or ref: one fast-import."""

import re
import time
from collections.abc import Mapping
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


def _who(config: Mapping[str, str]) -> str:
    name = _UNSAFE.sub("", config.get("user.name", "")).strip() or "kerrigan"
    email = _UNSAFE.sub("", config.get("user.email", "")).strip() or "kerrigan@localhost"
    return f"{name} <{email}>"


def _stream(parent: str | None, message: str, files: Mapping[str, str], who: str) -> bytes:
    # The ref is deleted in the same stream, and fast-import writes refs at its end: it never exists.
    ref = f"refs/kerrigan/append/{token_hex(8)}"
    parts = [f"commit {ref}\nmark :1\ncommitter {who} {int(time.time())} +0000\n".encode(), _data(f"{message}\n")]
    if parent:
        parts.append(f"from {parent}\n".encode())
    for path, text in files.items():
        parts += [f"M 100644 inline {path}\n".encode(), _data(text)]
    parts.append(f"\nget-mark :1\nreset {ref}\nfrom {'0' * 40}\n\ndone\n".encode())
    return b"feature done\nfeature get-mark\n" + b"".join(parts)


def _data(text: str) -> bytes:
    raw = text.encode()
    return b"data %d\n%b\n" % (len(raw), raw)
