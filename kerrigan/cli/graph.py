"""`kerrigan graph`: tasks and dependencies, from the work tree."""

from pathlib import Path

import click

from kerrigan.apply.check import load_here
from kerrigan.apply.root import repository_root
from kerrigan.check.nearest import did_you_mean
from kerrigan.cli.options import Where, common
from kerrigan.decide.plan import critical_path
from kerrigan.errors import UsageError
from kerrigan.load.legacy import with_old_tasks
from kerrigan.model.state import State
from kerrigan.report.graph import FORMATS


@click.command("graph")
@click.argument("project", required=False)
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="text", help="How to draw it.")
@click.option("--json", "form", flag_value="json", help="The same as --format json.")
@common
def graph(where: Where, project: str | None, form: str) -> int:
    """Tasks and dependencies across repositories, with the critical path marked; reads the work tree.

    Of a project of Milestones 1 to 6 it draws the tasks of tasks.md.

    Example: kerrigan graph todo --format mermaid
    """
    tree = load_here(repository_root(Path(where.directory)))
    projects = [with_old_tasks(p, tree.documents) for p in tree.projects if project in (None, p.name)]
    if not projects:
        raise _nothing(project, [p.name for p in tree.projects])
    click.echo(FORMATS[form]([(found, critical_path(found, State())) for found in projects]))
    return 0


def _nothing(project: str | None, there: list[str]) -> UsageError:
    message = f"no project '{project}' in this work tree" if project else "no project in this work tree"
    step = (
        f"one of: {', '.join(there[:10])}" if there else "change into a clone of the repository that holds the projects"
    )
    near = did_you_mean(project or "", there)
    return UsageError(message, kind="unknown-project", next_step=near or step)
