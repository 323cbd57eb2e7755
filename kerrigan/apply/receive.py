"""Receive an event: a hint that something happened. Look again, then decide like anybody who asks."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kerrigan.apply.append import KERRIGAN, Outcome, append, new_request
from kerrigan.apply.ask import ask
from kerrigan.apply.effects import settle
from kerrigan.apply.gate import project_of
from kerrigan.apply.reconcile import reconcile
from kerrigan.apply.site import Site
from kerrigan.apply.stage import Stage, read
from kerrigan.decide.dispatch import acknowledge
from kerrigan.errors import UnreadableError
from kerrigan.load.webhook import read_event
from kerrigan.model.decision import Decision, Hint
from kerrigan.model.event import EventType


@dataclass(frozen=True, slots=True)
class Received:
    """What came of a payload: the hint it was, in words what was done, and the outcome where something was decided."""

    hint: Hint
    words: str
    outcome: Outcome | None = None


def receive(site: Site, name: str, payload: Mapping[str, Any]) -> Received:
    """Handle one webhook payload of GitHub's shape. Raises UnreadableError for a malformed one."""
    hint = read_event(name, payload)
    project = hint.project or project_of(hint.branch)
    if hint.kind == "nothing" or project is None:
        return Received(hint, f"nothing of Kerrigan's is in this {name} event")
    stage = read(site, project)
    match hint.kind:
        case "dispatch":
            return _woken(site, stage, hint)
        case "recheck":
            return _rechecked(site, stage, hint)
        case "merged":
            return _asked(site, stage, hint, EventType.completed, "completed by its merge")
        case "review" if hint.asks:
            return _asked(site, stage, hint, hint.asks, f"{hint.asks.value} by review")
        case "tell":
            return Received(hint, "looked at everything again", reconcile(site, stage))
        case _:
            settle(site, stage)
            return Received(hint, "gates and labels are up to date")


def _woken(site: Site, stage: Stage, hint: Hint) -> Received:
    actor = stage.actor(site.actor_login())
    request = replace(new_request(EventType.claimed, hint.task, actor), cause=hint.key)
    return Received(hint, "claimed for the dispatch", ask(site, stage, request))


def _rechecked(site: Site, stage: Stage, hint: Hint) -> Received:
    settled, _ = settle(site, stage)
    request = replace(new_request(EventType.dispatch_acknowledged, hint.task, KERRIGAN), cause=hint.key)

    def decide(current: Stage) -> Decision | None:
        return acknowledge(current.state, hint.key or "", request)

    return Received(hint, "gates looked at again", append(site, settled, decide))


def _asked(site: Site, stage: Stage, hint: Hint, event: EventType, words: str) -> Received:
    task = f"{stage.project.name}/{hint.branch.rpartition('/')[2]}"
    actor = replace(stage.actor(hint.actor.login), kind=hint.actor.kind)
    request = replace(new_request(event, task, actor), reason=hint.reason)
    return Received(hint, words, ask(site, stage, request))


def read_payload(path: Path) -> Mapping[str, Any]:
    """The JSON object in a payload file. Raises UnreadableError when it is not one."""
    try:
        payload = json.loads(path.read_bytes())
    except OSError as error:
        raise UnreadableError(
            f"{path}: {error.strerror}", kind="payload", next_step="name the webhook's JSON file"
        ) from error
    except (ValueError, RecursionError) as error:
        raise UnreadableError(
            f"{path} is not JSON: {error}", kind="payload", next_step="name the webhook's JSON file"
        ) from error
    if not isinstance(payload, dict):
        raise UnreadableError(f"{path} holds no JSON object", kind="payload", next_step="name the webhook's JSON file")
    return payload
