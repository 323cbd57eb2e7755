"""`kerrigan gate`: may this pull request merge."""

import json

import click

from kerrigan.apply.gate import judge
from kerrigan.cli.options import Where, common, json_option
from kerrigan.report.verdict import verdict_text

CODES = {"pass": 0, "violation": 1, "undecided": 4}


@click.command("gate")
@click.option("--pr", "number", type=int, metavar="N", help="The pull request; default: the current branch's.")
@json_option
@common
def gate(where: Where, number: int | None, as_json: bool) -> int:
    """May this pull request merge: pass (0), violation (1) or undecided (4), with every reason.

    Example: kerrigan gate --pr 3
    """
    verdict = judge(where.site(), number)
    click.echo(json.dumps(verdict.to_json(), ensure_ascii=False) if as_json else verdict_text(verdict))
    return CODES[verdict.verdict]
