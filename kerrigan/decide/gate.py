"""May this pull request merge? Three answers: pass, violation, undecided; a violation outweighs what is unknown."""

import re
from collections.abc import Iterator

from kerrigan.decide.readiness import held, open_dependency
from kerrigan.model.decision import Reason, Verdict
from kerrigan.model.facts import Facts, PullRequest
from kerrigan.model.project import DependencyKind, Project, Task, Workspace
from kerrigan.model.state import State, Status, TaskState

TASK_BRANCH = "kerrigan/"
"""What the branches of tasks begin with: `kerrigan/<project>/<task>`."""

_TRAILER = re.compile(r"^Kerrigan-Task:[ \t]*(\S+)[ \t]*$", re.MULTILINE)


def named_task(pull_request: PullRequest) -> str | None:
    """The task that a pull request says it is for: by its branch, else by a `Kerrigan-Task:` line of its text."""
    if pull_request.branch.startswith(TASK_BRANCH):
        return pull_request.branch.removeprefix(TASK_BRANCH)
    trailer = _TRAILER.search(pull_request.body)
    return trailer[1] if trailer else None


def task_of(project: Project, pull_request: PullRequest) -> str | None:
    """The task of the project that a pull request is for, or None."""
    named = named_task(pull_request)
    return named if named in project.tasks else None


def gate(
    project: Project,
    workspace: Workspace,
    state: State,
    pull_request: PullRequest,
    facts: Facts,
) -> Verdict:
    """The verdict on one pull request, with all reasons."""
    task_id = task_of(project, pull_request)
    if task_id is None:
        return no_such_task(pull_request)
    task = project.tasks[task_id]
    standing = state.task(task_id)
    against = (*held(project, state), *_commit(task, standing, pull_request), *_progress(task, standing))
    open_ = () if standing.status is Status.done else tuple(_dependencies(task, project, workspace, state, facts))
    unknown = tuple(r for r in open_ if r.on in facts.unknown)
    violations = (*against, *(r for r in open_ if r not in unknown))
    word = "violation" if violations else "undecided" if unknown else "pass"
    return Verdict(word, task_id, violations + unknown)


def no_such_task(pull_request: PullRequest) -> Verdict:
    """The verdict on a pull request for a task that nobody has planned, or for no task at all."""
    named = named_task(pull_request)
    if named is None:
        return Verdict("pass", None)
    against = Reason(
        "no-task",
        f"this pull request says that it is for {named}, and the default branch defines no such task",
        next="correct the branch's name, or write the task into tasks.yml on the default branch",
    )
    return Verdict("violation", None, (against,))


def _dependencies(task: Task, project: Project, workspace: Workspace, state: State, facts: Facts) -> Iterator[Reason]:
    confirmed = state.task(task.id).confirmed
    for dependency in task.hard:
        if dependency.kind is not DependencyKind.external:
            yield from open_dependency(dependency, project, workspace, state, facts)
        elif dependency.target not in confirmed:
            yield Reason("external", f"waits for: {dependency.target}", dependency.target)


def _commit(task: Task, standing: TaskState, pull_request: PullRequest) -> Iterator[Reason]:
    submission = standing.submission
    if submission is None or submission.head == pull_request.head:
        return
    yield Reason(
        "sha",
        f"new push: {task.id} was submitted at {submission.head[:10]}, and the branch is at {pull_request.head[:10]}",
        next="reopen the task first" if standing.status is Status.done else f"kerrigan task submit {task.id}",
    )


def _progress(task: Task, standing: TaskState) -> Iterator[Reason]:
    match standing.status:
        case Status.done | Status.approved:
            return
        case Status.in_review if task.risk == "low":
            return
        case Status.in_review:
            next_ = f"kerrigan task approve {task.id}, by somebody else than {standing.author}"
            yield Reason("review", f"{task.id} has risk {task.risk}: a review is needed before the merge", next=next_)
        case Status.testing:
            next_ = f"kerrigan task pass-tests {task.id}"
            yield Reason("tests", f"the tests of {task.id} have not passed yet", next=next_)
        case Status.open:
            yield Reason("claim", f"nobody has claimed {task.id}", next=f"kerrigan task claim {task.id}")
        case Status.claimed | Status.working:
            next_ = f"kerrigan task submit {task.id}"
            yield Reason("status", f"{task.id} is {standing.status}, and not submitted", next=next_)
        case _:
            yield Reason("status", f"{task.id} is {standing.status}", next=f"kerrigan show {task.id}")
