"""Tasks and their issues: read both, plan, and carry the plan out, one change at a time."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace

from kerrigan.apply.state.forge import Issues
from kerrigan.apply.state.identity import permission
from kerrigan.apply.state.site import Site
from kerrigan.apply.state.stage import Stage, require_known, unreadable
from kerrigan.decide.issues import Known, Words, find_issues, plan_issues, waits
from kerrigan.errors import KerriganError, UnreadableError
from kerrigan.model.forge.account import account_of
from kerrigan.model.forge.body import task_of
from kerrigan.model.forge.issue import Block, Change, Close, Create, Issue, Relabel, Reopen, Rewrite, Warn
from kerrigan.model.project import Permission
from kerrigan.report.tasks.issue import part, title


@dataclass(slots=True)
class Plan:
    """What to change, and the issues it was made from; `failed` is the first error of what could not be read or done.

    While it is carried out, `issues` grows by those that are created and `unmarked` by the repositories that know no
    dependencies.
    """

    changes: tuple[Change, ...]
    issues: dict[str, Issue]
    failed: KerriganError | None = None
    unmarked: set[str] = field(default_factory=set)


def trusted(site: Site, stage: Stage, issue: Issue) -> bool:
    """Whether an issue's marker counts: it was opened by an app, by who acts now, or by someone who may write."""
    if issue.by_app:
        return True
    allowed = bool(issue.author) and permission(site, stage, account_of(issue.author)).allows(Permission.write)
    return allowed or site.account().is_login(issue.author)


def plan(site: Site, stage: Stage) -> Plan:
    """What has to change so that every task has its issue. A repository that cannot be read is left out aloud.

    Nothing changes where the definition has problems that stop the project: where an issue belongs is not known.
    """
    require_known(stage)
    project = stage.project
    if project.stopping:
        site.say(f"the issues of {project.name} are left as they are: its definition has problems")
        return Plan((), {}, unreadable(project.stopping[0]))
    slugs = sorted({project.slug(t) for t in project.tasks.values() if t.repository in project.repositories})
    made = Plan((), {})
    found: list[Issue] = []
    unread: set[str] = set()
    for slug in slugs:
        if not site.disclosure.may_tell(slug, project.home):
            site.say(f"no issues in {slug}: more people can read it than {project.home}, where the tasks are")
            unread.add(slug)
            continue
        try:
            found += (issue for issue in site.forge.issues_of(slug).all() if _is_of(project.name, issue))
        except KerriganError as error:
            site.say(f"the issues of {slug} are left as they are: {error.message}")
            made.failed = made.failed or error
            unread.add(slug)
    known = find_issues(project, found, _believed(site, stage, found), unread)
    made.issues |= {task: _with_blockers(site, stage, task, issue, made) for task, issue in known.issues.items()}
    _tell_unmarked(site, made.unmarked)
    made.changes = _planned(stage, replace(known, issues=made.issues))
    return made


def carry_out(site: Site, planned: Plan) -> Iterator[Change]:
    """Do it, one change after the other, each told when it is done, with the number of its issue.

    What is refused keeps nothing else from being done; `failed` of the plan is the first such error at the end.
    """
    for change in planned.changes:
        try:
            done = _done(site, planned, change)
        except UnreadableError as error:
            site.say(f"{change.task} is not as it should be in {change.repository}: {error.message}")
            planned.failed = planned.failed or error
            continue
        if done:
            yield done


def _planned(stage: Stage, known: Known) -> tuple[Change, ...]:
    tasks = stage.project.tasks.values()
    wording: Mapping[str, Words] = {task.id: Words(title(task), part(stage.project, task)) for task in tasks}
    return plan_issues(stage.project, stage.state, wording, known)


def _is_of(project: str, issue: Issue) -> bool:
    return (task_of(issue.body) or "").partition("/")[0] == project


def _believed(site: Site, stage: Stage, issues: Collection[Issue]) -> Collection[Issue]:
    # Each author is asked about once; nearly always it is one.
    first = {(issue.author, issue.by_app): issue for issue in issues}
    answers = {author: trusted(site, stage, issue) for author, issue in first.items()}
    return {issue for issue in issues if answers[issue.author, issue.by_app]}


def _with_blockers(site: Site, stage: Stage, task: str, issue: Issue, made: Plan) -> Issue:
    """The issue with what blocks it, where its task waits for another: nothing else asks for it."""
    if not waits(stage.project, stage.state, stage.project.tasks[task]) or issue.repository in made.unmarked:
        return issue
    blocked_by = site.forge.issues_of(issue.repository).blockers(issue.number)
    if blocked_by is None:
        made.unmarked.add(issue.repository)
    return replace(issue, blocked_by=blocked_by)


def _done(site: Site, planned: Plan, change: Change) -> Change | None:
    issues = site.forge.issues_of(change.repository)
    match change:
        case Warn():
            return change
        case Create():
            made = issues.create(change, site.account().login)
            planned.issues[change.task] = made
            return replace(change, number=made.number)
        case Rewrite():
            return _rewritten(site, issues, change, planned.issues[change.task].number)
        case Block():
            return _blocked(site, issues, planned, change)
        case Close() | Reopen() | Relabel():
            issues.change(change, planned.issues[change.task].number)
            return change


def _rewritten(site: Site, issues: Issues, change: Rewrite, number: int) -> Rewrite | None:
    """Written only over the text that it was made from: people write at the same time."""
    now = issues.one(number)
    if now is None or now.body != change.before:
        site.say(f"{change.repository}#{number} was changed just now; the next sync looks at it again")
        return None
    issues.change(change, number)
    return change


def _blocked(site: Site, issues: Issues, planned: Plan, change: Block) -> Block | None:
    own, other = planned.issues.get(change.task), planned.issues.get(change.by)
    if own is None or other is None or change.repository in planned.unmarked:
        return None
    marked = replace(change, number=own.number, blocker=other.id)
    try:
        issues.change(marked, own.number)
    except UnreadableError as error:
        if error.kind != "not-found":
            raise
        planned.unmarked.add(change.repository)
        _tell_unmarked(site, {change.repository})
        return None
    return marked


def _tell_unmarked(site: Site, repositories: Collection[str]) -> None:
    if repositories:
        where = ", ".join(sorted(repositories))
        site.say(f"{where}: no issue is marked as blocked by another, because the forge does not know that there")
