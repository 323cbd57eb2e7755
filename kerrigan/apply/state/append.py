"""Decide inside the compare-and-swap: what is pushed was decided on exactly the tip it was pushed onto."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from secrets import randbits

from kerrigan.apply.state.site import Site
from kerrigan.apply.state.stage import Stage, require_known, stage_of
from kerrigan.decide.fold.fold import chain, fold, replay
from kerrigan.decide.fold.state_json import dump
from kerrigan.decide.money.budget import shares
from kerrigan.git.journal.journal import Append
from kerrigan.git.journal.journals import BUDGET
from kerrigan.git.journal.snapshot import SEGMENT, JournalSnapshot
from kerrigan.model import ulid
from kerrigan.model.decision import Decision, Refusal, Request
from kerrigan.model.event import Actor, Event, EventType, Run
from kerrigan.model.forge.account import Account
from kerrigan.model.timestamp import stamp

Answer = Decision | Refusal | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a request: the stage that it was answered on, the answer, and the stage after it."""

    before: Stage
    answer: Answer
    after: Stage
    also: tuple[Event, ...] = ()

    @property
    def events(self) -> tuple[Event, ...]:
        """Everything that was recorded: the decision's events, then those of the effects it had."""
        return (self.answer.events if isinstance(self.answer, Decision) else ()) + self.also


def now() -> str:
    """The present moment as a stamp."""
    return stamp(datetime.now(UTC))


def new_request(
    event: EventType, task: str | None, actor: Actor, run: Run | None = None, account: Account | None = None
) -> Request:
    """A request with a fresh id and the present time; `dataclasses.replace` adds what else was said."""
    now = datetime.now(UTC)
    identity = ulid.encode(int(now.timestamp() * 1000), randbits(80))
    return Request(type=event, task=task, actor=actor, id=identity, at=stamp(now), run=run, account=account)


def append(site: Site, stage: Stage, decide: Callable[[Stage], Answer]) -> Outcome:
    """Append what `decide` says of the newest stage, deciding again each time another writer was faster.

    Raises LostRaceError when others were faster every time, UnreadableError when the remote refuses the push, and when
    a newer Kerrigan has written what this one does not know.
    """
    current = stage
    answer: Answer = None
    project = stage.project

    def write(snapshot: JournalSnapshot) -> Append | None:
        nonlocal current, answer
        current = (
            stage if snapshot is stage.snapshot else stage_of(site, project.home, stage.journal, project.name, snapshot)
        )
        require_known(current)
        answer = decide(current)
        if not isinstance(answer, Decision):
            return None
        turnstiles = (BUDGET,) if shares(current.workspace, answer.events) else ()
        return replace(_append(current, answer), turnstiles=turnstiles)

    snapshot = stage.journal.append(write, stage.snapshot)
    if not isinstance(answer, Decision):
        return Outcome(current, answer, current)
    events, lines, last = chain(answer.events, current.state.last)
    if snapshot.lines[-1:] == lines[-1:]:
        after = replace(current, state=replace(fold(current.state, events), last=last), snapshot=snapshot)
    else:  # the push had landed although it was reported lost, and others have written on top of it since
        after = stage_of(site, project.home, stage.journal, project.name, snapshot)
    return Outcome(current, replace(answer, events=events, state=after.state), after)


def _append(stage: Stage, decision: Decision) -> Append:
    _, lines, _ = chain(decision.events, stage.state.last)
    message = subject(decision.events[0])
    room = SEGMENT - len(stage.snapshot.lines)
    if len(lines) <= room:
        return Append(lines, message)
    starts = range(room, len(lines), SEGMENT)
    *full, rest = [lines[start : start + SEGMENT] for start in starts]
    sealed = replay(stage.state, lines[: starts[-1]])
    return Append(rest, message, dump(sealed, stage.snapshot.segment + len(full)), tuple(full), lines[:room])


def subject(event: Event) -> str:
    """The commit's subject: `contract claimed by ada`."""
    task = event.task.partition("/")[2] if event.task else "project"
    login = "".join(c if c.isprintable() else "?" for c in event.actor.login)
    return f"{task} {event.type.value} by {login}"
