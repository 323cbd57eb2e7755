"""What a forge said is there, kept between runs: names alone, as digests, with when each was seen.

What is not there is never kept: someone may add it at any minute. Nothing that is kept is believed without a check: who
asks has to be let in first, see `ForgeLookups`.
"""

import json
import time
from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path

from kerrigan.files import write_atomically

AGE = 7 * 24 * 3600
"""Seconds that an entry counts: an issue may still be deleted or moved."""
MOST = 5_000
"""Entries that are kept; the oldest go first."""


class ForgeCache:
    """The names in a file; without a file they are kept as long as this object."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._seen = self._read()
        self._new: dict[str, int] = {}

    def __contains__(self, name: str) -> bool:
        digest = _digest(name)
        return digest in self._seen or digest in self._new

    def add(self, name: str) -> None:
        """Keep this name, as seen now; in the file once `save` is called."""
        self._new[_digest(name)] = int(time.time())

    def save(self) -> None:
        """Write what is new, beside what other processes have written meanwhile."""
        if self._file is None or not self._new:
            return
        self._seen = {**self._read(), **self._new}
        self._new = {}
        newest = sorted(self._seen.items(), key=lambda entry: entry[1])[-MOST:]
        try:
            write_atomically(self._file, json.dumps({"seen": dict(newest)}))
        except OSError:
            self._file = None  # a full disk, say: it is looked up again next time

    def _read(self) -> Mapping[str, int]:
        """The entries that still count; none where the file is damaged."""
        now = time.time()
        try:
            raw = json.loads(self._file.read_text(encoding="utf-8"))["seen"] if self._file else {}
            return {str(name): int(at) for name, at in raw.items() if now - AGE < at <= now}
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return {}


def _digest(name: str) -> str:
    return blake2b(name.encode(errors="surrogatepass"), digest_size=16).hexdigest()
