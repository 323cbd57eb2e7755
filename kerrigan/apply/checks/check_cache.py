"""Answers that a check gave before, kept in the user's cache: one stands while all that it was read from is the same.

An entry holds which names were in every folder and what was in every file. As in git's index, what was not touched
since is not opened; what was touched is the same if its content is. Whatever is odd about an entry, or about the folder
that it lies in, makes it none, and the check is done. This module is what a repeated check waits for, so it imports
little; `cache_writes` writes the entries.
"""

import json
import os
import stat
import sys
import time
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from kerrigan import __version__
from kerrigan.apply.checks.cache_folder import cache_folder
from kerrigan.apply.state.origin import slug_here
from kerrigan.model.paths import is_skipped

SETTLED = 2_000_000_000
"""Nanoseconds after which another change shows in a file's times: some file systems count in steps of two seconds."""
MOST = 200
"""Entries that are kept; the oldest go first."""
_PACKAGE = Path(__file__).parents[2]

Fingerprint = list[Any]
"""The digest of a file's content, or of the names in a folder, and the stamp that it had then."""


class CachedResult(NamedTuple):
    """An answer: the exit code, and what was said, each piece with whether it was said on standard error."""

    code: int
    pieces: tuple[tuple[str, bool], ...]


class CacheKey(NamedTuple):
    """Where the answer to a question about a folder is kept."""

    root: Path
    file: Path
    question: str


class CacheEntry(NamedTuple):
    """An answer, and the files that are others now; it stands where there are none. `entry` is up to date."""

    said: CachedResult
    changed: tuple[str, ...]
    entry: dict[str, Any]


def cache_key(root: Path, question: object) -> CacheKey | None:
    """Where to keep the answer; None where nothing can be kept. `question` is what it depends on besides the files."""
    root, folder = root.resolve(), cache_folder(root)
    if folder is None:
        return None
    name = f"{zlib.crc32(json.dumps([str(root), question]).encode()):08x}.json"
    return CacheKey(root, folder / name, json.dumps([_program(), str(root), slug_here(root), question]))


def cached(kept: CacheKey) -> CacheEntry | None:
    """The answer that was kept, if the folders that it depends on are the same, and which of the files are not."""
    now = time.time_ns()
    try:
        entry = _read(kept)
        parts = {path: _same(kept.root, path, part, entry["at"]) for path, part in entry["parts"].items()}
        said = CachedResult(
            int(entry["code"]), tuple((str(text), bool(is_error)) for text, is_error in entry["pieces"])
        )
        changed = tuple(path for path, part in parts.items() if part[0] != entry["parts"][path][0])
    except (OSError, ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        return None
    newest = max((touched for _, stamp in parts.values() for touched in stamp[:2]), default=0)
    is_older = parts != entry["parts"] or entry["at"] - SETTLED <= newest < now - SETTLED
    entry = {**entry, "at": now, "parts": parts}
    if is_older and not changed:
        write(kept, entry)
    return CacheEntry(said, changed, entry)


def _program() -> list[object]:
    """What an answer depends on besides files: this version of Kerrigan, its sources, and what is installed beside."""
    beside = [stamp_of(entry) for entry in sys.path if entry.endswith("-packages")]
    if not (_PACKAGE.parent / "pyproject.toml").is_file():
        return [__version__, sys.version, beside]
    own = [_PACKAGE.parent / "schemas", *(_PACKAGE / folder for folder in folders_below(_PACKAGE))]
    files = sorted((e.path, e.stat().st_mtime_ns) for folder in own for e in os.scandir(folder) if e.is_file())
    return [__version__, sys.version, beside, zlib.crc32(json.dumps(files).encode())]


def _read(kept: CacheKey) -> dict[str, Any]:
    check, _, body = kept.file.read_text(encoding="utf-8").partition("\n")
    entry: dict[str, Any] = json.loads(body) if check == _check(body) else {}
    if entry.get("question") != kept.question:
        raise ValueError("this is the answer to another question")
    return entry


def write(kept: CacheKey, entry: dict[str, Any]) -> None:
    """Write an entry; where that cannot be done nothing is kept."""
    body = json.dumps(entry)
    draft = kept.file.with_name(f".{kept.file.name}.{os.getpid()}")
    with suppress(OSError):
        # Whole or not at all, but no one waits for the disk: what a crash leaves of an entry is none.
        draft.write_text(f"{_check(body)}\n{body}", encoding="utf-8")
        draft.replace(kept.file)
        entries = sorted(kept.file.parent.glob("*.json"), key=lambda file: file.stat().st_mtime_ns)
        for file in entries[:-MOST]:
            file.unlink(missing_ok=True)
    with suppress(OSError):
        draft.unlink(missing_ok=True)


def _check(body: str) -> str:
    return f"{zlib.crc32(body.encode()):08x}"


def _same(root: Path, path: str, part: Fingerprint, at: int) -> Fingerprint:
    """The part as it is now. Raises ValueError where that is another folder."""
    digest, stamp = part
    if stamp_of(f"{root}/{path}") == stamp and max(stamp[:2], default=at) < at - SETTLED:
        return part
    found = part_of(root, path)
    if found[0] != digest and path.endswith("/"):
        raise ValueError(f"{path} has changed")
    return found


def part_of(root: Path, path: str) -> Fingerprint:
    """A file or a folder as it is now."""
    stamp = stamp_of(f"{root}/{path}")
    if path.endswith("/"):
        names = sorted(_names(root / path))
        # Where a link leads may change without a trace in its own folder: that one is looked at each time.
        return [digest_of(b"\0".join(names)), [] if any(not name.endswith(b"/") for name in names) else stamp]
    is_file = bool(stamp) and stat.S_ISREG(stamp[-1])
    return [digest_of((root / path).read_bytes()) if is_file else "", stamp]


def _names(folder: Path) -> Iterator[bytes]:
    """The names in a folder, each with what it is; of a symbolic link where it leads, and whether to a folder."""
    with os.scandir(folder) as entries:
        for entry in entries:
            link = f"-> {Path(entry).readlink()}" if entry.is_symlink() else ""
            yield os.fsencode(f"{entry.name}/{entry.is_dir()} {entry.is_file()}/{link}")


def folders_below(root: Path) -> Iterator[str]:
    """The folders that a check enters, each with `/` at its end."""
    waiting = ["./"]
    while waiting:
        yield (folder := waiting.pop())
        with os.scandir(root / folder) as entries:
            below = (entry.name for entry in entries if entry.is_dir(follow_symlinks=False))
            waiting += [f"{folder}{name}/" for name in below if not is_skipped(name)]


def digest_of(content: bytes) -> str:
    """What stands for a content."""
    from hashlib import sha256  # imported late: what was not touched needs none

    return sha256(content).hexdigest()


def stamp_of(path: str) -> list[int]:
    """What changes when a file is touched: its times in ns, size, number and mode. Empty where there is no file."""
    try:
        about = os.stat(path)  # noqa: PTH116  # to make a Path takes longer than the look
    except OSError:
        return []
    return [about.st_mtime_ns, about.st_ctime_ns, about.st_size, about.st_ino, about.st_mode]
