"""`kerrigan log`: what happened, one line an event."""

from datetime import UTC, datetime

import click

from kerrigan.apply.history import lines, parsed
from kerrigan.cli.options import Where, common, json_option, only_stage
from kerrigan.model.timestamp import stamp
from kerrigan.report.words import log_line


def _moment(context: click.Context, parameter: click.Parameter, text: str | None) -> str | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise click.BadParameter(f"'{text}' is no ISO 8601 time such as 2026-11-21T06:00") from error
    return stamp(moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC))


@click.command("log")
@click.argument("project", required=False)
@click.option("--task", metavar="TASK", help="Only this task, as TASK or PROJECT/TASK.")
@click.option(
    "--after",
    metavar="TIME",
    callback=_moment,
    help="Only what came after this ISO 8601 time, in UTC if it names no zone.",
)
@json_option
@common
def log(where: Where, project: str | None, task: str | None, after: str | None, as_json: bool) -> int:
    """What happened, in plain words; with --json the journal's own lines.

    Example: kerrigan log todo --task contract
    """
    stage = only_stage(where.site(), project)
    name = stage.task(task if "/" in task else f"{stage.project.name}/{task}").id if task else None
    for line, event in parsed(lines(stage)):
        if (name is None or event.task == name) and (after is None or event.at > after):
            click.echo(line if as_json else log_line(event))
    return 0
