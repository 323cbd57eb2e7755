"""Ask for a transition of one task: facts, decision, append, effects, in that order."""

from dataclasses import replace

from kerrigan.apply.append import Outcome, append
from kerrigan.apply.effects import settle
from kerrigan.apply.facts import facts_for, find_pull_request, permission
from kerrigan.apply.site import Site
from kerrigan.apply.stage import Stage
from kerrigan.decide.brake import brake
from kerrigan.decide.step import step
from kerrigan.model.decision import Decision, Refusal, Request
from kerrigan.model.event import EventType
from kerrigan.model.facts import Facts
from kerrigan.model.project import Task


def ask(site: Site, stage: Stage, request: Request) -> Outcome:
    """Decide a request about a task and make the answer true.

    Effects are brought about after a refusal too: whoever asks again after a crash finds the work finished.
    """
    task = stage.task(request.task or "")
    facts = facts_for(site, stage, task, request.type, request.actor.login)
    if request.type is EventType.submitted and isinstance(decided(stage, request, facts), Decision):
        facts = _with_pull_request(site, stage, task, facts, request)
    outcome = append(site, stage, lambda current: decided(current, request, facts))
    after, sent = settle(site, outcome.after, [task.id])
    return replace(outcome, after=after, also=sent)


def rehearse(site: Site, stage: Stage, request: Request) -> Decision | Refusal:
    """What `ask` would answer now, without writing anything."""
    task = stage.task(request.task or "")
    return decided(stage, request, facts_for(site, stage, task, request.type, request.actor.login))


def decided(stage: Stage, request: Request, facts: Facts) -> Decision | Refusal:
    """The answer on one stage; the commit of the definition goes into the event."""
    located = replace(request, definition=stage.snapshot.definition or "")
    return step(stage.project, stage.workspace, stage.state, located, facts)


def _with_pull_request(site: Site, stage: Stage, task: Task, facts: Facts, request: Request) -> Facts:
    slug = stage.project.slug(task)
    found = find_pull_request(site, slug, task.branch) or site.forge.open_pull_request(
        slug, task.branch, task.title, f"Kerrigan-Task: {task.id}\n\n{task.description}".strip(), request.actor.login
    )
    return replace(facts, pull_request=found)


def hold(site: Site, stage: Stage, request: Request) -> Outcome:
    """Pause, resume or stop a whole project."""
    facts = Facts(permission=permission(site, stage, request.actor.login))

    def decide(current: Stage) -> Decision | Refusal:
        located = replace(request, definition=current.snapshot.definition or "")
        return brake(current.project, current.workspace, current.state, located, facts)

    outcome = append(site, stage, decide)
    after, sent = settle(site, outcome.after)
    return replace(outcome, after=after, also=sent)
