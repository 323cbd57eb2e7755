"""`kerrigan metrics`: how work goes, counted from the journal."""

import json

import click

from kerrigan.apply.audit import lines_of, open_record
from kerrigan.apply.state.history import known
from kerrigan.cli.options import Where, after_option, common, json_option, only_name
from kerrigan.report.metrics import measure, page


@click.command("metrics")
@click.argument("project", required=False)
@after_option
@json_option
@common
def metrics(where: Where, project: str | None, after: str | None, as_json: bool) -> int:
    """Throughput, cycle time, first-pass rate, interventions and waiting, by role and agent; from the journal alone.

    Example: kerrigan metrics todo --after 2026-11-01
    """
    site = where.site()
    record = open_record(site, only_name(site, project))
    written = lines_of(record)
    events = known(written)
    if unknown := len(written) - len(events):
        are = "1 event is" if unknown == 1 else f"{unknown} events are"
        where.say(f"{are} not counted: only a newer Kerrigan knows what happened")
    found = measure(events, after)
    name = record.journal.project
    if as_json:
        click.echo(json.dumps({"project": name, **found}, ensure_ascii=False))
    else:
        click.echo(page(name, found))
    return 0
