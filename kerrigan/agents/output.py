"""What an agent printed, and what a reader makes of it: bytes in, a reading out, no file and no clock.

Everything here is hostile: an agent's output holds text of models, of tools and of files in the work tree.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from kerrigan.model.attempt import Outcome, Spent, Verdict

LONGEST_LINE = 16_000_000
"""The longest line that is parsed, in bytes; longer ones are skipped."""

MOST = 10**12
"""No count of tokens is larger than this."""

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Output:
    """What a run left behind. `stdout` and `session` are lines in order, `stderr` is the end of it.

    `session` is the record that some agents write into their own folder. `result` is `$KERRIGAN_RESULT` of a program
    of one's own. `exit` is the exit status, negative for a signal.
    """

    stdout: Iterable[bytes] = ()
    stderr: bytes = b""
    session: Iterable[bytes] = ()
    result: bytes = b""
    exit: int = 0


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an agent gave up. `status` is the provider's HTTP status where it is known, `retry_after` in seconds.

    `until` is a time that the provider named, in seconds since 1970. `outcome` is set where the reader knows better
    than status and message show, such as for a limit that Kerrigan itself has set.
    """

    message: str
    status: int | None = None
    retry_after: float | None = None
    until: float | None = None
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader finds. `ended` is True where the record is there with which a whole run ends.

    `spent` has the scope that the profile names. `verdict` and `outcome` are only reported by programs of one's own.
    """

    ended: bool = False
    session: str = ""
    text: str = ""
    failure: Failure | None = None
    spent: Spent = field(default_factory=Spent)
    outcome: Outcome | None = None
    verdict: Verdict | None = None


def objects(lines: Iterable[bytes]) -> Iterator[Json]:
    """The JSON objects among some lines; a line that is none is skipped."""
    for line in lines:
        found = parse(line)
        if isinstance(found, dict):
            yield found


def parse(raw: bytes) -> object:
    """The JSON value of some bytes, or None: for no JSON, for what is too long, too deep, or a number too large."""
    if len(raw) > LONGEST_LINE or not raw.strip():
        return None
    try:
        return json.loads(raw.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return None


def part(value: object, *keys: str | int) -> Any:
    """What lies at these keys and indexes, or None."""
    for key in keys:
        if isinstance(key, str):
            value = value.get(key) if isinstance(value, dict) else None
        else:
            value = value[key] if isinstance(value, list) and -len(value) <= key < len(value) else None
    return value


def section(value: object, *keys: str) -> Json:
    """The object that lies at these keys; an empty one where there is none."""
    found = part(value, *keys)
    return found if isinstance(found, dict) else {}


def words(value: object) -> str:
    """The value where it is text, else nothing."""
    return value if isinstance(value, str) else ""


def count(value: object) -> int:
    """The value where it is a count of something, else 0."""
    is_count = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST
    return value if is_count and isinstance(value, int) else 0


def dollars(value: object) -> Decimal | None:
    """The value where it is an amount of money, else None. Ten digits after the point: a sum of tiny steps is exact."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        return None
    if not amount.is_finite() or not 0 <= amount < 10**9:
        return None
    return amount.quantize(Decimal("1E-10")).normalize() + 0


_STATUS = re.compile(
    r"(?:status(?:_?code)?|error|http|code|rejected)\W{0,4}(?:code\W{0,3})?\(?([45]\d\d)\b", re.IGNORECASE
)
_LOOSE_STATUS = re.compile(r"(?<![\w.-])(401|402|403|429|500|502|503|504|529)(?![\w.-])")


def status_in(text: str) -> int | None:
    """The HTTP status that a message of an error names."""
    found = _STATUS.search(text) or _LOOSE_STATUS.search(text)
    return int(found[1]) if found else None


_BROKE = re.compile(
    r"insufficient[_ ](?:quota|credit|fund|balance)|credit balance is too low|payment[_ ]required|billing_error"
    r"|exceeded your current quota, please check your plan and billing|quota exceeded\. check your plan and billing",
    re.IGNORECASE,
)
_LIMITED = re.compile(
    r"rate.?limit|too many requests|resource.?exhausted|usage limit|hit your .{0,20}limit|overloaded|high demand"
    r"|try again (?:later|in|at)",
    re.IGNORECASE,
)
_REFUSED = re.compile(
    r"authenticat|unauthorized|unauthenticated|invalid.{0,12}api.?key|api.?key (?:is )?(?:missing|not (?:set|valid))"
    r"|not logged in|please (?:log ?in|run /login|sign in)|permission denied for (?:this )?(?:key|model)|no auth",
    re.IGNORECASE,
)


def outcome_of(failure: Failure) -> Outcome:
    """Whose trouble a failure is: the provider's answer decides, then the message."""
    status, message = failure.status, failure.message
    if failure.outcome:
        return failure.outcome
    if status == 402 or _BROKE.search(message):
        return Outcome.out_of_money
    if status in (401, 403):
        return Outcome.refused
    if status == 429 or (status is not None and status >= 500):
        return Outcome.limited
    if status is None and _LIMITED.search(message):
        return Outcome.limited
    return Outcome.refused if status is None and _REFUSED.search(message) else Outcome.failed
