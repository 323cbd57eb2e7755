"""What people see on pull requests: labels and a commit status that say what the journal says."""

from collections.abc import Iterable, Iterator

from kerrigan.decide.disclosure import disclosed, is_secret
from kerrigan.decide.gate import TASK_BRANCH, gate, is_own, named_task, names, task_of
from kerrigan.model.decision import CommitStatus, Effect, Labels, Verdict
from kerrigan.model.forge.facts import Facts, PullRequest
from kerrigan.model.project import Project, Workspace
from kerrigan.model.state import State
from kerrigan.model.visibility import MayTell

STATES = {"pass": "success", "violation": "failure", "undecided": "pending"}
"""A verdict as a commit status."""

LONGEST = 140
"""Characters that GitHub takes in a commit status's description."""


def view(
    project: Project,
    workspace: Workspace,
    state: State,
    pull_requests: Iterable[PullRequest],
    facts: Facts,
    may_tell: MayTell,
    opened: Iterable[PullRequest] = (),
) -> tuple[Effect, ...]:
    """What should be true of the pull requests that the project concerns; merged ones get no commit status any more.

    Nothing says what its readers may not be told. `opened` are all that are open beside them: the status is the
    commit's, and one of those may have more to say of it.
    """
    found = tuple(pull_request for pull_request in pull_requests if concerns(project, pull_request))
    everything = (*found, *opened)
    return tuple(
        effect
        for pull_request in found
        for effect in _effects(project, workspace, state, pull_request, facts, may_tell, everything)
    )


def concerns(project: Project, pull_request: PullRequest) -> bool:
    """Whether a pull request is for a task of the project, or may be: a definition with problems may lack the task."""
    return task_of(project, pull_request) is not None or bool(project.stopping and names(project, pull_request))


def _effects(
    project: Project,
    workspace: Workspace,
    state: State,
    pull_request: PullRequest,
    facts: Facts,
    may_tell: MayTell,
    opened: Iterable[PullRequest],
) -> Iterator[Effect]:
    if is_secret(pull_request, project.home, may_tell):
        return  # one for a task that there is not gets no status either
    if pull_request.open and speaks(pull_request, opened):
        verdict = gate(project, workspace, state, pull_request, facts)
        yield commit_status(pull_request, disclosed(verdict, pull_request, project.home, may_tell))
    task = project.tasks.get(task_of(project, pull_request) or "")
    if task is None or not is_own(pull_request, task):
        return  # a fork's, or another one that names the task: what is so of the task is not so of it
    standing = state.task(task.id)
    role = standing.role or task.role
    # The routing label stands last, so that what it starts finds the others there.
    labels = (f"status:{standing.status}", f"role:{role}") if may_tell(pull_request.repository, project.home) else ()
    yield Labels(pull_request.repository, pull_request.number, labels)


def speaks(pull_request: PullRequest, opened: Iterable[PullRequest]) -> bool:
    """Whether the status of the commit that a pull request ends at is this one's verdict.

    Anyone can open another one from a fork that ends at the same commit, and would turn it green: a task's own speaks
    before one that only names it, that before others, one of this repository before a fork's, and then the first.
    """
    same = (p for p in opened if (p.repository, p.head, p.open) == (pull_request.repository, pull_request.head, True))
    return all(_weight(other) <= _weight(pull_request) for other in same)


def _weight(pull_request: PullRequest) -> tuple[bool, bool, bool, int]:
    here, goes = bool(pull_request.branch), pull_request.delivers
    named = here and named_task(pull_request) is not None
    return named and goes and pull_request.branch.startswith(TASK_BRANCH), named and goes, here, -pull_request.number


def commit_status(pull_request: PullRequest, verdict: Verdict) -> CommitStatus:
    """A verdict as the commit status of a pull request's head."""
    return CommitStatus(pull_request.repository, pull_request.head, STATES[verdict.verdict], _description(verdict))


def _description(verdict: Verdict) -> str:
    if not verdict.reasons:
        return f"{verdict.task} may merge" if verdict.task else "for no task of Kerrigan's"
    first, *more = verdict.reasons
    words = " ".join(first.message.split()) + (f" (and {len(more)} more)" if more else "")
    return words if len(words) <= LONGEST else words[: LONGEST - 1] + "…"
