"""What reports are made of: a task view with everything in it, and what the shipped schemas say of an output."""

import json
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from kerrigan.decide.beside import needs
from kerrigan.model.decision import Reason
from kerrigan.model.project import Dependency, DependencyKind, Project, Repository, Task
from kerrigan.model.state import Feedback, Holder, Status, Submission, TaskState
from kerrigan.model.view import TaskView

FOLDER = Path(__file__).parents[2] / "schemas" / "output"
SCHEMAS = {path.name.partition(".")[0]: json.loads(path.read_text("utf-8")) for path in FOLDER.glob("*.schema.json")}
REGISTRY: Registry[Any] = Registry().with_resources((s["$id"], Resource.from_contents(s)) for s in SCHEMAS.values())

ESCAPE = "\x1b[31m"
HOSTILE = f'{ESCAPE}"];\n</b>\u202e'

LEGAL = Dependency("external:legal sign-off", DependencyKind.external, "legal sign-off")
CONTRACT = Task("todo/contract", "Agree the API contract", "architect", "api", description="First.\nThen.")
SCREEN = Task(
    "todo/screen",
    "Show the list",
    "swe",
    "web",
    (
        Dependency("contract", DependencyKind.task, "todo/contract"),
        Dependency("~endpoint", DependencyKind.task, "todo/endpoint", soft=True),
        LEGAL,
    ),
    acceptance=("the list is there",),
)
EVIL = Task(
    "todo/evil",
    HOSTILE,
    HOSTILE,
    HOSTILE,
    (Dependency("x", DependencyKind.external, HOSTILE),),
    acceptance=(HOSTILE,),
    description=HOSTILE,
)
REPOSITORIES = {name: Repository(name, f"acme/{name}") for name in ("api", "web")}
WAITING = TaskView(
    SCREEN,
    TaskState(),
    "waiting",
    (
        Reason(
            "dependency", "waits on todo/contract, which is working", "todo/contract", "kerrigan show todo/contract"
        ),
        Reason("external", "waits until a person confirms: legal sign-off", "legal sign-off"),
    ),
    ("todo/launch",),
)
REVIEWED = TaskState(
    Status.in_review,
    role="debugging",
    fence=2,
    attempts=2,
    review_cycles=1,
    author="ada",
    branch="kerrigan/todo/contract",
    submission=Submission("acme/api", 7, "d21866f14a99"),
    feedback=Feedback("rejected", "ana", "no error format"),
)
HELD = TaskState(Status.working, holder=Holder("ada", "agent", None, "2026-11-21T14:00:00.000Z"), fence=1, attempts=1)


def project(*tasks: Task) -> Project:
    return Project("todo", "acme/api", REPOSITORIES, {task.id: task for task in tasks}, title="Todo")


def view(task: Task, standing: TaskState, readiness: str | None = None) -> TaskView:
    return TaskView(task, standing, readiness, (), needs=tuple(needs(task, standing)))


def assert_fits(schema: str, body: object) -> None:
    """The body, as JSON prints it, is what the schema promises."""
    Draft202012Validator(SCHEMAS[schema], registry=REGISTRY).validate(json.loads(json.dumps(body)))
