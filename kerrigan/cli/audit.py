"""`kerrigan audit`: is the journal what was written."""

import json

import click

from kerrigan.apply.audit import open_record, verify, verify_all
from kerrigan.cli.options import Where, common, json_option, only_name


@click.group("audit")
def audit() -> None:
    """The journal as evidence."""


@audit.command("verify")
@click.argument("project", required=False)
@click.option("--all", "whole", is_flag=True, help="From the first line on, whatever was verified before.")
@json_option
@common
def verify_command(where: Where, project: str | None, whole: bool, as_json: bool) -> int:
    """Check every commit, the numbering, the hash chain, and state.json against the fold.

    The clone remembers up to which commit it verified a journal, and goes on from there the next time.

    Example: kerrigan audit verify todo
    """
    site = where.site()
    record = open_record(site, only_name(site, project))
    audited = verify_all(record) if whole else verify(record)
    if as_json:
        click.echo(json.dumps(audited.to_json(), ensure_ascii=False))
    else:
        click.echo(audited.words)
    return 0 if audited.sound else 1
