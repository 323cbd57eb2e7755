"""What the default branch of a repository holds, as a snapshot shows it; what is not here is fetched."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TypeVar

from kerrigan.git import tree_at
from kerrigan.git.files_at import FilesAt
from kerrigan.git.journal.cache import cache_of
from kerrigan.git.journal.fetching import read
from kerrigan.git.journal.snapshot import JournalSnapshot
from kerrigan.git.reader import MissingError, Reader
from kerrigan.git.repo import Clone, GitError

T = TypeVar("T")


def read_files(clone: Clone, url: str, snapshot: JournalSnapshot, commit: str, reading: Callable[[FilesAt], T]) -> T:
    """What is read of the files at a commit of the default branch.

    Raises UndecidedError or UnreadableError where the remote does not give what is missing.
    """
    refs = {f"refs/heads/{snapshot.default_branch}": commit}
    return read(cache_of(clone), url, refs, lambda reader: reading(FilesAt(reader, commit)))


def all_files(clone: Clone, url: str, snapshot: JournalSnapshot, commit: str) -> tree_at.TreeSnapshot:
    """All files at a commit of the default branch. Raises as `read_files` does."""
    cache = cache_of(clone)
    refs = {f"refs/heads/{snapshot.default_branch}": commit}

    def listed(_: Reader) -> tree_at.TreeSnapshot:
        try:
            return tree_at.snapshot(cache.view(url), commit, "")
        except GitError as error:
            raise MissingError(commits=[commit]) from error

    return replace(read(cache, url, refs, listed), reading=partial(read, cache, url, refs))
