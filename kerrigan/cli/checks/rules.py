"""`kerrigan rules` and `kerrigan explain`: what a check can report, and what each of it wants."""

import json

import click

from kerrigan.check.rules import NAMES, catalog, rule
from kerrigan.check.suggestion import did_you_mean
from kerrigan.cli.options import json_option
from kerrigan.errors import UsageError
from kerrigan.report.findings.rules import explained, in_short, listed, to_json


@click.command("rules")
@json_option
def rules(as_json: bool) -> int:
    """Every rule of `kerrigan check`: its usual severity, its name, what it wants.

    Example: kerrigan rules
    """
    found = {"rules": [in_short(one) for one in catalog()]}
    click.echo(json.dumps(found, ensure_ascii=False) if as_json else listed(catalog()))
    return 0


@click.command("explain")
@click.argument("name", metavar="RULE")
@json_option
def explain(name: str, as_json: bool) -> int:
    """What a rule wants, why, and an example of both sides.

    Example: kerrigan explain unknown-dependency
    """
    if name not in NAMES:
        step = did_you_mean(name, NAMES) or "kerrigan rules"
        raise UsageError(f"there is no rule '{name}'", kind="unknown-rule", next_step=step)
    one = rule(name)
    click.echo(json.dumps({"rule": to_json(one)}, ensure_ascii=False) if as_json else explained(one))
    return 0
