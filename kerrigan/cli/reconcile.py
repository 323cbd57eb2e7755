"""`kerrigan reconcile`: what a schedule calls."""

import json

import click

from kerrigan.apply.effects import show_others
from kerrigan.apply.reconcile import reconcile as reconcile_stage
from kerrigan.cli.options import Where, common, json_option, stages, told
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
    events = [e for stage in stages(site, project) for e in reconcile_stage(site, told(site, stage)).events]
    show_others(site)
    if as_json:
        click.echo(json.dumps({"events": [e.to_json() for e in events]}, ensure_ascii=False))
    else:
        click.echo("\n".join(map(sentence, events)) or "nothing to do: the journal, the forge and the labels agree")
    return 0
