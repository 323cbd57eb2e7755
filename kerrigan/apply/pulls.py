"""Pull requests as the forge tells them, and what their text means: the task they are for, what they depend on."""

from collections.abc import Iterable
from dataclasses import replace

from kerrigan.apply.facts import is_done
from kerrigan.apply.site import Site
from kerrigan.apply.stage import Stage
from kerrigan.decide.gate import task_of
from kerrigan.decide.territory import has_rules
from kerrigan.errors import KerriganError
from kerrigan.load.trailers import depends_on, task_trailer
from kerrigan.model.facts import Facts, PullRequest

FARTHEST = 50
"""As many pull requests are looked at for a cycle: each is a request, and the text that leads there is anybody's."""


def one(site: Site, repository: str, number: int) -> PullRequest | None:
    """A pull request by its number."""
    found = site.forge.pull_request(repository, number)
    return _understood(site, found) if found else None


def opened(site: Site) -> tuple[PullRequest, ...]:
    """The open pull requests of this repository."""
    return tuple(_understood(site, found) for found in site.forge.pull_requests(site.here))


def needs_facts(site: Site, pull_requests: Iterable[PullRequest]) -> Facts:
    """Which of what pull requests depend on is merged or closed, and what could not be looked at, with why."""
    satisfied: set[str] = set()
    unknown: dict[str, str] = {}
    for target in dict.fromkeys(target for p in pull_requests for target in p.needs.targets):
        try:
            done = is_done(site, target)
        except KerriganError as error:
            unknown[target] = error.message
            continue
        if done is None:
            unknown[target] = "there is no such pull request or issue, or this token does not see it"
        elif done:
            satisfied.add(target)
    return Facts(satisfied=frozenset(satisfied), unknown=unknown)


def with_cycle(site: Site, pull_request: PullRequest) -> PullRequest:
    """The same with the way back to itself, where its `Depends-on:` lines and those of others lead there."""
    start, seen = pull_request.name.casefold(), set[str]()
    paths: list[tuple[str, ...]] = [(pull_request.name, target) for target in pull_request.needs.targets]
    while paths and len(seen) < FARTHEST:
        path = paths.pop(0)
        if path[-1].casefold() == start:
            return replace(pull_request, needs=replace(pull_request.needs, cycle=path))
        if path[-1].casefold() not in seen:
            seen.add(path[-1].casefold())
            paths += [(*path, target) for target in _waits_for(site, path[-1])]
    return pull_request


def with_changes(site: Site, stage: Stage, pull_request: PullRequest) -> PullRequest:
    """The same with the files that it changes, where a rule of its task asks for them and the forge tells them."""
    task = stage.project.tasks.get(task_of(stage.project, pull_request) or "")
    if task is None or not pull_request.open or not has_rules(task, stage.state.task(task.id), stage.workspace):
        return pull_request
    try:
        return replace(pull_request, changed=site.forge.changed(pull_request.repository, pull_request.number))
    except KerriganError as error:
        site.say(f"the files of {pull_request.name} are not known: {error.message}")
        return pull_request


def _waits_for(site: Site, target: str) -> tuple[str, ...]:
    try:
        found = _at(site, target)
    except KerriganError:
        return ()  # said where it is the pull request's own dependency; behind that it is another one's gate
    return found.needs.targets if found and found.open else ()


def _at(site: Site, target: str) -> PullRequest | None:
    repository, _, number = target.partition("#")
    return one(site, repository, int(number))


def _understood(site: Site, found: PullRequest) -> PullRequest:
    needs = depends_on(found.body, found.repository, found.number, site.server)
    return replace(found, trailer=task_trailer(found.body), needs=needs)
