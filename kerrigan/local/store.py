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

PATIENCE = 20.0
"""Seconds to wait for the lock."""


@dataclass(frozen=True, slots=True)
class Store:
    """The files of one repository: `pulls/1.json`, `statuses/<sha>.json`, `dispatches/1.json`."""

    folder: Path

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Nobody else reads or writes meanwhile. Raises UndecidedError when the lock is not to be had."""
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(self.folder / "lock", timeout=PATIENCE):
                yield
        except Timeout as error:
            raise UndecidedError(
                f"{self.folder} is locked by another process for {PATIENCE:.0f} s",
                kind="lock",
                next_step="try again when the other command has ended",
            ) from error

    def read(self, name: str) -> dict[str, Any] | None:
        """The object in a file, or None when there is no such file."""
        path = self.folder / name
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, RecursionError) as error:
            raise _damaged(path, error) from error
        if not isinstance(found, dict):
            raise _damaged(path, ValueError("expected an object"))
        return found

    def write(self, name: str, value: Mapping[str, Any]) -> None:
        """Replace a file's object; a reader sees the old one or the new one, never a part."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(f".{os.getpid()}")
        draft.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        draft.replace(path)

    def numbers(self, kind: str) -> list[int]:
        """The numbers of the files of a kind, ascending."""
        folder = self.folder / kind
        return sorted(int(path.stem) for path in folder.glob("*.json") if path.stem.isdigit())


def _damaged(path: Path, error: Exception) -> UnreadableError:
    return UnreadableError(
        f"{path} is damaged: {error}", kind="forge-file", next_step="mend it by hand; it is plain JSON"
    )
