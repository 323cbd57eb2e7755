"""Points in time as the journal writes them: UTC, milliseconds, `Z`; text order is time order."""

from datetime import UTC, datetime, timedelta


def stamp(moment: datetime) -> str:
    """`2026-11-21T06:00:00.123Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def later(at: str, seconds: float) -> str:
    """The stamp `seconds` after `at`; the end of the year 9999 where that is later still."""
    try:
        return stamp(datetime.fromisoformat(at) + timedelta(seconds=seconds))
    except OverflowError:
        return stamp(datetime.max.replace(tzinfo=UTC))


def seconds_between(earlier: str, later_: str) -> float:
    """How many seconds lie between two stamps; negative when they are the other way round."""
    return (datetime.fromisoformat(later_) - datetime.fromisoformat(earlier)).total_seconds()
