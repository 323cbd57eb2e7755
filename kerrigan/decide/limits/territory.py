"""Which files a task's pull request may change: within its paths and its role's territory, and none that is forbidden.

Only pull requests of tasks are looked at: what people do in their own is not for Kerrigan to forbid. What an agent
hands in is looked at before it is pushed: a workflow file on a branch may run with the repository's secrets.
"""

from collections.abc import Iterator, Sequence

from kerrigan.decide.limits.autonomy import protects
from kerrigan.model.decision import Reason
from kerrigan.model.forge.facts import PullRequest
from kerrigan.model.paths import fits, outside
from kerrigan.model.project import Task, Workspace
from kerrigan.model.state import TaskState

UNREAD = "the files it changes"
"""What a reason waits for that is there because no one could look at the files."""

GITHUBS = ".github/"
"""What GitHub runs and obeys: workflows, actions, owners, and Kerrigan's configuration."""

MOST_NAMED = 3
"""Files that a reason names; of the others it says how many."""


def has_rules(task: Task, standing: TaskState, workspace: Workspace) -> bool:
    """Whether anything is said about the files that the task may change."""
    return bool(task.paths or workspace.forbidden or workspace.protected or _land(task, standing, workspace))


def trespasses(task: Task, standing: TaskState, workspace: Workspace, pull_request: PullRequest) -> Iterator[Reason]:
    """Every reason why the files that the pull request changes are not the task's to change."""
    changed = pull_request.changed
    if not has_rules(task, standing, workspace):
        return
    if changed is None:
        yield Reason(
            "paths", f"the files that {pull_request.name} changes could not be read", UNREAD, "try again later"
        )
        return
    yield from _trespasses(task, standing, workspace, changed)


def trespasses_of_agent(
    task: Task, standing: TaskState, workspace: Workspace, changed: Sequence[str]
) -> Iterator[Reason]:
    """Every reason why these files may not be pushed for an agent: besides the others, GitHub's own are a person's.

    They are an agent's only where the task's paths name them and kerrigan.yml protects them, so that an admin has let
    the agent start.
    """
    yield from _trespasses(task, standing, workspace, changed)
    # The folder may be replaced by a link, a submodule or a file of that name.
    found = [path for path in changed if f"{path}/".casefold().startswith(GITHUBS)]
    if not found:
        return
    named = [path for path in task.paths if path.casefold().startswith(GITHUBS)]
    if unnamed := outside(found, named):
        yield _reason(unnamed, f"which an agent may only where the paths of {task.id} name it", "let a person do it")
    if open_ := outside(found, workspace.protected):
        next_ = "list it under gates.protected in kerrigan.yml, so that an admin grants it, or let a person do it"
        yield _reason(open_, "which an agent may only where it is protected", next_)


def _trespasses(task: Task, standing: TaskState, workspace: Workspace, changed: Sequence[str]) -> Iterator[Reason]:
    if found := _inside(changed, workspace.forbidden):
        yield _reason(found, "which no task may (gates.forbidden)", "take it out, or let a person do it")
    if task.paths and (found := outside(changed, task.paths)):
        yield _reason(found, f"outside of the paths of {task.id}", "take it out, or widen its paths in tasks.yml")
    land = _land(task, standing, workspace)
    if land and (found := outside(changed, land)):
        next_ = "take it out, or hand the task off to the role whose files these are"
        yield _reason(found, f"outside of what the role '{standing.role or task.role}' may change", next_)
    if not protects(task, workspace) and (found := _inside(changed, workspace.protected)):
        next_ = "name it in the task's paths, so that an admin can grant it"
        yield _reason(found, f"which is protected, and the paths of {task.id} do not say so", next_)


def _land(task: Task, standing: TaskState, workspace: Workspace) -> tuple[str, ...]:
    """The territory of the task's first role and of its present one; empty where either may change everything."""
    roles = {task.role, standing.role or task.role}
    lands = [workspace.territory.get(role, ()) for role in sorted(roles)]
    return tuple(path for land in lands for path in land) if all(lands) else ()


def _inside(changed: Sequence[str], patterns: Sequence[str]) -> tuple[str, ...]:
    return tuple(path for path in changed if any(fits(path, pattern) for pattern in patterns))


def _reason(found: Sequence[str], why: str, next_step: str) -> Reason:
    more = f" and {len(found) - MOST_NAMED} more" if len(found) > MOST_NAMED else ""
    return Reason("paths", f"changes {', '.join(found[:MOST_NAMED])}{more}, {why}", next=next_step)
