"""What files name elsewhere, looked up on the forge: issues, pull requests, labels, files and headings."""

from collections.abc import Iterable

from kerrigan.apply.checks.forge_cache import ForgeCache
from kerrigan.apply.checks.remote_contents import RemoteContents
from kerrigan.apply.checks.resolve import resolve
from kerrigan.apply.state.forge import Forge
from kerrigan.errors import KerriganError, UndecidedError
from kerrigan.model.checks.siblings import Entry, Reference, Resolution
from kerrigan.model.forge.issue import Issue

MOST = 200
"""How many issues are looked up at once; a token of a workflow may ask a thousand times an hour."""
MOST_FILES = 100
"""How many files are read at once, each of a megabyte at most."""

_EVERYWHERE = frozenset({"network", "rate-limit", "server", "token"})
"""Kinds of errors that the next question would meet as well."""
_HIDDEN = frozenset({"no-repository", "not-found"})
"""Those that the next question about the same repository would: where there is no such issue there is no error."""


class ForgeLookups:
    """Questions to a forge. What it answered stands as long as this object; what it did not is asked again.

    `kept` are things that were there in earlier runs. They count in a repository whose issues, or whose branch, the
    forge shows now, to anyone who asks now: no token gets an answer that another one was given.
    """

    def __init__(self, forge: Forge, kept: ForgeCache | None = None) -> None:
        self._forge = forge
        self._kept = kept or ForgeCache()
        self._answered: dict[str, Resolution] = {}
        self._opened: dict[str, tuple[Issue, ...]] = {}
        self._closed: dict[str, str] = {}
        self._latest: dict[str, int] = {}
        self._distant: dict[str, RemoteContents | str] = {}
        self._asked = self._read = 0

    def of(self, targets: Iterable[str]) -> dict[str, Resolution]:
        """What there is of these, each `owner/name#N`. From here on what was refused before may be asked again."""
        self._closed, self._latest, self._distant, self._asked, self._read = {}, {}, {}, 0, 0
        found = {target: self._found(target) for target in dict.fromkeys(targets)}
        self._kept.save()
        return found

    def place(self, reference: Reference) -> Resolution:
        """Whether the default branch has the file or folder, and the heading in it."""
        contents = self.contents(reference.repository)
        if isinstance(contents, str):
            return Resolution(None, contents)
        address = self._forge.url(reference.repository)
        # Not joined by a sign: a file or an anchor may hold any of them.
        name = repr((address, contents.commit, reference.file, reference.anchor))
        if name in self._kept:
            return Resolution(True)
        found = resolve(reference, contents)
        if found.there:
            self._kept.add(name)
        return found

    def opened(self, slug: str) -> tuple[Issue, ...] | str:
        """The open issues and pull requests of a repository, or why no one can tell."""
        why = self._why(slug)
        if slug in self._opened or why:
            return self._opened.get(slug, why)
        try:
            return self._opened.setdefault(slug, self._forge.issues_of(slug).opened())
        except KerriganError as error:
            self._close(slug, error)
            return error.message

    def save(self) -> None:
        """Keep what was there for the runs to come."""
        self._kept.save()

    def contents(self, slug: str) -> RemoteContents | str:
        """The files of a repository at the tip of its default branch, or why no one can tell."""
        if slug not in self._distant:
            self._distant[slug] = self._why(slug) or self._tip(slug)
        return self._distant[slug]

    def _tip(self, slug: str) -> RemoteContents | str:
        try:
            commit = self._forge.tip(slug)
        except KerriganError as error:
            self._close(slug, error)
            return error.message
        if commit is None:
            return f"{slug} shows no commit on its default branch"
        return RemoteContents(commit, lambda path: self._entry(slug, commit, path))

    def _entry(self, slug: str, commit: str, path: str) -> Entry | None:
        why = self._why(slug)
        if not why and self._read >= MOST_FILES:
            why = f"a check reads {MOST_FILES} files on the forge at most"
        if why:
            raise UndecidedError(why, kind="not-asked", next_step="run the check again later")
        self._read += 1
        try:
            return self._forge.entry(slug, commit, path)
        except KerriganError as error:
            self._close(slug, error)
            raise

    def _found(self, target: str) -> Resolution:
        slug, _, number = target.partition("#")
        if target not in self._answered and not self._why(slug) and self._was_there(slug, int(number)):
            self._answered[target] = Resolution(True)
        if target in self._answered:
            return self._answered[target]
        if why := self._why(slug):
            return Resolution(None, why)
        if self._asked >= MOST:
            return Resolution(None, f"a check looks up {MOST} at most")
        self._asked += 1
        return self._look(slug, int(number))

    def _why(self, slug: str) -> str:
        """Why nothing can be asked about a repository; empty where it can."""
        return self._closed.get("") or self._closed.get(slug, "")

    def _close(self, slug: str, error: KerriganError) -> None:
        """Note what an error says of the questions that are still to come."""
        if error.kind in _EVERYWHERE:
            self._closed[""] = error.message
        elif error.kind in _HIDDEN:
            self._closed[slug] = error.message

    def _was_there(self, slug: str, number: int) -> bool:
        """Whether it was there in an earlier run, and the repository still shows that it counts as far."""
        try:
            if self._name(slug, number) not in self._kept:
                return False
            if slug not in self._latest:
                self._latest[slug] = self._forge.issues_of(slug).latest()
        except KerriganError as error:
            self._close(slug, error)
            self._latest[slug] = 0  # so that it is asked once
        return number <= self._latest[slug]

    def _name(self, slug: str, number: int) -> str:
        return f"{self._forge.url(slug)}#{number}"

    def _look(self, slug: str, number: int) -> Resolution:
        """Ask for an issue, then for a pull request. An error that closes more than this question is noted."""
        forge, target = self._forge, f"{slug}#{number}"
        errors: list[KerriganError] = []
        for ask in (lambda: forge.issues_of(slug).one(number), lambda: forge.pull_request(slug, number)):
            try:
                if ask() is not None:
                    self._kept.add(self._name(slug, number))
                    return self._answered.setdefault(target, Resolution(True))
            except KerriganError as error:
                errors.append(error)
                self._close(slug, error)
                if error.kind in _EVERYWHERE:
                    break
        if errors:
            # A token may see issues and no pull requests, or the other way round: it takes both to give up on them.
            if [error.kind for error in errors] == ["permission", "permission"]:
                self._closed[slug] = errors[0].message
            return Resolution(None, errors[0].message)
        return self._answered.setdefault(target, Resolution(False, f"{slug} has no issue or pull request #{number}"))
