"""Issues and pull requests that dependencies name, looked up on the forge: two reads each at most, and not too many."""

from collections.abc import Iterable

from kerrigan.apply.forge import Forge
from kerrigan.errors import KerriganError
from kerrigan.model.siblings import Sought

MOST = 200
"""How many are looked up at once; a token of a workflow may ask a thousand times an hour."""

_EVERYWHERE = frozenset({"network", "rate-limit", "server", "token"})
"""Kinds of errors that the next question would meet as well."""
_HIDDEN = frozenset({"no-repository", "not-found"})
"""Those that the next question about the same repository would: where there is no such issue there is no error."""


class Lookups:
    """Questions to a forge. What it answered is kept as long as this object; what it did not is not."""

    def __init__(self, forge: Forge) -> None:
        self._forge = forge
        self._answered: dict[str, Sought] = {}

    def of(self, targets: Iterable[str]) -> dict[str, Sought]:
        """What there is of these, each `owner/name#N`."""
        found: dict[str, Sought] = {}
        closed: dict[str, str] = {}
        asked = 0
        for target in dict.fromkeys(targets):
            slug = target.partition("#")[0]
            why = closed.get("") or closed.get(slug)
            if target in self._answered:
                found[target] = self._answered[target]
            elif why:
                found[target] = Sought(None, why)
            elif asked >= MOST:
                found[target] = Sought(None, f"a check looks up {MOST} at most")
            else:
                asked += 1
                found[target] = self._look(target, closed)
        return found

    def _look(self, target: str, closed: dict[str, str]) -> Sought:
        """Ask for an issue, then for a pull request. An error that closes more than this question is noted."""
        slug, _, number = target.partition("#")
        forge = self._forge
        errors: list[KerriganError] = []
        for ask in (lambda: forge.issues_of(slug).one(int(number)), lambda: forge.pull_request(slug, int(number))):
            try:
                if ask() is not None:
                    return self._answered.setdefault(target, Sought(True))
            except KerriganError as error:
                errors.append(error)
                if error.kind in _EVERYWHERE:
                    closed[""] = error.message
                    break
        if errors:
            # A token may see issues and no pull requests, or the other way round: it takes both to give up on them.
            kinds = [error.kind for error in errors]
            if kinds == ["permission", "permission"] or not _HIDDEN.isdisjoint(kinds):
                closed[slug] = errors[0].message
            return Sought(None, errors[0].message)
        return self._answered.setdefault(target, Sought(False, f"{slug} has no issue or pull request #{number}"))
