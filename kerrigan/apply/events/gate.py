"""May this pull request merge: read what the answer depends on, ask the gate, post the commit status."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kerrigan.apply.events.pull_requests import as_reviewed, one, opened, with_changes, with_needs
from kerrigan.apply.state.effects import bring
from kerrigan.apply.state.site import Site
from kerrigan.apply.state.stage import home_of, read
from kerrigan.apply.tasks.dependencies import dependency_facts, together
from kerrigan.decide.disclosure import disclosed
from kerrigan.decide.gate import gate, gate_unread, gate_without_task, named_task, task_of
from kerrigan.decide.view import commit_status, speaks
from kerrigan.errors import KerriganError, UnreadableError, UsageError
from kerrigan.load.github.webhook import read_event
from kerrigan.model.decision import Verdict
from kerrigan.model.forge.facts import PullRequest
from kerrigan.model.names import is_id


def judge(site: Site, number: int | None) -> Verdict:
    """The verdict on a pull request of this repository; without a number, on the one of the current branch."""
    pull_request = find(site, number)
    return _judged(site, pull_request, opened(site))


def judge_all(site: Site) -> Sequence[tuple[PullRequest, Verdict]]:
    """The verdicts on all open pull requests of this repository."""
    here = opened(site)
    return [(pull_request, _judged(site, pull_request, here)) for pull_request in here]


def judge_queued(site: Site, payload: Mapping[str, Any]) -> Verdict:
    """The verdict on what a `merge_group` webhook says is in the merge queue, whose own commit gets the status.

    Raises UnreadableError where the payload does not say which pull request it is.
    """
    hint = read_event("merge_group", payload)
    if hint.number is None:
        raise UnreadableError("the merge group names no pull request", kind="payload", next_step="kerrigan gate --pr N")
    pull_request = find(site, hint.number)
    judged = _judge(site, pull_request)
    bring(site, [replace(commit_status(pull_request, judged.posted), sha=hint.head)])
    return judged.shown


@dataclass(frozen=True, slots=True)
class _Judged:
    """A verdict as it is posted, and as it is shown to anyone who runs this: a workflow's log has the same readers."""

    posted: Verdict
    shown: Verdict


def _judged(site: Site, pull_request: PullRequest, here: Sequence[PullRequest]) -> Verdict:
    judged = _judge(site, pull_request)
    if speaks(pull_request, here):
        bring(site, [commit_status(pull_request, judged.posted)])
    return judged.shown


def _judge(site: Site, pull_request: PullRequest) -> _Judged:
    verdict, home = _verdict(site, pull_request)
    posted = disclosed(verdict, pull_request, home, site.disclosure.may_tell)
    return _Judged(posted, verdict if site.run is None else posted)


def _verdict(site: Site, pull_request: PullRequest) -> tuple[Verdict, str]:
    """The verdict with all reasons, and the home repository of the project that they are of; empty for none."""
    (pull_request,), needs = with_needs(site, [pull_request])
    project = (named_task(pull_request) or "").partition("/")[0]
    if not is_id(project):
        return gate_without_task(pull_request, needs), ""
    try:
        stage = read(site, project)
    except UsageError:
        return gate_without_task(pull_request, needs), _home_of(site)
    except KerriganError as error:
        # Said on the commit too: what was green before must not stay so while no one can look.
        return gate_unread(pull_request, error.message, error.next_step), _home_of(site)
    task = task_of(stage.project, pull_request)
    pull_request = as_reviewed(site, stage, with_changes(site, stage, pull_request))
    facts = together(needs, dependency_facts(site, stage, [stage.project.tasks[task]] if task else []))
    return gate(stage.project, stage.workspace, stage.state, pull_request, facts), stage.project.home


def _home_of(site: Site) -> str:
    """The home repository; empty where it cannot be read."""
    try:
        return home_of(site)
    except KerriganError:
        return ""


def find(site: Site, number: int | None) -> PullRequest:
    """The pull request of a number, or the open one of the branch that is checked out."""
    if number is not None:
        found = one(site, site.here, number)
        if found is None:
            raise UsageError(f"{site.here} has no pull request #{number}", kind="unknown-pull-request")
        return found
    branch = site.clone.current_branch()
    if branch is None:
        raise UnreadableError("HEAD is detached, so no pull request belongs to it", kind="detached", next_step="--pr N")
    for pull_request in opened(site):
        if pull_request.branch == branch:
            return pull_request
    raise UsageError(
        f"{site.here} has no open pull request from branch '{branch}'",
        kind="unknown-pull-request",
        next_step="name one: kerrigan gate --pr N",
    )
