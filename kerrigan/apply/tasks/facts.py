"""Read from the forge what a decision about one task needs to know, and no more."""

from dataclasses import replace

from kerrigan.apply.events.beside import of_pull_request
from kerrigan.apply.state.identity import permission, permission_of
from kerrigan.apply.state.site import Site
from kerrigan.apply.state.stage import Stage, state_of
from kerrigan.apply.tasks.dependencies import dependency_facts
from kerrigan.apply.tasks.processes import has_ended
from kerrigan.decide.disclosure import quoted
from kerrigan.decide.fold.fold import NEWER
from kerrigan.decide.lifecycle import SUBMITTED
from kerrigan.errors import UndecidedError, UnreadableError
from kerrigan.files import shipped
from kerrigan.git.journal.journals import contents_of, tips_of
from kerrigan.git.journal.snapshot import JournalSnapshot
from kerrigan.git.merging import try_merge
from kerrigan.git.unpushed import uncommitted, unpushed
from kerrigan.git.worktree import tree_of
from kerrigan.load.budget import shipped_prices
from kerrigan.load.github.answers import answers
from kerrigan.model.decision import Request
from kerrigan.model.event import EventType
from kerrigan.model.forge.account import Proof
from kerrigan.model.forge.facts import Facts, PullRequest, Review
from kerrigan.model.process import PREFIX as PROCESS
from kerrigan.model.project import Task
from kerrigan.model.state import Status, Submission
from kerrigan.model.usage import Ledger

ABOUT_WORK = frozenset(
    {
        EventType.submitted,
        EventType.tests_passed,
        EventType.tests_failed,
        EventType.approved,
        EventType.rejected,
        EventType.completed,
    }
)
"""Events that are decided on what was handed in; the others need no look at branches."""

_NAMED = 3
"""As many files that git does not track are named."""


def facts_for(site: Site, stage: Stage, task: Task, request: Request) -> Facts:
    """The facts for deciding a request about a task."""
    found = asked_facts(site, stage, task, request)
    is_handed_in = request.type is EventType.submitted and stage.state.task(task.id).status is Status.working
    return tried(site, stage, task, found) if is_handed_in and found.head else found


def asked_facts(site: Site, stage: Stage, task: Task, request: Request) -> Facts:
    """The facts for deciding a request about a task, but for whether its branch merges: that is tried."""
    event = request.type
    facts = replace(
        dependency_facts(site, stage, [task]),
        permission=permission_of(site, stage, request),
        home_starts_agents=site.starts_agents(stage.project.home),
    )
    if event is EventType.claimed:
        return replace(facts, elsewhere=elsewhere(site, stage), run_ended=has_ended(_run(stage, task)))
    if event is EventType.heartbeat:
        return replace(facts, tree=_tree(site, stage, task))
    if event is EventType.handed_off and any(stage.workspace.produces.values()) and stage.project.slug(task):
        return replace(facts, files=site.forge.files(stage.project.slug(task), task.branch))
    if event not in ABOUT_WORK:
        return facts
    found = work_facts(site, stage, task, facts)
    match event:
        case EventType.submitted:
            named = with_authors(site, stage, task, found) if _names_authors(request) else found
            return with_clone(site, stage, task, named)
        case EventType.completed:
            return replace(found, delivered=_named(site, stage, task, request, found.delivered))
        case _:
            return found


def _named(site: Site, stage: Stage, task: Task, request: Request, delivered: str | None) -> str | None:
    """The commit of the default branch that a person says brings the task: the one that is named, else any merge."""
    slug, named = stage.project.slug(task), request.data.get("what")
    if named:
        return site.forge.on_default(slug, str(named).lower())
    is_unsubmitted = stage.state.task(task.id).submission is None
    return site.forge.merges(slug, {task.branch: None}).get(task.branch) if is_unsubmitted else delivered


def tried(site: Site, stage: Stage, task: Task, facts: Facts) -> Facts:
    """`facts` with how the task's branch merges with the default branch; its tip is then the one that was tried."""
    merging = try_merge(site.branches(stage.project.slug(task)), task.branch)
    return replace(facts, head=merging.head, merging=merging)


def _names_authors(request: Request) -> bool:
    """Whether commits' authors are asked for: not of an agent's own work, nor where the forge reported who pushed."""
    by_forge = request.account is not None and request.account.proof is Proof.forge
    return request.actor.kind != "agent" and not by_forge


def with_authors(site: Site, stage: Stage, task: Task, facts: Facts) -> Facts:
    """`facts` with the authors of what is on the task's branch and was not handed in before."""
    submission = stage.state.task(task.id).submission
    before = submission.head if submission else None
    if facts.head in (None, before):
        return facts
    return replace(facts, authors=site.forge.authors(stage.project.slug(task), facts.head or "", before))


def with_clone(site: Site, stage: Stage, task: Task, facts: Facts) -> Facts:
    """`facts` with what the clone at hand has of the task's branch, and the remote has not."""
    slug = stage.project.slug(task)
    if site.here != slug or facts.head is None:
        return facts
    changed, untracked = uncommitted(site.clone, task.branch)
    if untracked:
        site.say(f"not part of {task.branch}, because git does not track them: {_some(untracked)}")
    count = unpushed(site.branches(slug), task.branch, facts.head)
    return replace(facts, unpushed=count, uncommitted=changed)


def _some(paths: tuple[str, ...]) -> str:
    more = f" and {len(paths) - _NAMED} more" if len(paths) > _NAMED else ""
    return ", ".join(paths[:_NAMED]) + more


