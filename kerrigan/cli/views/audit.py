"""`kerrigan audit`: is the journal what was written, and what was written for other tools."""

import json

import click

from kerrigan.apply.audit import lines_of, open_record, verify, verify_all
from kerrigan.apply.state.history import Choice, parsed
from kerrigan.cli.options import Where, after_option, common, json_option, only_name
from kerrigan.errors import UnreadableError
from kerrigan.report.export import to_csv


@click.group("audit")
def audit() -> None:
    """The journal as evidence: verify it, export it.

    Example: kerrigan audit verify todo
    """


@audit.command("verify", short_help="check every commit, every hash, and state.json")
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
    if audited.sound and audited.beyond:
        return UnreadableError.code
    return 0 if audited.sound else 1


@audit.command("export", short_help="every event as JSON lines or CSV, oldest first")
@click.argument("project", required=False)
@click.option("--format", "form", type=click.Choice(["jsonl", "csv"]), default="jsonl", show_default=True)
@after_option
@common
def export_command(where: Where, project: str | None, form: str, after: str | None) -> int:
    """Every event, oldest first: as the journal's own lines, or as a table that a spreadsheet opens.

    Example: kerrigan audit export todo --format csv > todo.csv
    """
    site = where.site()
    choice = Choice(after=after)
    wanted = ((line, e) for line, e in parsed(lines_of(open_record(site, only_name(site, project)))) if choice.takes(e))
    for text in to_csv(e for _, e in wanted if e) if form == "csv" else (f"{line}\n" for line, _ in wanted):
        click.echo(text, nl=False)
    return 0
