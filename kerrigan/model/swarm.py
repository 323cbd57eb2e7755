"""What a journal says beside tasks and dispatches: runs of work, notes, ideas, agents that a provider holds back."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class StopRequest:
    """A request that a run of work ends: `how` is finish (what is begun) or abort (at once)."""

    how: str
    by: str
    reason: str
    at: str


@dataclass(frozen=True, slots=True)
class WorkRun:
    """One process of `kerrigan work`. `agents` is how many of each it runs at most; `until` is a stamp.

    `ended` is why it is over, empty while it is not; it is remembered only while tasks stand at the fence at which it
    held them (`held`).
    """

    run: str
    by: str
    since: str
    host: str = ""
    agents: Mapping[str, int] = field(default_factory=dict)
    budget_usd: str | None = None
    until: str | None = None
    window: str = ""
    version: str = ""
    stop: StopRequest | None = None
    ended: str = ""
    held: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Note:
    """Something to remember: `tier` is critical, important, routine or ephemeral; `id` is its event's."""

    id: str
    tier: str
    text: str
    by: str
    at: str
    task: str | None = None
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class Idea:
    """A proposal of new work: `status` is proposed, accepted or rejected; `id` is its event's."""

    id: str
    title: str
    category: str
    by: str
    at: str
    status: str = "proposed"


@dataclass(frozen=True, slots=True)
class Circuit:
    """An agent that a provider holds back on one host: `outcome` is limited, refused or out_of_money.

    `host` is a machine or `github`. It holds until a stamp, or until a person resumes the agent (None). `times` is how
    often in a row.
    """

    agent: str
    host: str
    outcome: str
    until: str | None
    times: int = 1
