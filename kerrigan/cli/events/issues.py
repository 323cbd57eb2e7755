"""`kerrigan issues sync`: one issue a task, kept as the journal says."""

from collections.abc import Iterable

import click

from kerrigan.apply.setup.issues import carry_out, plan
from kerrigan.cli.options import Where, common, json_option, stages, told
from kerrigan.model.forge.issue import Change
from kerrigan.report.tasks.issue import kind, line, words


@click.group("issues")
def issues() -> None:
    """Show tasks as issues, where people look.

    Example: kerrigan issues sync todo --dry-run
    """


@issues.command("sync", short_help="keep one issue a task: open, update, label, close")
@click.argument("project", required=False)
@click.option("--dry-run", is_flag=True, help="Show what would change, one line each, and write nothing.")
@json_option
@common
def sync(where: Where, project: str | None, dry_run: bool, as_json: bool) -> int:
    """Open, update, label, close and reopen one issue a task, in the task's repository. People's text stays.

    Example: kerrigan issues sync todo --dry-run
    """
    site = where.site()
    read = stages(site, project)
    done: list[Change] = []
    for stage in read:
        planned = plan(site, told(site, stage))
        done += _shown(planned.changes if dry_run else carry_out(site, planned), as_json)
        read.failed = read.failed or planned.failed
    if dry_run and done:
        where.say("nothing was written, this was a dry run")
    body = {"changes": [_json(each) for each in done], "dry_run": dry_run}
    return read.conclude(body, "" if done or read.failed else "nothing to do: tasks and issues agree", as_json=as_json)


def _shown(changes: Iterable[Change], as_json: bool) -> list[Change]:
    """The changes, each shown as soon as it is there."""
    seen = []
    for change in changes:
        if not as_json:
            click.echo(line(change))
        seen.append(change)
    return seen


def _json(change: Change) -> dict[str, object]:
    return {
        "kind": kind(change),
        "task": change.task,
        "repository": change.repository,
        "number": change.number,
        "message": words(change),
    }
