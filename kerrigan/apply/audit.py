"""Prove that a journal is what was written: its commits, its hashes, its state.json, and what this clone saw of it."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from shlex import quote

from kerrigan.apply.state.site import Site
from kerrigan.apply.state.stage import ANY, read, workspace_of
from kerrigan.decide.fold.fold import NEWER, BrokenLineError, replay
from kerrigan.decide.fold.state_json import load
from kerrigan.errors import UnreadableError
from kerrigan.git.journal.evidence import (
    Segments,
    author,
    first_loss,
    last_change,
    losses,
    segments_of,
    text_at,
    writer,
)
from kerrigan.git.journal.history import History, open_history
from kerrigan.git.reader import MissingError
from kerrigan.git.repo import Clone, GitError, without_credentials
from kerrigan.load.tree import CONFIG
from kerrigan.model.state import RECHECK, Beyond, DispatchStatus, State

PROVES = "no line was changed, taken away or moved by a commit of the branch, nor since this clone saw it"
DOES_NOT_PROVE = (
    "who wrote a line: anyone who may push the branch can add lines in any name. "
    "docs/journal.md#who-may-write-it limits who may, and the names are those of git"
)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong with a journal. `line` is None where it is no line, `commit` where none is to blame."""

    problem: str
    next: str
    line: int | None = None
    commit: str | None = None


@dataclass(frozen=True, slots=True)
class Audit:
    """What a verification found: how many events there are, and the first thing that is wrong, or None.

    `since` is the commit up to which an earlier verification in this clone vouches for the journal; `beyond` is what
    only a newer Kerrigan knows of it: then the hashes were verified, and state.json was not.
    """

    project: str
    events: int
    finding: Finding | None = None
    since: str | None = None
    beyond: Beyond | None = None

    @property
    def sound(self) -> bool:
        """Whether the journal is what was written."""
        return self.finding is None

    @property
    def words(self) -> str:
        """The finding in a sentence."""
        if self.finding:
            return f"journal of {self.project}: {self.finding.problem}\n  next: {self.finding.next}"
        if self.beyond:
            partly = f"{self.events} events, all hashes match; {self.beyond.what}, so state.json was not compared"
            return f"journal of {self.project}: {partly}\n  next: {self.beyond.next_step}"
        earlier = f" (verified up to {self.since[:10]} before; --all starts at the first line)" if self.since else ""
        whole = f"journal of {self.project}: {self.events} events, all hashes match{earlier}"
        return f"{whole}\n  proved: {PROVES}\n  not proved: {DOES_NOT_PROVE}"

    def to_json(self) -> dict[str, object]:
        """The finding for machines."""
        found = self.finding or Finding("", "")
        return {
            "project": self.project,
            "events": self.events,
            "sound": self.sound,
            "problem": found.problem,
            "line": found.line,
            "commit": found.commit,
            "next": found.next,
            "since": self.since,
            "beyond": self.beyond and self.beyond.what,
            "proved": PROVES if self.sound and not self.beyond else "",
            "not_proved": DOES_NOT_PROVE,
        }


def open_record(site: Site, project: str) -> History:
    """The journal of a project as its branch, not as a state: one that is damaged can be opened too.

    Raises UsageError for a project that has neither a definition nor a journal.
    """
    home = workspace_of(site.journal(site.here, ANY, [CONFIG]).look()).home or site.here
    record = open_history(site.journal(home, project, ()))
    if record.snapshot.tip is None and record.seen is None:
        read(site, project)
    return record


def lines_of(record: History) -> tuple[str, ...]:
    """Every line that the branch has now, oldest first, whether it holds or not."""
    return record.journal.history(record.snapshot)


def verify(record: History) -> Audit:
    """Verify what came after the last verification in this clone, and remember it when all of it holds."""
    return _undamaged(record, lambda: _verify(record, record.verified()))


def verify_all(record: History) -> Audit:
    """Verify from the first line on, and remember it when all of it holds."""
    return _undamaged(record, lambda: _verify(record, None))


def _undamaged(record: History, judge: Callable[[], Audit]) -> Audit:
    """The verdict on a whole history. One that was damaged here, and says nothing of the journal, is fetched again."""
    record.fetch()
    try:
        return judge()
    except (GitError, MissingError):
        record.begin_anew()
        record.fetch()
        return judge()


def _verify(record: History, since: str | None) -> Audit:
    tip, clone = record.snapshot.tip, record.clone
    base, first = _checkpoint(clone, since)
    now = segments_of(clone, tip, first) if tip else {}
    findings, beyond = [*_memory(record, now if first == 1 else None)], None
    if tip:
        wrong, beyond = _content(clone, tip, base, now)
        findings += [*_losses(clone, tip, since, now), *wrong]
    # The first of equals: what a commit did explains a broken hash better than the hash does.
    worst = min(findings, key=lambda f: f.line or float("inf"), default=None)
    if worst and not record.is_kept:
        step = f"kerrigan audit verify {record.journal.project}, in a clone that can be written"
        worst = replace(worst, next=step)
    if worst is None and beyond is None:
        record.vouch()
    return Audit(record.journal.project, base.seq + sum(map(len, now.values())), worst, since, beyond)


