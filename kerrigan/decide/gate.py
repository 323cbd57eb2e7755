"""May this pull request merge? Three answers: pass, violation, undecided; a violation outweighs what is unknown."""

from collections.abc import Iterator
from shlex import quote

from kerrigan.decide.fold.reducers import IN_CONFLICT
from kerrigan.decide.limits.autonomy import (
    LEVELS,
    MERGE,
    START,
    STARTS,
    grant_command,
    needs_merge_grant,
    needs_review,
    risk,
)
from kerrigan.decide.limits.territory import UNREAD, trespasses
from kerrigan.decide.readiness import held, open_dependency, undefined
from kerrigan.model.decision import Reason, Verdict
from kerrigan.model.forge.facts import Facts, PullRequest
from kerrigan.model.project import DependencyKind, Project, Task, Workspace
from kerrigan.model.state import State, Status, TaskState

TASK_BRANCH = "kerrigan/"
"""What the branches of tasks begin with: `kerrigan/<project>/<task>`."""


def named_task(pull_request: PullRequest) -> str | None:
    """The task that a pull request says it is for: by its branch, else by a `Kerrigan-Task:` line of its text."""
    if pull_request.branch.startswith(TASK_BRANCH):
        return pull_request.branch.removeprefix(TASK_BRANCH)
    return pull_request.trailer


def task_of(project: Project, pull_request: PullRequest) -> str | None:
    """The task of the project that a pull request is for, or None."""
    named = named_task(pull_request)
    return named if named in project.tasks else None


def names(project: Project, pull_request: PullRequest) -> bool:
    """Whether a pull request says that it is for a task of the project, which may lack it."""
    return (named_task(pull_request) or "").partition("/")[0] == project.name


def is_own(pull_request: PullRequest, task: Task) -> bool:
    """Whether it is the task's own: from the task's branch, to the default one. No other speaks for the task."""
    return pull_request.branch == task.branch and pull_request.delivers


def gate(
    project: Project,
    workspace: Workspace,
    state: State,
    pull_request: PullRequest,
    facts: Facts,
) -> Verdict:
    """The verdict on one pull request, with all reasons."""
    task_id = task_of(project, pull_request)
    if task_id is None and names(project, pull_request) and project.stopping:
        first = project.stopping[0]
        return gate_unread(pull_request, first.text, first.next_step)
    if task_id is None:
        return gate_without_task(pull_request, facts)
    task = project.tasks[task_id]
    standing = state.task(task_id)
    against: tuple[Reason, ...] = (*undefined(project, task), *held(project, state), *_base(task, pull_request))
    against += (*_commit(task, standing, pull_request), *_progress(task, standing, workspace))
    against += (*_rejections(task, standing, pull_request), *_autonomy(task, standing, workspace))
    if standing.status is not Status.done:
        against += tuple(trespasses(task, standing, workspace, pull_request))
    open_ = () if standing.status is Status.done else tuple(_dependencies(task, project, workspace, state, facts))
    return _verdict(task_id, (*against, *open_, *_needs(pull_request, facts)), facts)


def gate_without_task(pull_request: PullRequest, facts: Facts) -> Verdict:
    """The verdict on a pull request for no task: its `Depends-on:` lines; or for one that no one has planned."""
    return _verdict(None, (*_unplanned(pull_request), *_needs(pull_request, facts)), facts)


def gate_unread(pull_request: PullRequest, why: str, next_step: str) -> Verdict:
    """The verdict on a pull request for a task of a project that could not be read."""
    named = named_task(pull_request)
    return Verdict("undecided", named, (Reason("project", f"{named} could not be looked up: {why}", next=next_step),))


def _unplanned(pull_request: PullRequest) -> Iterator[Reason]:
    named = named_task(pull_request)
    if named is not None:
        yield Reason(
            "no-task",
            f"this pull request says that it is for {named}, and the default branch defines no such task",
            next="correct the branch's name, or write the task into tasks.yml on the default branch",
        )


def _verdict(task: str | None, reasons: tuple[Reason, ...], facts: Facts) -> Verdict:
    unknown = tuple(r for r in reasons if r.on in facts.unknown or r.on == UNREAD or r.kind == "definition")
    violations = tuple(r for r in reasons if r not in unknown)
    word = "violation" if violations else "undecided" if unknown else "pass"
    return Verdict(word, task, violations + unknown)


