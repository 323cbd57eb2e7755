"""`kerrigan check`: everything below a folder, every error at its place."""

import os
import sys
from pathlib import Path

import click

from kerrigan.apply.check import check_tree, repository_root
from kerrigan.apply.render import FORMS, answer
from kerrigan.check import failed
from kerrigan.load.tree import CONFIG
from kerrigan.model.source import Severity
from kerrigan.report.diagnostics import Checked
from kerrigan.report.paint import painted

NOTHING = "nothing to check: write specs/projects/<project>/spec.md and tasks.yml"


@click.command("check")
@click.argument("path", required=False, type=click.Path(path_type=Path))
@click.option("--project", metavar="P", help="Only this project.")
@click.option("--format", "form", type=click.Choice(FORMS), default="text", help="How to answer.")
@click.option("--json", "form", flag_value="json", help="The same as --format json.")
@click.option("--since", metavar="REF", help="Only what changed for the worse since HEAD parted from REF.")
@click.option("--strict", is_flag=True, help="Warnings fail the check too.")
@click.option("-C", "directory", type=click.Path(path_type=Path), default=".", help="Work on DIR instead of here.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing when all is fine.")
@click.option("-v", "--verbose", is_flag=True, help="Name what is checked, on standard error.")
def check(
    path: Path | None,
    project: str | None,
    form: str,
    since: str | None,
    strict: bool,
    directory: Path,
    quiet: bool,
    verbose: bool,
) -> int:
    """Check everything below PATH; the default is the repository one stands in.

    Example: kerrigan check --format github
    """
    root = directory / path if path else repository_root(directory)
    checked = _checked(root, project, since)
    if verbose:
        click.echo("\n".join(f"{root}: {p.path}, {len(p.tasks)} tasks" for p in checked.tree.projects), err=True)
    worst = (Severity.error, Severity.warning) if strict else (Severity.error,)
    code = int(failed(tuple(checked.diagnostics), worst))
    is_empty = all(path.endswith(CONFIG) for path in checked.tree.documents)
    if form == "text" and not checked.tree.projects and is_empty and not checked.diagnostics:
        click.echo(NOTHING, err=True)
    elif not (quiet and form == "text" and not checked.diagnostics):
        said = answer(checked, form)
        on_terminal = form == "text" and sys.stdout.isatty() and "NO_COLOR" not in os.environ
        click.echo(painted(said) if on_terminal else said)
    return code


def _checked(root: Path, project: str | None, since: str | None) -> Checked:
    if since is None:
        return check_tree(root, project)
    from kerrigan.apply.since import check_since  # imported late: git is needed here only

    return check_since(root, project, since)
