"""Pull requests as the forge tells them, and what their text means: the task they are for, what they depend on."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import zip_longest

from kerrigan.apply.checks.targets import NamedBy, understood
from kerrigan.apply.state.identity import permission
from kerrigan.apply.state.site import Site
from kerrigan.apply.state.stage import Stage
from kerrigan.decide.gate import task_of
from kerrigan.decide.limits.territory import has_rules
from kerrigan.errors import KerriganError
from kerrigan.model.forge.facts import Facts, PullRequest
from kerrigan.model.project import Permission
from kerrigan.model.state import Status

FARTHEST = 50
"""As many pull requests are followed for a cycle: the text that leads there is anyone's."""

_NAMED = 3
"""As many targets that were not read are named."""


def one(site: Site, repository: str, number: int) -> PullRequest | None:
    """A pull request by its number."""
    found = site.forge.pull_request(repository, number)
    return understood(found, site.server) if found else None


def opened(site: Site) -> tuple[PullRequest, ...]:
    """The open pull requests of this repository."""
    found = tuple(understood(each, site.server) for each in site.forge.pull_requests(site.here))
    site.targets.note(found)
    return found


def with_needs(site: Site, pull_requests: Iterable[PullRequest]) -> tuple[tuple[PullRequest, ...], Facts]:
    """Pull requests with the cycles that they are in, and which of what they depend on is merged or closed.

    What could not be read stands in the facts with why. Cycles are followed last, with what is left of the budget: one
    that is not found leaves the gate closed all the same, for none of its pull requests is merged.
    """
    found = tuple(pull_requests)
    facts = _needs_facts(site, found)
    return tuple(_with_cycle(site, each) for each in found), facts


def _needs_facts(site: Site, pull_requests: Iterable[PullRequest]) -> Facts:
    read = {target: site.targets.named_here(target, by) for target, by in _in_turn(pull_requests)}
    if cut := [target for target, found in read.items() if found.is_cut]:
        names = ", ".join(cut[:_NAMED]) + (f" and {len(cut) - _NAMED} more" if len(cut) > _NAMED else "")
        site.say(f"not looked up, so the gates that depend on them stay closed: {names}: {read[cut[0]].why}")
    return Facts(
        satisfied=frozenset(target for target, found in read.items() if found.is_done),
        unknown={target: found.why for target, found in read.items() if found.is_done is None},
    )


def _in_turn(pull_requests: Iterable[PullRequest]) -> Iterator[tuple[str, NamedBy]]:
    """Each target and who names it: those of members first, then the first of each pull request, the second, ..."""
    named = [(_named_by(each), each.needs.targets) for each in pull_requests]
    for by in (NamedBy.members, NamedBy.strangers):
        columns = [targets for who, targets in named if who is by]
        yield from ((target, by) for row in zip_longest(*columns) for target in row if target is not None)


def _named_by(pull_request: PullRequest) -> NamedBy:
    return NamedBy.members if pull_request.by_member else NamedBy.strangers


def _with_cycle(site: Site, pull_request: PullRequest) -> PullRequest:
    """The same with the way back to itself, where its `Depends-on:` lines and those of others lead there."""
    start, seen, by = pull_request.name.casefold(), set[str](), _named_by(pull_request)
    paths: deque[tuple[str, ...]] = deque((pull_request.name, target) for target in pull_request.needs.targets)
    while paths and len(seen) < FARTHEST:
        path = paths.popleft()
        if path[-1].casefold() == start:
            return replace(pull_request, needs=replace(pull_request.needs, cycle=path))
        if path[-1].casefold() not in seen:
            seen.add(path[-1].casefold())
            paths += [(*path, target) for target in site.targets.named_here(path[-1], by).needs]
    return pull_request


def as_reviewed(site: Site, stage: Stage, pull_request: PullRequest) -> PullRequest:
    """The same with who requests changes of what the journal says is approved: that is read again before it counts."""
    task = stage.project.tasks.get(task_of(stage.project, pull_request) or "")
    is_approved = task is not None and stage.state.task(task.id).status is Status.approved
    if not is_approved or not pull_request.open:
        return pull_request
    try:
        return replace(pull_request, rejected_by=tuple(_rejecting(site, stage, pull_request)))
    except KerriganError as error:
        site.say(f"the reviews of {pull_request.name} are not known: {error.message}")
        return replace(pull_request, rejected_by=None)


def _rejecting(site: Site, stage: Stage, pull_request: PullRequest) -> Iterator[str]:
    for review in site.forge.reviews(pull_request.repository, pull_request.number):
        is_against = review.state == "changes_requested" and review.head == pull_request.head
        if is_against and permission(site, stage, review.account).allows(Permission.write):
            yield review.account.login


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
