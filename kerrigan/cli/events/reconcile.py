"""`kerrigan reconcile`: what a schedule calls."""

import json

import click

from kerrigan.apply.events.reconcile import reconcile_each
from kerrigan.apply.state.stage import project_names, read
from kerrigan.cli.options import Where, common, json_option, told
from kerrigan.report.words import sentence


@click.command("reconcile")
@click.argument("project", required=False)
@json_option
@common
def reconcile(where: Where, project: str | None, as_json: bool) -> int:
    """Derive everything again: expire claims, complete what was merged, send again, repair labels and statuses.

    Example: kerrigan reconcile todo
    """
    site = where.site()
    names = project_names(site) if project is None else [project]
    outcomes = reconcile_each(site, names, lambda site, name: told(site, read(site, name)))
    events = [e for outcome in outcomes for e in outcome.events]
    if as_json:
        click.echo(json.dumps({"events": [e.to_json() for e in events]}, ensure_ascii=False))
    else:
        click.echo("\n".join(map(sentence, events)) or "nothing to do: the journal, the forge and the labels agree")
    return 0
