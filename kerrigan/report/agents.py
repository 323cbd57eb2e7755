"""The agents of a machine as a table and for machines. No secret is in it: logins are names of variables and files."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kerrigan.model.attempt import AttemptRecord
from kerrigan.report.plain import plain


@dataclass(frozen=True, slots=True)
class AgentRow:
    """One agent as it is reported.

    `tried` are the oldest and newest version that its profile was run with, `proven` is the day of the last run, empty
    where there was none. `is_tried` is None where the version is not known. `limits` is what it can limit itself.
    """

    name: str
    configured: bool = False
    roles: tuple[str, ...] = ()
    program: str = ""
    path: str = ""
    install: str = ""
    version: str = ""
    tried: tuple[str, str] = ("", "")
    is_tried: bool | None = None
    proven: str = ""
    login: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    instructions: tuple[str, ...] = ()
    via: str = "headless"
    problem: str = ""
    check: AttemptRecord | None = None
    written: bool = False

    def to_json(self) -> dict[str, Any]:
        """One entry of `agents` in the output."""
        found: dict[str, Any] = {
            "name": self.name,
            "configured": self.configured,
            "roles": list(self.roles),
            "program": self.program,
            "installed": bool(self.path),
            "path": self.path or None,
            "install": self.install or None,
            "version": self.version or None,
            "tried": {"oldest": self.tried[0], "newest": self.tried[1]} if self.tried[0] else None,
            "is_tried": self.is_tried,
            "proven": self.proven or None,
            "login": list(self.login),
            "limits": list(self.limits),
            "instructions": list(self.instructions),
            "via": self.via,
            "problem": self.problem,
        }
        if self.check:
            found["check"] = {**self.check.to_json(), "written": self.written}
        return found


def agents_json(rows: Sequence[AgentRow]) -> dict[str, Any]:
    """What `kerrigan agents --json` prints."""
    return {"agents": [row.to_json() for row in rows]}


HEADINGS = ("AGENT", "VERSION", "LOGIN", "LIMITS", "PROVEN", "")


def agents_text(rows: Sequence[AgentRow]) -> str:
    """A table, a line each; below it the result of each check."""
    lines = [HEADINGS, *(_cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADINGS))]
    table = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]
    checks = [_check(row) for row in rows if row.check]
    return "\n".join([*table, *([""] if checks else []), *checks])


def _cells(row: AgentRow) -> tuple[str, ...]:
    return (
        plain(row.name),
        _version(row),
        plain(", ".join(row.login)) or ("-" if row.program else ""),
        ", ".join(row.limits) or ("-" if row.program else ""),
        row.proven or ("not proven" if row.tried[0] else "-"),
        plain(row.problem or _install(row)),
    )


def _version(row: AgentRow) -> str:
    if not row.path:
        return "not installed" if row.program else "an account"
    if not row.version:
        return "installed"
    return row.version if row.is_tried else f"{row.version} (tried {_range(row.tried)})"


def _range(tried: tuple[str, str]) -> str:
    return tried[0] if tried[0] == tried[1] else f"{tried[0]} to {tried[1]}"


def _install(row: AgentRow) -> str:
    return f"npm install -g {row.install}" if row.install and not row.path else ""


def _check(row: AgentRow) -> str:
    record = row.check
    assert record is not None
    usage = record.usage
    tokens = "usage not known" if usage is None else f"{usage.input + usage.cache_read + usage.cache_write} tokens in"
    tokens += "" if usage is None else f", {usage.output} out"
    money = "" if record.spent.usd is None else f", ${record.spent.usd:.4f}"
    wrote = "" if row.written or record.outcome != "ok" else "; but the file it was asked for is not there"
    why = "" if record.outcome == "ok" else f": {plain(record.message)}"
    return f"{plain(row.name)}: {record.outcome.value} after {record.seconds:.1f} s, {tokens}{money}{why}{wrote}"
