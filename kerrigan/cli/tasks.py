"""`kerrigan tasks`: which tasks there are, filtered."""

import json
from collections.abc import Callable
from difflib import get_close_matches

import click

from kerrigan.apply.views import views
from kerrigan.cli.options import Where, common, json_option, stages, told
from kerrigan.errors import UsageError
from kerrigan.model.state import Status
from kerrigan.model.view import TaskView
from kerrigan.report.tasks import table, to_json

STATUSES = [status.value for status in Status]


@click.command("tasks")
@click.argument("project", required=False)
@click.option("--ready", is_flag=True, help="Only what can be claimed now.")
@click.option("--status", type=click.Choice(STATUSES), metavar="STATUS", help=f"Only those: {', '.join(STATUSES)}.")
@click.option("--role", metavar="ROLE", help="Only tasks of this role.")
@click.option("--repository", metavar="NAME", help="Only tasks of this repository, by its short name.")
@click.option("--waiting-on", metavar="ID", help="Only tasks that wait for this task, issue or fact.")
@json_option
@common
def tasks(where: Where, project: str | None, as_json: bool, **filters: str | bool | None) -> int:
    """List tasks with what each waits for.

    Example: kerrigan tasks todo --ready
    """
    site = where.site()
    every = [v for stage in stages(site, project) for v in views(site, told(site, stage))]
    _must_exist(every, filters)
    found = [v for v in every if _chosen(v, filters)]
    click.echo(json.dumps({"tasks": [to_json(v) for v in found]}, ensure_ascii=False) if as_json else table(found))
    return 0


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
        "waiting_on": lambda v: any(r.on == filters["waiting_on"] for r in v.reasons),
    }
    return all(holds(view) for name, holds in wanted.items() if filters[name])
