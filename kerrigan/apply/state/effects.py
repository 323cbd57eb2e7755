"""Make true what the journal says: labels, statuses and dispatches. Doing it twice does it once."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from kerrigan.apply.events.pull_requests import as_reviewed, one, opened, with_changes, with_needs
from kerrigan.apply.events.signature import signed
from kerrigan.apply.state.append import Outcome, append, new_request
from kerrigan.apply.state.site import Site
from kerrigan.apply.state.stage import Stage
from kerrigan.apply.tasks.dependencies import dependency_facts, together
from kerrigan.decide.disclosure import sendable
from kerrigan.decide.dispatches.dispatch import Accepted, Answer, Answered, Failed, hints, payload, record_sent, to_send
from kerrigan.decide.gate import gate_without_task, named_task, task_of
from kerrigan.decide.view import commit_status, concerns, speaks, view
from kerrigan.errors import KerriganError
from kerrigan.model.decision import CommitStatus, Decision, Effect, Labels
from kerrigan.model.event import KERRIGAN, Event, EventType
from kerrigan.model.forge.facts import Needs, PullRequest
from kerrigan.model.forge.issue import PREFIXES
from kerrigan.model.state import RECHECK, Dispatch


def settle(site: Site, outcome: Outcome, touched: Iterable[str] = ()) -> Outcome:
    """Bring the view up to date and send what waits in the outbox; the outcome with what was recorded of that.

    The outbox is home's. Elsewhere only who has just written to the journal empties it, for it can say what it sent.
    """
    show(site, outcome.after, touched)
    if site.here != outcome.after.project.home and not outcome.events:
        return outcome
    after, sent = send(site, outcome.after)
    _tell_home(site, outcome)
    return replace(outcome, after=after, also=sent)


def _tell_home(site: Site, outcome: Outcome) -> None:
    """Let home's workflows look where its own tasks became ready, unless this is a run of theirs: they start agents."""
    before, after = outcome.before, outcome.after
    is_its_run = site.run is not None and site.here == after.project.home
    if is_its_run or not site.forge.authenticates or not outcome.events:
        return
    at = outcome.events[-1].at
    for hint in hints(after.project, after.workspace, before.state, after.state, at)[:1]:
        try:
            body = _payload(site, after, hint)
            site.forge.dispatch(hint.to, hint.kind, body)
        except KerriganError as error:
            site.detail(f"{hint.to} finds by its schedule what became ready: {error.message}")


def show(site: Site, stage: Stage, touched: Iterable[str] = ()) -> None:
    """Bring the view up to date: of this repository's open pull requests, and of the touched tasks' own elsewhere."""
    here = opened(site)
    found, needs = with_needs(site, _pull_requests(site, stage, here, touched))
    tasks = [stage.project.tasks[t] for p in found if (t := task_of(stage.project, p))]
    facts = together(needs, dependency_facts(site, stage, tasks))
    bring(site, view(stage.project, stage.workspace, stage.state, found, facts, site.disclosure.may_tell, here))


def show_others(site: Site) -> None:
    """Bring the gates up to date of pull requests that are for no task, and depend on others."""
    here = opened(site)
    about = (p for p in here if named_task(p) is None and p.needs != Needs() and speaks(p, here))
    found, facts = with_needs(site, about)
    bring(site, [commit_status(p, gate_without_task(p, facts)) for p in found])


def bring(site: Site, effects: Iterable[Effect]) -> None:
    """Make every label and status so. What cannot be done now stays owed: the next run finds it."""
    for effect in effects:
        try:
            _bring(site, effect)
        except KerriganError as error:
            site.say(f"{effect.repository} does not show it yet: {error.message}")


def _bring(site: Site, effect: Effect) -> None:
    if isinstance(effect, Labels):
        site.forge.set_labels(effect.repository, effect.number, effect.labels, PREFIXES)
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
        body = _payload(site, stage, dispatch)
        site.forge.dispatch(dispatch.to, dispatch.kind, body)
    except KerriganError as error:
        return Failed(error.message)
    return Accepted()


def _payload(site: Site, stage: Stage, dispatch: Dispatch) -> dict[str, Any]:
    told = sendable(dispatch, stage.project.home, site.disclosure.may_tell)
    return signed(payload(told, stage.project, stage.snapshot.tip or ""), site.secret)


def _pull_requests(
    site: Site, stage: Stage, here: Iterable[PullRequest], touched: Iterable[str]
) -> tuple[PullRequest, ...]:
    found = {(p.repository, p.number): p for p in here if concerns(stage.project, p)}
    for task in touched:
        submission = stage.state.task(task).submission
        if submission and submission.number is not None and (submission.repository, submission.number) not in found:
            try:
                elsewhere = one(site, submission.repository, submission.number)
            except KerriganError as error:
                site.say(f"{submission.repository} does not show it yet: {error.message}")
                continue
            if elsewhere:
                found[elsewhere.repository, elsewhere.number] = elsewhere
    return tuple(as_reviewed(site, stage, with_changes(site, stage, p)) for p in found.values())
