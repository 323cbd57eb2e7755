"""The journal's branch: lines of text on `kerrigan-state/<project>`, appended by compare-and-swap.

    log/000001.jsonl    128 lines each, the open one fewer; a full segment is never touched again
    state.json          what the caller folded out of the segments before the open one; rewritten when a segment begins

An append reads the tip, asks the caller what to write on top of it, commits that and pushes with a lease on the tip.
A push that is refused proves nothing: git may have sent it twice, or another writer was faster. So the branch is read
again. If it has the line under its number, the push succeeded. If it moved, the caller decides again on what is there
now.

Some appends must come one after the other over the journals of all projects. They move a turnstile too: a ref of the
remote, in one atomic push with the branch and with a lease on each. A snapshot saw the turnstile before whatever else
is read to decide on it, so a push that lands proves that no other such append came in between.

Few processes: a read is one ls-remote and one cat-file, and a fetch of the commit and one of its files where they are
not here yet; an append after it is one push. Killed anywhere in between, an append leaves at most objects that no ref
names, in a repository of our own.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from secrets import randbelow

from kerrigan.errors import LostRaceError, UsageError
from kerrigan.git.commit import write_commit, write_files, write_folder
from kerrigan.git.journal.cache import cache_of
from kerrigan.git.journal.journals import all_lines, snapshots
from kerrigan.git.journal.seen import remember
from kerrigan.git.journal.snapshot import BRANCHES, JournalSnapshot, segment_name
from kerrigan.git.refused import is_final, not_taken, taken_in_part
from kerrigan.git.remote import Remote
from kerrigan.git.repo import Clone
from kerrigan.model.names import is_id

TRIES = 60
"""How often an append is decided again before it gives up."""

PATIENCE = 8
"""How often in a row a push may fail while no one else moved the branch, before it counts as a fault of the remote."""


@dataclass(frozen=True, slots=True)
class Append:
    """What to write: lines for the open segment, or, with `state`, that state.json and the lines of a new segment.

    `fill` are lines that fill the open segment up before that, and `full` whole segments after it; `state` folds in
    both. `turnstiles` move with the branch, or nothing moves.
    """

    lines: tuple[str, ...]
    message: str
    state: str | None = None
    full: tuple[tuple[str, ...], ...] = ()
    fill: tuple[str, ...] = ()
    turnstiles: tuple[str, ...] = ()

    @property
    def first(self) -> str:
        """The line that comes right after those that are there."""
        return next(line for part in (self.fill, *self.full, self.lines) for line in part)


class Journal:
    """The journal of one project on the remote at `url`, read and written beside a clone.

    `access` are variables for git with which a push is tried once more where a rule of the remote refuses it.
    """

    def __init__(
        self, clone: Clone, url: str, project: str, wanted: Sequence[str] = (), access: Mapping[str, str] | None = None
    ) -> None:
        if not is_id(project):
            raise UsageError(
                f"'{project[:80]}' is no project name: expected lower-case letters, digits and hyphens, 63 at most",
                kind="project-name",
                next_step="kerrigan status lists the projects",
            )
        self.clone = clone
        self.url = url
        self.project = project
        self.branch = f"{BRANCHES}{project}"
        self._wanted = tuple(wanted)
        self._access = access or {}

    def look(self) -> JournalSnapshot:
        """Read the remote now. Raises UndecidedError when it does not answer, UnreadableError when it is not there."""
        return self._look({})

    def append(
        self, write: Callable[[JournalSnapshot], Append | None], seen: JournalSnapshot | None = None
    ) -> JournalSnapshot:
        """Write what `write` says of the newest snapshot, and return the snapshot after it.

        `write` is called again each time another writer was faster; None from it ends the append with nothing written.
        """
        snapshot = seen or self.look()
        stuck = 0
        for attempt in range(TRIES):
            addition = write(snapshot)
            if addition is None:
                return snapshot
            after, leases = self._commit(snapshot, addition), self._leases(snapshot, addition)
            remote = Remote(cache_of(self.clone).view(self.url), self.url)
            failed = remote.push(str(after.tip), leases)
            if failed and self._access and is_final(remote, leases, failed):
                failed = replace(remote, access=self._access).push(str(after.tip), leases)
            if failed is None:
                return self._remembered(after)
            number = snapshot.count + 1
            fresh = self._look({self.project: number})
            now = self._leases(fresh, addition)
            if fresh.line(number) == addition.first:
                # git takes the rest of an atomic push where a ref is hidden from it.
                if left := [ref for ref, lease in leases.items() if now[ref] == lease]:
                    raise taken_in_part(remote, self.branch, left)
                return fresh
            stuck = stuck + 1 if now == leases else 0
            if stuck == PATIENCE or (stuck and is_final(remote, leases, failed)):
                raise not_taken(remote, leases, failed)
            # Writers that lost the same race must not meet again at the same moment.
            time.sleep(randbelow(1000) / 1000 * min(0.02 * 2**attempt, 1.0))
            snapshot = fresh
        raise LostRaceError(
            f"other writers were faster {TRIES} times in a row",
            kind="lost-race",
            next_step="try again; nothing was written",
        )

    def history(self, snapshot: JournalSnapshot) -> tuple[str, ...]:
        """Every line, oldest first."""
        return all_lines(self.clone, self.url, self.project, snapshot)

    def _look(self, lines: Mapping[str, int]) -> JournalSnapshot:
        return snapshots(self.clone, self.url, {self.project: self._wanted}, lines)[self.project]

    def _commit(self, snapshot: JournalSnapshot, addition: Append) -> JournalSnapshot:
        """The snapshot after an addition, whose commit is written and pushed nowhere."""
        sealed = addition.state is not None
        if sealed:
            segments = dict(zip(count(snapshot.segment + 1), (*addition.full, addition.lines), strict=False))
            if addition.fill:
                segments[snapshot.segment] = snapshot.lines + addition.fill
        else:
            segments = {snapshot.segment: snapshot.lines + addition.lines}
        files = {segment_name(n): "".join(f"{line}\n" for line in lines) for n, lines in segments.items()}
        repository = cache_of(self.clone).repository(self.url)
        log = write_files(repository, snapshot.log, files)
        root = write_folder(repository, snapshot.root, "log", log)
        if addition.state is not None:
            root = write_files(repository, root, {"state.json": addition.state})
        tip = write_commit(repository, snapshot.tip, addition.message, root)
        return replace(
            snapshot,
            tip=tip,
            state=addition.state if sealed else snapshot.state,
            lines=segments[max(segments)],
            segment=max(segments),
            turnstiles={**snapshot.turnstiles, **dict.fromkeys(addition.turnstiles, tip)},
            root=root,
            log=log,
        )

    def _remembered(self, snapshot: JournalSnapshot) -> JournalSnapshot:
        if not snapshot.rewritten and snapshot.tip:
            seen = cache_of(self.clone).seen(self.project)
            remember(seen, snapshot.count, snapshot.lines[-1], snapshot.tip)
        return snapshot

    def _leases(self, snapshot: JournalSnapshot, addition: Append) -> Mapping[str, str | None]:
        return {self.branch: snapshot.tip} | {ref: snapshot.turnstiles.get(ref) for ref in addition.turnstiles}
