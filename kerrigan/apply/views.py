"""What people look at, from a stage: tasks with their readiness, the board, the next command."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from kerrigan.apply.append import now
from kerrigan.apply.facts import dependency_facts, elsewhere
from kerrigan.apply.site import Site
from kerrigan.apply.stage import Stage
from kerrigan.decide.budget import purse
from kerrigan.decide.guards import NOT_ENFORCED
from kerrigan.decide.pulse import pulse
from kerrigan.decide.readiness import dependents, readiness
from kerrigan.decide.room import Room
from kerrigan.files import read_files
from kerrigan.load.project import PARSERS, parse_all
from kerrigan.model.facts import Facts
from kerrigan.model.project import Project, Task
from kerrigan.model.source import Severity
from kerrigan.model.state import Status
from kerrigan.model.usage import Cap
from kerrigan.model.view import TaskView
from kerrigan.report.board import Board

NEXT = {
    Status.open: "kerrigan task claim {}",
    Status.claimed: "kerrigan task start {}",
    Status.working: "kerrigan task submit {}",
    Status.testing: "kerrigan task pass-tests {}",
    Status.in_review: "kerrigan task approve {}",
    Status.approved: "kerrigan reconcile, once its pull request is merged",
    Status.failed: "kerrigan task retry {}",
    Status.blocked: "kerrigan task unblock {} --reason TEXT",
    Status.escalated: "kerrigan task reopen {} --reason TEXT",
}
"""What usually comes next; done and cancelled tasks have no next command."""


def views(site: Site, stage: Stage) -> Sequence[TaskView]:
    """Every task of the project, in the order of the file."""
    return _views(stage, _facts(site, stage, list(stage.project.tasks.values())), now())


def view_of(site: Site, stage: Stage, task: str) -> TaskView:
    """One task."""
    facts = _facts(site, stage, [stage.project.tasks[task]])
    standing, at = stage.state.task(task), now()
    found = readiness(stage.project, stage.workspace, stage.state, task, at, facts)
    waiting = dependents(stage.project).get(task, ())
    return TaskView(stage.project.tasks[task], standing, *found, waiting, pulse(standing, stage.workspace, at))


def board_of(site: Site, stage: Stage) -> Board:
    """What `kerrigan status` shows."""
    facts, at = _facts(site, stage, list(stage.project.tasks.values())), now()
    caps = purse(stage.project, stage.workspace, stage.state, at, facts.elsewhere).caps
    return Board(stage.project, _views(stage, facts, at), stage.state, NOT_ENFORCED, warnings(site, stage), caps)


def _facts(site: Site, stage: Stage, tasks: list[Task]) -> Facts:
    return replace(dependency_facts(site, stage, tasks), elsewhere=elsewhere(site, stage))


def _views(stage: Stage, facts: Facts, at: str) -> Sequence[TaskView]:
    waiting, room = dependents(stage.project), Room(stage.project, stage.workspace, stage.state)
    return [
        TaskView(
            task,
            stage.state.task(task.id),
            *readiness(stage.project, stage.workspace, stage.state, task.id, at, facts, room),
            waiting.get(task.id, ()),
            pulse(stage.state.task(task.id), stage.workspace, at),
        )
        for task in stage.project.tasks.values()
    ]


def caps_of(site: Site, stage: Stage) -> tuple[Cap, ...]:
    """Every cap that is over the project, as it stands now."""
    return purse(stage.project, stage.workspace, stage.state, now(), elsewhere(site, stage)).caps


def warnings(site: Site, stage: Stage) -> tuple[str, ...]:
    """What the project has that no decision is made from: a tasks.md, and what is not on the default branch."""
    return (*_old(stage.project), *_ahead(site, stage))


def _old(project: Project) -> Iterator[str]:
    if project.format != 7:
        step = f"kerrigan import kerrigan-md {project.path} makes a tasks.yml of its tasks.md, if it has one"
        yield f"{project.name} is of Milestones 1 to 6, nobody can claim its tasks: {step}"


def _ahead(site: Site, stage: Stage) -> Iterator[str]:
    name, branch = stage.project.name, stage.snapshot.default_branch
    if site.here == stage.project.home and site.clone.differs(stage.snapshot.definition or "", stage.project.path):
        if _is_broken(site, stage.project.path):
            yield f"{stage.project.path} cannot be read as it is here: kerrigan check says where ({name})"
            return
        yield f"{stage.project.path} is not on origin/{branch} yet as it is here: commit and push it ({name})"


def _is_broken(site: Site, folder: str) -> bool:
    """Whether a definition in the work tree does not parse: nobody is to push it."""
    texts, problems = read_files(
        site.clone.root / folder, (f for f in PARSERS if (site.clone.root / folder / f).exists())
    )
    found = [*problems, *(d for document in parse_all(folder, texts).values() for d in document.diagnostics)]
    return any(d.severity is Severity.error for d in found)


def next_command(view: TaskView) -> str:
    """The command that usually comes next for a task, or what it waits for."""
    if view.reasons:
        return next((reason.next for reason in view.reasons if reason.next), "")
    command = NEXT.get(view.standing.status, "").format(view.task.id)
    if view.standing.status is not Status.in_review:
        return command
    answers = (f"--criterion '{number}: met, how you know'" for number in range(1, len(view.task.acceptance) + 1))
    return " ".join([command, *answers])
