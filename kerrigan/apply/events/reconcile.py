"""What a schedule calls: derive everything again, so that nothing depends on an event having arrived."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace

from kerrigan.apply.events.beside import of_merges
from kerrigan.apply.state.append import Answer, Outcome, append, new_request
from kerrigan.apply.state.effects import settle, show, show_others
from kerrigan.apply.state.site import Site
from kerrigan.apply.state.stage import Stage, read
from kerrigan.apply.tasks.dependencies import dependency_facts
from kerrigan.apply.tasks.facts import checks_of, run_facts, with_authors, with_merge, work_facts
from kerrigan.decide.readiness import NO_FACTS
from kerrigan.decide.reconcile import reconcile_project
from kerrigan.errors import KerriganError, UnreadableError
from kerrigan.model.decision import Decision
from kerrigan.model.event import KERRIGAN, EventType
from kerrigan.model.forge.facts import Facts
from kerrigan.model.project import Task
from kerrigan.model.state import OVER, Status


def reconcile(site: Site, stage: Stage, only: Collection[str] | None = None) -> Outcome:
    """Expire, complete, retry, escalate and dispatch what is due, then bring view and outbox up to date.

    `only` are the tasks to look at, all of them without.
    """
    return as_far_as_allowed(site, stage, lambda: _reconciled(site, stage, only))


def reconcile_each(
    site: Site, names: Iterable[str], look: Callable[[Site, str], Stage | None] = read, slug: str = ""
) -> tuple[Outcome, ...]:
    """Reconcile projects by name, then bring the gates of pull requests for no task up to date.

    `look` reads the stage of a project, and answers None for one that nothing has to be done about; `slug` is the only
    repository to look at, if any. What keeps one project from it keeps nothing else; the first such error is raised at
    the end, as is that of a definition that cannot be read.
    """
    outcomes: list[Outcome] = []
    failed: KerriganError | None = None
    for name in names:
        try:
            stage = look(site, name)
            if stage:
                outcomes.append(reconcile(site, stage, _tasks_in(stage, slug)))
                failed = failed or stage.unread
        except KerriganError as error:
            site.say(f"{name} is left as it is: {error.message}")
            failed = failed or error
    show_others(site)
    if failed:
        raise failed
    return tuple(outcomes)


def _tasks_in(stage: Stage, slug: str) -> Collection[str] | None:
    """The tasks that are worked on in a repository; None for all where none is named."""
    here = slug.casefold()
    return [t.id for t in stage.project.tasks.values() if stage.project.slug(t).casefold() == here] if slug else None


def _reconciled(site: Site, stage: Stage, only: Collection[str] | None) -> Outcome:
    request = new_request(EventType.expired, None, KERRIGAN)

    def decide(current: Stage) -> Decision | None:
        facts = observe(site, current, only)
        located = replace(request, definition=current.snapshot.definition or "")
        return reconcile_project(current.project, current.workspace, current.state, facts, located)

    outcome = append(site, stage, decide)
    return settle(site, outcome, [e.task for e in outcome.events if e.task])


def as_far_as_allowed(site: Site, stage: Stage, act: Callable[[], Outcome], instead: Answer = None) -> Outcome:
    """What came of `act`; in a repository whose token may not write to the home repository, its gates at least.

    `instead` is the answer then.
    """
    try:
        return act()
    except UnreadableError as error:
        if error.kind != "push-refused" or site.here == stage.project.home:
            raise
        site.say(f"this token may not write to {stage.project.home}, whose own reconcile will find what happened here")
        show(site, stage)
        return Outcome(stage, instead, stage)


def observe(site: Site, stage: Stage, only: Collection[str] | None = None) -> Mapping[str, Facts]:
    """The facts about every task, or only some, that something may have happened to outside of the journal.

    A task whose repository cannot be looked at is left as it is: what is not known changes nothing.
    """
    found: dict[str, Facts] = {}
    tasks = [task for task in stage.project.tasks.values() if only is None or task.id in only]
    outside = dependency_facts(site, stage, [t for t in tasks if stage.state.task(t.id).status is Status.open])
    for task in tasks:
        try:
            starts_agents = site.starts_agents(stage.project.home)
            found[task.id] = replace(_observed(site, stage, task, outside), home_starts_agents=starts_agents)
        except KerriganError as error:
            site.say(f"{task.id} is left as it is: {error.message}")
    for task_id, seen in of_merges(site, stage, tasks).items():
        if task_id in found:
            found[task_id] = replace(found[task_id], beside={**found[task_id].beside, **seen})
    return found


def _observed(site: Site, stage: Stage, task: Task, outside: Facts) -> Facts:
    standing = stage.state.task(task.id)
    match standing.status:
        case Status.testing:
            return with_authors(site, stage, task, work_facts(site, stage, task, NO_FACTS))
        case Status.in_review | Status.approved:
            found = with_authors(site, stage, task, work_facts(site, stage, task, NO_FACTS))
            return _with_checks(site, stage, task, found)
        case status if status in OVER:
            return NO_FACTS
        case Status.open:
            of_task = outside.about(dependency.target for dependency in task.hard)
            return with_merge(site, standing.submission, of_task)
        case Status.claimed | Status.working:
            return with_merge(site, standing.submission, run_facts(site, stage, task))
        case _:
            return with_merge(site, standing.submission, NO_FACTS)


def _with_checks(site: Site, stage: Stage, task: Task, facts: Facts) -> Facts:
    """`facts` with the checks of what has passed its tests: one may have failed since. Who may not see them goes on."""
    try:
        return replace(facts, checks=checks_of(site, stage, task))
    except KerriganError as error:
        site.say(f"whether a check of {task.id} has failed since is not known: {error.message}")
        return facts
