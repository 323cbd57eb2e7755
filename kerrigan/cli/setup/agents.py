"""`kerrigan agents`: which coding agents are here, and whether they work."""

import json
import os

import click

from kerrigan.agents.process import refuse_windows
from kerrigan.apply.state.root import repository_root
from kerrigan.apply.work.agents import CONFIG, all_passed, checked, known, problems_of, row
from kerrigan.cli.options import Where, common, json_option
from kerrigan.report.agents import agents_json, agents_text


@click.command("agents")
@click.argument("name", required=False)
@click.option("--check", is_flag=True, help="Run each once on a harmless task, exactly as an attempt would. It costs.")
@json_option
@common
def agents(where: Where, name: str | None, check: bool, as_json: bool) -> int:
    """Which coding agents are on this machine: version, login, what each can limit, and whether it was proven.

    Those of kerrigan.yml are listed besides. With --check, 1 if one of them does not work.

    Example: kerrigan agents claude --check
    """
    if check:
        refuse_windows(os.name)
    root = repository_root(where.directory)
    if errors := problems_of(root):
        count = f"{errors} error{'' if errors == 1 else 's'}"
        where.say(f"{CONFIG} has {count}, so an agent of it may be missing or different; next: kerrigan check")
    found = known(root, os.environ, name)
    if check:
        found = checked(found, os.environ, where.say)
    rows = [row(one) for one in found]
    click.echo(json.dumps(agents_json(rows), ensure_ascii=False) if as_json else agents_text(rows))
    return 0 if not check or all_passed(found, name) else 1
