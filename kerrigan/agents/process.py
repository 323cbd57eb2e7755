"""Run one program to its end within limits: a file on its standard input, its output into files as it comes.

The program leads a session of its own, so that a signal reaches it and not us. Standard input is a file: some agents
wait for the end of an open pipe for ever. Nothing of its output is kept in memory but the end of standard error.
"""

import os
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import IO

from kerrigan.agents.profile import Dialogue, RetryWatch
from kerrigan.agents.signals import interruptible
from kerrigan.agents.streams import Stream, Talk
from kerrigan.agents.tree import MARKER, finish
from kerrigan.agents.watch import Activity, Record, Retries, now
from kerrigan.errors import UnreadableError, UsageError
from kerrigan.model.attempt import Outcome

STDERR_TAIL = 64_000
"""How much of the end of standard error a reader gets, in bytes."""

POLL = 0.05
LOOK = 0.5
"""Seconds between two looks at an agent's own record."""


class Cause(StrEnum):
    """Why a run was ended from outside."""

    time = "time"
    silence = "silence"
    output = "output"
    retries = "retries"
    disk = "disk"
    caller = "caller"


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a run may take and show no activity, in seconds, and how much it may print, in bytes."""

    seconds: float = 3600.0
    silence: float | None = 1800.0
    output: int = 64_000_000


@dataclass(frozen=True, slots=True)
class Invocation:
    """One program to run. `marker` finds what it leaves behind, `secrets` are the values that no log may hold.

    `watched` are patterns below `home` whose changes count as activity, as those of `tree` are; `record` is the
    pattern of the agent's own record there. `result` is the file that a program of one's own may write. A `dialogue`
    speaks on standard input instead of the file `stdin`.
    """

    argv: tuple[str, ...]
    environment: Mapping[str, str]
    tree: Path
    stdin: Path
    marker: str
    home: Path
    secrets: tuple[str, ...] = ()
    watched: tuple[str, ...] = ()
    record: str = ""
    result: Path | None = None
    retries: RetryWatch | None = None
    dialogue: Dialogue | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """A run that has ended, with nothing of it left. `exit` is negative for a signal, and means nothing with a `cause`.

    `stdout` and `stderr` are the files of the log, `record` the agent's own one. `at` is when it ended, in seconds
    since 1970; `killing` is how many seconds it took from the first signal until no process was left, `left` how many
    processes a run that ended on its own had left behind.
    """

    exit: int
    seconds: float
    at: float
    stdout: Path
    stderr: Path
    home: Path
    record: Path | None = None
    result: Path | None = None
    cause: Cause | None = None
    asked: Outcome | None = None
    killing: float = 0.0
    left: int = 0


def run_process(
    invocation: Invocation, limits: Limits, log: Path, stop: Callable[[], Outcome | None] = lambda: None
) -> Ended:
    """Run a program until it ends or a limit is reached; `log` is a folder for its output.

    `stop` is asked several times a second; the outcome that it returns ends the run. An interrupt ends the run as well,
    and is raised again when nothing is left. Raises UnreadableError where the program cannot be started.
    """
    refuse_windows(os.name)
    log.mkdir(parents=True, exist_ok=True)
    retries, record = Retries(invocation.retries), Record(invocation.home, invocation.record)
    talk: Talk | None = None
    streams: tuple[Stream, ...] = ()
    cause, asked, killing, left = None, None, 0.0, 0
    with interruptible() as hold:
        began = now()
        process = _start(invocation)
        try:
            talk = Talk(invocation.dialogue, _pipe(process.stdin)) if invocation.dialogue else None
            streams = _streams(process, log, invocation, limits, retries, talk)
            activity = Activity(invocation.tree, invocation.home, invocation.watched)
            guard = _Guard(limits, streams, activity, record, retries, began, stop)
            while process.poll() is None and cause is None and not (talk and talk.is_over()):
                cause, asked = guard.look()
                if cause is None:
                    _wait(process)
        finally:
            # Also when interrupted: whatever comes, nothing of it stays behind.
            hold()
            killing, left = finish(process, invocation.marker)
            for stream in (talk, *streams):
                if stream:
                    stream.close()
    return Ended(
        exit=0 if talk and talk.done else process.returncode,
        seconds=now() - began,
        at=time.time(),
        stdout=log / "stdout.log",
        stderr=log / "stderr.log",
        home=invocation.home,
        record=record.find(),
        result=invocation.result,
        cause=cause,
        asked=asked,
        killing=killing,
        left=left,
    )


def _streams(
    process: "subprocess.Popen[bytes]",
    log: Path,
    invocation: Invocation,
    limits: Limits,
    retries: Retries,
    talk: Talk | None,
) -> tuple[Stream, ...]:
    def hear_out(chunk: bytes) -> None:
        retries.feed("stdout", chunk, now())
        if talk:
            talk.hear(chunk)

    def hear_err(chunk: bytes) -> None:
        retries.feed("stderr", chunk, now())

    return (
        Stream(_pipe(process.stdout), log / "stdout.log", invocation.secrets, limits.output, hear_out),
        Stream(_pipe(process.stderr), log / "stderr.log", invocation.secrets, limits.output, hear_err),
    )


def refuse_windows(system: str) -> None:
    """Raise UsageError on Windows, where a process has neither groups nor an environment that can be read."""
    if system == "nt":
        raise UsageError(
            "agents are not started on Windows: their processes could not be ended there",
            kind="platform",
            next_step="use WSL",
        )


def _start(invocation: Invocation) -> "subprocess.Popen[bytes]":
    try:
        with invocation.stdin.open("rb") as prompt:
            return subprocess.Popen(
                invocation.argv,
                cwd=invocation.tree,
                env={**invocation.environment, MARKER: invocation.marker},
                stdin=subprocess.PIPE if invocation.dialogue else prompt,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
    except OSError as error:
        raise UnreadableError(
            f"{invocation.argv[0]} cannot be started in {invocation.tree}: {error.strerror}",
            kind="agent",
            next_step="kerrigan agents",
        ) from error


def _wait(process: "subprocess.Popen[bytes]") -> None:
    try:
        process.wait(POLL)
    except subprocess.TimeoutExpired:
        return


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream is not None
    return stream


@dataclass(slots=True)
class _Guard:
    """Looks at the limits of a run."""

    limits: Limits
    streams: Sequence[Stream]
    activity: Activity
    record: Record
    retries: Retries
    began: float
    stop: Callable[[], Outcome | None]
    _bytes: int = 0
    _alive_at: float = 0.0
    _sampled_at: float = 0.0
    _recorded_at: float = field(default=0.0)

    def __post_init__(self) -> None:
        self._alive_at = self._sampled_at = self._recorded_at = self.began

    def look(self) -> tuple[Cause | None, Outcome | None]:
        """Why the run has to end now, and what the caller asked for, if it was the caller."""
        at = now()
        asked = self.stop()
        if asked is not None:
            return Cause.caller, asked
        if at - self.began >= self.limits.seconds:
            return Cause.time, None
        if sum(stream.bytes for stream in self.streams) > self.limits.output:
            return Cause.output, None
        if any(stream.broken for stream in self.streams):
            return Cause.disk, None
        if at - self._recorded_at >= LOOK:
            self._recorded_at = at
            self.retries.feed("session", self.record.news(), at)
        if self.retries.enough(at):
            return Cause.retries, None
        return (Cause.silence, None) if self._is_silent(at) else (None, None)

    def _is_silent(self, at: float) -> bool:
        silence = self.limits.silence
        if silence is None or at - self._sampled_at < silence / 10:
            return False
        self._sampled_at = at
        printed = sum(stream.bytes for stream in self.streams)
        if printed != self._bytes or self.activity.changed():
            self._alive_at, self._bytes = at, printed
        return at - self._alive_at >= silence
