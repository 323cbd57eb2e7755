"""Files: read a tree into texts by path, write one whole or not at all, find what Kerrigan ships."""

import os
import re
import stat
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from kerrigan.errors import UnreadableError
from kerrigan.model.checks.source import START, Diagnostic, Severity, Span
from kerrigan.model.paths import is_skipped

_PACKAGE = Path(__file__).parent

MAX_BYTES = 10_000_000
"""The largest file that is read."""

_ARTIFACT = re.compile(
    r"(?:.*/)?(?:\.github/kerrigan\.yml|specs/constitution\.md|specs/projects/[^/]+/(?:tasks\.yml|status\.json|[^/]+\.md))"
)


def is_artifact(path: str) -> bool:
    """Whether Kerrigan reads a file, where the projects are in their usual place."""
    return _ARTIFACT.fullmatch(path) is not None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which files to read: `reads` says it of a path, `folders` are those that projects are kept in."""

    reads: Callable[[str], bool] = is_artifact
    folders: Collection[str] = ()

    def hides(self, link: str) -> bool:
        """Whether wanted files would be below a link, were it a folder: they are hidden, for no link is followed."""
        usual = (f"{link}/kerrigan.yml", f"{link}/project/spec.md", f"{link}/projects/project/spec.md")
        return not is_skipped(link.rpartition("/")[2]) and (
            self.reads(f"{link}/spec.md")
            or any(f"{folder}/".startswith(f"{link}/") for folder in self.folders)
            or any(is_artifact(below) and self.reads(below) for below in usual)
        )


USUAL = Wanted()
"""What Kerrigan reads where the projects are in their usual place."""


def no_folder(path: Path) -> UnreadableError:
    """What to say of a path that was to be a folder."""
    if path.is_file():
        return UnreadableError(
            f"{path} is a file, no folder", kind="no-such-folder", next_step="name the folder it is in"
        )
    return UnreadableError(f"there is no folder {path}", kind="no-such-folder", next_step="name a folder that exists")


def read_tree(root: Path, wanted: Wanted = USUAL) -> tuple[dict[str, str], tuple[Diagnostic, ...]]:
    """The texts below `root` by path, and a diagnostic for each file that is none. Raises UnreadableError without root.

    Hidden folders other than .github are passed over.
    """
    if not root.is_dir():
        raise no_folder(root)
    unentered: list[Diagnostic] = []
    found = ((path, _read(root, path, file)) for path, file in _walk(root, wanted, unentered))
    texts, problems = parted(found)
    return texts, (*unentered, *problems)


def read_files(root: Path, paths: Iterable[str]) -> tuple[dict[str, str], tuple[Diagnostic, ...]]:
    """The texts of these files below `root`, by path, and a diagnostic for each that is none."""
    return parted((path, _read(root, path, root / path)) for path in paths)


def parted(found: Iterable[tuple[str, str | Diagnostic]]) -> tuple[dict[str, str], tuple[Diagnostic, ...]]:
    """What was read, by path: the texts, and a diagnostic for each file that is none."""
    texts: dict[str, str] = {}
    problems: list[Diagnostic] = []
    for path, one in found:
        if isinstance(one, str):
            texts[path] = one
        else:
            problems.append(one)
    return texts, tuple(problems)


def is_passed_over(path: str) -> bool:
    """Whether a file lies in a folder that `read_tree` does not enter."""
    return any(is_skipped(folder) for folder in path.split("/")[:-1])


def stamps(root: Path, wanted: Wanted) -> dict[str, tuple[int, int, int]]:
    """When the wanted files below `root` were changed, how large they are, and which files they are, by path."""
    found = {}
    for path, file in _walk(root, wanted, []):
        with suppress(OSError):
            about = file.stat()
            found[path] = (about.st_mtime_ns, about.st_size, about.st_ino)
    return found


def write_atomically(path: Path, text: str) -> None:
    """Write a file so that anyone who looks sees the old text or the new, never a part. Makes the folders it needs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        with draft.open("x", encoding="utf-8", newline="") as file:
            if path.exists():
                draft.chmod(stat.S_IMODE(path.stat().st_mode))
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def shipped(kind: Literal["schemas", "prompts", "workflows", "examples"]) -> Path:
    """The folder of something that Kerrigan brings along: the checkout's own, else the wheel's copy."""
    root = checkout()
    return root / kind if root else _PACKAGE / "_data" / kind


