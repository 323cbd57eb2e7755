"""Issues and pull requests that dependencies name, looked up on the forge: two reads each at most, and not too many."""

from collections.abc import Iterable

from kerrigan.apply.forge import Forge
from kerrigan.apply.kept import Kept
from kerrigan.errors import KerriganError
from kerrigan.model.siblings import Sought

MOST = 200
"""How many are looked up at once; a token of a workflow may ask a thousand times an hour."""

_EVERYWHERE = frozenset({"network", "rate-limit", "server", "token"})
"""Kinds of errors that the next question would meet as well."""
_HIDDEN = frozenset({"no-repository", "not-found"})
"""Those that the next question about the same repository would: where there is no such issue there is no error."""


class Lookups:
    """Questions to a forge. What it answered stands as long as this object; what it did not is asked again.

    `kept` are things that were there in earlier runs. They count in a repository whose issues the forge shows now, to
    whoever asks now: no token gets an answer that another one was given.
    """

    def __init__(self, forge: Forge, kept: Kept | None = None) -> None:
        self._forge = forge
        self._kept = kept or Kept()
        self._answered: dict[str, Sought] = {}
        self._closed: dict[str, str] = {}
        self._latest: dict[str, int] = {}
        self._asked = 0

    def of(self, targets: Iterable[str]) -> dict[str, Sought]:
        """What there is of these, each `owner/name#N`. What was refused before may be asked again from here on."""
        self._closed, self._latest, self._asked = {}, {}, 0
        found = {target: self._found(target) for target in dict.fromkeys(targets)}
        self._kept.save()
        return found

    def _found(self, target: str) -> Sought:
        slug, _, number = target.partition("#")
        if target not in self._answered and not self._why(slug) and self._was_there(slug, int(number)):
            self._answered[target] = Sought(True)
        if target in self._answered:
            return self._answered[target]
        if why := self._why(slug):
            return Sought(None, why)
        if self._asked >= MOST:
            return Sought(None, f"a check looks up {MOST} at most")
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

    def _look(self, slug: str, number: int) -> Sought:
        """Ask for an issue, then for a pull request. An error that closes more than this question is noted."""
        forge, target = self._forge, f"{slug}#{number}"
        errors: list[KerriganError] = []
        for ask in (lambda: forge.issues_of(slug).one(number), lambda: forge.pull_request(slug, number)):
            try:
                if ask() is not None:
                    self._kept.add(self._name(slug, number))
                    return self._answered.setdefault(target, Sought(True))
            except KerriganError as error:
                errors.append(error)
                self._close(slug, error)
                if error.kind in _EVERYWHERE:
                    break
        if errors:
            # A token may see issues and no pull requests, or the other way round: it takes both to give up on them.
            if [error.kind for error in errors] == ["permission", "permission"]:
                self._closed[slug] = errors[0].message
            return Sought(None, errors[0].message)
        return self._answered.setdefault(target, Sought(False, f"{slug} has no issue or pull request #{number}"))