def _needs(pull_request: PullRequest, facts: Facts) -> Iterator[Reason]:
    needs = pull_request.needs
    for piece in needs.unreadable:
        yield Reason(
            "depends-on", f"cannot be read in a Depends-on line: {piece}", next="write #12, acme/api#12 or a URL"
        )
    if needs.cycle:
        path = " -> ".join(needs.cycle)
        yield Reason("depends-on", f"these wait for each other: {path}", next="take one of the Depends-on lines out")
    for target in needs.targets:
        if target in facts.unknown:
            why = f"depends on {target}, which could not be looked up: {facts.unknown[target]}"
            next_ = f"kerrigan gate --pr {pull_request.number}, in a clone with a token that sees it"
            yield Reason("depends-on", why, target, next_)
        elif target not in facts.satisfied:
            yield Reason("depends-on", f"depends on {target}, which is not merged yet", target, f"merge {target} first")


def _dependencies(task: Task, project: Project, workspace: Workspace, state: State, facts: Facts) -> Iterator[Reason]:
    confirmed = state.task(task.id).confirmed
    for dependency in task.hard:
        if dependency.kind is not DependencyKind.external:
            yield from open_dependency(dependency, project, workspace, state, facts)
        elif dependency.target not in confirmed:
            step = f"kerrigan task confirm {task.id} --what {quote(dependency.target)}, by a person"
            yield Reason("external", f"waits for: {dependency.target}", dependency.target, step)


def _base(task: Task, pull_request: PullRequest) -> Iterator[Reason]:
    if not pull_request.delivers:
        yield Reason(
            "base",
            f"goes to another branch than the default one, which is to bring {task.id}",
            next="change its base to the default branch, or take the task's name out of it",
        )


def _commit(task: Task, standing: TaskState, pull_request: PullRequest) -> Iterator[Reason]:
    submission = standing.submission
    if submission is None or submission.head == pull_request.head:
        return
    yield Reason(
        "sha",
        f"new push: {task.id} was submitted at {submission.head[:10]}, and the branch is at {pull_request.head[:10]}",
        next="reopen the task first" if standing.status is Status.done else f"kerrigan task submit {task.id}",
    )


def _rejections(task: Task, standing: TaskState, pull_request: PullRequest) -> Iterator[Reason]:
    """What the forge says against an approval: the journal alone does not open a gate that a reviewer keeps closed."""
    if standing.status is not Status.approved:
        return
    if pull_request.rejected_by is None:
        yield Reason("review", f"the reviews of {pull_request.name} could not be read", UNREAD, "try again later")
    for login in pull_request.rejected_by or ():
        yield Reason(
            "review",
            f"{login} requests changes of {pull_request.head[:10]}, and the journal says that {task.id} is approved",
            next=f"kerrigan task reject {task.id} --reason TEXT; or {login} approves, or the review is dismissed",
        )


def _autonomy(task: Task, standing: TaskState, workspace: Workspace) -> Iterator[Reason]:
    if workspace.autonomy == "labels" and not STARTS & set(standing.granted):
        yield Reason(
            "autonomy",
            f"no person has let agents work on {task.id} yet",
            next=f"{grant_command(task.id, START)}, or the label agent:go",
        )
    if needs_merge_grant(task, standing, workspace):
        yield Reason(
            "autonomy",
            f"at autonomy {workspace.level} ({LEVELS[workspace.level].name}) a person grants the merge of {task.id}",
            next=grant_command(task.id, MERGE),
        )


def _to_answer(task: Task) -> str:
    count = len(task.acceptance)
    numbers = "1" if count == 1 else f"1 to {count}"
    return f", with a line for each acceptance criterion ({numbers}): '1: met, how you know'" if count else ""


def _progress(task: Task, standing: TaskState, workspace: Workspace) -> Iterator[Reason]:
    match standing.status:
        case Status.done | Status.approved:
            return
        case Status.in_review if not needs_review(task, workspace):
            return
        case Status.in_review:
            next_ = f"kerrigan task approve {task.id}, by someone other than {standing.author}{_to_answer(task)}"
            yield Reason(
                "review", f"{task.id} has risk {risk(task, workspace)}: a review is needed before the merge", next=next_
            )
        case Status.testing:
            next_ = f"kerrigan task pass-tests {task.id}"
            yield Reason("tests", f"the tests of {task.id} have not passed yet", next=next_)
        case Status.open:
            yield Reason("claim", f"no one has claimed {task.id}", next=f"kerrigan task claim {task.id}")
        case Status.claimed | Status.working:
            next_ = f"kerrigan task submit {task.id}"
            yield Reason("status", f"{task.id} is {standing.status}, and not submitted", next=next_)
        case Status.escalated if IN_CONFLICT in standing.flags and standing.feedback:
            yield Reason("conflict", standing.feedback.reason, next=f"kerrigan show {task.id}")
        case _:
            yield Reason("status", f"{task.id} is {standing.status}", next=f"kerrigan show {task.id}")
