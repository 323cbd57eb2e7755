"""`kerrigan log`: what happened, one line an event."""

import click

from kerrigan.apply.state.history import Choice, lines, parsed
from kerrigan.apply.state.stage import Stage
from kerrigan.check.suggestion import did_you_mean
from kerrigan.cli.options import Where, after_option, common, json_option, moment, only_stage
from kerrigan.model.event import EventType
from kerrigan.report.words import log_line


def _types(context: click.Context, parameter: click.Parameter, names: tuple[str, ...]) -> frozenset[EventType]:
    known = [event.value for event in EventType]
    for name in names:
        if name not in known:
            hint = did_you_mean(name, known) or f"expected one of {', '.join(known)}"
            raise click.BadParameter(f"'{name}' is no kind of event; {hint}")
    return frozenset(map(EventType, names))


@click.command("log")
@click.argument("project", required=False)
@click.option("--task", metavar="TASK", help="Only this task, as TASK or PROJECT/TASK.")
@click.option("--by", metavar="LOGIN", help="Only what this person, agent or app did.")
@click.option("--type", "types", metavar="EVENT", multiple=True, callback=_types, help="Only this kind; repeatable.")
@after_option
@click.option("--before", metavar="TIME", callback=moment, help="Only what came before this time.")
@json_option
@common
def log(
    where: Where,
    project: str | None,
    task: str | None,
    by: str | None,
    types: frozenset[EventType],
    after: str | None,
    before: str | None,
    as_json: bool,
) -> int:
    """What happened, in plain words; with --json the journal's own lines.

    Example: kerrigan log todo --task contract --type rejected
    """
    stage = only_stage(where.site(), project)
    choice = Choice(task and _known(stage, task), by, types, after, before)
    history = lines(stage)
    is_empty = True
    for line, event in parsed(history):
        if choice.takes(event) and (as_json or event):
            click.echo(log_line(event) if event and not as_json else line)
            is_empty = False
    if is_empty:
        what = "has no such event" if history else "is empty: nothing happened yet"
        where.say(f"the journal of {stage.project.name} {what}")
    return 0


def _known(stage: Stage, task: str) -> str:
    """The full id of a task that the definition has, or that the journal has although it was taken out."""
    name = task if "/" in task else f"{stage.project.name}/{task}"
    return name if name in stage.state.tasks else stage.task(name).id
