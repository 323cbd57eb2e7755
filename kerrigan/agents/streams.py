"""The streams of a program: its output into files as it comes, without secrets, and a dialogue with it."""

import os
import queue
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

from kerrigan.agents.profile import Dialogue
from kerrigan.agents.redact import Redactor
from kerrigan.agents.watch import now

CHUNK = 65_536

DRAIN = 2.0
"""Seconds to wait for the end of the output, once no process is left that could write to it."""

FAREWELL = 5.0
"""Seconds for a program to end after its dialogue has."""


class Stream:
    """Copies one stream into its file, as far as the limit, in a thread of its own; `hear` gets each chunk as well."""

    def __init__(
        self, pipe: IO[bytes], path: Path, secrets: Sequence[str], limit: int, hear: Callable[[bytes], None]
    ) -> None:
        self.path, self.bytes, self.broken = path, 0, False
        self._pipe, self._redactor, self._limit, self._hear = pipe, Redactor(secrets), limit, hear
        self._thread = threading.Thread(target=self._copy, name=f"agent-{path.stem}", daemon=True)
        self._thread.start()

    def _copy(self) -> None:
        with self._pipe, self.path.open("wb", buffering=0) as file:
            while chunk := self._read():
                self.bytes += len(chunk)
                if self.bytes > self._limit or self.broken:
                    continue  # the run is being ended: what it still prints goes nowhere
                self._hear(chunk)
                self._write(file, self._redactor.feed(chunk))
            self._write(file, self._redactor.flush())

    def _write(self, file: IO[bytes], chunk: bytes) -> None:
        try:
            file.write(chunk)
        except OSError:
            self.broken = True

    def _read(self) -> bytes:
        try:
            return os.read(self._pipe.fileno(), CHUNK)
        except (OSError, ValueError):
            return b""  # it was closed at the other side, or here

    def close(self) -> None:
        """Wait for the end of the stream. A process that hides from the sweep may hold it open: then it is left."""
        self._thread.join(DRAIN)


class Talk:
    """Sends what a dialogue answers, in a thread of its own: a program may print before it reads."""

    def __init__(self, dialogue: Dialogue, stdin: IO[bytes]) -> None:
        self._dialogue, self._stdin = dialogue, stdin
        self._waiting: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._done_at: float | None = None
        threading.Thread(target=self._send, name="agent-stdin", daemon=True).start()
        self._waiting.put(dialogue.begin())

    def hear(self, chunk: bytes) -> None:
        """Take the next bytes of the program."""
        if not self._dialogue.done:
            self._waiting.put(self._dialogue.feed(chunk))
            if self._dialogue.done:
                self._done_at = now()
                self.close()

    def close(self) -> None:
        """End the program's standard input, when all is sent."""
        self._waiting.put(None)

    @property
    def done(self) -> bool:
        """Whether the dialogue came to its end."""
        return self._dialogue.done

    def is_over(self) -> bool:
        """Whether the program had its time to end after the dialogue has."""
        return self._done_at is not None and now() - self._done_at > FAREWELL

    def _send(self) -> None:
        try:
            with self._stdin:
                while (chunk := self._waiting.get()) is not None:
                    self._stdin.write(chunk)
                    self._stdin.flush()
        except OSError:
            return  # the program has ended
