"""The whole history of a journal, in `history.git`: what `audit verify` reads, and what it puts back from."""

from dataclasses import dataclass
from pathlib import Path

from kerrigan.errors import KerriganError, UndecidedError
from kerrigan.git.journal.cache import JournalCache, cache_of, discard
from kerrigan.git.journal.fetching import fetch_history
from kerrigan.git.journal.journal import Journal
from kerrigan.git.journal.seen import Seen, recall
from kerrigan.git.journal.snapshot import JournalSnapshot
from kerrigan.git.repo import Clone, GitError


@dataclass(frozen=True, slots=True)
class History:
    """A journal with all of its commits, as `snapshot` shows it; `seen` is what the clone had seen of it before."""

    journal: Journal
    snapshot: JournalSnapshot
    seen: Seen | None

    @property
    def clone(self) -> Clone:
        """The repository that holds it, after `fetch`."""
        return self._cache.history()

    @property
    def is_kept(self) -> bool:
        """Whether it is there when this process has ended."""
        return self._cache.is_kept

    @property
    def memory(self) -> Path:
        """The file that remembers what the clone has seen."""
        return self._cache.seen(self.journal.project)

    def fetch(self) -> None:
        """Bring every commit. Raises UndecidedError or UnreadableError where the remote does not give them."""
        tip = self.snapshot.tip
        if tip is None:
            return
        fetch_history(self._cache, self.journal.url, {self.journal.branch: self.journal.branch})
        if self.clone.ref(tip) is None:
            what = f"the journal of {self.journal.project} was rewritten while it was read"
            raise UndecidedError(what, kind="journal", next_step="try again")

    def fetch_seen(self) -> bool:
        """Bring the last commit that the clone had seen; False where it is neither here nor on the remote any more."""
        if self.seen is None:
            return False
        if self.clone.git_dir.exists() and self.clone.ref(self.seen.commit):
            return True
        try:
            kept = f"refs/kerrigan/seen/{self.journal.project}"
            fetch_history(self._cache, self.journal.url, {self.seen.commit: kept})
        except KerriganError:
            return False
        return True

    def begin_anew(self) -> None:
        """Take the repository away: it is damaged."""
        with self._cache.history_lock():
            discard(self.clone.git_dir)

    def verified(self) -> str | None:
        """The commit up to which the journal was verified here, where the tip descends from it."""
        found = self.clone.ref(self._mark)
        return found if found and self.holds(found) else None

    def holds(self, commit: str) -> bool:
        """Whether the tip descends from a commit."""
        try:
            self.clone.git("merge-base", "--is-ancestor", commit, self.snapshot.tip or "")
        except GitError:
            return False
        return True

    def vouch(self) -> None:
        """Remember that everything up to the tip was verified."""
        if self.snapshot.tip:
            self.clone.git("update-ref", self._mark, self.snapshot.tip)

    @property
    def _mark(self) -> str:
        return f"refs/kerrigan/verified/{self.journal.project}"

    @property
    def _cache(self) -> JournalCache:
        return cache_of(self.journal.clone)


def open_history(journal: Journal) -> History:
    """The history of a journal now, of which nothing is fetched yet; raises as `Journal.look` does."""
    seen = recall(cache_of(journal.clone).seen(journal.project))
    return History(journal, journal.look(), seen)
