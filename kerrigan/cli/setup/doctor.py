"""`kerrigan doctor`: what will work, what will be lost, and how to fix it."""

import json

import click

from kerrigan.apply.setup.doctor import diagnose, diagnose_clone
from kerrigan.cli.options import Where, common, json_option
from kerrigan.decide.health.findings import exit_code
from kerrigan.errors import UnreadableError
from kerrigan.git.repo import discover
from kerrigan.model.forge.health import Finding
from kerrigan.report.health import health_json, health_text


@click.command("doctor")
@json_option
@common
def doctor(where: Where, as_json: bool) -> int:
    """Look at git, the token, and every repository of the projects here: no problem (0), problems (1), no answer (4).

    Nothing is written, here or on GitHub. With -q only what is not fine.

    Example: kerrigan doctor
    """
    found = _found(where)
    if as_json:
        click.echo(json.dumps(health_json(found), ensure_ascii=False))
    else:
        click.echo(health_text(found, all_of_them=where.volume >= 0))
    return exit_code(found)


def _found(where: Where) -> tuple[Finding, ...]:
    clone = discover(where.directory)
    try:
        site = where.site()
    except UnreadableError as error:
        return diagnose_clone(clone, error)
    return diagnose(site)
