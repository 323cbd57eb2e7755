"""`kerrigan event`: what a workflow calls with the payload that woke it."""

import json
from pathlib import Path

import click

from kerrigan.apply.events.handle_event import HandledEvent, handle_event, read_payload
from kerrigan.cli.options import Where, common, json_option
from kerrigan.model.decision import Refusal
from kerrigan.report.verdict import refusal_text
from kerrigan.report.words import sentence


@click.command("event")
@click.option("--name", envvar="GITHUB_EVENT_NAME", required=True, metavar="E", help="Default: GITHUB_EVENT_NAME.")
@click.option(
    "--payload",
    envvar="GITHUB_EVENT_PATH",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The webhook's JSON; default: GITHUB_EVENT_PATH.",
)
@json_option
@common
def event(where: Where, name: str, payload: Path, as_json: bool) -> int:
    """Read a webhook payload of GitHub's shape, look again, decide, apply.

    Example: kerrigan event --name repository_dispatch --payload event.json
    """
    received = handle_event(where.site(), name, read_payload(payload))
    return _print(received, as_json)


def _print(received: HandledEvent, as_json: bool) -> int:
    answers = [outcome.answer for outcome in received.outcomes]
    refused = next((answer for answer in answers if isinstance(answer, Refusal)), None)
    events = [event for outcome in received.outcomes for event in outcome.events]
    if as_json:
        body = {
            "hint": received.hint.kind,
            "message": received.words,
            "events": [e.to_json() for e in events],
            **(refused.to_json() if refused else {}),
        }
        click.echo(json.dumps(body, ensure_ascii=False))
    elif refused:
        click.echo(refusal_text(refused), err=True)
    else:
        click.echo("\n".join(map(sentence, events)) or received.words)
    # Who asked by a label, a comment or a review was answered there; a dispatch that claims nothing has to end its run.
    return 5 if refused and received.hint.kind in {"dispatch", "start"} else 0
