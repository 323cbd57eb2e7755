"""What a webhook is about: the task that its pull request or its issue is for."""

from dataclasses import dataclass

from kerrigan.apply.events.pull_requests import one
from kerrigan.apply.setup.issues import trusted
from kerrigan.apply.state.site import Site
from kerrigan.apply.state.stage import Stage, read
from kerrigan.decide.gate import is_own, named_task
from kerrigan.errors import UsageError
from kerrigan.model.decision import EventRequest
from kerrigan.model.forge.body import task_of
from kerrigan.model.forge.facts import PullRequest
from kerrigan.model.names import is_id
from kerrigan.model.project import Task


@dataclass(frozen=True, slots=True)
class EventTarget:
    """A task on its stage; `pull_request` is None where an issue is meant."""

    stage: Stage
    task: Task
    pull_request: PullRequest | None = None

    @property
    def is_own(self) -> bool:
        """Whether what is said there is said to the task: on its issue, or on its own pull request."""
        return self.pull_request is None or is_own(self.pull_request, self.task)


@dataclass(frozen=True, slots=True)
class Hidden:
    """A task that is named, and that problems in the definition of its project may hide."""

    stage: Stage
    task: str


def event_target(site: Site, hint: EventRequest) -> EventTarget | Hidden | None:
    """The task that a hint is about, as the forge has it now; None for no task, and for one of another repository."""
    if hint.number is None:
        return None
    if not hint.is_pull:
        return _of_issue(site, hint.repository, hint.number)
    found = one(site, hint.repository, hint.number)
    # What is said to a stranger's pull request is not said to the task that its author names in it.
    named = named_task(found) if found and found.branch else None
    stage = _stage(site, named)
    return _here(stage, named, hint.repository, found) if stage else None


def _of_issue(site: Site, repository: str, number: int) -> EventTarget | Hidden | None:
    issue = site.forge.issues_of(repository).one(number)
    named = task_of(issue.body) if issue else None
    stage = _stage(site, named)
    is_ours = issue is not None and stage is not None and trusted(site, stage, issue)
    return _here(stage, named, repository, None) if stage and is_ours else None


def _here(
    stage: Stage, named: str | None, repository: str, pull_request: PullRequest | None
) -> EventTarget | Hidden | None:
    task = stage.project.tasks.get(named or "")
    if named and task is None and stage.project.stopping:
        return Hidden(stage, named)
    # Where the project does not list the task's repository, what is asked is refused with that reason.
    is_here = task and stage.project.slug(task).casefold() in ("", repository.casefold())
    return EventTarget(stage, task, pull_request) if task and is_here else None


def _stage(site: Site, named: str | None) -> Stage | None:
    project = (named or "").partition("/")[0]
    if not is_id(project):
        return None
    try:
        return read(site, project)
    except UsageError:
        return None
