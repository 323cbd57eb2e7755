"""`kerrigan tasks`: which tasks there are, filtered."""

from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches

import click

from kerrigan.apply.tasks.views import views
from kerrigan.cli.choice import Choice
from kerrigan.cli.options import FIRST_PROJECT, Where, after_option, common, json_option, stages, told
from kerrigan.decide.plan import critical_path
from kerrigan.errors import UsageError
from kerrigan.model.state import Status
from kerrigan.model.view import TaskView
from kerrigan.report.tasks.tasks import none_ready, table, to_json

STUCK = frozenset({Status.blocked, Status.escalated})
"""Statuses that only a person ends."""
STATUSES = [status.value for status in Status]


@click.command("tasks")
@click.argument("project", required=False)
@click.option("--ready", is_flag=True, help="Only what can be claimed now.")
@click.option("--status", type=Choice(STATUSES), metavar="STATUS", help=f"Only those: {', '.join(STATUSES)}.")
@click.option("--role", metavar="ROLE", help="Only tasks of this role.")
@click.option("--repository", metavar="NAME", help="Only tasks of this repository, by its short name.")
@click.option("--holder", metavar="LOGIN", help="Only tasks that this person or agent holds.")
@click.option("--blocked", is_flag=True, help="Only what is blocked, waits, is held, or needs a person to go on.")
@click.option("--critical", is_flag=True, help="Only the longest chain of what is left, of each project.")
@after_option
@click.option("--waiting-on", metavar="ID", help="Only tasks that wait for this task, issue or fact.")
@json_option
@common
def tasks(where: Where, project: str | None, as_json: bool, **filters: str | bool | None) -> int:
    """List tasks with what each waits for.

    Example: kerrigan tasks todo --ready
    """
    site = where.site()
    read = stages(site, project)
    every: dict[str, Sequence[TaskView]] = {}
    chains: set[str] = set()
    for stage in read:
        every[stage.project.name] = views(site, told(site, stage))
        chains.update(critical_path(stage.project, stage.state) if filters["critical"] else ())
    listed = [view for each in every.values() for view in each]
    _must_exist(listed, filters)
    found = [v for v in listed if _chosen(v, filters) and (not filters["critical"] or v.task.id in chains)]
    if not found and not read.failed:
        where.say(_none(every, filters))
    return read.conclude({"tasks": [to_json(v) for v in found]}, table(found), as_json=as_json)


def _none(every: Mapping[str, Sequence[TaskView]], filters: dict[str, str | bool | None]) -> str:
    """Why no task is listed: the first of the reasons that a command ends."""
    if not every:
        return f"no project is on the default branch yet: {FIRST_PROJECT}"
    others = {**filters, "ready": False}
    matching = {name: [v for v in each if _chosen(v, others)] for name, each in every.items()}
    if filters["ready"] and (any(matching.values()) or not any(others.values())):
        return none_ready({name: each for name, each in matching.items() if each or not any(others.values())})
    words = " ".join(f"--{n.replace('_', '-')}{'' if v is True else f' {v}'}" for n, v in others.items() if v)
    count = sum(map(len, every.values()))
    tasks = "1 task" if count == 1 else f"{count} tasks"
    return f"no task matches {words}: kerrigan tasks lists all {tasks}" if words and count else none_ready(every)


def _is_held(view: TaskView, login: str) -> bool:
    holder = view.standing.holder
    return holder is not None and holder.login.casefold() == login.casefold()


def _must_exist(views: list[TaskView], filters: dict[str, str | bool | None]) -> None:
    known = {
        "role": {role for v in views for role in (v.role, v.task.role)},
        "repository": {v.task.repository for v in views},
        "waiting_on": {v.task.id for v in views} | {d.target for v in views for d in v.task.depends_on},
    }
    for name, values in known.items():
        wanted = filters[name]
        if isinstance(wanted, str) and wanted not in values:
            near = get_close_matches(wanted, values, n=1)
            step = f"did you mean '{near[0]}'?" if near else f"one of: {', '.join(sorted(values)) or 'none'}"
            words = name.replace("_", "-")
            raise UsageError(f"no task has --{words} '{wanted}'", kind=f"unknown-{words}", next_step=step)


def _chosen(view: TaskView, filters: dict[str, str | bool | None]) -> bool:
    wanted: dict[str, Callable[[TaskView], bool]] = {
        "ready": lambda v: v.readiness == "ready",
        "status": lambda v: v.standing.status.value == filters["status"],
        "role": lambda v: (v.standing.role or v.task.role) == filters["role"],
        "repository": lambda v: v.task.repository == filters["repository"],
        "holder": lambda v: _is_held(v, str(filters["holder"])),
        "blocked": lambda v: v.readiness in ("waiting", "held") or v.standing.status in STUCK,
        "after": lambda v: (v.standing.since or "") > str(filters["after"]),
        "waiting_on": lambda v: any(r.on == filters["waiting_on"] for r in v.reasons),
    }
    return all(holds(view) for name, holds in wanted.items() if filters[name])
