"""`kerrigan check`: everything below a folder, every error at its place."""

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kerrigan.apply.check import Beside, repository_root
from kerrigan.apply.look import Look, Question, fix, look, preview
from kerrigan.apply.render import FORMS, add_page, answer, write_answer
from kerrigan.check import failed
from kerrigan.errors import KerriganError
from kerrigan.load.tree import CONFIG
from kerrigan.model.source import Severity
from kerrigan.model.state import State
from kerrigan.report.diagnostics import Checked
from kerrigan.report.paint import painted

if TYPE_CHECKING:
    from kerrigan.apply.lookups import Lookups

NOTHING = "nothing to check: write specs/projects/<project>/spec.md and tasks.yml"
WAITING = "waiting for files to change; Ctrl-C ends"


@click.command("check")
@click.argument("path", required=False, type=click.Path(path_type=Path))
@click.option("--project", metavar="P", help="Only this project.")
@click.option("--format", "form", type=click.Choice(FORMS), default="text", help="How to answer.")
@click.option("--json", "form", flag_value="json", help="The same as --format json.")
@click.option(
    "--output", "file", metavar="FILE", type=click.Path(path_type=Path), help="Write the answer to FILE instead."
)
@click.option("--since", metavar="REF", help="Only what is new since HEAD parted from REF, wherever it stands.")
@click.option("--strict", is_flag=True, help="Warnings fail the check too.")
@click.option("--state", "against", is_flag=True, help="Compare with the journals on origin too.")
@click.option(
    "--repositories",
    "clones",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Look into the clones in DIR for what the files name in other repositories.",
)
@click.option("--online", is_flag=True, help="Look up issues and pull requests on the forge of origin.")
@click.option("--fix", "mending", is_flag=True, help="Mend what is safe to mend, and show the difference.")
@click.option("--dry-run", is_flag=True, help="With --fix: show the difference, write nothing.")
@click.option("--watch", "watching", is_flag=True, help="Check again whenever files change.")
@click.option(
    "--summary",
    "page",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Append a page with a table and the graphs to FILE; --format github takes $GITHUB_STEP_SUMMARY.",
)
@click.option("-C", "directory", metavar="DIR", type=click.Path(path_type=Path), default=".", help="Run in DIR.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing when all is fine.")
@click.option("-v", "--verbose", is_flag=True, help="Name what is checked, on standard error.")
def check(
    path: Path | None, project: str | None, form: str, since: str | None, strict: bool, against: bool, mending: bool,
    dry_run: bool, watching: bool, file: Path | None, page: Path | None, directory: Path, quiet: bool, verbose: bool,
    clones: Path | None, online: bool,
) -> int:  # fmt: skip
    """Check everything below PATH; the default is the repository one stands in.

    Example: kerrigan check --since origin/main --format github
    """
    if dry_run and not mending:
        raise click.UsageError("--dry-run is for --fix: a check alone writes nothing")
    if against and since is not None:
        raise click.UsageError("--state compares the files as they are now: ask without --since")
    root = directory / path if path else repository_root(directory)
    question = Question(root, project, since, _journals(root) if against else None)
    if clones is not None or online:
        question = replace(question, beside=_outside(root, directory / clones if clones else None, online))
    asked: Look = (preview if dry_run else fix) if mending else look
    if watching and page is not None:
        raise click.UsageError("--summary is for one round: it would grow with every one that --watch makes")
    if page is None and form == "github" and os.environ.get("GITHUB_STEP_SUMMARY") and not watching:
        page = Path(os.environ["GITHUB_STEP_SUMMARY"])
    worst = (Severity.error, Severity.warning) if strict else (Severity.error,)

    def check_once() -> int:
        checked = asked(question)
        if verbose:
            said = "\n".join(f"{question.path}: {p.path}, {len(p.tasks)} tasks" for p in checked.tree.projects)
            click.echo(said, err=True)
        if file is None:
            _tell(checked, form, quiet)
        else:
            write_answer(checked, form, file)
        if form == "text" and not quiet and asked is not fix:
            _offer(checked)
        if page is not None:
            add_page(checked, page)
        return int(failed(tuple(checked.diagnostics), worst))

    return _watch(repository_root(question.path), check_once) if watching else check_once()


def _tell(checked: Checked, form: str, quiet: bool) -> None:
    fine = form == "text" and not checked.diagnostics and not checked.diff
    is_empty = all(path.endswith(CONFIG) for path in checked.tree.documents)
    if fine and is_empty and not checked.tree.projects:
        homes = [workspace.home for workspace in checked.tree.workspaces.values() if workspace.home]
        click.echo(f"nothing to check: the projects are kept in {homes[0]}" if homes else NOTHING, err=True)
    elif not (quiet and fine):
        said = answer(checked, form)
        on_terminal = form == "text" and sys.stdout.isatty() and "NO_COLOR" not in os.environ
        click.echo(painted(said) if on_terminal else said)


def _offer(checked: Checked) -> None:
    """Say that something may be mended; what is tried and harms stays."""
    fixable = sum(found.fix is not None for found in checked.diagnostics)
    if fixable:
        step = "nothing is written yet" if checked.diff else "kerrigan check --fix --dry-run shows how"
        click.echo(f"{fixable} may be mended by --fix: {step}", err=True)


def _watch(root: Path, check_once: Callable[[], int]) -> int:
    """Check again and again, until somebody interrupts. Only the first time an error ends the run."""
    from kerrigan.apply.watch import changes

    rounds = changes(root)
    next(rounds)
    if sys.stdout.isatty():
        click.clear()
    code = check_once()
    click.echo(WAITING, err=True)
    for _ in rounds:
        if sys.stdout.isatty():
            click.clear()
        try:
            code = check_once()
        except KerriganError as error:
            code = error.code
            click.echo(f"error: {error.message}", err=True)
        click.echo(WAITING, err=True)
    return code


def _journals(root: Path) -> Mapping[str, State]:
    # Here, and not above: a check without --state starts no git.
    from kerrigan.apply.drift import journals
    from kerrigan.cli.options import Where

    return journals(Where(root, 0).site())


def _outside(root: Path, clones: Path | None, online: bool) -> Beside:
    from kerrigan.apply.siblings import Outside

    if clones is not None and not clones.is_dir():
        raise click.UsageError(f"there is no folder {clones}: --repositories takes the one that your clones are in")
    return Outside(clones, _lookups(root) if online else None).beside


def _lookups(root: Path) -> "Lookups":
    from kerrigan.apply.lookups import Lookups
    from kerrigan.cli.options import Where

    return Lookups(Where(root, 0).site().forge)
