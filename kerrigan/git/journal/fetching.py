"""Fetch what a read lacks, and no more: single commits and files where the remote gives them, else more, else all."""

import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from kerrigan.errors import KerriganError, UndecidedError
from kerrigan.git.journal.cache import JournalCache, discard, is_complete, is_repository, unlock
from kerrigan.git.reader import MissingError, Reader
from kerrigan.git.remote import Remote
from kerrigan.git.repo import Clone, GitError

T = TypeVar("T")

ROUNDS = 20
"""How many fetches one read may take: commits and then files, by each of the ways, while others replace the cache."""

_ONE_COMMIT, _NO_FILES = "--depth=1", "--filter=blob:none"
_UNSAID = ("-c", "fetch.negotiationAlgorithm=noop", "-c", "core.alternateRefsCommand=:")
"""The remote is not told what is here: it would leave out what a shallow or partial repository lacks."""


def read(cache: JournalCache, url: str, refs: Mapping[str, str], reading: Callable[[Reader], T]) -> T:
    """What `reading` returns, once everything that it lacks was fetched; `refs` are the commits that it reads, by ref.

    A way to fetch is left for the next one when it brings nothing more. Raises UndecidedError or UnreadableError where
    the remote gives what is missing in no way.
    """
    way, before, failed = 0, frozenset[str](), None
    for _ in range(ROUNDS):
        try:
            with cache.repository(url).batch() as batch:
                return reading(Reader(batch))
        except MissingError as error:
            missing = error
        is_stuck = missing.ids == before
        way += is_stuck
        if way == len(_WAYS):
            break
        with cache.lock() as waited:
            if waited and not is_stuck:
                continue  # another process may have fetched it
            if is_stuck:
                cache.replace()  # it may be damaged
            before = missing.ids
            try:
                _WAYS[way](cache, url, refs, missing)
            except GitError as error:
                failed = error
    raise _refused(Remote(cache.clone, url), refs, failed)


def fetch_history(cache: JournalCache, url: str, refspecs: Mapping[str, str]) -> Clone:
    """`history.git` after a fetch of whole histories: which ref or commit of the remote, to which ref here.

    A repository that takes no fetch is replaced, but only by one that does, and that has all that could be copied: the
    remote may have lost it. Raises UndecidedError or UnreadableError where the remote does not give them.
    """
    with cache.history_lock():
        return _history(cache, url, refspecs)


def _history(cache: JournalCache, url: str, refspecs: Mapping[str, str]) -> Clone:
    own = cache.history()
    wanted = tuple(f"+{ref}:{here}" for ref, here in refspecs.items())
    if is_repository(own.git_dir):
        unlock(own.git_dir)
        with suppress(KerriganError):
            Remote(own, url).fetch(*wanted)
            return own
    with tempfile.TemporaryDirectory(prefix="history-", dir=cache.folder) as above:
        new = Path(above) / own.git_dir.name
        cache.create(new)
        if is_repository(own.git_dir):
            with suppress(KerriganError):
                Remote(cache.at(new), str(own.git_dir)).fetch("+refs/*:refs/*")
        Remote(cache.at(new), url).fetch(*wanted)
        discard(own.git_dir)
        new.rename(own.git_dir)
    return own


def _least(cache: JournalCache, url: str, _: Mapping[str, str], missing: MissingError) -> None:
    unlock(cache.view(url).git_dir)
    if missing.commits:
        settings = () if is_complete(cache.clone) else _UNSAID
        _remote(cache, url).fetch_objects(missing.commits, settings, (_ONE_COMMIT, _NO_FILES))
    else:
        _remote(cache, url).fetch_objects(missing.files, _UNSAID, (_NO_FILES,))


def _unfiltered(cache: JournalCache, url: str, _: Mapping[str, str], missing: MissingError) -> None:
    _remote(cache, url).fetch_objects(missing.ids, _UNSAID, (_ONE_COMMIT,))


def _everything(cache: JournalCache, url: str, refs: Mapping[str, str], _: MissingError) -> None:
    fetch_history(cache, url, {ref: ref for ref in refs})


def _remote(cache: JournalCache, url: str) -> Remote:
    return Remote(cache.view(url), url)


_WAYS = (_least, _least, _unfiltered, _everything)


def _refused(remote: Remote, refs: Mapping[str, str], failed: GitError | None) -> KerriganError:
    if failed is not None:
        return remote.unreachable(failed)
    names = ", ".join(ref.removeprefix("refs/heads/") for ref in refs)
    return UndecidedError(
        f"{remote} does not give all of {names}", kind="missing-object", next_step="try again; git fsck there says more"
    )
