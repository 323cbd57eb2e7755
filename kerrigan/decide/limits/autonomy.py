"""How far agents go alone: which gates a person holds, by the project's level and the task's risk."""

from collections.abc import Iterator
from dataclasses import dataclass
from shlex import quote

from kerrigan.model.decision import Reason
from kerrigan.model.event import Actor
from kerrigan.model.paths import overlap
from kerrigan.model.project import Task, Workspace
from kerrigan.model.state import TaskState

START, MERGE = "start", "merge"
"""What `kerrigan task grant` grants. A grant of the merge is void after the next push."""

OVERRIDE = "override"
"""The label autonomy:override of Milestone 4 grants both."""

STARTS = frozenset({START, "go", "sprint", OVERRIDE})
"""The grants that let agents start: `start`, and the labels agent:go, agent:sprint and autonomy:override."""

MERGES = frozenset({MERGE, OVERRIDE})
"""The grants that let the task merge where a person holds that gate."""

RISKS = ("low", "medium", "high")


@dataclass(frozen=True, slots=True)
class Level:
    """The risk from which on a gate is held; None: it never is.

    `claim`: a person lets an agent start. `review`: someone other than the author approves. `merge`: a person grants.
    """

    name: str
    claim: str | None
    review: str | None
    merge: str | None


LEVELS = (
    Level("manual", "low", "low", "low"),
    Level("assisted", "medium", "low", "low"),
    Level("supervised", "high", "low", "medium"),
    Level("guarded", "high", "medium", None),
    Level("trusted", None, "high", None),
    Level("autonomous", None, None, None),
)
"""`autonomy: 0` to `autonomy: 5` of kerrigan.yml."""


def risk(task: Task, workspace: Workspace) -> str:
    """The task's risk; high where it may change a protected path."""
    return "high" if protects(task, workspace) else task.risk


def protects(task: Task, workspace: Workspace) -> str | None:
    """The first of the task's paths that is protected, or None."""
    protected = workspace.protected
    return next((path for path in task.paths if any(overlap(path, other) for other in protected)), None)


def needs_review(task: Task, workspace: Workspace) -> bool:
    """Whether someone has to approve before the merge."""
    return _reaches(risk(task, workspace), LEVELS[workspace.level].review)


def needs_merge_grant(task: Task, standing: TaskState, workspace: Workspace) -> bool:
    """Whether a person has yet to grant the merge."""
    held = _reaches(risk(task, workspace), LEVELS[workspace.level].merge)
    return held and not MERGES & set(standing.granted)


def ungranted(task: Task, standing: TaskState, workspace: Workspace) -> Iterator[Reason]:
    """Why no agent may start with a task yet. A person may."""
    if STARTS & set(standing.granted):
        return
    level = LEVELS[workspace.level]
    if path := protects(task, workspace):
        why = f"{path} is protected, so an admin lets agents start"
    elif _reaches(task.risk, level.claim):
        why = f"its risk is {task.risk}, and at autonomy {workspace.level} ({level.name}) a person lets agents start"
    elif workspace.autonomy == "labels":
        why = "a person lets agents start (gates: {autonomy: labels})"
    else:
        return
    yield Reason("grant", why, next=f"{grant_command(task.id, START)}, or the label agent:go")


def grant_command(task_id: str, what: str) -> str:
    """The command that grants the start or the merge of a task."""
    return f"kerrigan task grant {quote(task_id)} --what {what}"


def acts_alone(actor: Actor) -> bool:
    """Whether no person asks, but an agent or an app."""
    return actor.kind != "person"


def no_person(actor: Actor) -> str | None:
    """`claude is an agent` of anyone who is no person; None for a person."""
    return f"{actor.login} is an {actor.kind}" if acts_alone(actor) else None


def _reaches(risk: str, least: str | None) -> bool:
    return least is not None and RISKS.index(risk) >= RISKS.index(least)
