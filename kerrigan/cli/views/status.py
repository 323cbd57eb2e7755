"""`kerrigan status`: one screen."""

import click

from kerrigan.apply.state.lost_journals import lost_journals
from kerrigan.apply.state.stage import home_of
from kerrigan.apply.tasks.views import board_of
from kerrigan.cli.options import FIRST_PROJECT, Where, common, json_option, stages
from kerrigan.report.tasks.board import text, to_dict


@click.command("status")
@click.argument("project", required=False)
@json_option
@common
def status(where: Where, project: str | None, as_json: bool) -> int:
    """Where a project stands: who works on what, what waits on what, what needs a person.

    Example: kerrigan status todo
    """
    site = where.site()
    read = stages(site, project)
    found = [board_of(site, stage) for stage in read]
    home = found[0].project.home if found else home_of(site)
    warnings = list(lost_journals(site, home, read.names)) if project is None else []
    for warning in warnings:
        where.say(warning)
    empty = "" if read.failed else f"no project is on the default branch yet: {FIRST_PROJECT}"
    body = {"projects": [to_dict(board) for board in found], "warnings": warnings}
    return read.conclude(body, "\n\n".join(map(text, found)) or empty, as_json=as_json)
