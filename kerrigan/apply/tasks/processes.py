"""Processes of this machine: the id of one that holds a claim, and whether one has ended."""

import os
import re
import sys
import uuid
from dataclasses import replace
from hashlib import sha256
from hmac import new as hmac
from pathlib import Path

from kerrigan.errors import UnreadableError, UsageError
from kerrigan.model.decision import Request
from kerrigan.model.event import Run
from kerrigan.model.process import UNKNOWN, Host, Process, process_of

_MACHINE_IDS = (Path("/etc/machine-id"), Path("/var/lib/dbus/machine-id"))
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_NAMESPACE = Path("/proc/self/ns/pid")
_DIGITS = 12
"""As many hexadecimal digits of an id are kept: enough to distinguish machines, too few to recognise one elsewhere."""

_ENDED = {"Z", "X", "x"}
"""States of Linux in which a process runs no more, and only its parent has not asked yet how it ended."""


def bound_to(request: Request, pid: int) -> Request:
    """The request for a claim that ends with a process of this machine.

    Raises UsageError where no such process runs, and in a workflow run, whose end ends its claims; UnreadableError
    where the machine does not report when the process started.
    """
    if request.run is not None:
        raise UsageError(
            f"this is the workflow run {request.run.id}, whose end frees what it claims",
            kind="process",
            next_step="leave out --process",
        )
    return replace(request, run=run_of_process(pid))


def run_of_process(pid: int) -> Run:
    """What a claim that ends with a process is bound to. Raises as `bound_to` does."""
    here, start = _here(), _start(pid)
    if start is None:
        raise UsageError(
            f"no process with the id {pid} runs on this machine",
            kind="process",
            next_step="give the id of a process that runs as long as the work, in a shell for example $$",
        )
    if here is None or start == UNKNOWN:
        raise UnreadableError(
            f"this machine does not report when process {pid} started, or since which boot",
            kind="process",
            next_step="claim without --process; the claim then lasts for claims.lease",
        )
    return Run(Process(here, pid, start).id)


def has_ended(run: str) -> bool:
    """Whether the process that a run id names has ended, as far as this machine can prove it."""
    process = process_of(run)
    here = _here() if process else None
    return process is not None and here is not None and process.is_over(here, _start(process.pid))


def _here() -> Host | None:
    """This machine, boot and pid namespace; None for a Linux that does not report the last two."""
    if sys.platform != "linux":
        # A start is a time there, so that a process of another boot has another one.
        return Host(_hashed(str(uuid.getnode())), UNKNOWN, UNKNOWN)
    machine = next((found for path in _MACHINE_IDS if re.fullmatch("[0-9a-f]{32}", found := _text(path))), "")
    boot = _text(_BOOT_ID).replace("-", "")[:_DIGITS]
    namespace = re.sub("[^0-9]", "", _link(_NAMESPACE))
    return Host(_hashed(machine) if machine else UNKNOWN, boot, namespace) if boot and namespace else None


def _hashed(machine: str) -> str:
    # The id itself is confidential (machine-id(5)): what is published is a hash for this purpose alone.
    return hmac(machine.encode(), b"kerrigan", sha256).hexdigest()[:_DIGITS]


def _start(pid: int) -> str | None:
    """When a process started: on Linux in clock ticks since the boot, elsewhere in ms since 1970. None for no process.

    A clock that is set does not change it. UNKNOWN where there is a process and no one says when it started.
    """
    return start_on_linux(pid) if sys.platform == "linux" else start_elsewhere(pid)


def start_on_linux(pid: int) -> str | None:
    """`_start` by /proc."""
    # The name of the command stands in brackets, and may hold blanks and brackets itself (proc_pid_stat(5)).
    fields = _text(Path(f"/proc/{pid}/stat")).rpartition(")")[2].split()
    if len(fields) > 19:
        return None if fields[0] in _ENDED else fields[19]
    try:
        os.kill(pid, 0)  # /proc may hide the processes of others, or be missing
    except (ProcessLookupError, OverflowError):
        return None
    except PermissionError:
        pass
    return UNKNOWN


def start_elsewhere(pid: int) -> str | None:
    """`_start` by what the system reports to psutil."""
    import psutil  # imported late: start-up is a feature

    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else str(round(process.create_time() * 1000))
    except (psutil.NoSuchProcess, ValueError, OverflowError):
        return None
    except psutil.Error:
        return UNKNOWN


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


def _link(path: Path) -> str:
    try:
        return str(path.readlink())
    except OSError:
        return ""
