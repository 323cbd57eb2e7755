"""Pull requests and issues that dependencies name: each is read once a run, within the budget of who names it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from kerrigan.apply.state.disclosure import Disclosure
from kerrigan.apply.state.forge import Forge
from kerrigan.errors import KerriganError
from kerrigan.load.github.trailers import depends_on, task_trailer
from kerrigan.model.forge.facts import PullRequest

UNSEEN = "there is no such pull request or issue, or not everyone who reads this may see it"
"""Why nothing is known of one that is not there, one that the token does not see, and one that others must not see."""

_EVERYWHERE = frozenset({"network", "rate-limit", "server", "token"})
"""Kinds of errors that the next request would meet as well."""
_HIDDEN = frozenset({"no-repository", "not-found"})
"""Those that the next request about the same repository would."""


class NamedBy(StrEnum):
    """Who names a target, in words."""

    plan = "tasks of the project"
    members = "pull requests of members"
    strangers = "pull requests of forks"


MOST = {NamedBy.plan: 600, NamedBy.members: 300, NamedBy.strangers: 90}
"""Requests a run, each for its own: a run's own token may make a thousand an hour, and anyone may open a fork."""


@dataclass(frozen=True, slots=True)
class Target:
    """What was found: whether it is merged or closed, None where that is not known, and `why` not.

    `needs` are the targets that an open pull request names itself. `is_cut` says that the budget was used up.
    """

    is_done: bool | None
    why: str = ""
    needs: tuple[str, ...] = ()
    is_cut: bool = False


class Targets:
    """What one run has read, by `owner/name#N` in whatever case, and what each may still have read."""

    def __init__(self, forge: Forge, server: str, here: str, disclosure: Disclosure) -> None:
        self._forge, self._server, self._here, self._disclosure = forge, server, here, disclosure
        self._found: dict[str, Target] = {}
        self._closed: dict[str, str] = {}
        self._left = dict(MOST)

    def note(self, opened: Iterable[PullRequest]) -> None:
        """Take open pull requests over from a listing, so that none of them is read again."""
        self._found |= {p.name.casefold(): Target(False, needs=p.needs.targets) for p in opened}

    def of(self, target: str, by: NamedBy) -> Target:
        """What is known of a target, read where no one has asked for it yet and the budget has room."""
        name = target.casefold()
        slug = name.partition("#")[0]
        if name in self._found:
            return self._found[name]
        if why := self._closed.get("") or self._closed.get(slug):
            return Target(None, why)
        if self._left[by] <= 0:
            return self._cut(by)
        try:
            found = self._read(target, by)
        except KerriganError as error:
            found = Target(None, UNSEEN if error.kind in _HIDDEN else error.message)
            if error.kind in _EVERYWHERE:
                self._closed[""] = found.why
            elif error.kind in _HIDDEN:
                self._closed[slug] = found.why
        return self._found.setdefault(name, found)

    def named_here(self, target: str, by: NamedBy) -> Target:
        """The same for what a pull request of this repository names, as all its readers may know it.

        What stands where fewer people read counts as not seen; that it holds still opens the gate of a member's.
        """
        slug = target.partition("#")[0]
        if slug.casefold() != self._here.casefold() and not self._disclosure.knows(slug):
            if self._left[by] <= 0:
                return self._cut(by)
            self._left[by] -= 1
        is_told = self._disclosure.may_tell(self._here, slug)
        found = self.of(target, by) if is_told or by is not NamedBy.strangers else Target(None, UNSEEN)
        return found if is_told or found.is_done or found.is_cut else Target(None, UNSEEN)

    def _cut(self, by: NamedBy) -> Target:
        return Target(None, f"the {MOST[by]} requests that a run makes for {by} are used up", is_cut=True)

    def _read(self, target: str, by: NamedBy) -> Target:
        repository, _, number = target.partition("#")
        self._left[by] -= 1
        pull_request = self._forge.pull_request(repository, int(number))
        if pull_request:
            needs = understood(pull_request, self._server).needs.targets if pull_request.open else ()
            return Target(pull_request.merged, needs=needs)
        self._left[by] -= 1
        issue = self._forge.issues_of(repository).one(int(number))
        return Target(None, UNSEEN) if issue is None else Target(not issue.open)


def understood(found: PullRequest, server: str) -> PullRequest:
    """A pull request with what the lines of its text mean; `server` is where addresses in it begin."""
    needs = depends_on(found.body, found.repository, found.number, server)
    return replace(found, trailer=task_trailer(found.body), needs=needs)
