"""`kerrigan check`: everything below a folder, every error at its place.

What it says about a tree that has not changed is recalled; only else the check itself is imported.
"""

import os
from pathlib import Path

import click

from kerrigan.apply.checks.check_cache import CacheKey, cache_key, cached
from kerrigan.apply.state.root import folder_to_check
from kerrigan.cli.checks.arguments import CheckArguments, is_painted, tell
from kerrigan.cli.choice import Choice

FORMS = ("text", "github", "json", "sarif")
"""How a check can answer."""


@click.command("check")
@click.argument("path", required=False, type=click.Path(path_type=Path))
@click.option("--project", metavar="P", help="Only this project.")
@click.option("--format", "form", type=Choice(FORMS), help="How to answer.")
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
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
@click.option("--online", is_flag=True, help="Look up on the forge of origin what the files name elsewhere.")
@click.option("--fix", "fixing", is_flag=True, help="Fix what is safe to fix, and show the difference.")
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
    path: Path | None, project: str | None, form: str | None, as_json: bool, since: str | None, strict: bool,
    against: bool, fixing: bool, dry_run: bool, watching: bool, file: Path | None, page: Path | None, directory: Path,
    quiet: bool, verbose: bool, clones: Path | None, online: bool,
) -> int:  # fmt: skip
    """Check everything below PATH; the default is the repository one stands in. Nothing to check there ends with 2.

    Example: kerrigan check --since origin/main --format github
    """
    if as_json and form not in (None, "json"):
        raise click.UsageError(f"--json is --format json: leave it out, or --format {form}")
    form = form or ("json" if as_json else "text")
    if dry_run and not fixing:
        raise click.UsageError("--dry-run is for --fix: a check alone writes nothing")
    if against and since is not None:
        raise click.UsageError("--state compares the files as they are now: ask without --since")
    if watching and page is not None:
        raise click.UsageError("--summary is for one round: it would grow with every one that --watch makes")
    if page is None and form == "github" and os.environ.get("GITHUB_STEP_SUMMARY") and not watching:
        page = Path(os.environ["GITHUB_STEP_SUMMARY"])
    root = folder_to_check(directory, path)
    clones = directory / clones if clones else None
    said_plainly = (root, project, form, strict, quiet, verbose)
    wish = CheckArguments(*said_plainly, since, fixing, dry_run, watching, file, page, against, clones, online)
    place = _memory(wish)
    kept = cached(place) if place else None
    if kept is None or kept.changed:
        from kerrigan.cli.checks.check_run import run

        return run(wish, place, kept)
    tell(kept.said)
    return kept.said.code


def _memory(wish: CheckArguments) -> CacheKey | None:
    """Where the answer may be kept: one that depends on the files alone, and does nothing but say something."""
    plain = wish[:6]
    if wish != CheckArguments(*plain) or wish.form not in ("text", "json") or not wish.root.is_dir():
        return None
    return cache_key(wish.root, [str(wish.root), *plain[1:], is_painted(wish.form)])
