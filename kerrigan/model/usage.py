"""What work costs: money, prices, reports of use, and the ledger that a journal adds up to.

Money is a Decimal of US dollars in memory and a decimal string in JSON, never a float.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_UP, Decimal, InvalidOperation

ZERO = Decimal(0)

MICRO = Decimal("0.000001")
"""The smallest amount that is counted; what is less is rounded up to it."""

MOST = Decimal(1_000_000_000)
"""No amount is as large as this, so that sums stay exact."""

ALL = "all"
"""The account that everything is booked on."""


def money(raw: object) -> Decimal:
    """The amount of dollars in a text or a whole number. Raises ValueError for what is none, negative or too large."""
    try:
        amount = Decimal(str(raw))
    except InvalidOperation as error:
        raise ValueError(f"'{raw}' is not an amount in US dollars, for example 1.25") from error
    if not amount.is_finite() or not ZERO <= amount < MOST:
        raise ValueError(f"'{raw}' is not an amount in US dollars from 0 to {MOST}")
    return amount.quantize(MICRO, ROUND_UP)


def written(amount: Decimal) -> str:
    """An amount as JSON holds it: `0.5`, `12`."""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def dollars(amount: Decimal) -> str:
    """An amount as people read it: `$0.50`, and `$0.0034` where cents do not say it."""
    whole, _, cents = written(amount).partition(".")
    return f"${whole}.{cents.ljust(2, '0')}"


@dataclass(frozen=True, slots=True)
class Price:
    """What a model costs in dollars per million tokens, from the day `since` on (`2026-10-07`, empty: ever since).

    `cached` is for tokens read from the cache; where it is not known they cost what others cost.
    """

    tokens_in: Decimal
    tokens_out: Decimal
    cached: Decimal | None = None
    since: str = ""

    def of(self, tokens_in: int, tokens_out: int, cached: int) -> Decimal:
        """What so many tokens cost, rounded up to a millionth of a dollar."""
        reading = self.tokens_in if self.cached is None else self.cached
        whole = self.tokens_in * tokens_in + self.tokens_out * tokens_out + reading * cached
        return (whole / 1_000_000).quantize(MICRO, ROUND_UP)


Prices = Mapping[str, tuple[Price, ...]]
"""By model, each price that it has or had."""


@dataclass(frozen=True, slots=True)
class Usage:
    """One report of what was used: `tokens_in` without those read from the cache, which are `cached`."""

    model: str
    tokens_in: int
    tokens_out: int
    cached: int
    usd: Decimal

    def to_json(self) -> dict[str, object]:
        """The report as a `used` event carries it."""
        return {
            "model": self.model,
            "tokens_in": self.tokens_in,
            "tokens_out": self.tokens_out,
            "cached": self.cached,
            "usd": written(self.usd),
        }


@dataclass(frozen=True, slots=True)
class Reservation:
    """What is left of the money that a claim set aside, for this role and agent."""

    usd: Decimal
    role: str
    agent: str


@dataclass(frozen=True, slots=True)
class Alert:
    """The highest share of a cap that was told, and the cap's limit then: another limit is reported again."""

    limit: Decimal
    percent: int


@dataclass(frozen=True, slots=True)
class Ledger:
    """What a journal adds up to.

    Accounts are `all`, `role ROLE`, `agent LOGIN`, and for what is spent also `day 2026-11-21` and `month 2026-11`.
    `open` are the reservations of claims that work: `P/T` of a task, `P/T#review` of its review, `#idea/<category>` of
    the search for ideas; `alerts` are by the name of the cap.
    """

    spent: Mapping[str, Decimal] = field(default_factory=dict)
    reserved: Mapping[str, Decimal] = field(default_factory=dict)
    open: Mapping[str, Reservation] = field(default_factory=dict)
    alerts: Mapping[str, Alert] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cap:
    """A limit and what counts against it: what was spent, and what claims that work have set aside.

    `told` is the highest share of the limit, in percent, that was alerted of; `change` says where the limit stands.
    """

    name: str
    limit: Decimal
    spent: Decimal
    reserved: Decimal
    told: int = 0
    change: str = ""

    def has_room_for(self, amount: Decimal) -> bool:
        """Whether so much more may be set aside; nothing at all once the limit is reached."""
        taken = self.spent + self.reserved
        return taken < self.limit and taken + amount <= self.limit

    def to_json(self) -> dict[str, str]:
        """The cap as `status --json` and `cost --json` show it."""
        return {
            "name": self.name,
            "limit": written(self.limit),
            "spent": written(self.spent),
            "reserved": written(self.reserved),
        }


@dataclass(frozen=True, slots=True)
class Budget:
    """`budget:` in kerrigan.yml: limits over all projects of the home repository, and what is reserved by default."""

    usd: Decimal | None = None
    per_day: Decimal | None = None
    per_month: Decimal | None = None
    roles: Mapping[str, Decimal] = field(default_factory=dict)
    agents: Mapping[str, Decimal] = field(default_factory=dict)
    task_default: Decimal = Decimal(1)
    prices: Prices = field(default_factory=dict)

    @property
    def has_caps(self) -> bool:
        """Whether anything is limited over all projects."""
        totals = (self.usd, self.per_day, self.per_month)
        return any(total is not None for total in totals) or bool(self.roles or self.agents)
