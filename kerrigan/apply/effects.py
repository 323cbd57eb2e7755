"""Make true what the journal says: labels, statuses and dispatches. Doing it twice does it once."""

from collections.abc import Iterable

from kerrigan.apply.append import append, new_request
from kerrigan.apply.facts import dependency_facts
from kerrigan.apply.site import Site
from kerrigan.apply.stage import Stage
from kerrigan.decide.dispatch import RECHECK, Accepted, Answer, Answered, Failed, payload, record_sent, to_send
from kerrigan.decide.gate import task_of
from kerrigan.decide.view import view
from kerrigan.errors import KerriganError
from kerrigan.model.decision import CommitStatus, Decision, Effect, Labels
from kerrigan.model.event import KERRIGAN, Event, EventType
from kerrigan.model.facts import PullRequest
from kerrigan.model.state import Dispatch


def settle(site: Site, stage: Stage, touched: Iterable[str] = ()) -> tuple[Stage, tuple[Event, ...]]:
    """Bring the view up to date and send what waits in the outbox; returns the stage after it and what was recorded.

    The view is that of this repository's open pull requests and of the touched tasks' own, wherever they are.
    """
    found = _pull_requests(site, stage, touched)
    tasks = [stage.project.tasks[t] for p in found if (t := task_of(stage.project, p))]
    facts = dependency_facts(site, stage, tasks)
    bring(site, view(stage.project, stage.workspace, stage.state, found, facts))
    return send(site, stage)


def bring(site: Site, effects: Iterable[Effect]) -> None:
    """Make every label and status so."""
    for effect in effects:
        if isinstance(effect, Labels):
            site.forge.set_labels(effect.repository, effect.number, effect.labels, effect.prefixes)
        elif isinstance(effect, CommitStatus):
            site.forge.set_status(effect.repository, effect.sha, effect.context, effect.state, effect.description)


def send(site: Site, stage: Stage) -> tuple[Stage, tuple[Event, ...]]:
    """Send every dispatch that is due and write down what came of each."""
    request = new_request(EventType.dispatch_sent, None, KERRIGAN)
    answers = {d.key: _sent(site, stage, d) for d in to_send(stage.project, stage.workspace, stage.state, request.at)}
    if not answers:
        return stage, ()

    def decide(current: Stage) -> Decision | None:
        return record_sent(current.project, current.workspace, current.state, answers, request)

    outcome = append(site, stage, decide)
    return outcome.after, outcome.events


def _sent(site: Site, stage: Stage, dispatch: Dispatch) -> Answer:
    if dispatch.kind == RECHECK and dispatch.to == site.here:
        return Answered()  # this very run has looked at the gates here again
    try:
        site.forge.dispatch(dispatch.to, dispatch.kind, payload(dispatch, stage.project, stage.snapshot.tip or ""))
    except KerriganError as error:
        return Failed(error.message)
    return Accepted()


def _pull_requests(site: Site, stage: Stage, touched: Iterable[str]) -> tuple[PullRequest, ...]:
    found = {(p.repository, p.number): p for p in site.forge.pull_requests(site.here)}
    for task in touched:
        submission = stage.state.task(task).submission
        if submission and submission.number is not None:
            pull_request = site.forge.pull_request(submission.repository, submission.number)
            if pull_request:
                found[pull_request.repository, pull_request.number] = pull_request
    return tuple(found.values())
