"""What a forge keeps beside the commits, as plain JSON files below `kerrigan/` in a bare repository, under a lock."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from kerrigan.errors import UndecidedError, UnreadableError


@dataclass(frozen=True, slots=True)
class Store:
    """The files of one repository: `pulls/1.json`, `statuses/<sha>.json`, `dispatches/1.json`.

    `patience` is how many seconds a writer waits for the lock.
    """

    folder: Path
    patience: float = 20.0

    @contextmanager
    def locked(self) -> Iterator[None]:
        """No one else writes meanwhile. Raises UndecidedError when the lock is not to be had; it cannot be nested."""
        lock = FileLock(self.folder / "lock", timeout=self.patience)
        try:
            self.folder.mkdir(exist_ok=True)
            lock.acquire()
        except Timeout as error:
            raise UndecidedError(
                f"{self.folder} has been locked by another process for {self.patience:g} s",
                kind="lock",
                next_step="try again when the other command has ended",
            ) from error
        except OSError as error:
            raise _unwritable(self.folder, error) from error
        try:
            yield
        finally:
            lock.release()

    def read(self, name: str) -> dict[str, Any] | None:
        """The object in a file, or None when there is no such file."""
        path = self.folder / name
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, RecursionError) as error:
            raise damaged(path, error) from error
        if not isinstance(found, dict):
            raise damaged(path, "expected an object")
        return found

    def write(self, name: str, value: Mapping[str, Any]) -> None:
        """Replace a file's object; a reader sees the old one or the new one, never a part."""
        path = self.folder / name
        draft = path.with_suffix(f".{os.getpid()}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            # What UTF-8 cannot hold (half a surrogate pair, from argv) becomes JSON's own escape for it.
            text = json.dumps(value, indent=2, ensure_ascii=False) + "\n"
            draft.write_text(text, encoding="utf-8", errors="backslashreplace")
            draft.replace(path)
        except OSError as error:
            raise _unwritable(path, error) from error

    def numbers(self, kind: str) -> list[int]:
        """The numbers of the files of a kind, ascending."""
        return sorted(int(path.stem) for path in (self.folder / kind).glob("*.json") if path.stem.isdecimal())


def damaged(path: Path, why: object) -> UnreadableError:
    """The error for a file that is not what the forge wrote."""
    return UnreadableError(
        f"{path} is damaged: {why}", kind="forge-file", next_step="repair it by hand; it is plain JSON"
    )


def _unwritable(path: Path, error: OSError) -> UndecidedError:
    return UndecidedError(
        f"{path} cannot be written: {error.strerror}", kind="forge-file", next_step="look at its permissions and disk"
    )
