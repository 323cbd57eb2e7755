"""May this pull request merge? Three answers: pass, violation, undecided; a violation outweighs what is unknown."""

import re
from collections.abc import Iterator

from kerrigan.decide.readiness import held, open_dependency
from kerrigan.model.decision import Reason, Verdict
from kerrigan.model.facts import Facts, PullRequest
from kerrigan.model.project import DependencyKind, Project, Task, Workspace
from kerrigan.model.state import State, Status, TaskState

_TRAILER = re.compile(r"^Kerrigan-Task:[ \t]*(\S+)[ \t]*$", re.MULTILINE)


def task_of(project: Project, branch: str, trailers_text: str = "") -> str | None:
    """The task that a pull request is for: by its branch, or by a `Kerrigan-Task:` line; None when it is for none."""
    named = [branch.removeprefix("kerrigan/")] if branch.startswith("kerrigan/") else []
    return next((task for task in (*named, *_TRAILER.findall(trailers_text)) if task in project.tasks), None)


def gate(
    project: Project,
    workspace: Workspace,
    state: State,
    pull_request: PullRequest | None,
    task_id: str | None,
    facts: Facts,
    at: str,
) -> Verdict:
    """The verdict on one pull request, with all reasons. Without a pull request its commit is not compared."""
    if task_id is None:
        return Verdict("pass", None, (Reason("no-task", f"this pull request is for no task of {project.name}"),))
    task = project.tasks[task_id]
    standing = state.task(task_id)
    against = (*held(project, state), *_commit(task, standing, pull_request), *_progress(task, standing))
    open_ = () if standing.status is Status.done else tuple(_dependencies(task, project, workspace, state, facts))
    unknown = tuple(r for r in open_ if r.on in facts.unknown)
    violations = (*against, *(r for r in open_ if r not in unknown))
    word = "violation" if violations else "undecided" if unknown else "pass"
    return Verdict(word, task_id, violations + unknown)


def _dependencies(task: Task, project: Project, workspace: Workspace, state: State, facts: Facts) -> Iterator[Reason]:
    confirmed = state.task(task.id).confirmed
    for dependency in task.hard:
        if dependency.kind is not DependencyKind.external:
            yield from open_dependency(dependency, project, workspace, state, facts)
        elif dependency.target not in confirmed:
            yield Reason("external", f"waits for: {dependency.target}", dependency.target)


def _commit(task: Task, standing: TaskState, pull_request: PullRequest | None) -> Iterator[Reason]:
    submission = standing.submission
    if pull_request is None or submission is None or submission.head == pull_request.head:
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
