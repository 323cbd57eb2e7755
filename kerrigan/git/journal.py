"""The journal's branch: lines of text on `kerrigan-state/<project>`, appended by compare-and-swap.

    log/000001.jsonl    at most 128 lines each; a full segment is never touched again
    state.json          what the caller folded out of the segments before the open one; rewritten when a segment begins

An append reads the tip, asks the caller what to write on top of it, commits that and pushes with a lease on the tip.
A push that is refused proves nothing: git may have sent it twice, or another writer was faster. So the branch is read
again. If it holds the commit, the push succeeded. If it moved, the caller decides again on what is there now.

Some appends must come one after the other over the journals of all projects. They move a turnstile too: a ref of the
remote, in one atomic push with the branch and with a lease on each. A snapshot saw the turnstile before whatever else
is read to decide on it, so a push that lands proves that no other such append came in between.

Few processes: one ls-remote, one fetch when something is not here yet, one cat-file, one fast-import, one push.
The ref that remembers the tip is moved by the fetch and the push themselves. Killed anywhere in between, an append
leaves at most objects that no ref names.
"""

import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from secrets import randbelow

from kerrigan.errors import KerriganError, LostRaceError, UnreadableError, UsageError
from kerrigan.git.commit import write_commit
from kerrigan.git.files_at import FilesAt
from kerrigan.git.refused import is_final, not_taken, taken_in_part
from kerrigan.git.remote import Listing, Remote
from kerrigan.git.repo import Batch, Clone, GitError, git
from kerrigan.model.names import is_id

SEGMENT = 128
"""Lines that a segment holds at most."""

TRIES = 60
"""How often an append is decided again before it gives up."""

PATIENCE = 8
"""How often in a row a push may fail while nobody else moved the branch, before it counts as a fault of the remote."""

BUDGET = "refs/kerrigan/budget"
"""The turnstile of the money that projects share: it points to the last append that reserved some."""

_PARENT = re.compile(r"^parent ([0-9a-f]{40,64})$", re.MULTILINE)

NEAR = 64
"""How many commits back a known tip is looked for before git is asked to walk the history."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One consistent look at a remote. `lines` are those of the open segment, `state` is state.json's text.

    `definition` is the commit of the default branch, `files` the wanted files that it has: their bytes, or in words
    what stands there instead. `rewritten` says that the tip does not descend from the one that this clone saw last.
    `turnstiles` says where those are that there are.
    """

    tip: str | None
    default_branch: str
    definition: str | None
    state: str | None = None
    lines: tuple[str, ...] = ()
    segment: int = 1
    files: Mapping[str, bytes | str] = field(default_factory=dict)
    rewritten: bool = False
    turnstiles: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Trace:
    """Where a branch is: its tip on the remote, the one that this clone saw last, and whether it left that behind."""

    tip: str | None
    seen: str | None
    rewritten: bool


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


