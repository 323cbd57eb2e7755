"""`kerrigan import`: another tool's tasks as a tasks.yml, with everything said that it cannot hold."""

import json
from pathlib import Path

import click

from kerrigan.apply.imports import Import, Wish, prepare
from kerrigan.apply.init import File, write
from kerrigan.cli.options import Where, common, json_option, readable
from kerrigan.load.foreign.assemble import finished, none
from kerrigan.load.foreign.formats import FORMATS
from kerrigan.report.imported import import_json, import_text

_LISTED = "\n".join(f"  {name:<12} {form.about}" for name, form in FORMATS.items())


@click.command("import", epilog=f"\b\nFormats, each as a file or a folder that holds it:\n{_LISTED}")
@click.argument("form", metavar="FROM", type=click.Choice(list(FORMATS)))
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--project", metavar="NAME", callback=readable, help="The project's name; the default is the source's.")
@click.option("--role", metavar="ROLE", default="swe", show_default=True, help="Of tasks whose source names none.")
@click.option("--with-finished", is_flag=True, help="Take what is done in the source too, as open tasks.")
@click.option("--dry-run", is_flag=True, help="Print what would be written, write nothing.")
@json_option
@common
def import_(
    where: Where,
    form: str,
    path: Path,
    project: str | None,
    role: str,
    with_finished: bool,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Import tasks: write specs/projects/NAME/tasks.yml, and a spec.md where there is none. Never overwrites a file.

    Whatever the source says and tasks.yml cannot hold is named, with its place and the reason.

    \b
    Example: kerrigan import task-master .taskmaster --project todo --dry-run
    Example: kerrigan import kerrigan-md specs/projects/hello-api
    """
    leave_out = none if with_finished else finished
    made = prepare(where.directory, Wish(form, where.directory / path, project, role, leave_out))
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


def _shown(file: File, in_full: bool) -> str:
    head = f"{'new' if file.state == 'written' else file.state:<10} {file.path}"
    text = file.text.splitlines() if in_full and file.state == "written" else []
    return "\n".join([head, *(f"    {line}".rstrip() for line in text)])


def _json(made: Import, dry_run: bool) -> dict[str, object]:
    shown = [{"path": f.path, "state": f.state} | ({"text": f.text} if dry_run else {}) for f in made.plan.files]
    return import_json(made.imported) | {"files": shown, "next": list(made.plan.next_steps), "dry_run": dry_run}
