"""Bring the tasks of another tool into a repository: read its files, and make a tasks.yml of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from shlex import quote

from kerrigan.apply.setup.init import File, Plan, found_text
from kerrigan.apply.state.origin import slug_here
from kerrigan.apply.state.root import repository_root
from kerrigan.errors import KerriganError, UnreadableError, UsageError
from kerrigan.files import read_files, shipped
from kerrigan.load.documents import parse_front_matter, parse_yaml
from kerrigan.load.foreign.assemble import assemble, done_in, finished
from kerrigan.load.foreign.formats import FORMATS, Format
from kerrigan.load.project import project
from kerrigan.load.tree import CONFIG
from kerrigan.load.workspace import workspace
from kerrigan.model.checks.source import Diagnostic, Document, Severity
from kerrigan.model.imported import Imported, Source, SourceTask
from kerrigan.model.names import is_id, short_name
from kerrigan.report.findings.diagnostics import headline
from kerrigan.report.tasks.tasks_yml import tasks_yml

_TOLD_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What is to be imported: the format's name, a file or folder, and what was said about the outcome."""

    format: str
    path: Path
    project: str | None = None
    role: str = "swe"
    leave_out: Callable[[SourceTask], bool] = finished


@dataclass(frozen=True, slots=True)
class Import:
    """An import that can be written: `folder` is where the source's files are, `imported` has its tasks."""

    plan: Plan
    folder: Path
    imported: Imported


def prepare(directory: Path, wish: ImportOptions) -> Import:
    """What an import would write into the repository that `directory` lies in. Writes nothing.

    Raises UsageError for names that are none, for a source with nothing to import, and where a tasks.yml is already,
    and UnreadableError for a broken source.
    """
    if not is_id(wish.role):
        raise UsageError(f"--role is {wish.role!a}; expected lower-case letters, digits and hyphens", kind="role")
    root = repository_root(directory)
    space = workspace(parse_yaml(CONFIG, found_text(root, CONFIG) or ""))
    if space.home:
        raise UsageError(
            f"this repository is a satellite of {space.home}, and projects are kept there",
            kind="satellite",
            next_step=f"run it in a clone of {space.home}",
        )
    folder, source = _source(wish)
    name = _project(wish, source.project, folder)
    home = f"{space.projects}/{name}"
    spec = parse_front_matter(f"{home}/spec.md", found_text(root, f"{home}/spec.md") or source.spec)
    listed = project(name, home, {"spec.md": spec}, slug_here(root)).repositories
    imported = assemble(source, wish.role, listed, wish.leave_out)
    if not imported.tasks:
        done = len(imported.finished)
        message = (
            f"the source has {done} task{'' if done == 1 else 's'}, and nothing is left to do; nothing was written"
        )
        raise UsageError(message, kind="all-finished", next_step="--with-finished takes what is done too")
    files = _files(root, home, imported)
    if found_text(root, f"{home}/spec.md") is not None:
        imported = replace(imported, lost=(*_about_spec(spec), *imported.lost))
    steps = (*_next_steps(name, home, imported), *_recording(root, wish, imported))
    return Import(Plan(root, files, steps), folder, replace(imported, project=name))


def done_there(wish: ImportOptions) -> tuple[str, tuple[str, ...]]:
    """The project that an import makes of a source, and the full ids of its tasks that are done there already.

    Raises what `prepare` raises for the source.
    """
    folder, source = _source(wish)
    name = _project(wish, source.project, folder)
    return name, tuple(f"{name}/{task}" for task in done_in(source))


def _source(wish: ImportOptions) -> tuple[Path, Source]:
    chosen = FORMATS[wish.format]
    folder, main, texts = _texts(chosen, wish)
    source = chosen.read(main, texts)
    _refuse_errors(folder, source.remarks)
    if not source.tasks:
        raise _no_tasks(wish)
    return folder, source


def _no_tasks(wish: ImportOptions) -> UsageError:
    """What to say of a source without tasks: perhaps another format has some there."""
    others = [name for name in FORMATS if name != wish.format and _has_tasks(name, wish)]
    step = "see kerrigan import --help for what each format reads"
    if others:
        step = f"kerrigan import {others[0]} {quote(str(wish.path))} finds some"
    return UsageError(
        f"no {wish.format} tasks are in {wish.path}; nothing was written", kind="no-tasks", next_step=step
    )


def _has_tasks(name: str, wish: ImportOptions) -> bool:
    try:
        _, main, texts = _texts(FORMATS[name], wish)
        source = FORMATS[name].read(main, texts)
    except KerriganError:
        return False
    return bool(source.tasks) and all(d.severity is not Severity.error for d in source.remarks)


