"""Options that every command has, and what they stand for."""

import json
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import Any

import click

from kerrigan.apply.state.site import Site, open_site
from kerrigan.apply.state.stage import Stage, look_at, project_names
from kerrigan.apply.tasks.views import warnings
from kerrigan.errors import KerriganError, UnreadableError, UsageError
from kerrigan.model.decision import Refusal
from kerrigan.model.timestamp import stamp
from kerrigan.report.verdict import refusal_text

Command = Callable[..., int]
WITHHELD = "KERRIGAN_WITHHELD"
"""The action names a file here: where it has text in the end, that says why nothing of the output may be shown."""
FIRST_PROJECT = "write specs/projects/<project>/spec.md and tasks.yml, and push them"


@dataclass(frozen=True, slots=True)
class Where:
    """The folder a command works on, and how much it tells: -1 nothing, 0 the story, 1 every step."""

    directory: Path
    volume: int

    def say(self, text: str) -> None:
        """One line of the story, on standard error."""
        if self.volume >= 0:
            click.echo(text, err=True)

    def detail(self, text: str) -> None:
        """One line that only `-v` shows."""
        if self.volume > 0:
            click.echo(text, err=True)

    def site(self, login: str | None = None) -> Site:
        """The site of this folder; `login` is `--as`."""
        site = open_site(self.directory, os.environ, login, say=self.say, detail=self.detail)
        if WITHHELD in os.environ:
            click.get_current_context().call_on_close(lambda: _note_withheld(site, Path(os.environ[WITHHELD])))
        return site


def _note_withheld(site: Site, file: Path) -> None:
    """Write down whether everyone who reads this repository's logs may read what this run has read."""
    if home := site.disclosure.withheld_from(site.here):
        why = f"what this printed is withheld: more people read this log than {home}"
        file.write_text(f"{why}; run it in a clone to see it\n", encoding="utf-8")


def common(command: Command) -> Command:
    """Add `-C`, `-q` and `-v`; the command gets them as its first argument, a Where. The innermost decorator."""

    @click.option("-C", "directory", metavar="DIR", type=click.Path(path_type=Path), default=".", help="Run in DIR.")
    @click.option("-q", "--quiet", is_flag=True, help="Answer only, no story.")
    @click.option("-v", "--verbose", is_flag=True, help="Tell every step on standard error.")
    @wraps(command)
    def with_where(directory: Path, quiet: bool, verbose: bool, **rest: Any) -> int:
        return command(Where(directory, verbose - quiet), **rest)

    return with_where


def readable(context: click.Context, parameter: click.Parameter, text: str | None) -> str | None:
    """Refuse text that came as bytes which are no UTF-8: no file could hold it."""
    if text is not None and not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise click.BadParameter("this is not UTF-8 text") from error
    return text


def moment(context: click.Context, parameter: click.Parameter, text: str | None) -> str | None:
    """The stamp of an ISO 8601 time."""
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
        return stamp(found.replace(tzinfo=UTC) if found.tzinfo is None else found)
    except (ValueError, OverflowError) as error:
        raise click.BadParameter(f"'{text}' is no ISO 8601 time such as 2026-11-21T06:00") from error


def _login(context: click.Context, parameter: click.Parameter, text: str | None) -> str | None:
    if text is not None and not text.strip():
        raise click.BadParameter("a name cannot be empty")
    return readable(context, parameter, text)


reason_option = click.option(
    "--reason", default="", metavar="TEXT", callback=readable, help="Why; it is written into the journal."
)
as_option = click.option(
    "--as", "login", metavar="LOGIN", callback=_login, help="Who asks (local forge only; default: git's user.name)."
)
after_option = click.option(
    "--after",
    metavar="TIME",
    callback=moment,
    help="Only what came after this ISO 8601 time, in UTC if it names no zone.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")


@dataclass(slots=True)
class Stages:
    """The stages of some projects, read one by one; `failed` is the first error of one that could not be read.

    One that cannot be read does not keep the others from being looked at: a command ends with `conclude`.
    """

    site: Site
    names: Sequence[str]
    failed: KerriganError | None = None

    def __iter__(self) -> Iterator[Stage]:
        for name in self.names:
            try:
                stage = _looked_at(self.site, name)
            except UnreadableError as error:
                self.failed = self.failed or error
                continue
            self.failed = self.failed or stage.unread
            yield stage

    def conclude(self, body: dict[str, Any], text: str, *, as_json: bool) -> int:
        """Print what was found, and then the error, which in JSON stands beside it. Returns the exit code."""
        error = self.failed.to_json() if self.failed else {}
        if as_json or text:
            click.echo(json.dumps({**body, **error}, ensure_ascii=False) if as_json else text)
        if self.failed and not as_json:
            raise self.failed
        return self.failed.code if self.failed else 0


def stages(site: Site, project: str | None) -> Stages:
    """The stage of the project that was named, or of every project of the home repository."""
    return Stages(site, project_names(site) if project is None else [project])


def _looked_at(site: Site, project: str) -> Stage:
    """The stage of a project, after a word about what in its journal is not known and so not shown."""
    stage = look_at(site, project)
    if beyond := stage.state.beyond:
        site.say(f"journal of {project}: {beyond.what}; what follows leaves it out. Next: {beyond.next_step}")
    return stage


def told(site: Site, stage: Stage) -> Stage:
    """The same stage, after a word about what it has that no decision is made from."""
    for warning in warnings(site, stage):
        site.say(warning)
    return stage


def task_stage(site: Site, task: str) -> Stage:
    """The stage that a full task id belongs to. Raises UsageError for something else, and as `Stage.task` does."""
    project, slash, name = task.partition("/")
    if not (slash and name):
        raise UsageError(
            f"'{task}' does not name a task", kind="task-id", next_step="write PROJECT/TASK, for example todo/contract"
        )
    stage = _looked_at(site, project)
    if stage.project.stopping:
        stage.task(task)  # what keeps it from being found is said once, as the error
    return told(site, stage)


def only_stage(site: Site, project: str | None) -> Stage:
    """The stage of the project that was named, or of the only one there is."""
    return _looked_at(site, only_name(site, project))


def only_name(site: Site, project: str | None) -> str:
    """The project that was named, or the only one there is."""
    names = project_names(site) if project is None else [project]
    if len(names) == 1:
        return names[0]
    if not names:
        raise UsageError("no project is on the default branch yet", kind="project", next_step=FIRST_PROJECT)
    raise UsageError(f"there are {len(names)} projects: {', '.join(names)}", kind="project", next_step="name one")


def refused(answer: Refusal, as_json: bool) -> int:
    """Say why not: for machines on standard output, for people on standard error. Returns the exit code."""
    click.echo(json.dumps(answer.to_json(), ensure_ascii=False) if as_json else refusal_text(answer), err=not as_json)
    return 5