def money_facts(site: Site, stage: Stage, request: Request) -> Facts:
    """The facts for writing down what a request says was spent."""
    prices = shipped_prices((shipped("schemas") / "prices.json").read_text(encoding="utf-8"))
    return Facts(permission=permission_of(site, stage, request), prices=prices, elsewhere=elsewhere(site, stage))


def elsewhere(site: Site, stage: Stage) -> tuple[Ledger, ...]:
    """The ledgers of all other projects that the home repository has a journal of, where they share a budget.

    They are read after the stage, which saw the turnstile that a claim moves: if another project has reserved money
    since, the push of the claim fails, and it is decided again on ledgers that are read anew.
    """
    if not stage.workspace.budget.has_caps:
        return ()
    home = stage.project.home
    tips = tips_of(site.clone, site.address(home))
    others = {name: tips[name] for name in sorted(tips) if name != stage.project.name}
    unread = {name: tip for name, tip in others.items() if not site.has_state(name, tip)}
    found = contents_of(site.clone, site.address(home), unread)
    return tuple(_ledger(site, name, found.get(name, JournalSnapshot(tip))) for name, tip in others.items())


def _ledger(site: Site, project: str, journal: JournalSnapshot) -> Ledger:
    why = f"the journal of {project}, which shares the budget, cannot be read"
    try:
        state = state_of(site, project, journal)
    except UnreadableError as error:
        raise UnreadableError(f"{why}: {error.message}", kind=error.kind, next_step=error.next_step) from error
    if state.beyond:
        raise UnreadableError(f"{why}: {state.beyond.what}", kind=NEWER, next_step=state.beyond.next_step)
    return state.ledger


def work_facts(site: Site, stage: Stage, task: Task, facts: Facts) -> Facts:
    """`facts` with what the forge says of the task's branch, pull request, checks and delivery."""
    slug = stage.project.slug(task)
    if not slug:
        return facts  # the project lists no such repository: there is nothing to look at
    standing = stage.state.task(task.id)
    branch = site.forge.branch(slug, task.branch)
    found = replace(
        facts,
        head=branch[0] if branch else None,
        ahead=branch[1] if branch else 0,
        pull_request=find_pull_request(site, slug, task.branch),
    )
    if branch and (standing.submission is None or branch[0] != standing.submission.head):
        found = replace(found, made=site.forge.made(slug, branch[0]))
    if standing.submission is None:
        return found
    found = with_merge(site, standing.submission, found)
    if standing.status not in SUBMITTED:
        return found
    return replace(
        found,
        checks=checks_of(site, stage, task) if standing.status is Status.testing else None,
        reviews=_reviews(site, stage, task, found.pull_request),
        beside=of_pull_request(site, standing, found),
    )


def checks_of(site: Site, stage: Stage, task: Task) -> str | None:
    """The verdict of the checks of what was handed in; None where nothing was."""
    submission = stage.state.task(task.id).submission
    return site.forge.checks(submission.repository, submission.head, stage.workspace.tests) if submission else None


def with_merge(site: Site, submission: Submission | None, facts: Facts) -> Facts:
    """`facts` with the merge of what was handed in, if anything was, and the commit that its pull request had then."""
    delivered = site.forge.delivered(submission.repository, submission.head) if submission else None
    if submission is None or delivered is None:
        return replace(facts, delivered=None)
    number = submission.number
    found = site.forge.pull_request(submission.repository, number) if number is not None else None
    return replace(facts, delivered=delivered, merged=found.head if found and found.merged else None)


def _tree(site: Site, stage: Stage, task: Task) -> str:
    """What the work stands at: the files here, where the task's branch is checked out, else the tip that was pushed.

    Files that git cannot read keep no heart from beating: then nothing is said of them.
    """
    slug = stage.project.slug(task)
    if site.here == slug and site.clone.current_branch() == task.branch:
        try:
            return tree_of(site.clone)
        except UndecidedError as error:
            site.say(f"the heartbeat tells nothing of the files: {error.message}")
            return ""
    branch = site.forge.branch(slug, task.branch) if slug else None
    return branch[0] if branch else ""


def run_facts(site: Site, stage: Stage, task: Task) -> Facts:
    """Whether the workflow run or the process that holds the task is over."""
    run = _run(stage, task)
    if run.startswith(PROCESS):
        return Facts(run_ended=has_ended(run))
    slug, _, number = run.rpartition("/")
    return Facts(run_ended=bool(slug) and site.forge.has_ended(slug, number))


def _run(stage: Stage, task: Task) -> str:
    holder = stage.state.task(task.id).holder
    return (holder.run or "") if holder else ""


def _reviews(site: Site, stage: Stage, task: Task, opened: PullRequest | None) -> tuple[Review, ...]:
    submission = stage.state.task(task.id).submission
    if submission is None:
        return ()
    # The one that is open may be another by now than the one that was handed in.
    number = opened.number if opened else submission.number
    if number is None:
        return ()
    slug = submission.repository
    found = (
        replace(review, answers=answers(review.body), permission=permission(site, stage, review.account))
        for review in site.forge.reviews(slug, number)
        if review.head == submission.head
    )
    is_told = site.disclosure.may_tell(stage.project.home, slug)
    return tuple(review if is_told else quoted(review, f"{slug}#{number}") for review in found)


def find_pull_request(site: Site, slug: str, branch: str) -> PullRequest | None:
    """The open pull request that brings a branch to the default branch."""
    return next((p for p in site.forge.pull_requests(slug) if p.branch == branch and p.delivers), None)
