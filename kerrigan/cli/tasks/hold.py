"""`kerrigan pause`, `resume` and `stop`: brakes on a project, or on an agent, a role or a repository of it."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import click

from kerrigan.apply.state.identity import own_request
from kerrigan.apply.state.stage import read
from kerrigan.apply.tasks.transition import hold
from kerrigan.cli.options import Where, as_option, common, json_option, readable, reason_option, refused
from kerrigan.decide.limits.holds import PARTS
from kerrigan.errors import UsageError
from kerrigan.model.decision import Refusal
from kerrigan.model.event import EventType
from kerrigan.report.words import sentence


def _command(name: str, event: EventType, words: str, why: str, parts: tuple[str, ...] = PARTS) -> click.Command:
    @click.command(name, help=f"{words}\n\nExample: kerrigan {name} todo --reason '{why}'")
    @click.argument("project")
    @_parts(name, parts)
    @reason_option
    @as_option
    @json_option
    @common
    def command(where: Where, project: str, reason: str, login: str | None, as_json: bool, **named: str | None) -> int:
        site = where.site(login)
        stage = read(site, project)
        asked = own_request(site, stage, event, None)
        answer = hold(site, stage, replace(asked, reason=reason, data=_scope(named))).answer
        if isinstance(answer, Refusal):
            return refused(answer, as_json)
        assert answer is not None
        first, *caused = [event.to_json() for event in answer.events]
        body = json.dumps({"event": first, "caused": caused}, ensure_ascii=False)
        click.echo(body if as_json else sentence(answer.events[0]))
        return 0

    return command


def _parts(verb: str, parts: tuple[str, ...]) -> Callable[[Any], Any]:
    def add(command: Any) -> Any:
        for part in reversed(parts):
            words = f"{verb.capitalize()} one {part} only."
            command = click.option(f"--{part}", metavar="NAME", callback=readable, help=words)(command)
        return command

    return add


def _scope(named: dict[str, str | None]) -> dict[str, str]:
    """The part of the project that is meant, as the event carries it. Raises UsageError for several at once."""
    said = {part: name for part, name in named.items() if name is not None}
    given = [f"{part}:{name.casefold() if part == 'agent' else name}" for part, name in said.items()]
    if len(given) > 1:
        raise UsageError(f"one part at a time, not {' and '.join(given)}", kind="scope", next_step="ask once for each")
    return {"scope": given[0]} if given else {}


_PAUSE = "Hold a project: nothing new is claimed or dispatched until resume."
_RESUME = "Let what is held go on; after a stop only an admin can."
_STOP = "Emergency stop: nothing is claimed, dispatched or committed after it."

pause = _command("pause", EventType.paused, _PAUSE, "the API is down")
resume = _command("resume", EventType.resumed, _RESUME, "the API is back")
stop = _command("stop", EventType.stopped, _STOP, "a key has leaked", ())
