"""`kerrigan show`: one task whole."""

import json

import click

from kerrigan.apply.state.history import events
from kerrigan.apply.tasks.views import next_of, view_of
from kerrigan.cli.options import Where, as_option, common, json_option, task_stage
from kerrigan.report.tasks.tasks import page, to_json


@click.command("show")
@click.argument("task", metavar="PROJECT/TASK")
@as_option
@json_option
@common
def show(where: Where, task: str, login: str | None, as_json: bool) -> int:
    """One task: its words, its state, every reason it is not ready, its history, the command to run next.

    Example: kerrigan show todo/contract
    """
    site = where.site(login)
    stage = task_stage(site, task)
    view = view_of(site, stage, stage.task(task).id)
    history = [e for e in events(stage) if e.is_about(task)]
    if as_json:
        step = next_of(site, stage, task)
        known = step and {"command": step.command, "by": step.by}
        answer = {"task": to_json(view), "history": [e.to_json() for e in history], "next": known}
        click.echo(json.dumps(answer, ensure_ascii=False))
    else:
        click.echo(page(view, history, next_of(site, stage, task)))
    return 0