def _checkpoint(clone: Clone, since: str | None) -> tuple[State, int]:
    """The state of a verified commit's full segments, and the number of the segment after them."""
    text = text_at(clone, since, "state.json") if since else None
    return (load(text), json.loads(text)["segments"] + 1) if text else (State(), 1)


def _memory(record: History, now: Segments | None) -> Iterator[Finding]:
    """What this clone saw of the branch and the branch has no longer."""
    tip, seen = record.snapshot.tip, record.seen
    if not record.snapshot.rewritten or seen is None or record.holds(seen.commit):
        return  # a commit on top of what was seen is found where all commits are looked at
    branch = record.journal.branch.removeprefix("refs/heads/")
    push = f"push {without_credentials(record.journal.url)} {seen.commit}:{record.journal.branch}"
    if not record.fetch_seen():
        gone = f"the branch {branch} " + ("is gone" if tip is None else f"has another line {seen.number} or none")
        what = f"{gone}, and this clone saw {seen.number} events on it; the remote no longer has commit {seen.commit}"
        yield Finding(what, f"in a clone that has it: git {push}", seen.number, seen.commit)
        return
    here = record.clone
    kept = _all(segments_of(here, seen.commit))
    present = _all(now or (segments_of(here, tip) if tip else {}))
    lost = first_loss(kept, present)
    line, git_here = None if lost is None else lost + 1, _git(here)
    if tip is None:
        what = f"the branch {branch} is gone, and this clone saw {len(kept)} events on it"
        yield Finding(f"{what}; commit {seen.commit} holds them", f"put it back: {git_here} {push}", line, seen.commit)
    elif lost == len(present):
        what = f"line {line} and what came after it, {len(kept) - lost} in all, is gone: the branch was moved back"
        yield Finding(f"{what}; commit {seen.commit} holds them", f"put it back: {git_here} {push}", line, seen.commit)
    else:
        what = f"line {line} is another than this clone saw" if line else "every line that this clone saw is there"
        problem = f"{what}, but the branch was rewritten; commit {seen.commit} holds what was seen"
        compare = f"{git_here} diff {seen.commit} {tip} -- log"
        yield Finding(problem, f"{compare}; if the branch is right, delete {record.memory}", line, seen.commit)


def _losses(clone: Clone, tip: str, since: str | None, now: Segments) -> Iterator[Finding]:
    for loss in losses(clone, tip, since, now):
        problem = f"line {loss.line} was changed or taken away by {_commit(clone, loss.commit)}"
        yield Finding(problem, f"{_git(clone)} show {loss.commit}", loss.line, loss.commit)


def _content(clone: Clone, tip: str, base: State, now: Segments) -> tuple[list[Finding], Beyond | None]:
    """The lines against their hashes, and state.json against the lines; and what of them is not known."""
    sealed = state = base
    try:
        for lines in now.values():
            sealed, state = state, replay(state, lines)
    except BrokenLineError as error:
        if error.kind == NEWER:
            raise
        commit = writer(clone, tip, error.line)
        by = f"; it came with {_commit(clone, commit)}" if commit else ""
        return [Finding(f"{error.message}{by}", f"{_git(clone)} show {commit or tip}", error.line, commit)], None
    text = text_at(clone, tip, "state.json")
    if beyond := state.beyond or _unknown(text):
        return [], beyond
    lie = _lie(text, sealed, max(now, default=1) - 1)
    if not lie:
        return [], None
    commit = last_change(clone, tip, "state.json")
    by = f"; it came with {_commit(clone, commit)}" if commit else ""
    return [Finding(f"state.json {lie}{by}", f"{_git(clone)} show {commit or tip} -- state.json", None, commit)], None


def _unknown(text: str | None) -> Beyond | None:
    """What only a newer Kerrigan knows of a state.json."""
    try:
        return load(text).beyond if text else None
    except UnreadableError as error:
        return Beyond(error.message, error.next_step) if error.kind == NEWER else None


def _lie(text: str | None, sealed: State, full: int) -> str:
    """What state.json says that the full segments do not."""
    if text is None:
        return f"is missing, and {full} segments are full" if full else ""
    try:
        said, segments = load(text), json.loads(text)["segments"]
    except UnreadableError as error:
        return f"cannot be read: {error.message}"
    if segments != full:
        return f"says that {segments} segments are full, and there are {full}"
    for task in sorted(said.tasks.keys() | sealed.tasks.keys()):
        if said.task(task) != sealed.task(task):
            return f"says that {task} is {said.task(task).status}, and the lines make another state of it"
    return "" if _lasting(said) == _lasting(sealed) else "is not the fold of the full segments"


def _lasting(state: State) -> State:
    """The state without rechecks that were given up: an older Kerrigan kept also those that others had superseded."""
    lasting = {d.key: d for d in state.dispatches.values() if (d.kind, d.status) != (RECHECK, DispatchStatus.dead)}
    return replace(state, dispatches=lasting)


def _git(clone: Clone) -> str:
    """The command that looks into a whole history: the user's clone has none of its commits."""
    return f"git --git-dir={quote(str(clone.git_dir))}"


def _commit(clone: Clone, commit: str) -> str:
    return f"commit {commit} of {author(clone, commit)}"


def _all(segments: Segments) -> tuple[str, ...]:
    return tuple(line for lines in segments.values() for line in lines)
