"""`kerrigan gate`: may this pull request merge."""

import json
import os
from collections.abc import Sequence
from pathlib import Path

import click

from kerrigan.apply.events.gate import judge, judge_all, judge_queued
from kerrigan.apply.events.handle_event import read_payload
from kerrigan.apply.state.site import Site
from kerrigan.cli.options import Where, common, json_option
from kerrigan.model.decision import Verdict
from kerrigan.model.forge.facts import PullRequest
from kerrigan.report.verdict import verdict_text

CODES = {"pass": 0, "violation": 1, "undecided": 4}


@click.command("gate")
@click.option("--pr", "number", type=int, metavar="N", help="The pull request; default: the current branch's.")
@click.option("--all", "every", is_flag=True, help="Judge all open pull requests; 0 whatever the verdicts are.")
@json_option
@common
def gate(where: Where, number: int | None, every: bool, as_json: bool) -> int:
    """May this pull request merge: pass (0), violation (1) or undecided (4), with every reason.

    The verdict becomes the commit status kerrigan/gate of the pull request.

    Example: kerrigan gate --pr 3
    """
    site = where.site()
    if every:
        return _print_all(judge_all(site), as_json)
    verdict = judge(site, number) if number is not None or not _is_queued() else _judge_queued(site)
    click.echo(json.dumps(verdict.to_json(), ensure_ascii=False) if as_json else verdict_text(verdict))
    return CODES[verdict.verdict]


def _is_queued() -> bool:
    return os.environ.get("GITHUB_EVENT_NAME") == "merge_group"


def _judge_queued(site: Site) -> Verdict:
    return judge_queued(site, read_payload(Path(os.environ.get("GITHUB_EVENT_PATH", ""))))


def _print_all(judged: Sequence[tuple[PullRequest, Verdict]], as_json: bool) -> int:
    if as_json:
        verdicts = [{"number": pull_request.number, **verdict.to_json()} for pull_request, verdict in judged]
        click.echo(json.dumps({"verdicts": verdicts}, ensure_ascii=False))
    else:
        lines = [f"#{pull_request.number}  {verdict_text(verdict)}" for pull_request, verdict in judged]
        click.echo("\n".join(lines) or "no pull request is open")
    return 0
