"""What people look at, from a stage: tasks with their readiness, the board, the next command."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from kerrigan.apply.state.append import new_request, now
from kerrigan.apply.state.identity import own_request
from kerrigan.apply.state.site import Site
from kerrigan.apply.state.stage import Stage
from kerrigan.apply.state.unpublished import unpublished
from kerrigan.apply.tasks.dependencies import dependency_facts
from kerrigan.apply.tasks.facts import asked_facts, elsewhere
from kerrigan.decide.beside import needs
from kerrigan.decide.claim_health import claim_health
from kerrigan.decide.guards.guards import NOT_ENFORCED
from kerrigan.decide.limits.capacity import Capacity
from kerrigan.decide.money.budget import budget_caps
from kerrigan.decide.readiness import dependents, readiness
from kerrigan.decide.refusals.remedy import USUAL, next_step
from kerrigan.decide.situation import Situation
from kerrigan.errors import KerriganError
from kerrigan.load.project import TASKS
from kerrigan.model.decision import NextStep
from kerrigan.model.event import Actor
from kerrigan.model.forge.facts import Facts
from kerrigan.model.project import Project, Task
from kerrigan.model.state import AT_REST
from kerrigan.model.usage import Cap, Ledger
from kerrigan.model.view import TaskView
from kerrigan.report.tasks.board import Board

MOST_SHOWN = 10
"""As many problems of a definition are shown."""


def views(site: Site, stage: Stage) -> Sequence[TaskView]:
    """Every task of the project, in the order of the file."""
    return _views(stage, _facts(site, stage, list(stage.project.tasks.values())), now())


def view_of(site: Site, stage: Stage, task: str) -> TaskView:
    """One task."""
    facts = _facts(site, stage, [stage.project.tasks[task]])
    standing, at = stage.state.task(task), now()
    found = readiness(stage.project, stage.workspace, stage.state, task, at, facts)
    waiting = dependents(stage.project).get(task, ())
    definition = stage.project.tasks[task]
    beat, needed = claim_health(standing, stage.workspace, at), tuple(needs(definition, standing))
    return TaskView(definition, standing, *found, waiting, beat, needed)


def board_of(site: Site, stage: Stage) -> Board:
    """What `kerrigan status` shows."""
    facts, at = _facts(site, stage, list(stage.project.tasks.values())), now()
    caps = _caps(stage, facts.elsewhere)
    return Board(stage.project, _views(stage, facts, at), stage.state, NOT_ENFORCED, warnings(site, stage), caps)


def _facts(site: Site, stage: Stage, tasks: list[Task]) -> Facts:
    return replace(dependency_facts(site, stage, tasks), elsewhere=elsewhere(site, stage))


def _views(stage: Stage, facts: Facts, at: str) -> Sequence[TaskView]:
    waiting, room = dependents(stage.project), Capacity(stage.project, stage.workspace, stage.state)
    return [
        TaskView(
            task,
            stage.state.task(task.id),
            *readiness(stage.project, stage.workspace, stage.state, task.id, at, facts, room),
            waiting.get(task.id, ()),
            claim_health(stage.state.task(task.id), stage.workspace, at),
            tuple(needs(task, stage.state.task(task.id))),
        )
        for task in stage.project.tasks.values()
    ]


def caps_of(site: Site, stage: Stage) -> tuple[Cap, ...]:
    """Every cap that is over the project, as it stands now; none where the definition may hide what they are."""
    return _caps(stage, elsewhere(site, stage))


def _caps(stage: Stage, others: tuple[Ledger, ...]) -> tuple[Cap, ...]:
    if stage.project.stopping:
        return ()
    return budget_caps(stage.project, stage.workspace, stage.state, now(), others).caps


def warnings(site: Site, stage: Stage) -> tuple[str, ...]:
    """What to know before the rest: problems in the definition, tasks that it lost, and what is not on its branch."""
    difference = unpublished(site, stage)
    ahead = [f"{difference.message}: {difference.next} ({stage.project.name})"] if difference else []
    return (*_problems(stage.project), *_lost(stage), *_old(stage.project), *ahead)


def _problems(project: Project) -> Iterator[str]:
    found = [*project.problems, *(problem for task in project.tasks.values() for problem in task.problems)]
    found.sort(key=lambda problem: not problem.stops)
    yield from (problem.text + (f"; {problem.hint}" if problem.hint else "") for problem in found[:MOST_SHOWN])
    if found[MOST_SHOWN:]:
        yield f"{project.name} has {len(found) - MOST_SHOWN} further problems in its definition: kerrigan doctor"


def _lost(stage: Stage) -> Iterator[str]:
    """The tasks at work in the journal that the definition does not have: nothing can be asked of them."""
    project = stage.project
    lost = [task for task, standing in stage.state.tasks.items() if standing.status not in AT_REST]
    for task in (task for task in lost if task not in project.tasks):
        standing = stage.state.task(task)
        holder = f", held by {standing.holder.login}" if standing.holder else ""
        what = f"{task} is {standing.status}{holder}, and {project.path}/{TASKS} does not define it"
        yield f"{what}: write its entry again, then kerrigan task cancel {task}, if it is not wanted"


def _old(project: Project) -> Iterator[str]:
    if project.format != 7 and not project.stopping:
        step = f"kerrigan import kerrigan-md {project.path} makes a tasks.yml of its tasks.md, if it has one"
        yield f"{project.name} is of Milestones 1 to 6, its tasks cannot be claimed: {step}"


def next_of(site: Site, stage: Stage, task: str) -> NextStep | None:
    """What comes next for a task, for who looks; None where nothing has to.

    Whom no one knows is told who can. What cannot be looked at is left out: then the step may be refused.
    """
    definition, event = stage.project.tasks[task], USUAL[stage.state.task(task).status]
    try:
        request = own_request(site, stage, event, task)
    except KerriganError:
        request = new_request(event, task, Actor(""))
    try:
        facts = asked_facts(site, stage, definition, request)
    except KerriganError as error:
        site.detail(f"what is next is said without a look at {stage.project.slug(definition)}: {error.message}")
        facts = Facts()
    return next_step(Situation(stage.project, stage.workspace, stage.state, definition, request, facts))
