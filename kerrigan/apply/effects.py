"""Make true what the journal says: labels, statuses and dispatches. Doing it twice does it once."""

from collections.abc import Iterable

from kerrigan.apply.append import KERRIGAN, append, new_request, now
from kerrigan.apply.facts import dependency_facts
from kerrigan.apply.site import Site
from kerrigan.apply.stage import Stage
from kerrigan.decide.dispatch import RECHECK, payload, record_sent, to_send
from kerrigan.decide.gate import task_of
from kerrigan.decide.view import view
from kerrigan.errors import KerriganError
from kerrigan.model.decision import CommitStatus, Decision, Effect, Labels
from kerrigan.model.event import Event, EventType
from kerrigan.model.facts import PullRequest
from kerrigan.model.state import Dispatch


def settle(site: Site, stage: Stage, touched: Iterable[str] = ()) -> tuple[Stage, tuple[Event, ...]]:
    """Bring the view up to date and send what waits in the outbox; returns the stage after it and what was recorded.

    The view is that of this repository's open pull requests and of the touched tasks' own, wherever they are.
    """
    found = _pull_requests(site, stage, touched)
    tasks = [stage.project.tasks[t] for p in found if (t := task_of(stage.project, p.branch))]
    facts = dependency_facts(site, stage, tasks)
    bring(site, view(stage.project, stage.workspace, stage.state, found, now(), facts))
    return send(site, stage)


def bring(site: Site, effects: Iterable[Effect]) -> None:
    """Make every label and status so."""
    for effect in effects:
        if isinstance(effect, Labels):
            site.forge.set_labels(effect.repository, effect.number, effect.labels, effect.prefixes)
        elif isinstance(effect, CommitStatus):
            site.forge.set_status(effect.repository, effect.sha, effect.context, effect.state, effect.description)


def send(site: Site, stage: Stage) -> tuple[Stage, tuple[Event, ...]]:
    """Send every dispatch that is due and write down which ones the forge accepted."""
    request = new_request(EventType.dispatch_sent, None, KERRIGAN)
    due = to_send(stage.state, stage.workspace, request.at)
    # This very run has looked at the gates here again: a recheck of them is answered without being sent.
    answered = {d.key for d in due if d.kind == RECHECK and d.to == site.here}
    accepted = {d.key for d in due if d.key not in answered and _accepted(site, stage, d)}
    if not answered | accepted:
        return stage, ()

    def decide(current: Stage) -> Decision | None:
        return record_sent(current.workspace, current.state, accepted, answered, request)

    outcome = append(site, stage, decide)
    return outcome.after, outcome.events


def _accepted(site: Site, stage: Stage, dispatch: Dispatch) -> bool:
    try:
        site.forge.dispatch(dispatch.to, dispatch.kind, payload(dispatch, stage.project, stage.snapshot.tip or ""))
    except KerriganError as error:
        site.say(f"{dispatch.to} was not reached: {error.message}; the next reconcile tries again")
        return False
    return True


def _pull_requests(site: Site, stage: Stage, touched: Iterable[str]) -> tuple[PullRequest, ...]:
    found = {(p.repository, p.number): p for p in site.forge.pull_requests(site.here)}
    for task in touched:
        submission = stage.state.task(task).submission
        if submission and submission.number is not None:
            pull_request = site.forge.pull_request(submission.repository, submission.number)
            if pull_request:
                found[pull_request.repository, pull_request.number] = pull_request
    return tuple(found.values())
