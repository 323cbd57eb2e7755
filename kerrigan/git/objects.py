"""git's objects, read and written without a process: a tree as a mapping, and a loose object as a compressed file."""

import hashlib
import os
import re
import zlib
from collections.abc import Mapping
from pathlib import Path
from secrets import token_hex

FOLDER, FILE = b"40000", b"100644"
"""The modes of what Kerrigan writes."""

_STORED = 0
"""zlib's level that compresses nothing: these objects are read once, by the push that sends them."""

_ENTRIES = {digits: re.compile(rb"([0-7]+) ([^\0]+)\0(.{%d})" % (digits // 2), re.DOTALL) for digits in (40, 64)}

Tree = Mapping[bytes, tuple[bytes, bytes]]
"""The entries of a folder by name: git's mode, and the id of the object, all of them as bytes."""


def parse_tree(body: bytes, digits: int) -> dict[bytes, tuple[bytes, bytes]]:
    """The entries of a tree as git stores it, where ids have so many hex digits."""
    return {name: (mode, entry) for mode, name, entry in _ENTRIES[digits].findall(body)}


def tree_body(tree: Tree) -> bytes:
    """A tree as git stores it: sorted as if the name of a folder ended in a slash."""
    names = sorted(tree, key=lambda name: name + b"/" if tree[name][0] == FOLDER else name)
    return b"".join(b"%b %b\0%b" % (tree[name][0], name, tree[name][1]) for name in names)


def write_object(objects: Path, kind: str, body: bytes, digits: int) -> bytes:
    """Write a loose object into an object folder and return its id, of so many hex digits, as bytes. Raises OSError.

    It is there whole or not at all.
    """
    algorithm = "sha1" if digits == 40 else "sha256"
    whole = b"%b %d\0%b" % (kind.encode(), len(body), body)
    found = hashlib.new(algorithm, whole, usedforsecurity=False)
    name = found.hexdigest()
    file = objects / name[:2] / name[2:]
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        replace_file(file, zlib.compress(whole, _STORED))
    return found.digest()


def replace_file(file: Path, body: bytes) -> None:
    """Write a file of this content, which is there whole or not at all. Raises OSError."""
    beside = file.with_name(f"tmp_{token_hex(8)}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o444)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(body)
    beside.replace(file)