def _texts(chosen: Format, wish: ImportOptions) -> tuple[Path, str, dict[str, str]]:
    try:
        main = _main(chosen, wish)
        folder = main.parent
        beside = [p.relative_to(folder).as_posix() for pattern in chosen.also for p in sorted(folder.glob(pattern))]
    except OSError as error:
        reason = error.strerror or str(error)
        step = "name a file or folder that you may read"
        raise UnreadableError(f"{wish.path} cannot be read: {reason}", kind="no-source", next_step=step) from error
    texts, problems = read_files(folder, dict.fromkeys((main.name, *beside)))
    _refuse_errors(folder, problems)
    return folder, main.name, texts


def _main(chosen: Format, wish: ImportOptions) -> Path:
    path = wish.path
    if not path.is_dir():
        found = path if path.exists() or path.is_symlink() else None
        looked = "there is no such file or folder"
    else:
        found = next((path / place for place in chosen.places if (path / place).exists()), None)
        looked = f"none of {', '.join(chosen.places)} in it"
    if found is None:
        step = "name the file itself, or see kerrigan import --help"
        raise UsageError(f"no {wish.format} tasks at {path}: {looked}", kind="no-source", next_step=step)
    return found


def _refuse_errors(folder: Path, found: tuple[Diagnostic, ...]) -> None:
    errors = [replace(d, path=(folder / d.path).as_posix()) for d in found if d.severity is Severity.error]
    if errors:
        more = [f"and {len(errors) - _TOLD_AT_ONCE} more"] if errors[_TOLD_AT_ONCE:] else []
        raise UnreadableError(
            "\n".join([*map(headline, errors[:_TOLD_AT_ONCE]), *more]),
            kind="unreadable-source",
            next_step="fix the source and run it again; nothing was written",
        )


def _project(wish: ImportOptions, named: str, folder: Path) -> str:
    if wish.project is not None and not is_id(wish.project):
        raise UsageError(
            f"--project is {wish.project!a}; expected lower-case letters, digits and hyphens, 63 at most",
            kind="project-id",
            next_step=f"--project {short_name(wish.project)}",
        )
    above = (part for part in reversed(folder.resolve().parts) if part not in {"tasks", "specs", "Subtasks", "Agents"})
    return wish.project or short_name(named or next((part for part in above if part[:1] != "."), "imported"))


def _files(root: Path, home: str, imported: Imported) -> tuple[File, ...]:
    path = f"{home}/tasks.yml"
    text = tasks_yml(imported.tasks, _head())
    if parse_yaml(path, text).diagnostics:
        raise UnreadableError(
            f"{len(imported.tasks):,} tasks are more than Kerrigan reads from one file",
            kind="too-large",
            next_step="import the source in parts, each with a --project of its own",
        )
    found = found_text(root, path)
    if found not in (None, text):
        raise UsageError(
            f"{root / path} is there already and says something else; it stays as it is",
            kind="exists",
            next_step="--project NAME writes another project, --dry-run shows the text to take over by hand",
        )
    spec = found_text(root, f"{home}/spec.md")
    return (File(f"{home}/spec.md", imported.spec if spec is None else spec, spec), File(path, text, found))


def _head() -> str:
    start = (shipped("examples") / "start" / "tasks.yml").read_text(encoding="utf-8")
    return start.partition("kerrigan: 7")[0]


def _about_spec(spec: Document) -> tuple[Diagnostic, ...]:
    front: Mapping[str, object] = spec.data if isinstance(spec.data, dict) else {}
    if "kerrigan" in front:
        return ()
    message = "this project is of Milestones 1 to 6; with a tasks.yml it is checked as one of Milestone 7"
    hint = f"write 'kerrigan: 7' into the front matter of {spec.path}" if front else ""
    return (Diagnostic("becomes-7", Severity.warning, spec.path, spec.positions.value(()), message, hint),)


def _next_steps(name: str, home: str, imported: Imported) -> tuple[str, ...]:
    steps = [
        "kerrigan check",
        f"git add {home} && git commit -m 'Import the tasks of {name}'",
        "git push",
    ]
    if imported.cancelled:
        asked = f"kerrigan task cancel {name}/$t --reason 'cancelled before the import'"
        steps.append(f"for t in {' '.join(imported.cancelled)}; do {asked}; done")
    return tuple(steps)


def _recording(root: Path, wish: ImportOptions, imported: Imported) -> tuple[str, ...]:
    """The command that writes down what was done before; none where nothing of that was imported."""
    if not any(task.source.done for task in imported.tasks):
        return ()
    path, top = wish.path.resolve(), root.resolve()
    shown = path.relative_to(top) if path.is_relative_to(top) else path
    named = f" --project {wish.project}" if wish.project else ""
    return (f"kerrigan import {wish.format} {quote(str(shown))}{named} --record",)
