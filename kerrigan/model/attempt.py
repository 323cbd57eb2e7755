"""One attempt of an agent: how it ended, what it used, what it said last. Money is a Decimal of US dollars."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any


class Purpose(StrEnum):
    """What an agent is started for: `implement` may change its work tree, `review` may only read it."""

    implement = "implement"
    review = "review"


class Outcome(StrEnum):
    """How an attempt ended.

    `refused` (login), `limited` (rate limit or overload of the provider) and `out_of_money` (empty account) are the
    agent's trouble and not the task's. `crashed` is a run that ended without saying how, `superseded` one that lost
    its fence, `waiting` one that asked a question.
    """

    ok = "ok"
    failed = "failed"
    refused = "refused"
    limited = "limited"
    out_of_money = "out_of_money"
    timed_out = "timed_out"
    silent = "silent"
    crashed = "crashed"
    stopped = "stopped"
    superseded = "superseded"
    waiting = "waiting"


@dataclass(frozen=True, slots=True)
class TokenUsage:
    """Tokens of one or more requests.

    `input` is without what was read from the cache or written to it; `cache_write` lasts 5 minutes and
    `cache_write_1h` an hour. `output` includes `reasoning`, which is a part of it. `requests` is
    0 where the agent does not report how many there were.
    """

    input: int = 0
    cache_read: int = 0
    cache_write: int = 0
    cache_write_1h: int = 0
    output: int = 0
    reasoning: int = 0
    requests: int = 0

    def __add__(self, other: "TokenUsage") -> "TokenUsage":
        return TokenUsage(*(mine + theirs for mine, theirs in zip(self._values(), other._values(), strict=True)))

    def __sub__(self, other: "TokenUsage") -> "TokenUsage":
        """What came since `other`; never less than nothing."""
        return TokenUsage(
            *(max(0, mine - theirs) for mine, theirs in zip(self._values(), other._values(), strict=True))
        )

    def __bool__(self) -> bool:
        """Whether any token was used."""
        return any(self._values()[:-1])

    def _values(self) -> tuple[int, ...]:
        return (
            *(self.input, self.cache_read, self.cache_write, self.cache_write_1h),
            *(self.output, self.reasoning, self.requests),
        )

    def to_json(self) -> dict[str, int]:
        """The contract's `usage`."""
        return asdict(self)


ModelUsage = Mapping[str, TokenUsage]
"""Usage by model; the key is empty where the agent does not name the model."""


def total(usage: ModelUsage) -> TokenUsage:
    """The sum over all models."""
    return sum(usage.values(), TokenUsage())


def since(now: ModelUsage, before: ModelUsage) -> ModelUsage:
    """What was used after `before` was read, where an agent reports the total of a session."""
    return {model: left for model, used in now.items() if (left := used - before.get(model, TokenUsage()))}


@dataclass(frozen=True, slots=True)
class Spent:
    """What a session, or a run of it, has used. `usage` and `usd` are None where they are not reported."""

    usage: ModelUsage | None = None
    usd: Decimal | None = None

    def since(self, before: "Spent") -> "Spent":
        """What was spent after `before`. A session that was never seen before started at nothing."""
        usage = None if self.usage is None else since(self.usage, before.usage or {})
        usd = None if self.usd is None else max(Decimal(0), self.usd - (before.usd or 0))
        return Spent(usage, usd)


@dataclass(frozen=True, slots=True)
class CriterionVerdict:
    """The verdict of a review on one acceptance criterion: `met`, `not met` or `not verified`, and why."""

    criterion: str
    verdict: str
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The verdict of a review on a change."""

    approved: bool
    reason: str
    criteria: tuple[CriterionVerdict, ...] = ()


@dataclass(frozen=True, slots=True)
class AttemptRecord:
    """What is known of an attempt after its process has ended.

    `message` is why it ended so, in one line; `text` is the agent's last message. `spent` is for this attempt alone,
    `session_total` what its session has used in all, for the next attempt in the same session. `limited_until` is a
    time in ISO 8601 where the provider named one.
    `usd_from` is `agent` where the agent reports money, else None: prices and reservations are the caller's.
    """

    outcome: Outcome
    message: str
    text: str = ""
    session: str = ""
    spent: Spent = field(default_factory=Spent)
    session_total: Spent = field(default_factory=Spent)
    limited_until: str | None = None
    verdict: Verdict | None = None
    seconds: float = 0.0

    @property
    def usage(self) -> TokenUsage | None:
        """The tokens of this attempt over all models; None where they are not known."""
        return None if self.spent.usage is None else total(self.spent.usage)

    def to_json(self) -> dict[str, Any]:
        """The part of the contract's `attempt` that the agent's run decides."""
        return {
            "outcome": self.outcome.value,
            "message": self.message,
            "seconds": round(self.seconds, 1),
            "usage": None if self.usage is None else self.usage.to_json(),
            "usd": None if self.spent.usd is None else float(self.spent.usd),
            "usd_from": None if self.spent.usd is None else "agent",
        }


def merged(parts: Iterable[tuple[str, TokenUsage]]) -> ModelUsage:
    """Usage by model from one part for each request, step or model."""
    found: dict[str, TokenUsage] = {}
    for model, usage in parts:
        found[model] = found.get(model, TokenUsage()) + usage
    return found
