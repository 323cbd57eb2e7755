"""Submit what an agent's job packed: looked at as a stranger's, pushed for this claim alone, then handed in.

Its packer had no token. What must not be pushed is written down as the task's failure, with the reason.
"""

from dataclasses import replace
from pathlib import Path

from kerrigan.apply.state.append import Outcome
from kerrigan.apply.state.site import Site
from kerrigan.apply.state.stage import Stage, read
from kerrigan.apply.tasks.transition import transition
from kerrigan.decide.lifecycle import TRANSITIONS
from kerrigan.decide.limits.territory import trespasses_of_agent
from kerrigan.decide.refusals.objection import TABLE, Objection, first_failing, out_of_table
from kerrigan.decide.refusals.refusal import refuse
from kerrigan.decide.situation import Situation
from kerrigan.git.bundle import BundleError, Handed, open_bundle
from kerrigan.model.decision import Refusal, Request
from kerrigan.model.event import EventType
from kerrigan.model.forge.facts import Facts
from kerrigan.model.project import Task

LONGEST_REASON = 1_000


def submit_bundle(site: Site, stage: Stage, request: Request, file: Path) -> Outcome:
    """Push what the bundle in `file` brings onto the task's branch, and submit it: what `request` asks for.

    What keeps it from either is the refusal, and the task's failure, unless the claim is not the request's any more or
    the definition has problems, which may hide what must not be pushed: then nothing is written.
    """
    if over := _may_not_be_pushed(stage, request):
        return Outcome(stage, over, stage)
    if against := _pushed(site, stage, request, file):
        return _failed(site, stage, request, against)
    outcome = transition(site, read(site, stage.project.name), request)
    return (
        _failed(site, outcome.after, request, outcome.answer.reason) if isinstance(outcome.answer, Refusal) else outcome
    )


def _pushed(site: Site, stage: Stage, request: Request, file: Path) -> str:
    """Why it was not pushed; empty where the branch is at the bundle's commit now."""
    task = stage.task(request.task or "")
    remote, ref = site.branches(stage.project.slug(task)), f"refs/heads/{task.branch}"
    listing = remote.listing(ref)
    tip, base = listing.tips.get(ref), listing.tips.get(listing.default)
    if base is None:
        return "the default branch has no commit yet"
    remote.bring(listing.default, *([ref] if tip else []))
    try:
        with open_bundle(remote, file, task.branch, tip, base) as handed:
            if reasons := _against(stage, task, handed):
                return reasons
            # Read again as late as can be: an agent whose claim was taken away meanwhile pushes nothing.
            if over := _may_not_be_pushed(read(site, stage.project.name), request):
                return f"nothing was pushed: {over.reason}"
            return "" if handed.head == tip else _push(handed, ref, tip)
    except BundleError as error:
        return f"what the agent's job packed was not pushed: {error}"


def _against(stage: Stage, task: Task, handed: Handed) -> str:
    found = trespasses_of_agent(task, stage.state.task(task.id), stage.workspace, handed.paths)
    reasons = [f"{reason.message} ({reason.next})" for reason in found]
    return f"{handed.head[:10]} was not pushed: it {'; it '.join(reasons)}" if reasons else ""


def _push(handed: Handed, ref: str, tip: str | None) -> str:
    """Push it onto exactly the tip that was read: nothing is pushed over. Why that did not work; empty where it did."""
    failed = handed.remote.push(handed.head, {ref: tip})
    if failed is None:
        return ""
    now = handed.remote.listing(ref).tips.get(ref)
    if now == handed.head:
        return ""  # the push had landed although it was reported lost
    if now != tip:
        return f"the branch was pushed to in the meantime, and nothing was pushed over {(now or 'nothing')[:10]}"
    return f"{handed.remote} does not take {handed.head[:10]}: {failed.reason}"


def _may_not_be_pushed(stage: Stage, request: Request) -> Refusal | None:
    task = stage.task(request.task or "")
    situation = Situation(stage.project, stage.workspace, stage.state, task, request, Facts())
    row = TRANSITIONS[EventType.submitted]
    if situation.standing.holder is None or situation.standing.status not in TRANSITIONS[EventType.failed].sources:
        return refuse(situation, Objection(TABLE, out_of_table(situation, row)))
    against = first_failing(situation, ("fence", "holder", "defined"))
    return refuse(situation, against) if against else None


def _failed(site: Site, stage: Stage, request: Request, reason: str) -> Outcome:
    """The refusal of the request; where the claim is still its own, the task's failure is written down for it."""
    asked = replace(request, type=EventType.failed, reason=reason[:LONGEST_REASON])
    outcome = transition(site, stage, asked)
    task = stage.task(request.task or "")
    status = outcome.after.state.task(task.id).status.value
    written = () if isinstance(outcome.answer, Refusal) or outcome.answer is None else outcome.answer.events
    refusal = Refusal("submit", task.id, status, asked.reason, next=f"kerrigan show {task.id}")
    return replace(outcome, answer=refusal, also=(*written, *outcome.also))
