"""A process as the journal names it: `host:<machine>/<boot>/<pid namespace>/<pid>/<start>`."""

from dataclasses import dataclass

PREFIX = "host:"
"""How the id of a process begins; that of a workflow run begins with the name of its repository."""

UNKNOWN = "0"
"""Stands for the part of an id that a machine does not have or does not report."""

FIRST_NAMESPACE = "4026531836"
"""The pid namespace of Linux outside of every container: the same number on every machine (PROC_PID_INIT_INO)."""


@dataclass(frozen=True, slots=True)
class Host:
    """What processes are looked up in: a machine, as a hash of its id, since one boot, in one pid namespace."""

    machine: str
    boot: str
    namespace: str


@dataclass(frozen=True, slots=True)
class Process:
    """A process of a host. `start` is part of what it is, because numbers of processes are given out again."""

    host: Host
    pid: int
    start: str

    @property
    def id(self) -> str:
        """As `run.id` of an event has it."""
        return f"{PREFIX}{self.host.machine}/{self.host.boot}/{self.host.namespace}/{self.pid}/{self.start}"

    def is_over(self, here: Host, start: str | None) -> bool:
        """Whether it has ended for certain, seen from `here`, where its pid now has this start; None for no process.

        In a container the machine's id may be that of the image, and so of several machines: there, and where there is
        none, another boot proves nothing.
        """
        if (self.host.machine, self.host.namespace) != (here.machine, here.namespace):
            return False
        if self.host.boot != here.boot:
            return here.machine != UNKNOWN and here.namespace == FIRST_NAMESPACE
        return start not in {self.start, UNKNOWN}


def process_of(run: str) -> Process | None:
    """The process that an id names; None for a workflow run, and for what is no id of ours."""
    parts = run.removeprefix(PREFIX).split("/")
    if not run.startswith(PREFIX) or len(parts) != 5 or not all(parts):
        return None
    machine, boot, namespace, pid, start = parts
    is_number = pid.isascii() and pid.isdecimal() and len(pid) < 20
    return Process(Host(machine, boot, namespace), int(pid), start) if is_number else None
