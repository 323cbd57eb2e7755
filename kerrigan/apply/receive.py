"""Receive an event: a hint that something happened. Look again, then decide like anybody who asks."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kerrigan.apply.append import Outcome, append, new_request
from kerrigan.apply.ask import ask
from kerrigan.apply.effects import settle
from kerrigan.apply.reconcile import reconcile
from kerrigan.apply.site import Site
from kerrigan.apply.stage import Stage, read
from kerrigan.decide.dispatch import acknowledge
from kerrigan.decide.gate import named_task
from kerrigan.errors import UnreadableError
from kerrigan.load.names import is_id
from kerrigan.load.webhook import read_event
from kerrigan.model.decision import Decision, Hint
from kerrigan.model.event import KERRIGAN, EventType


@dataclass(frozen=True, slots=True)
class Received:
    """What came of a payload: the hint it was, in words what was done, and the outcome where something was decided."""

    hint: Hint
    words: str
    outcome: Outcome | None = None


def receive(site: Site, name: str, payload: Mapping[str, Any]) -> Received:
    """Handle one webhook payload of GitHub's shape. Raises UnreadableError for a malformed one."""
    hint = read_event(name, payload)
    named = f"{hint.project}/" if hint.project else _named(site, hint)
    project = named.partition("/")[0]
    if not is_id(project):
        return Received(hint, f"nothing of Kerrigan's is in this {name} event")
    stage = read(site, project)
    if hint.home and hint.home.casefold() != stage.project.home.casefold():
        raise UnreadableError(
            f"the payload says that {project} is at home in {hint.home}; kerrigan.yml says {stage.project.home}",
            kind="payload",
            next_step="correct `home` in .github/kerrigan.yml, or ignore whoever sent this",
        )
    match hint.kind:
        case "dispatch":
            return _woken(site, stage, hint)
        case "recheck":
            return _rechecked(site, stage, hint)
        case "merged":
            return _asked(site, stage, hint, named, EventType.completed, "completed by its merge")
        case "review" if hint.asks:
            return _asked(site, stage, hint, named, hint.asks, f"{hint.asks.value} by review")
        case "tell":
            return Received(hint, "looked at everything again", reconcile(site, stage))
        case _:
            settle(site, stage)
            return Received(hint, "gates and labels are up to date")


def _named(site: Site, hint: Hint) -> str:
    """The task that the hint's pull request is for, as the forge has it now; empty for none."""
    found = site.forge.pull_request(hint.repository, hint.number) if hint.number is not None else None
    return (named_task(found) if found else None) or ""


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


def _asked(site: Site, stage: Stage, hint: Hint, named: str, event: EventType, words: str) -> Received:
    task = stage.task(named)
    if stage.project.slug(task).casefold() != hint.repository.casefold():
        return Received(hint, f"{task.id} is worked on in {stage.project.slug(task)}, not in {hint.repository}")
    actor = replace(stage.actor(hint.actor.login), kind=hint.actor.kind)
    reason = hint.reason or (f"changes requested in {hint.repository}#{hint.number}" if hint.kind == "review" else "")
    head = hint.head if hint.kind == "review" else None
    request = replace(new_request(event, task.id, actor), reason=reason, head=head)
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
