"""Receive an event: a hint that something happened. Look again, then decide like anyone who asks."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from kerrigan.apply.events.event_target import EventTarget, Hidden, event_target
from kerrigan.apply.events.gate import judge_queued
from kerrigan.apply.events.reconcile import as_far_as_allowed, reconcile, reconcile_each
from kerrigan.apply.events.response import answer
from kerrigan.apply.events.signature import check_signature
from kerrigan.apply.events.statements import as_it_stands
from kerrigan.apply.state.append import Outcome, append, new_request
from kerrigan.apply.state.effects import settle, show, show_others
from kerrigan.apply.state.identity import permission_of, request_of, work_request
from kerrigan.apply.state.site import Site
from kerrigan.apply.state.stage import Stage, project_names, read, unreadable
from kerrigan.apply.tasks.transition import hold, transition
from kerrigan.decide.disclosure import quotable, quotable_answers
from kerrigan.decide.dispatches.dispatch import acknowledge, is_of_earlier_claim
from kerrigan.decide.idempotency import is_duplicate
from kerrigan.decide.lifecycle import HELD, SUBMITTED, TRANSITIONS
from kerrigan.decide.limits.holds import VERBS as BRAKES
from kerrigan.decide.refusals.objection import UNKNOWN, Objection
from kerrigan.decide.refusals.refusal import refuse
from kerrigan.decide.situation import Situation
from kerrigan.errors import UnreadableError, UsageError
from kerrigan.load.github.webhook import read_event
from kerrigan.model.decision import Decision, EventRequest, Refusal, Request
from kerrigan.model.event import KERRIGAN, EventType
from kerrigan.model.forge.facts import Facts


@dataclass(frozen=True, slots=True)
class HandledEvent:
    """What came of a payload: the hint it was, in words what was done, and the outcomes where something was decided."""

    hint: EventRequest
    words: str
    outcomes: tuple[Outcome, ...] = ()


def handle_event(site: Site, name: str, payload: Mapping[str, Any]) -> HandledEvent:
    """Handle one webhook payload of GitHub's shape. Raises UnreadableError for a malformed one."""
    hint = read_event(name, payload)
    match hint.kind:
        case "nothing":
            return HandledEvent(hint, f"this {name} event does not concern Kerrigan")
        case "dispatch" | "recheck" | "tell":
            check_signature(payload["client_payload"], site.secret)
            return _dispatched(site, hint)
        case "start":
            return _started(site, hint)
        case "checks" | "run_ended":
            found = reconcile_each(site, project_names(site), partial(_at_work, hint.repository), hint.repository)
            return HandledEvent(hint, "reconciled this repository's tasks", found)
        case "pushed":
            return HandledEvent(hint, "reconciled everything", reconcile_each(site, project_names(site)))
        case "queue":
            return HandledEvent(hint, f"reported to the merge queue: {judge_queued(site, payload).verdict}")
        case _:
            return _about_task(site, hint)


def _dispatched(site: Site, hint: EventRequest) -> HandledEvent:
    stage = read(site, hint.project)
    if hint.home.casefold() != stage.project.home.casefold():
        raise UnreadableError(
            f"the payload says that {hint.project} is at home in {hint.home}; kerrigan.yml says {stage.project.home}",
            kind="payload",
            next_step="correct `home` in .github/kerrigan.yml, or ignore the sender",
        )
    match hint.kind:
        case "dispatch" if _is_answered(stage, hint):
            return HandledEvent(hint, f"dispatch {hint.key} was answered already")
        case "dispatch":
            request = replace(work_request(site, stage, hint.task or ""), cause=hint.key)
            return HandledEvent(hint, "claimed for the dispatch", (transition(site, stage, request),))
        case "recheck":
            return _rechecked(site, stage, hint)
        case _:
            return HandledEvent(hint, "reconciled everything", (reconcile(site, stage),))


def _started(site: Site, hint: EventRequest) -> HandledEvent:
    """Claim a task that someone has started by hand, in the repository that it is worked on in."""
    stage = read(site, hint.project)
    slug = stage.project.slug(stage.task(hint.task or ""))
    if slug.casefold() != site.here.casefold():
        raise UsageError(
            f"{hint.task} is worked on in {slug}, and this is {site.here}",
            kind="repository",
            next_step=f"gh workflow run kerrigan-work.yml --repo {slug} --field task={hint.task}",
        )
    if not site.agents:
        raise UsageError(
            f"no agent works in {site.here}: its variable KERRIGAN_AGENT_COMMAND is empty",
            kind="no-agent",
            next_step="gh variable set KERRIGAN_AGENT_COMMAND",
        )
    request = work_request(site, stage, hint.task or "")
    return HandledEvent(hint, "claimed, as requested by hand", (transition(site, stage, request),))


