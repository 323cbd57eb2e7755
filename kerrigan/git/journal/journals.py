"""The journals of a repository, any number at once: as many processes for a hundred as for one."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeVar

from kerrigan.errors import KerriganError
from kerrigan.git.files_at import FilesAt
from kerrigan.git.journal.cache import JournalCache, cache_of
from kerrigan.git.journal.fetching import read
from kerrigan.git.journal.seen import Seen, recall, remember
from kerrigan.git.journal.snapshot import BRANCHES, JournalSnapshot, journal_at, segments, split_lines
from kerrigan.git.reader import Gaps, Reader
from kerrigan.git.remote import Listing, Remote
from kerrigan.git.repo import Clone
from kerrigan.model.names import ID

T = TypeVar("T")

BUDGET = "refs/kerrigan/budget"
"""The turnstile of the money that projects share: it points to the last append that reserved some."""

MANY = 20
"""For so many journals the remote is asked for all that it has."""

MOVES = 10
"""How often a read begins again because the remote moved meanwhile."""

_JOURNAL = re.compile(f"{BRANCHES}({ID})")
_NO_LINES: Mapping[str, int] = {}
_NONE: Mapping[str, JournalSnapshot] = {}


def snapshots(
    clone: Clone,
    url: str,
    wanted: Mapping[str, Sequence[str]],
    lines: Mapping[str, int] = _NO_LINES,
    known: Mapping[str, JournalSnapshot] = _NONE,
) -> dict[str, JournalSnapshot]:
    """The journals of these projects now, each with the files that are wanted for it, all of one listing.

    `lines` are numbers of lines that will be asked for; what is `known` and did not move is not read again.
    Raises UndecidedError when the remote does not answer, UnreadableError when it is not there.
    """
    cache = cache_of(clone)
    # Recalled before the remote is asked: another process of this clone may remember a later line while this one reads.
    seen = {project: recall(cache.seen(project)) for project in wanted}
    numbers = {project: _numbers(seen[project], lines.get(project)) for project in wanted}

    def reading(listing: Listing) -> dict[str, JournalSnapshot]:
        moved = [project for project in wanted if not _is_at(known.get(project), listing, project)]
        refs = {ref: listing.tips[ref] for ref in (*map(_ref, moved), listing.default) if ref in listing.tips}
        found = read(cache, url, refs, partial(_read, listing, {p: wanted[p] for p in moved}, numbers)) if moved else {}
        return {project: _located(found.get(project) or known[project], listing) for project in wanted}

    refs = (*map(_ref, wanted), BUDGET) if len(wanted) < MANY else (f"{BRANCHES}*", BUDGET)
    found = _settled(Remote(clone, url), refs, reading)
    return {project: _compared(cache, project, seen[project], snapshot) for project, snapshot in found.items()}


def tips_of(clone: Clone, url: str) -> Mapping[str, str]:
    """Where the journal of each project is in the repository at `url`, of those too whose files are gone.

    Raises UndecidedError when it does not answer, UnreadableError when it is not there.
    """
    tips = Remote(clone, url).listing(f"{BRANCHES}*").tips
    return {found[1]: tip for name, tip in tips.items() if (found := _JOURNAL.fullmatch(name))}


def contents_of(clone: Clone, url: str, tips: Mapping[str, str]) -> dict[str, JournalSnapshot]:
    """What these journals (project to commit) hold, without a definition; raises as `snapshots` does."""
    if not tips:
        return {}
    cache = cache_of(clone)
    seen = {project: recall(cache.seen(project)) for project in tips}

    def reading(reader: Reader) -> dict[str, JournalSnapshot]:
        return _each(tips, lambda project: journal_at(reader, tips[project], _numbers(seen[project], None)))

    found = read(cache, url, {_ref(project): tip for project, tip in tips.items()}, reading)
    return {project: _compared(cache, project, seen[project], snapshot) for project, snapshot in found.items()}


def all_lines(clone: Clone, url: str, project: str, snapshot: JournalSnapshot) -> tuple[str, ...]:
    """Every line of a journal, oldest first, of all segments that there are; raises as `snapshots` does."""
    if snapshot.tip is None:
        return ()
    names = segments(snapshot.log)

    def reading(reader: Reader) -> dict[str, str | None]:
        return _each(names, partial(reader.file, snapshot.log))

    texts = read(cache_of(clone), url, {_ref(project): snapshot.tip}, reading)
    return tuple(line for name in names for line in split_lines(texts[name]))


def _settled(remote: Remote, refs: Sequence[str], reading: Callable[[Listing], T]) -> T:
    """What is read of a listing; where it cannot be read and the remote has moved meanwhile, of the next one."""
    listing = remote.listing(*refs)
    for _ in range(MOVES):
        try:
            return reading(listing)
        except KerriganError:
            now = remote.listing(*refs)
            if now == listing:
                raise
            listing = now
    return reading(listing)


def _read(
    listing: Listing, wanted: Mapping[str, Sequence[str]], numbers: Mapping[str, Sequence[int]], reader: Reader
) -> dict[str, JournalSnapshot]:
    definition, gaps = listing.tips.get(listing.default), Gaps()
    files = FilesAt(reader, definition) if definition else None
    read = gaps.fill(lambda: _each(wanted, lambda p: files.read(wanted[p]) if files else {})) or {}
    found = gaps.fill(lambda: _each(wanted, lambda p: journal_at(reader, listing.tips.get(_ref(p)), numbers[p]))) or {}
    gaps.close()
    return {p: replace(journal, definition=definition, files=read[p]) for p, journal in found.items()}


def _each(names: Sequence[str] | Mapping[str, object], reading: Callable[[str], T]) -> dict[str, T]:
    """What is read of each; one MissingError for all that any of them lacks."""
    gaps = Gaps()
    found = {name: gaps.fill(partial(_held, reading, name)) for name in names}
    gaps.close()
    return {name: held[0] for name, held in found.items() if held}


def _held(reading: Callable[[str], T], name: str) -> tuple[T]:
    return (reading(name),)  # what is read may be None


def _is_at(known: JournalSnapshot | None, listing: Listing, project: str) -> bool:
    now = listing.tips.get(_ref(project)), listing.tips.get(listing.default)
    return known is not None and (known.tip, known.definition) == now


def _located(snapshot: JournalSnapshot, listing: Listing) -> JournalSnapshot:
    turnstiles = {ref: listing.tips[ref] for ref in (BUDGET,) if ref in listing.tips}
    return replace(snapshot, default_branch=listing.default.removeprefix("refs/heads/"), turnstiles=turnstiles)


def _compared(cache: JournalCache, project: str, seen: Seen | None, snapshot: JournalSnapshot) -> JournalSnapshot:
    """The snapshot, marked where the last line that was seen is gone; else its own last line is remembered."""
    if seen and not seen.is_line(snapshot.line(seen.number)):
        return replace(snapshot, rewritten=True)
    if snapshot.tip and snapshot.lines:
        remember(cache.seen(project), snapshot.count, snapshot.lines[-1], snapshot.tip)
    return snapshot


def _numbers(seen: Seen | None, line: int | None) -> tuple[int, ...]:
    return tuple(number for number in (seen.number if seen else None, line) if number)


def _ref(project: str) -> str:
    return f"{BRANCHES}{project}"
