"""End a process and everything that it has started: its group, its children, and what carries its marker.

An agent starts its tools in groups of their own, and some of them outlive it. So the children are listed before the
signal, while their parents can still be followed; what was left by a parent that ended long ago is found by a variable
of its environment (Linux only).
"""

import os
import signal
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import psutil

MARKER = "KERRIGAN_MARKER"
"""The variable that every process of an attempt inherits."""

GRACE = 5.0
"""Seconds between the signal to end and the one that cannot be refused."""

SWEEPS = 20
"""How often what carries the marker is looked for: a process may start another one while it is found."""

POLL = 0.02


def finish(process: "subprocess.Popen[bytes]", marker: str) -> tuple[float, int]:
    """Leave nothing of a process: how many seconds it took to end it, and how many it had left behind on its own."""
    return (end(process, marker), 0) if process.poll() is None else (0.0, clean(marker))


def end(process: "subprocess.Popen[bytes]", marker: str, grace: float = GRACE) -> float:
    """End a process group, its children and what carries the marker; how many seconds that took."""
    began = time.monotonic()
    children = descendants(process.pid)
    signal_group(process.pid, signal.SIGTERM)
    signalled = False
    while time.monotonic() - began < grace:
        gone = process.poll() is not None
        children = [child for child in children if _alive(child)]
        if gone and not children and not marked(marker):
            break
        if gone and not signalled:
            # Tools in groups of their own got no signal, and the process that could end them is gone.
            signalled = True
            for pid in {child.pid for child in children} | set(marked(marker)):
                _signal(pid, signal.SIGTERM)
        time.sleep(POLL)
    signal_group(process.pid, signal.SIGKILL)
    for child in children:
        if _alive(child):
            _signal(child.pid, signal.SIGKILL)
    process.wait()
    sweep(marker)
    return time.monotonic() - began


def clean(marker: str, grace: float = 1.0) -> int:
    """End what an agent left behind that ended on its own; how many processes that were."""
    left = marked(marker)
    for pid in left:
        _signal(pid, signal.SIGTERM)
    until = time.monotonic() + grace
    while left and time.monotonic() < until and marked(marker):
        time.sleep(POLL)
    sweep(marker)
    return len(left)


def sweep(marker: str) -> None:
    """Kill everything that carries the marker, until nothing does."""
    for _ in range(SWEEPS):
        found = marked(marker)
        if not found:
            return
        for pid in found:
            _signal(pid, signal.SIGKILL)
        time.sleep(POLL)


def marked(marker: str) -> list[int]:
    """The processes whose environment holds the marker, without this one. Empty where there is no /proc."""
    wanted = f"{MARKER}={marker}".encode()
    found = []
    for entry in os.scandir("/proc") if Path("/proc/self/environ").exists() else ():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                environment = Path(entry.path, "environ").read_bytes()
            except OSError:
                continue  # it has ended, or is someone else's
            if wanted in environment.split(b"\0"):
                found.append(int(entry.name))
    return found


def descendants(pid: int) -> "list[psutil.Process]":
    """All children of a process, at any depth."""
    import psutil  # imported late: start-up is a feature

    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.Error:
        return []


def signal_group(group: int, number: int) -> None:
    """Send a signal to a process group, if there is one still."""
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return


def _signal(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except (ProcessLookupError, PermissionError):
        return


def _alive(process: "psutil.Process") -> bool:
    import psutil

    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False
