"""`kerrigan cost` shows what was spent; `kerrigan spend` reports it."""

import json
from dataclasses import replace

import click

from kerrigan.apply.state.history import events
from kerrigan.apply.state.identity import own_request
from kerrigan.apply.tasks.spend import report
from kerrigan.apply.tasks.views import caps_of, view_of
from kerrigan.cli.choice import Choice
from kerrigan.cli.options import (
    FIRST_PROJECT,
    Where,
    as_option,
    common,
    json_option,
    readable,
    refused,
    stages,
    task_stage,
    told,
)
from kerrigan.model.decision import Refusal
from kerrigan.model.event import EventType
from kerrigan.report.cost import BY, costs, text, to_dict
from kerrigan.report.tasks.tasks import to_json
from kerrigan.report.words import sentence

NOTHING = f"no project is on the default branch yet: {FIRST_PROJECT}"


@click.command("cost")
@click.argument("project", required=False)
@click.option("--by", type=Choice(BY), default="task", show_default=True, help="What to add up by.")
@json_option
@common
def cost(where: Where, project: str | None, by: str, as_json: bool) -> int:
    """What was spent, and how every cap stands; from the journal.

    Example: kerrigan cost todo --by model
    """
    site = where.site()
    read = stages(site, project)
    found = [
        costs(stage.project.name, events(stage), by, stage.state.ledger, caps_of(site, stage))
        for stage in (told(site, stage) for stage in read)
    ]
    body = {"projects": [to_dict(each) for each in found]}
    return read.conclude(body, "\n\n".join(map(text, found)) or ("" if read.failed else NOTHING), as_json=as_json)


@click.command("spend")
@click.argument("task", metavar="PROJECT/TASK")
@click.option("--model", default="", metavar="M", callback=readable, help="The model, by the name its vendor bills it.")
@click.option("--tokens-in", type=click.IntRange(0), default=0, metavar="N", help="Tokens it read, but for the cache.")
@click.option("--tokens-out", type=click.IntRange(0), default=0, metavar="N", help="Tokens it wrote.")
@click.option("--cached", type=click.IntRange(0), default=0, metavar="N", help="Tokens it read from the cache.")
@click.option("--usd", metavar="X", callback=readable, help="What it cost; without it the model's price decides.")
@click.option("--role", default="", metavar="ROLE", callback=readable, help="Whose work it was (default: the task's).")
@as_option
@json_option
@common
def spend(where: Where, task: str, login: str | None, role: str, as_json: bool, **used: object) -> int:
    """Report what work on a task has cost: while it is held, or afterwards. Each report counts, so report once.

    Example: kerrigan spend todo/contract --usd 0.42
    """
    site = where.site(login)
    stage = task_stage(site, task)
    asked = own_request(site, stage, EventType.used, stage.task(task).id, role)
    outcome = report(site, stage, replace(asked, role=role, data=used))
    answer = outcome.answer
    if isinstance(answer, Refusal):
        return refused(answer, as_json)
    first, *caused = outcome.events
    if as_json:
        body = {"event": first.to_json(), "caused": [event.to_json() for event in caused]}
        click.echo(json.dumps({**body, "task": to_json(view_of(site, outcome.after, task))}, ensure_ascii=False))
    else:
        click.echo("\n".join(map(sentence, outcome.events)))
    return 0
