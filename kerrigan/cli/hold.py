"""`kerrigan pause`, `resume` and `stop`: brakes on a whole project."""

import json
from dataclasses import replace

import click

from kerrigan.apply.append import new_request
from kerrigan.apply.ask import hold
from kerrigan.apply.stage import read
from kerrigan.cli.options import Where, as_option, common, json_option, reason_option
from kerrigan.model.decision import Refusal
from kerrigan.model.event import EventType
from kerrigan.report.verdict import refusal_text
from kerrigan.report.words import sentence


def _command(name: str, event: EventType, words: str) -> click.Command:
    @click.command(name, help=f"{words}\n\nExample: kerrigan {name} todo --reason 'the API is down'")
    @click.argument("project")
    @reason_option
    @as_option
    @json_option
    @common
    def command(where: Where, project: str, reason: str, login: str | None, as_json: bool) -> int:
        site = where.site(login)
        stage = read(site, project)
        request = replace(new_request(event, None, stage.actor(site.actor_login())), reason=reason)
        answer = hold(site, stage, request).answer
        if isinstance(answer, Refusal):
            click.echo(
                json.dumps(answer.to_json(), ensure_ascii=False) if as_json else refusal_text(answer), err=not as_json
            )
            return 5
        assert answer is not None
        click.echo(json.dumps({"event": answer.events[0].to_json()}) if as_json else sentence(answer.events[0]))
        return 0

    return command


pause = _command("pause", EventType.paused, "Hold a project: nothing new is claimed or dispatched until resume.")
resume = _command("resume", EventType.resumed, "Let a held project go on; after a stop only an admin can.")
stop = _command("stop", EventType.stopped, "Emergency stop: nothing is claimed, dispatched or committed after it.")
