"""`kerrigan graph`: tasks and dependencies, from the work tree."""

from pathlib import Path

import click

from kerrigan.apply.checks.run import load_here
from kerrigan.apply.state.root import folder_to_draw
from kerrigan.check.legacy.generation import is_broken
from kerrigan.check.rules.unknown_dependency import unknown
from kerrigan.check.suggestion import did_you_mean
from kerrigan.cli.choice import Choice
from kerrigan.cli.options import Where, common
from kerrigan.decide.plan import critical_path
from kerrigan.errors import UnreadableError, UsageError
from kerrigan.load.legacy import with_old_tasks
from kerrigan.model.checks.source import Diagnostic
from kerrigan.model.checks.tree import Tree
from kerrigan.model.state import State
from kerrigan.report.plain import plain
from kerrigan.report.tasks.graph import FORMATS


@click.command("graph")
@click.argument("project", required=False)
@click.option("--format", "form", type=Choice(list(FORMATS)), help="How to draw it.")
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@common
def graph(where: Where, project: str | None, form: str | None, as_json: bool) -> int:
    """Tasks and dependencies across repositories, with the critical path marked; reads the work tree.

    Of a project of Milestones 1 to 6 it draws the tasks of tasks.md.

    Example: kerrigan graph todo --format mermaid
    """
    if as_json and form not in (None, "json"):
        raise click.UsageError(f"--json is --format json: leave it out, or --format {form}")
    form = form or ("json" if as_json else "text")
    tree = load_here(folder_to_draw(Path(where.directory)))
    unread = [d for d in _unread(tree) if project in (None, d.path.split("/")[-2])]
    left_out = {d.path.rpartition("/")[0] for d in unread}
    chosen = [p for p in tree.projects if project in (None, p.name)]
    projects = [with_old_tasks(p, tree.documents) for p in chosen if p.path not in left_out]
    if not projects and not unread:
        raise _nothing(project, [p.name for p in tree.projects])
    if projects and not (unread and form == "json"):  # one JSON document: the error's
        click.echo(FORMATS[form]([(found, critical_path(found, State())) for found in projects]))
    if unread:
        raise _unreadable(unread)
    drawn = {task for found in projects for task in found.tasks}
    if absent := dict.fromkeys(dependency.target for task, dependency, _ in unknown(tree) if task.id in drawn):
        where.say(f"drawn, and not in this work tree: {', '.join(map(plain, absent))}; kerrigan check says where")
    return 0


def _unread(tree: Tree) -> list[Diagnostic]:
    """Why files that tasks are drawn from cannot be read; a spec of Milestones 1 to 6 says nothing of tasks."""
    new = {project.path for project in tree.projects if project.format == 7}
    broken = [document.diagnostics[0] for document in tree.documents.values() if is_broken(document)]
    of_tasks = [d for d in (*tree.problems, *broken) if d.path.endswith(("/tasks.yml", "/tasks.md"))]
    return of_tasks + [d for d in broken if d.path.endswith("/spec.md") and d.path.rpartition("/")[0] in new]


def _unreadable(found: list[Diagnostic]) -> UnreadableError:
    places = (f"{plain(d.path)}:{d.span.line}:{d.span.column}: {plain(d.message)}" for d in found)
    return UnreadableError("\n".join(places), kind="definition", next_step="kerrigan check, and fix what it reports")


def _nothing(project: str | None, there: list[str]) -> UsageError:
    message = f"no project '{project}' in this work tree" if project else "no project in this work tree"
    step = (
        f"one of: {', '.join(there[:10])}" if there else "change into a clone of the repository that holds the projects"
    )
    near = did_you_mean(project or "", there)
    return UsageError(message, kind="unknown-project", next_step=near or step)
