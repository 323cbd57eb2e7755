"""Issues and pull requests that dependencies name, looked up on the forge: two reads each at most, and not too many."""

from collections.abc import Iterable

from kerrigan.apply.site import Site
from kerrigan.errors import KerriganError
from kerrigan.model.siblings import Sought

MOST = 200
"""How many are looked up at once; a token of a workflow may ask a thousand times an hour."""

_EVERYWHERE = frozenset({"network", "rate-limit", "server", "token"})
"""Kinds of errors that the next question would meet as well."""
_IN_REPOSITORY = frozenset({"no-repository", "not-found", "permission"})
"""Those that the next question about the same repository would."""


class Lookups:
    """Questions to the forge of a site. What it answered is kept as long as this object; what it did not is not."""

    def __init__(self, site: Site) -> None:
        self._site = site
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
        forge = self._site.forge
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
            if {error.kind for error in errors} <= _IN_REPOSITORY and len(errors) == 2:
                closed[slug] = errors[0].message
            return Sought(None, errors[0].message)
        return self._answered.setdefault(target, Sought(False, f"{slug} has no issue or pull request #{number}"))
