"""`kerrigan import`: another tool's tasks as a tasks.yml, with everything said that it cannot hold."""

import json
from dataclasses import replace
from pathlib import Path

import click

from kerrigan.apply.setup.imports import Import, ImportOptions, done_there, prepare
from kerrigan.apply.setup.init import File, write
from kerrigan.apply.state.identity import own_request
from kerrigan.apply.state.stage import read
from kerrigan.apply.tasks.imported import dry_run_import, record
from kerrigan.cli.choice import Choice
from kerrigan.cli.options import Where, as_option, common, json_option, readable, refused, told
from kerrigan.decide.imported import passed_over
from kerrigan.errors import UsageError
from kerrigan.load.foreign.assemble import finished, none
from kerrigan.load.foreign.formats import FORMATS
from kerrigan.model.decision import Decision, Refusal
from kerrigan.model.event import EventType
from kerrigan.report.tasks.imported import import_json, import_text, recorded_json, recorded_text

_LISTED = "\n".join(f"  {name:<12} {form.about}" for name, form in FORMATS.items())


@click.command("import", epilog=f"\b\nFormats, each as a file or a folder that holds it:\n{_LISTED}")
@click.argument("form", metavar="FROM", type=Choice(list(FORMATS)))
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--project", metavar="NAME", callback=readable, help="The project's name; the default is the source's.")
@click.option("--role", metavar="ROLE", show_default="swe", help="Of tasks whose source names none.")
@click.option("--with-finished", is_flag=True, help="Take what is done in the source too, as open tasks.")
@click.option("--record", "is_record", is_flag=True, help="After the push: write into the journal what is done there.")
@as_option
@click.option("--dry-run", is_flag=True, help="Print what would be written, write nothing.")
@json_option
@common
def import_(
    where: Where,
    form: str,
    path: Path,
    project: str | None,
    role: str | None,
    with_finished: bool,
    is_record: bool,
    login: str | None,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Import tasks: write specs/projects/NAME/tasks.yml, and a spec.md where there is none. Never overwrites a file.

    Whatever the source says and tasks.yml cannot hold is named, with its place and the reason.

    \b
    Example: kerrigan import task-master .taskmaster --project todo --dry-run
    Example: kerrigan import kerrigan-md specs/projects/hello-api --with-finished
    Example: kerrigan import kerrigan-md specs/projects/hello-api --record
    """
    wish = ImportOptions(
        form, where.directory / path, project, "swe" if role is None else role, none if with_finished else finished
    )
    if is_record:
        _alone("--record", {"--role": role, "--with-finished": with_finished}, "the journal has no use for it")
        return _record(where, wish, login, dry_run, as_json)
    _alone("an import into files", {"--as": login}, "only --record makes a request in someone's name")
    made = prepare(where.directory, wish)
    if not dry_run:
        write(made.plan)
    if as_json:
        click.echo(json.dumps(_json(made, dry_run), ensure_ascii=False))
    else:
        click.echo("\n".join(_shown(file, dry_run) for file in made.plan.files))
        click.echo(f"\n{made.folder}: {import_text(made.imported)}")
        first = "nothing was written, this was a dry run; next:" if dry_run else "next:"
        where.say("\n".join(["", first, *(f"  {step}" for step in made.plan.next_steps)]))
    return 0


def _alone(what: str, others: dict[str, object], why: str) -> None:
    """Raise UsageError for an option that would do nothing."""
    for option in (name for name, given in others.items() if given not in {None, False}):
        raise UsageError(f"{what} does not go with {option}: {why}", kind="options", next_step=f"leave {option} out")


def _record(where: Where, wish: ImportOptions, login: str | None, dry_run: bool, as_json: bool) -> int:
    name, done = done_there(wish)
    site = where.site(login)
    stage = told(site, read(site, name))
    asked = own_request(site, stage, EventType.imported, None)
    request = replace(asked, data={"from": wish.format, "done": done})
    outcome = dry_run_import(site, stage, request) if dry_run else record(site, stage, request)
    if isinstance(outcome.answer, Refusal):
        return refused(outcome.answer, as_json)
    events = outcome.answer.events if isinstance(outcome.answer, Decision) else ()
    skipped = passed_over(outcome.before.project, outcome.before.state, done)
    if as_json:
        click.echo(json.dumps(recorded_json(name, events, skipped) | {"dry_run": dry_run}, ensure_ascii=False))
    else:
        would = "nothing was written; it would say:\n" if dry_run and events else ""
        click.echo(would + recorded_text(events, skipped))
    return 0


def _shown(file: File, in_full: bool) -> str:
    head = f"{'new' if file.state == 'written' else file.state:<10} {file.path}"
    text = file.text.splitlines() if in_full and file.state == "written" else []
    return "\n".join([head, *(f"    {line}".rstrip() for line in text)])


def _json(made: Import, dry_run: bool) -> dict[str, object]:
    shown = [{"path": f.path, "state": f.state} | ({"text": f.text} if dry_run else {}) for f in made.plan.files]
    return import_json(made.imported) | {"files": shown, "next": list(made.plan.next_steps), "dry_run": dry_run}
