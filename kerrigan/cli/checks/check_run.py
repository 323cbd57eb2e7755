"""`kerrigan check`, where nothing can be recalled: look, say what is wrong, and keep the answer."""

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kerrigan.apply.checks.cache_writes import fingerprint_folders, refresh, store
from kerrigan.apply.checks.check_cache import CachedResult, CacheEntry, CacheKey, write
from kerrigan.apply.checks.options import CheckOptions, RunCheck, fix, preview, run_check
from kerrigan.apply.checks.render import add_page, answer, write_answer
from kerrigan.apply.checks.run import Beside
from kerrigan.apply.state.root import is_bare, repository_root
from kerrigan.check import failed
from kerrigan.cli.checks.arguments import CheckArguments, is_painted, tell
from kerrigan.errors import KerriganError, UsageError
from kerrigan.load.tree import CONFIG
from kerrigan.model.checks.source import Severity
from kerrigan.report.findings.colour import painted
from kerrigan.report.findings.diagnostics import Checked

if TYPE_CHECKING:
    from kerrigan.apply.checks.forge_lookups import ForgeLookups
    from kerrigan.model.state import State

WAITING = "waiting for files to change; Ctrl-C ends"


def run(wish: CheckArguments, place: CacheKey | None, kept: CacheEntry | None) -> int:
    """Check once, or again and again; the exit code. `kept` is what was said before some files changed."""
    if place and kept and (renewed := refresh(wish.root, kept)):
        said = _say(wish, renewed.checked)
        write(place, {**kept.entry, "projects": renewed.links, **said._asdict()})
        return said.code
    question = _question(wish)
    if wish.watching:
        return _watch(repository_root(wish.root), lambda: _once(wish, question)[0].code)
    before = fingerprint_folders(place) if place else None
    said, checked = _once(wish, question)
    # A tree that is not whole, or a part of one, depends on more than the files that were read.
    is_whole = checked.tree.documents and not checked.tree.problems and Path(checked.root) == wish.root
    if place and before and is_whole:
        store(place, before, checked, said)
    return said.code


def _once(wish: CheckArguments, question: CheckOptions) -> tuple[CachedResult, Checked]:
    asked: RunCheck = (preview if wish.dry_run else fix) if wish.fixing else run_check
    checked = asked(question)
    if not checked.diagnostics and not checked.tree.projects and (error := _nothing(wish, checked)):
        raise error
    return _say(wish, checked), checked


def _say(wish: CheckArguments, checked: Checked) -> CachedResult:
    worst = (Severity.error, Severity.warning) if wish.strict else (Severity.error,)
    said = CachedResult(int(failed(tuple(checked.diagnostics), worst)), tuple(_pieces(wish, checked)))
    if wish.file is not None:
        write_answer(checked, wish.form, wish.file)
    tell(said)
    if wish.page is not None:
        add_page(checked, wish.page)
    return said


def _pieces(wish: CheckArguments, checked: Checked) -> Iterator[tuple[str, bool]]:
    if wish.verbose:
        counted = ((path, f"{n} task{'' if n == 1 else 's'}") for path, n in checked.projects.items())
        yield "\n".join(f"{wish.root}: {path}, {tasks}" for path, tasks in counted), True
    fine = wish.form == "text" and not checked.diagnostics and not checked.diff
    if wish.file is not None:
        pass  # the answer is in there
    elif fine and not checked.tree.projects and all(path.endswith(CONFIG) for path in checked.tree.documents):
        yield _without_projects(checked), True
    elif not (wish.quiet and fine):
        said = answer(checked, wish.form)
        yield painted(said) if is_painted(wish.form) else said, False
    if wish.form == "text" and not wish.quiet and (wish.dry_run or not wish.fixing):
        yield from _offer(checked)


def _part(wish: CheckArguments, checked: Checked) -> str:
    """Where the folder that was asked about lies in the tree that was read: "" for all of it, else with `/`."""
    part = wish.root.resolve().relative_to(Path(checked.root).resolve()).as_posix()
    return "" if part == "." else f"{part}/"


def _nothing(wish: CheckArguments, checked: Checked) -> UsageError | None:
    """The error where nothing was checked: a folder that stays green whatever happens. None where something was."""
    part = _part(wish, checked)
    if any(path.startswith(part) for path in checked.tree.documents):
        return None
    folder = checked.tree.workspace_at(".").projects
    where = part.rstrip("/") or wish.root
    if is_bare(Path(checked.root)):
        why, step = "this repository has no work tree", "check a clone of it"
    elif any(path.startswith(f"{folder}/") for path in checked.tree.documents):
        why, step = f"no project is below {where}", f"kerrigan check {folder}"
    else:
        why, step = f"{where} holds no project and no {CONFIG}", f"write {folder}/<project>/spec.md and tasks.yml"
    return UsageError(f"nothing to check: {why}", kind="nothing-to-check", next_step=step)


def _without_projects(checked: Checked) -> str:
    homes = [workspace.home for workspace in checked.tree.workspaces.values() if workspace.home]
    if homes:
        return f"only {CONFIG} was checked: the projects are kept in {homes[0]}"
    folder = checked.tree.workspace_at(".").projects
    return f"only {CONFIG} was checked: no project is in {folder}; write {folder}/<project>/spec.md and tasks.yml"


def _offer(checked: Checked) -> Iterator[tuple[str, bool]]:
    """Say that something may be fixed; what is tried and harms stays."""
    fixable = sum(found.fix is not None for found in checked.diagnostics)
    if fixable:
        step = "nothing is written yet" if checked.diff else "kerrigan check --fix --dry-run"
        yield f"{fixable} can be fixed automatically: {step}", True


def _watch(root: Path, check_once: Callable[[], int]) -> int:
    """Check again and again, until someone interrupts. Only the first time an error ends the run."""
    from kerrigan.apply.checks.watch import changes

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


def _question(wish: CheckArguments) -> CheckOptions:
    question = CheckOptions(wish.root, wish.project, wish.since, _journals(wish.root) if wish.against else None)
    if wish.clones is None and not wish.online:
        return question
    return replace(question, beside=_outside(wish.root, wish.clones, wish.online))


def _journals(root: Path) -> "Mapping[str, State]":
    # Here, and not above: a check without --state starts no git.
    from kerrigan.apply.checks.drift import journals
    from kerrigan.cli.options import Where

    return journals(Where(root, 0).site())


def _outside(root: Path, clones: Path | None, online: bool) -> Beside:
    from kerrigan.apply.checks.siblings import OtherRepositories

    if clones is not None and not clones.is_dir():
        raise click.UsageError(f"there is no folder {clones}: --repositories takes the one that your clones are in")
    return OtherRepositories(clones, _lookups(root) if online else None).beside


def _lookups(root: Path) -> "ForgeLookups":
    from kerrigan.apply.checks.cache_folder import cache_folder
    from kerrigan.apply.checks.forge_cache import ForgeCache
    from kerrigan.apply.checks.forge_lookups import ForgeLookups
    from kerrigan.cli.options import Where

    folder = cache_folder(root)
    return ForgeLookups(Where(root, 0).site().forge, ForgeCache(folder / "forge" / "there.json" if folder else None))
