"""The user's cache folder: what is in there may be lost at any time, and belongs to one person."""

import os
from contextlib import suppress
from pathlib import Path


def cache_folder(root: Path) -> Path | None:
    """The folder; None where there is none, where someone else may write to it, or where it lies below `root`."""
    base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    with suppress(OSError, RuntimeError):
        folder = Path(os.environ.get("KERRIGAN_CACHE", f"{base}/kerrigan")).expanduser()
        if not folder.is_absolute():
            return None  # an empty KERRIGAN_CACHE is how to keep nothing
        folder.mkdir(0o700, parents=True, exist_ok=True)
        about = folder.stat()
        if not hasattr(os, "getuid") or (about.st_uid == os.getuid() and not about.st_mode & 0o022):
            folder = folder.resolve()
            return None if folder.is_relative_to(root.resolve()) else folder
    return None
