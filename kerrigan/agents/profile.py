"""What Kerrigan knows of a coding-agent CLI: a profile, which is data, and the reader of what it prints."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from kerrigan.agents.output import Output, Reading
from kerrigan.model.attempt import Purpose

Version = tuple[int, ...]


class Scope(StrEnum):
    """What the usage that an agent reports covers: this run, or its session with all earlier runs of it."""

    run = "run"
    session = "session"


@dataclass(frozen=True, slots=True)
class RetryWatch:
    """When to stop an agent that retries on its own for too long.

    `stream` is stdout, stderr or session; a line that matches `failure` counts until one matches `success`. The run is
    stopped at the `times`th failure, or `patience` seconds after a failure with no other line since.
    """

    stream: str
    failure: re.Pattern[bytes]
    success: re.Pattern[bytes]
    times: int = 3
    patience: float = 10.0


@dataclass(frozen=True, slots=True)
class Flags:
    """The options that take a value; an empty one does not exist. A value follows, or replaces `{}`."""

    model: str = ""
    session: str = ""
    turns: str = ""
    usd: str = ""


@dataclass(frozen=True, slots=True)
class Config:
    """Settings that are handed to one run.

    As a file, `variable` holds its path; `inline` means that it holds the JSON itself, with what the caller's own value
    of it sets besides. `model` is its key for the model, `turns` the section and the key
    for the number of turns. `content` is for every run, `roles` is added for a purpose.
    """

    variable: str
    content: Mapping[str, Any]
    roles: Mapping[Purpose, Mapping[str, Any]] = field(default_factory=dict)
    inline: bool = False
    model: str = ""
    turns: str = ""
    disables: tuple[str, ...] = ()
    """Files of the work tree whose MCP servers (`mcpServers`) no switch turns off: each is disabled by its name."""


@dataclass(frozen=True, slots=True)
class Acp:
    """How an agent speaks the Agent Client Protocol: its arguments, also those for a purpose, and its options."""

    command: tuple[str, ...]
    roles: Mapping[Purpose, tuple[str, ...]] = field(default_factory=dict)
    flags: Flags = Flags()


class Dialogue(Protocol):
    """Speaks with a program over its standard input and output: bytes in, bytes out."""

    done: bool

    def begin(self) -> bytes:
        """What to send first."""

    def feed(self, chunk: bytes) -> bytes:
        """What to send after these bytes came."""


@dataclass(frozen=True, slots=True)
class Profile:
    """One agent. What each CLI really does, and when it was run, is in docs/agents.md.

    `tried` are the oldest and newest version that it was run with; `proven` is the day of the last real run, empty
    where it could not be had. `keys` are the variables of which one logs it in, `passes` others that it understands
    and that are no secrets; an attempt gets those that are named for it. `logins` are files below HOME with a login.
    `sessions` are patterns below HOME of what changes while it works; `record` is the pattern of its own record of a
    session. In both, `{session}` stands for the session's id. `instructions` are the files of a work tree that it
    reads on its own. `uncounted` names requests that are paid and in no figure. `dialogue` makes what
    speaks with it, by work tree, prompt and purpose, where it does not read a prompt and end.
    """

    name: str
    program: str
    package: str
    tried: tuple[str, str]
    proven: str
    command: tuple[str, ...]
    read: Callable[[Output], Reading]
    roles: Mapping[Purpose, tuple[str, ...]] = field(default_factory=dict)
    last: tuple[str, ...] = ()
    flags: Flags = Flags()
    environment: Mapping[str, str] = field(default_factory=dict)
    config: Config | None = None
    keys: tuple[str, ...] = ()
    passes: tuple[str, ...] = ()
    logins: tuple[str, ...] = ()
    sessions: tuple[str, ...] = ()
    record: str = ""
    instructions: tuple[str, ...] = ()
    scope: Scope = Scope.run
    exits: Mapping[int, str] = field(default_factory=dict)
    stops: RetryWatch | None = None
    telemetry: Mapping[str, str] = field(default_factory=dict)
    acp: Acp | None = None
    dialogue: Callable[[Path, str, Purpose], Dialogue] | None = None
    uncounted: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def limits(self) -> tuple[str, ...]:
        """What it can limit on its own: turns, money."""
        turns = self.flags.turns or (self.config and self.config.turns)
        return tuple(name for name, can in (("turns", turns), ("usd", self.flags.usd)) if can)


def version_of(text: str) -> Version | None:
    """The version in what `--version` prints: its first number with two dots."""
    found = re.search(r"(?<![\w.])v?(\d+)\.(\d+)\.(\d+)", text)
    return tuple(int(part) for part in found.groups()) if found else None


def is_tried(profile: Profile, version: Version) -> bool:
    """Whether a version lies in the range that the profile was run with."""
    oldest, newest = (version_of(edge) for edge in profile.tried)
    return oldest is not None and newest is not None and oldest <= version <= newest
