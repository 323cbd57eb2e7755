"""May this pull request merge: read what the answer depends on, ask the gate, post the commit status."""

from kerrigan.apply.effects import bring
from kerrigan.apply.facts import dependency_facts
from kerrigan.apply.site import Site
from kerrigan.apply.stage import read
from kerrigan.decide.gate import gate, task_of
from kerrigan.decide.view import commit_status
from kerrigan.errors import UnreadableError, UsageError
from kerrigan.model.decision import Verdict
from kerrigan.model.facts import PullRequest


def judge(site: Site, number: int | None, at: str) -> Verdict:
    """The verdict on a pull request of this repository; without a number, on the one of the current branch."""
    pull_request = find(site, number)
    named = project_of(pull_request.branch)
    if named is None:
        return Verdict("pass", None)
    stage = read(site, named)
    task = task_of(stage.project, pull_request.branch)
    facts = dependency_facts(site, stage, [stage.project.tasks[task]] if task else [])
    verdict = gate(stage.project, stage.workspace, stage.state, pull_request, task, facts, at)
    bring(site, [commit_status(pull_request, verdict)])
    return verdict


def project_of(branch: str) -> str | None:
    """The project that a task branch belongs to: `kerrigan/<project>/<task>`."""
    parts = branch.split("/")
    return parts[1] if len(parts) == 3 and parts[0] == "kerrigan" else None


def find(site: Site, number: int | None) -> PullRequest:
    """The pull request of a number, or the open one of the branch that is checked out."""
    if number is not None:
        found = site.forge.pull_request(site.here, number)
        if found is None:
            raise UsageError(f"{site.here} has no pull request #{number}", kind="unknown-pull-request")
        return found
    branch = site.clone.current_branch()
    if branch is None:
        raise UnreadableError("HEAD is detached, so no pull request belongs to it", kind="detached", next_step="--pr N")
    for pull_request in site.forge.pull_requests(site.here):
        if pull_request.branch == branch:
            return pull_request
    raise UsageError(
        f"{site.here} has no open pull request from branch '{branch}'",
        kind="unknown-pull-request",
        next_step="name one: kerrigan gate --pr N",
    )
