"""`kerrigan init`: the files that a repository needs, shown first, then written where nothing is yet."""

import json
import re

import click

from kerrigan.apply.setup.init import File, InitOptions, Plan, plan, write
from kerrigan.cli.options import Where, common, json_option


@click.command("init")
@click.argument("project", required=False)
@click.option(
    "--repository", "repositories", multiple=True, metavar="OWNER/NAME", help="One of the project's; again for more."
)
@click.option("--home", metavar="OWNER/REPO", help="Make this a satellite: projects and state are in that repository.")
@click.option("--action", metavar="REF", help="The action's commit, or OWNER/NAME@COMMIT.")
@click.option("--dry-run", is_flag=True, help="Show every file with its text, write nothing.")
@json_option
@common
def init(
    where: Where,
    project: str | None,
    repositories: tuple[str, ...],
    home: str | None,
    action: str | None,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Set this repository up: configuration, a project to fill in, workflows. Never overwrites a file.

    \b
    Example: kerrigan init todo --repository acme/todo-web
    Example: kerrigan init --home acme/todo-api    # in the project's others
    """
    made = plan(where.directory, InitOptions(project, repositories, home, action))
    in_full = dry_run or where.volume > 0
    if not as_json:
        click.echo("\n".join(_shown(file, in_full) for file in made.files))
    if not dry_run:
        write(made)
    if as_json:
        click.echo(json.dumps(_json(made, in_full, dry_run), ensure_ascii=False))
    elif where.volume >= 0:
        click.echo("\n".join(_told(made, dry_run)))
    return 0


def _shown(file: File, in_full: bool) -> str:
    label = "new" if file.state == "written" else file.state
    head = f"{label:<10} {file.path}{_how_different(file) if file.state == 'kept' else ''}"
    text = {"written": file.text, "kept": file.difference}.get(file.state, "")
    return "\n".join([head, *(f"    {line}".rstrip() for line in text.splitlines()), ""]) if in_full and text else head


def _how_different(file: File) -> str:
    first, *more = re.findall(r"^@@ -(\d+)", file.difference, re.MULTILINE)
    return f"  (stays as it is; differs near line {first}{f' and at {len(more)} other places' if more else ''})"


def _told(made: Plan, dry_run: bool) -> list[str]:
    count = sum(file.state == "written" for file in made.files)
    files = f"{count or 'no'} file{'' if count == 1 else 's'} written"
    first = "nothing was written, this was a dry run" if dry_run else files
    warned = [f"warning: {text}" for text in made.warnings]
    return ["", *warned, f"{first}; next:", *(f"  {step}" for step in made.next_steps)]


def _json(made: Plan, in_full: bool, dry_run: bool) -> dict[str, object]:
    files = []
    for file in made.files:
        entry = {"path": file.path, "state": file.state}
        if file.state == "kept":
            entry["differs"] = file.difference
        files.append(entry | ({"text": file.text} if in_full else {}))
    return {"files": files, "next": list(made.next_steps), "warnings": list(made.warnings), "dry_run": dry_run}