def _is_answered(stage: Stage, hint: EventRequest) -> bool:
    task = stage.project.tasks.get(hint.task or "")
    return task is not None and is_of_earlier_claim(stage.project, stage.state, task, hint.key or "")


def _rechecked(site: Site, stage: Stage, hint: EventRequest) -> HandledEvent:
    show(site, stage)
    show_others(site)
    request = replace(new_request(EventType.dispatch_acknowledged, hint.task, KERRIGAN, site.run), cause=hint.key)

    def decide(current: Stage) -> Decision | None:
        return acknowledge(current.state, hint.key or "", request)

    acknowledged = as_far_as_allowed(site, stage, lambda: append(site, stage, decide))
    return HandledEvent(hint, "gates judged again", (acknowledged,))


def _at_work(slug: str, site: Site, project: str) -> Stage | None:
    """The stage of a project with a task that is worked on or submitted in a repository; None for all others.

    Never of the one commit or run that ended alone: of runs that wait for their turn GitHub leaves the newest.
    """
    stage = read(site, project)
    here = (task for task in stage.project.tasks.values() if stage.project.slug(task).casefold() == slug.casefold())
    return stage if any(stage.state.task(task.id).status in HELD for task in here) else None


def _about_task(site: Site, hint: EventRequest) -> HandledEvent:
    subject = event_target(site, hint)
    if isinstance(subject, Hidden):
        raise _undecided(site, hint, subject)
    if subject is None:
        show_others(site)
        if hint.comment is not None and (told := as_it_stands(site, hint)).kind == "ask":
            answer(site, told, _for_no_task(told), hint.repository)  # nothing of home's is in it
        return HandledEvent(hint, "it is for no task; gates that depend on others are up to date")
    hint = as_it_stands(site, hint)
    if hint.kind == "nothing":
        return HandledEvent(hint, "the comment or label was removed, or no longer asks for anything")
    stage, request = subject.stage, None if _is_echo(site, hint, subject) else _asked(site, subject, hint)
    if not subject.is_own and hint.kind in {"ask", "review"}:
        answer(site, hint, _elsewhere(subject, hint), stage.project.home)
        return HandledEvent(hint, f"it is not said on the pull request of {subject.task.id}")
    if request is None or is_duplicate(stage.state, subject.task, request):
        settled = _looked_at(site, subject, hint)
        if request:
            answer(site, hint, None, stage.project.home)
        elif hint.wrong:
            answer(site, hint, _not_understood(site, subject, hint), stage.project.home)
        return HandledEvent(hint, "gates and labels are up to date", (settled,))
    decide = hold if request.type in BRAKES else transition
    outcome = as_far_as_allowed(site, stage, lambda: decide(site, stage, request), _unwritten(subject, request))
    outcomes = [outcome]
    if hint.kind == "merged" and isinstance(outcome.answer, Refusal):
        outcomes.append(reconcile(site, outcome.after, [subject.task.id]))  # it is merged all the same
    show_others(site)
    answer(site, hint, outcome.answer, stage.project.home)
    return HandledEvent(hint, f"{request.type.value} was asked for", tuple(outcomes))


def _looked_at(site: Site, subject: EventTarget, hint: EventRequest) -> Outcome:
    """What came of a hint that asks for nothing: what people did to a pull request may move or flag its task."""
    stage = subject.stage
    if hint.kind in {"pull_request", "merged"}:
        return reconcile(site, stage, [subject.task.id])
    return as_far_as_allowed(site, stage, lambda: settle(site, Outcome(stage, None, stage)))


def _elsewhere(subject: EventTarget, hint: EventRequest) -> Refusal:
    """The refusal of what is said on a pull request that only names the task, or goes elsewhere."""
    standing, task = subject.stage.state.task(subject.task.id), subject.task
    submission, found = standing.submission, subject.pull_request
    number = submission.number if submission else None
    own = f"{submission.repository}#{number}" if submission and number else f"the one of {task.branch}"
    why = f"{found.name if found else hint.said} is not the pull request of {task.id}"
    step = f"say it on {own}, or in a clone: kerrigan show {task.id}"
    return Refusal(hint.said, task.id, standing.status.value, why, standing.holder, next=step)


def _for_no_task(hint: EventRequest) -> Refusal:
    """The refusal of what is said on an issue or a pull request that is for no task of this repository."""
    why = f"{hint.repository}#{hint.number} is for no task"
    return Refusal(hint.said, None, "", why, next="say it on the pull request or the issue of a task: kerrigan tasks")