def checkout() -> Path | None:
    """The root of the checkout that runs; None for an installed wheel."""
    root = _PACKAGE.parent
    return root if (root / "pyproject.toml").is_file() else None


def built_from() -> str | None:
    """The commit that the wheel was built from, and its tag after a space; None where the build did not record it."""
    file = _PACKAGE / "_data" / "commit"
    return file.read_text(encoding="utf-8").strip() if file.is_file() else None


def _walk(root: Path, wanted: Wanted, problems: list[Diagnostic]) -> Iterator[tuple[str, Path]]:
    waiting = [("", root)]
    while waiting:
        above, folder = waiting.pop()
        try:
            with os.scandir(folder) as entries:
                found = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            message = f"found a folder that cannot be read: {error.strerror}"
            problems.append(_unreadable(above.rstrip("/"), message))
            continue
        for entry in found:
            path = above + _printable(entry.name)
            if entry.is_dir(follow_symlinks=False) and not wanted.reads(path):
                if not is_skipped(entry.name):
                    waiting.append((f"{path}/", Path(entry)))
            elif wanted.reads(path) or (entry.is_symlink() and wanted.hides(path)):
                yield path, Path(entry)


def _printable(name: str) -> str:
    # A name that is not UTF-8 arrives with lone surrogates, which nothing can print.
    return os.fsencode(name).decode("utf-8", "replace")


def _read(root: Path, path: str, file: Path) -> str | Diagnostic:
    try:
        if file.is_symlink() and not file.resolve().is_relative_to(root.resolve()):
            return _unreadable(path, "found a symbolic link that leads out of the tree, expected a file in it")
        about = file.stat()
        if stat.S_ISDIR(about.st_mode) and file.is_symlink():
            return _unreadable(path, "found a symbolic link to a folder, which is not followed, expected the folder")
        if not stat.S_ISREG(about.st_mode):
            return _unreadable(path, "found something that is not a file, expected a text file")
        if about.st_size > MAX_BYTES:
            return _too_large(path, about.st_size)
        return decoded(path, file.read_bytes())
    except (OSError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or "a loop of symbolic links"
        return _unreadable(path, f"found a file that cannot be read: {reason}")


def decoded(path: str, content: bytes) -> str | Diagnostic:
    """The text of a file's content, or why it is none."""
    if "\ufffd" in path:
        return _misnamed(path)
    if len(content) > MAX_BYTES:
        return _too_large(path, len(content))
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _unreadable(path, "found UTF-16, expected UTF-8", hint="save the file again as UTF-8")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8")
        message = f"found the byte 0x{content[error.start]:02x}, expected UTF-8"
        return _unreadable(path, message, _at_end(before), "save the file again as UTF-8")
    if "\0" in text:
        message = "found a NUL, which no text file has, expected UTF-8 text"
        return _unreadable(path, message, _at_end(text.partition("\0")[0]), "save the file again as UTF-8")
    return text


def _misnamed(path: str) -> Diagnostic:
    # Of a folder it is told once, whatever is in it. Two such names may look the same here, so neither file is read.
    at = path.find("/", path.index("\ufffd"))
    message = "found a name that is not UTF-8, expected one that is"
    return _unreadable(
        path if at < 0 else path[:at], message, hint="rename it: git and Kerrigan cannot print this name"
    )


def _too_large(path: str, size: int) -> Diagnostic:
    return _unreadable(path, f"found {size:,} bytes, expected at most {MAX_BYTES:,}")


def _at_end(before: str) -> Span:
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    return Span(line, column, line, column + 1)


def _unreadable(path: str, message: str, span: Span = START, hint: str = "") -> Diagnostic:
    return Diagnostic("unreadable", Severity.error, path, span, message, hint)
