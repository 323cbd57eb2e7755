"""`kerrigan audit`: is the journal what was written."""

import json

import click

from kerrigan.apply.history import verify
from kerrigan.cli.options import Where, common, json_option, only_stage


@click.group("audit")
def audit() -> None:
    """Verify a project's journal."""


@audit.command("verify")
@click.argument("project", required=False)
@json_option
@common
def verify_command(where: Where, project: str | None, as_json: bool) -> int:
    """Check the hash chain, the numbering, the commits, and state.json against the fold.

    Example: kerrigan audit verify todo
    """
    audited = verify(only_stage(where.site(), project))
    if as_json:
        click.echo(json.dumps(audited.to_json(), ensure_ascii=False))
    else:
        click.echo(audited.words)
    return 0 if audited.sound else 1
