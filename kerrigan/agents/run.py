"""Run an agent once, and record its outcome.

`prepare` (in `prepare.py`) makes the invocation, `run` runs it and leaves nothing behind, `read` turns what is left
into a record. `read` is the only place that decides on an outcome: exit status 0 is necessary and never sufficient,
for agents exit with 0 after an empty answer, a refused tool, or a signal. The caller sees whether there is a commit.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from kerrigan.agents.output import LONGEST_LINE, Failure, Output, Reading, outcome_of
from kerrigan.agents.process import STDERR_TAIL, Cause, Ended, Invocation, Limits, run_process
from kerrigan.agents.profile import Profile, Scope
from kerrigan.agents.redact import without
from kerrigan.agents.verdict import verdict_in
from kerrigan.model.attempt import AttemptRecord, Outcome, Spent

LONGEST_MESSAGE = 500
"""The longest message of a record, in characters."""


PROVIDERS_TROUBLE = (Outcome.limited, Outcome.refused, Outcome.out_of_money)


@dataclass(frozen=True, slots=True)
class Run:
    """A run that has ended, and what its telemetry counted. `secrets` are kept out of what is read of it."""

    ended: Ended
    secrets: tuple[str, ...] = field(default=(), repr=False)
    witness: Spent = field(default_factory=Spent)


def run(
    profile: Profile,
    invocation: Invocation,
    limits: Limits,
    log: Path,
    stop: Callable[[], Outcome | None] = lambda: None,
) -> Run:
    """Run a prepared invocation to its end; its output is in the folder `log`. Limits and interrupts: `run_process`."""
    from kerrigan.agents.telemetry import Receiver  # imported late: a web server, for the few who run an agent

    with ExitStack() as open_ones:
        receiver = open_ones.enter_context(Receiver()) if profile.telemetry else None
        if receiver:
            sent = {name: value.replace("{url}", receiver.url) for name, value in profile.telemetry.items()}
            invocation = replace(invocation, environment={**sent, **invocation.environment})
        ended = run_process(invocation, limits, log, stop)
        return Run(ended, invocation.secrets, receiver.spent() if receiver else Spent())


def read(
    profile: Profile, finished: Run, *, nonce: str = "", sessions: Mapping[str, Spent] | None = None
) -> AttemptRecord:
    """The record of a run. `nonce` is the one of a review's prompt.

    `sessions` holds the `session_total` of earlier attempts by session, for agents that report the total of a session.
    """
    ended = finished.ended
    reading = _reading(profile, finished, ended.record)
    if ended.record is None and (record := record_of(profile, ended, reading.session)):
        reading = _reading(profile, finished, record)
    outcome, message = _outcome(profile, ended, reading)
    total = _known(reading.spent, finished.witness)
    before = (sessions or {}).get(reading.session, Spent()) if profile.scope is Scope.session else Spent()
    return AttemptRecord(
        outcome=outcome,
        message=_one_line(message),
        text=reading.text,
        session=reading.session,
        spent=total.since(before),
        session_total=total,
        limited_until=_until(reading.failure, ended.at) if outcome is Outcome.limited else None,
        verdict=reading.verdict or verdict_in(reading.text, nonce),
        seconds=ended.seconds,
    )


def _reading(profile: Profile, finished: Run, record: Path | None) -> Reading:
    ended = finished.ended
    with ExitStack() as files:
        return profile.read(
            Output(
                stdout=_lines(files, ended.stdout),
                stderr=_tail(ended.stderr, STDERR_TAIL),
                # The log has no secrets any more; what an agent writes elsewhere may.
                session=(without(line, finished.secrets) for line in _lines(files, record)),
                result=without(_tail(ended.result, LONGEST_LINE), finished.secrets),
                exit=ended.exit,
            )
        )


def record_of(profile: Profile, ended: Ended, session: str) -> Path | None:
    """The agent's own record of a session, also where only its output names the session."""
    if ended.record or not profile.record or not re.fullmatch(r"[\w-]{1,100}", session):
        return ended.record
    return next(iter(sorted(ended.home.glob(profile.record.replace("{session}", session)))), None)


def _outcome(profile: Profile, ended: Ended, reading: Reading) -> tuple[Outcome, str]:
    failure = reading.failure
    if ended.cause is not None:
        return _stopped(ended, ended.cause, failure)
    if failure:
        return outcome_of(failure), failure.message
    if ended.exit != 0:
        return Outcome.crashed, profile.exits.get(ended.exit, _status(ended.exit))
    if not reading.ended:
        return Outcome.crashed, "it ended with exit status 0 and did not report an end"
    if reading.outcome is Outcome.waiting:
        return Outcome.waiting, reading.text
    if not reading.text and profile.package:
        return Outcome.failed, "it ended without an answer"
    return Outcome.ok, "it ended on its own"


def _stopped(ended: Ended, cause: Cause, failure: Failure | None) -> tuple[Outcome, str]:
    """The outcome of a run that was ended from outside. Its exit status means nothing: some report success then."""
    match cause:
        case Cause.caller:
            return ended.asked or Outcome.stopped, "it was stopped"
        case Cause.time:
            return Outcome.timed_out, f"it took longer than it may: stopped after {ended.seconds:.0f} s"
        case Cause.silence:
            return Outcome.silent, f"no output and no change of a file: stopped after {ended.seconds:.0f} s"
        case Cause.output:
            return Outcome.failed, "it printed more than it may"
        case Cause.disk:
            return Outcome.stopped, "its output could not be written to the disk"
        case Cause.retries:
            found = outcome_of(failure) if failure else Outcome.limited
            why = failure.message if failure else "the provider does not answer"
            outcome = found if found in PROVIDERS_TROUBLE else Outcome.limited
            return outcome, f"stopped while it tried again and again: {why}"


def _status(exit_status: int) -> str:
    return f"it was ended by signal {-exit_status}" if exit_status < 0 else f"it ended with exit status {exit_status}"


def _known(reported: Spent, witness: Spent) -> Spent:
    """What the agent reports; where it reports nothing, what its telemetry counted."""
    has_figures = bool(reported.usage) or reported.usd is not None
    return Spent(reported.usage or witness.usage, reported.usd if has_figures else witness.usd)


def _until(failure: Failure | None, at: float) -> str | None:
    if failure is None or (failure.until is None and failure.retry_after is None):
        return None
    try:
        moment = datetime.fromtimestamp(at if failure.until is None else failure.until, UTC)
        if failure.until is None:
            moment += timedelta(seconds=failure.retry_after or 0)
    except (OverflowError, OSError, ValueError):
        return None
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _one_line(message: str) -> str:
    text = " ".join("".join(c if c.isprintable() else " " for c in message).split())
    return text if len(text) <= LONGEST_MESSAGE else f"{text[: LONGEST_MESSAGE - 1]}…"


def _lines(files: ExitStack, path: Path | None) -> Iterator[bytes]:
    """The lines of a file, one at a time; of a line that is too long only the beginning, which is no JSON."""
    if path is None or not path.is_file():
        return
    file = files.enter_context(path.open("rb"))
    while line := file.readline(LONGEST_LINE):
        if line.endswith(b"\n") or len(line) < LONGEST_LINE:
            yield line
            continue
        while rest := file.readline(LONGEST_LINE):
            if rest.endswith(b"\n"):
                break


def _tail(path: Path | None, size: int) -> bytes:
    if path is None or not path.is_file() or path.is_symlink():
        return b""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - size))
        return file.read(size)