def _undecided(site: Site, hint: EventRequest, hidden: Hidden) -> UnreadableError:
    """The error of a definition that hides the task; its gate is closed, and who asked is answered, before."""
    show(site, hidden.stage)
    problem, status = hidden.stage.project.stopping[0], hidden.stage.state.task(hidden.task).status.value
    answer(
        site,
        hint,
        Refusal(hint.said, hidden.task, status, problem.text, next=problem.next_step),
        hidden.stage.project.home,
    )
    return unreadable(problem)


def _is_echo(site: Site, hint: EventRequest, subject: EventTarget) -> bool:
    """Whether it is our own routing label, gone by now: heard late, it would undo what was asked for since."""
    labels = subject.pull_request.labels if subject.pull_request else ()
    is_gone = hint.role and hint.comment is None and hint.said not in labels
    own = site.forge.account() if is_gone else None
    return own is not None and own.is_login(hint.sender.login)


def _asked(site: Site, subject: EventTarget, hint: EventRequest) -> Request | None:
    """What the hint asks for; None where nothing is asked."""
    event = EventType.completed if hint.kind == "merged" else hint.asks
    if hint.kind == "pull_request":
        return _pushed(site, subject, hint)
    if event is None:
        return None
    hint = _quoted(site, subject, hint)
    request = request_of(site, subject.stage, hint.sender, event, None if event in BRAKES else subject.task.id)
    what = {"what": hint.what} if hint.what else {}
    return replace(request, role=hint.role, data=what, answers=hint.answers, **_said(hint))


def _quoted(site: Site, subject: EventTarget, hint: EventRequest) -> EventRequest:
    """The hint with the words that its author may have in the journal: who reads that may not read where they stand."""
    if site.disclosure.may_tell(subject.stage.project.home, hint.repository):
        return hint
    place = f"{hint.repository}#{hint.number}"
    return replace(hint, reason=quotable(hint.reason, place), answers=quotable_answers(hint.answers, place))


def _not_understood(site: Site, subject: EventTarget, hint: EventRequest) -> Refusal:
    """The refusal of what cannot be meant, with what who asked may ask for."""
    stage, task = subject.stage, subject.task
    request = request_of(site, stage, hint.sender, EventType.blocked, task.id)
    facts = Facts(permission=permission_of(site, stage, request), pull_request=subject.pull_request)
    situation = Situation(stage.project, stage.workspace, stage.state, task, request, facts)
    return replace(refuse(situation, Objection(UNKNOWN, hint.wrong)), verb=hint.said)


def _unwritten(subject: EventTarget, request: Request) -> Refusal:
    """The refusal of what this run cannot write down."""
    home, status = subject.stage.project.home, subject.stage.state.task(subject.task.id).status.value
    verb = TRANSITIONS[request.type].verb if request.type in TRANSITIONS else request.type.value
    why = f"this run may not write to {home}, where the journal is"
    step = f"an admin sets the secret KERRIGAN_TOKEN here; or in a clone: kerrigan task {verb} {subject.task.id}"
    return Refusal(verb, subject.task.id, status, why, next=step)


def _pushed(site: Site, subject: EventTarget, hint: EventRequest) -> Request | None:
    """A push onto what was handed in hands it in anew."""
    standing, found = subject.stage.state.task(subject.task.id), subject.pull_request
    submitted = standing.submission.head if standing.submission and standing.status in SUBMITTED else None
    if found is None or not (found.open and subject.is_own) or submitted in (None, found.head):
        return None
    request = request_of(site, subject.stage, hint.sender, EventType.submitted, subject.task.id)
    return replace(request, fence=standing.fence)


def _said(hint: EventRequest) -> dict[str, Any]:
    if hint.kind != "review":
        return {"reason": hint.reason, "said_at": hint.said_at}
    return {"reason": hint.reason or f"changes requested in {hint.repository}#{hint.number}", "head": hint.head}


def read_payload(path: Path) -> Mapping[str, Any]:
    """The JSON object in a payload file. Raises UnreadableError when it is not one."""
    next_step = "name the webhook's JSON file"
    try:
        payload = json.loads(path.read_bytes())
    except OSError as error:
        raise UnreadableError(f"{path}: {error.strerror}", kind="payload", next_step=next_step) from error
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"{path} is not JSON: {error}", kind="payload", next_step=next_step) from error
    if not isinstance(payload, dict):
        raise UnreadableError(f"{path} holds no JSON object", kind="payload", next_step=next_step)
    return payload
