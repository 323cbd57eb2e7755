"""Ask for a transition of one task: facts, decision, append, effects, in that order."""

from dataclasses import replace

from kerrigan.apply.state.append import Answer, Outcome, append
from kerrigan.apply.state.effects import settle
from kerrigan.apply.state.identity import permission_of
from kerrigan.apply.state.site import Site
from kerrigan.apply.state.stage import Stage, require_known
from kerrigan.apply.tasks.checklist import post_checklist
from kerrigan.apply.tasks.facts import facts_for
from kerrigan.decide.claim_health import is_early
from kerrigan.decide.idempotency import is_handed_in
from kerrigan.decide.limits.holds import brake
from kerrigan.decide.step import step
from kerrigan.git.merging import push_merge
from kerrigan.model.decision import Decision, Refusal, Request
from kerrigan.model.event import EventType
from kerrigan.model.forge.facts import Facts, PullRequest
from kerrigan.model.project import Task


def transition(site: Site, stage: Stage, request: Request) -> Outcome:
    """Decide a request about a task and make the answer true.

    The facts are read again with every new look at the journal: who was faster may have changed them. Effects are
    settled after a refusal too: anyone who asks again after a crash finds the work finished.
    """
    task = stage.task(request.task or "").id
    outcome = append(site, stage, lambda current: _answered(site, current, request))
    if request.type is EventType.handed_off:
        post_checklist(site, outcome.before, outcome.before.task(task))
    return settle(site, outcome, [task])


def _answered(site: Site, stage: Stage, request: Request) -> Answer:
    task = stage.task(request.task or "")
    facts = facts_for(site, stage, task, request)
    answer = decided(stage, request, facts)
    if request.type is not EventType.submitted or not isinstance(answer, Decision):
        return answer
    if facts.merging and facts.merging.commit:
        push_merge(site.branches(stage.project.slug(task)), task.branch, facts.merging)
        done, into = facts.merging.commit[:10], facts.merging.name
        site.say(f"{task.branch} and {into} were merged as {done} and pushed: git pull before you go on")
    opened = facts.pull_request or _pull_request(site, stage, task, request.actor.login)
    return decided(stage, request, replace(facts, pull_request=opened))


def dry_run_transition(site: Site, stage: Stage, request: Request) -> Outcome:
    """What would come of `transition` now, without writing anything."""
    require_known(stage)
    task = stage.task(request.task or "")
    facts = facts_for(site, stage, task, request)
    answer = decided(stage, request, facts)
    if facts.merging and facts.merging.commit and isinstance(answer, Decision):
        site.say(f"{task.branch} and {facts.merging.name} would be merged first, and that pushed")
    return Outcome(stage, answer, replace(stage, state=answer.state) if isinstance(answer, Decision) else stage)


def decided(stage: Stage, request: Request, facts: Facts) -> Answer:
    """The answer on one stage; the commit of the definition goes into the event.

    None for what may be so and is nothing new: a heartbeat soon after the last one, a commit that is handed in already.
    """
    located = replace(request, definition=stage.snapshot.definition or "")
    answer = step(stage.project, stage.workspace, stage.state, located, facts)
    if isinstance(answer, Refusal):
        return answer
    standing = stage.state.task(request.task or "")
    match request.type:
        case EventType.heartbeat if is_early(standing, stage.workspace, request.at):
            return None
        case EventType.submitted if is_handed_in(standing, facts):
            return None
        case _:
            return answer


def _pull_request(site: Site, stage: Stage, task: Task, author: str) -> PullRequest:
    criteria = "\n".join(f"{number}. {criterion}" for number, criterion in enumerate(task.acceptance, 1))
    asked = f"Acceptance, each to be answered in a review (`1: met, how you know`):\n\n{criteria}" if criteria else ""
    body = "\n\n".join(filter(None, (f"Kerrigan-Task: {task.id}", task.description, asked)))
    slug, title = stage.project.slug(task), task.title
    if not site.disclosure.may_tell(slug, stage.project.home):
        # The name of the branch has told the task's id already, and more is not for everyone who reads it there.
        title, body = task.id, f"Kerrigan-Task: {task.id}"
    return site.forge.open_pull_request(slug, task.branch, title, body, author)


def hold(site: Site, stage: Stage, request: Request) -> Outcome:
    """Pause, resume or stop a whole project."""

    def decide(current: Stage) -> Decision | Refusal:
        starts_agents = site.starts_agents(current.project.home)
        facts = Facts(permission=permission_of(site, current, request), home_starts_agents=starts_agents)
        located = replace(request, definition=current.snapshot.definition or "")
        return brake(current.project, current.workspace, current.state, located, facts)

    return settle(site, append(site, stage, decide))