class Journal:
    """The journal of one project on the remote at `url`, read and written through a clone."""

    def __init__(self, clone: Clone, url: str, project: str, wanted: Sequence[str] = ()) -> None:
        if not is_id(project):
            raise UsageError(
                f"'{project[:80]}' is no project name: expected lower-case letters, digits and hyphens, 63 at most",
                kind="project-name",
                next_step="kerrigan status lists the projects",
            )
        self._clone = clone
        self._remote = Remote(clone, url)
        self._branch = f"refs/heads/kerrigan-state/{project}"
        self._seen = f"refs/kerrigan/seen/{project}"
        self._verified = f"refs/kerrigan/verified/{project}"
        self._wanted = tuple(wanted)

    def look(self) -> Snapshot:
        """Read the remote now. Raises UndecidedError when it does not answer, UnreadableError when it is not there."""
        with Batch(self._clone.root) as batch:
            trace, listing = self._trace(batch)
            tip, definition = trace.tip, listing.tips.get(listing.default)
            state, segment, lines = contents(batch, tip)
            files = FilesAt(batch, definition).read(self._wanted) if definition else {}
        name = listing.default.removeprefix("refs/heads/")
        turnstiles = {ref: commit for ref, commit in listing.tips.items() if ref == BUDGET}
        return Snapshot(tip, name, definition, state, lines, segment, files, trace.rewritten, turnstiles)

    def append(self, write: Callable[[Snapshot], Append | None], seen: Snapshot | None = None) -> Snapshot:
        """Write what `write` says of the newest snapshot, and return the snapshot after it.

        `write` is called again each time another writer was faster; None from it ends the append with nothing written.
        """
        snapshot = seen or self.look()
        stuck = 0
        for attempt in range(TRIES):
            addition = write(snapshot)
            if addition is None:
                return snapshot
            commit, leases = self._commit(snapshot, addition), self._leases(snapshot, addition)
            remember = {} if snapshot.rewritten else {self._branch: self._seen}
            failed = self._remote.push(commit, leases, remember)
            if failed is None:
                return _after(snapshot, commit, addition)
            fresh = self.look()
            now = self._leases(fresh, addition)
            if fresh.tip is not None and self._holds(fresh.tip, commit):
                # git takes the rest of an atomic push where a ref is hidden from it.
                if left := [ref for ref, lease in leases.items() if now[ref] == lease]:
                    raise taken_in_part(self._remote, self._branch, left)
                return fresh
            stuck = stuck + 1 if now == leases else 0
            if stuck == PATIENCE or (stuck and is_final(self._remote, leases, failed)):
                raise not_taken(self._remote, leases, failed)
            # Writers that lost the same race must not meet again at the same moment.
            time.sleep(randbelow(1000) / 1000 * min(0.02 * 2**attempt, 1.0))
            snapshot = fresh
        raise LostRaceError(
            f"other writers were faster {TRIES} times in a row",
            kind="lost-race",
            next_step="try again; nothing was written",
        )

    def history(self, snapshot: Snapshot) -> tuple[str, ...]:
        """Every line, oldest first."""
        if snapshot.tip is None:
            return ()
        with Batch(self._clone.root) as batch:
            texts = [batch.text(f"{snapshot.tip}:{_segment(n)}") or "" for n in range(1, snapshot.segment + 1)]
        return tuple(line for text in texts for line in split_lines(text))

    def trace(self) -> Trace:
        """Where the branch is now, without reading what it holds; errors are those of `look`."""
        with Batch(self._clone.root) as batch:
            trace, _ = self._trace(batch)
            return trace

    def verified(self, tip: str) -> str | None:
        """The commit up to which this clone verified the journal, where `tip` descends from it."""
        found = self._clone.ref(self._verified)
        return found if found and self._holds(tip, found) else None

    def vouch(self, tip: str) -> None:
        """Remember that everything up to this commit was verified."""
        self._remember(self._verified, tip, self._clone.ref(self._verified))

    def _trace(self, batch: Batch) -> tuple[Trace, Listing]:
        # Asked before the remote: another process of this clone may remember a later tip while this one looks.
        last = batch.commit(self._seen)
        listing = self._remote.listing(self._branch, BUDGET)
        tip = listing.tips.get(self._branch)
        self._bring(batch, listing)
        rewritten = last is not None and not (tip and self._descends(batch, tip, last))
        if tip and not rewritten and batch.commit(self._seen) != tip:
            self._remember(self._seen, tip, last)
        return Trace(tip, last, rewritten), listing

    def _bring(self, batch: Batch, listing: Listing) -> None:
        refspecs = {self._branch: f"{self._branch}:{self._seen}", listing.default: listing.default}
        missing = [ref for ref in refspecs if ref in listing.tips and batch.commit(listing.tips[ref]) is None]
        if not missing:
            return
        try:
            self._remote.fetch(*(refspecs[ref] for ref in missing))
        except KerriganError:
            # A rewritten branch does not fit the ref that remembers it; what it holds has been brought all the same.
            if any(batch.commit(listing.tips[ref]) is None for ref in missing):
                raise

    def _descends(self, batch: Batch, tip: str, ancestor: str) -> bool:
        commit = tip
        for _ in range(NEAR):
            if commit == ancestor:
                return True
            text = batch.text(commit)
            if text is None:
                return True  # a shallow clone ends here, so nothing speaks against it
            parent = _PARENT.search(text)
            if parent is None:
                break
            commit = parent.group(1)
        return self._holds(tip, ancestor)

    def _remember(self, ref: str, tip: str, last: str | None) -> None:
        try:
            git("update-ref", ref, tip, last or "0" * len(tip), cwd=self._clone.root)
        except GitError:
            return  # another process of this clone is writing it, and saw the branch as late as this one

    def _commit(self, snapshot: Snapshot, addition: Append) -> str:
        if addition.state is None:
            segments = {snapshot.segment: snapshot.lines + addition.lines}
        else:
            segments = dict(zip(count(snapshot.segment + 1), (*addition.full, addition.lines), strict=False))
            if addition.fill:
                segments[snapshot.segment] = snapshot.lines + addition.fill
        files = {_segment(n): "".join(f"{line}\n" for line in lines) for n, lines in segments.items()}
        if addition.state is not None:
            files["state.json"] = addition.state
        return write_commit(self._clone, snapshot.tip, addition.message, files)

    def _holds(self, tip: str, commit: str) -> bool:
        try:
            git("merge-base", "--is-ancestor", commit, tip, cwd=self._clone.root)
        except GitError:
            return False
        return True

    def _leases(self, snapshot: Snapshot, addition: Append) -> Mapping[str, str | None]:
        return {self._branch: snapshot.tip} | {ref: snapshot.turnstiles.get(ref) for ref in addition.turnstiles}


def contents(batch: Batch, tip: str | None) -> tuple[str | None, int, tuple[str, ...]]:
    """What a journal holds at a commit: its state.json, the number of its open segment, and the lines of that."""
    if tip is None:
        return None, 1, ()
    state = batch.text(f"{tip}:state.json")
    segment = _open_segment(state)
    return state, segment, split_lines(batch.text(f"{tip}:{_segment(segment)}"))


def split_lines(text: str | None) -> tuple[str, ...]:
    """The lines of a segment's text; none where there is no text."""
    # Not splitlines: JSON may hold characters that Unicode counts as line ends.
    return tuple(text.removesuffix("\n").split("\n")) if text else ()


def _segment(number: int) -> str:
    return f"log/{number:06d}.jsonl"


def _open_segment(state: str | None) -> int:
    if state is None:
        return 1
    try:
        return int(json.loads(state)["segments"]) + 1
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise UnreadableError(
            f"state.json of the journal is damaged: {error}", kind="journal", next_step="kerrigan audit verify"
        ) from error


def _after(snapshot: Snapshot, commit: str, addition: Append) -> Snapshot:
    sealed = addition.state is not None
    return Snapshot(
        commit,
        snapshot.default_branch,
        snapshot.definition,
        addition.state if sealed else snapshot.state,
        addition.lines if sealed else snapshot.lines + addition.lines,
        snapshot.segment + sealed + len(addition.full),
        snapshot.files,
        snapshot.rewritten,
        {**snapshot.turnstiles, **dict.fromkeys(addition.turnstiles, commit)},
    )
