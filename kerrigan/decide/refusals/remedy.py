"""Who can clear what stands in the way, and how: for every guard, and for a task as it stands. Nothing says only no."""

from collections.abc import Callable, Mapping

from kerrigan.decide.beside import FLAGS
from kerrigan.decide.lifecycle import AT_WORK
from kerrigan.decide.limits.autonomy import MERGE, START, grant_command, needs_merge_grant, protects
from kerrigan.decide.money.budget import budget_caps, reservation
from kerrigan.decide.readiness import readiness, resume_command
from kerrigan.decide.refusals import objection as against
from kerrigan.decide.refusals.objection import Objection, objection
from kerrigan.decide.refusals.offer import TEXT, command, offer, with_words
from kerrigan.decide.situation import Situation
from kerrigan.model.decision import NextStep
from kerrigan.model.event import EventType
from kerrigan.model.state import Status

PERSON, ADMIN = "a person with write permission", "an admin"

USUAL: Mapping[Status, EventType] = {
    Status.open: EventType.claimed,
    Status.claimed: EventType.started,
    Status.working: EventType.submitted,
    Status.testing: EventType.tests_passed,
    Status.in_review: EventType.approved,
    Status.approved: EventType.completed,
    Status.failed: EventType.retried,
    Status.blocked: EventType.unblocked,
    Status.escalated: EventType.reopened,
    Status.done: EventType.reopened,
    Status.cancelled: EventType.reopened,
}
"""What usually comes next, or leads on where nothing has to."""


def next_step(s: Situation) -> NextStep | None:
    """What comes next for a task as it stands, for who asks; None where nothing has to."""
    standing = s.standing
    flag = next((FLAGS[word] for word in standing.flags if word in FLAGS), None)
    if flag and standing.status in flag.statuses:
        return NextStep(flag.step(s.task, standing), PERSON)
    return None if standing.status in {Status.done, Status.cancelled} else _onwards(s)


def remedy(s: Situation, found: Objection) -> NextStep:
    """Who can clear an objection to a request, and how."""
    return REMEDIES[found.guard](s)


def _onwards(s: Situation) -> NextStep:
    asked = with_words(s, USUAL[s.standing.status])
    found = objection(asked)
    return remedy(asked, found) if found else NextStep(command(asked))


def _again(s: Situation, by: str = "") -> NextStep:
    """The same request with every word that it needs, unless that is not enough: then what is next after that."""
    asked = with_words(s, s.request.type)
    found = None if by else objection(asked)
    if found and found.guard != "reason" and REMEDIES[found.guard] is not _again:
        return remedy(asked, found)
    return NextStep(command(asked), PERSON if found else by)


def _reviewer(s: Situation) -> str:
    return s.standing.review.login if s.standing.review else "an agent"


def _reason(s: Situation) -> NextStep:
    return NextStep(_forced(s)) if s.request.force else _again(s)


def _forced(s: Situation) -> str:
    words = command(with_words(s, s.request.type))
    return f"{words} --force" if TEXT in words else f"{words} --force --reason {TEXT}"


def _holder(s: Situation) -> str:
    return f"{s.standing.holder.login}, who holds it" if s.standing.holder else "who holds it"


def _write(s: Situation) -> NextStep:
    return _again(s, f"someone with write permission in {s.project.home}")


def _defined(s: Situation) -> NextStep:
    problems = s.project.against(s.task)
    listed = f"list the repository '{s.task.repository}' in spec.md, and push it to the default branch"
    return NextStep(problems[0].next_step if problems else listed)


def _role(s: Situation) -> NextStep:
    return _again(s, f"someone whose role is '{s.role}'")


def _not_paused(s: Situation) -> NextStep:
    return NextStep(resume_command(s.project, f"agent:{s.request.actor.login.casefold()}"), PERSON)


def _limits(s: Situation) -> NextStep:
    login = s.request.actor.login
    words = f"hand in or release one of them (kerrigan tasks {s.project.name} --holder {login})"
    return NextStep(f"{words}, or raise limits.agents.{login.casefold()} in .github/kerrigan.yml")


def _ready(s: Situation) -> NextStep:
    _, reasons = readiness(s.project, s.workspace, s.state, s.task.id, s.request.at, s.facts)
    found = next((reason for reason in reasons if reason.kind != "grant"), None)
    if found is None:
        return _show(s)
    return NextStep(found.next, PERSON if found.kind in {"external", "held", "project-held"} else "")


def _autonomy(s: Situation) -> NextStep:
    return NextStep(grant_command(s.task.id, START), ADMIN if protects(s.task, s.workspace) else PERSON)


def _budget(s: Situation) -> NextStep:
    now = budget_caps(s.project, s.workspace, s.state, s.request.at, s.facts.elsewhere)
    actor = s.request.actor
    found = next(now.against(reservation(s.task, s.workspace.budget), s.role, actor.login), None)
    return NextStep(found.next if found else f"kerrigan cost {s.project.name}", PERSON)


def _fence(s: Situation) -> NextStep:
    held, actor = s.standing.holder, s.request.actor
    is_mine = held is not None and actor.is_same(held.login, held.kind)
    return _again(s) if is_mine or held is None else _held(s)


def _held(s: Situation) -> NextStep:
    if s.standing.holder is None:
        return offer(s, EventType.claimed, PERSON)
    mine = command(with_words(s, s.request.type))
    if s.standing.status not in AT_WORK:
        return NextStep(mine, _holder(s))
    free = f"kerrigan task release {s.task.id} --force --reason {TEXT}"
    return NextStep(f"{mine}; or an admin frees it: {free}", _holder(s))


def _table(s: Situation) -> NextStep:
    """What leads on from here; to who would claim what is held, how it comes free."""
    held, actor = s.standing.holder, s.request.actor
    is_wanted = s.request.type is EventType.claimed and s.standing.status in AT_WORK
    if is_wanted and s.is_claim_over:
        return NextStep(f"kerrigan reconcile {s.project.name}, which frees it")
    if held is None or not is_wanted or actor.is_same(held.login, held.kind):
        return _onwards(s)
    free = f"kerrigan task release {s.task.id}"
    return NextStep(f"{free}; or an admin: {free} --force --reason {TEXT}", _holder(s))


def _push(s: Situation) -> NextStep:
    if s.facts.delivered:
        return _reconcile(s)
    again = f"git push origin {s.task.branch}, then {command(with_words(s, EventType.submitted))}"
    if s.facts.head is None or s.facts.ahead:
        return NextStep(again)
    return NextStep(f"commit, {again}; or, if it was merged, {command(with_words(s, EventType.completed))}")


def _reconcile(s: Situation) -> NextStep:
    return NextStep(f"kerrigan reconcile {s.project.name}")


def _submit(s: Situation) -> NextStep:
    if s.standing.submission is None or s.facts.head != s.standing.submission.head:
        push = "" if s.facts.head else f"git push origin {s.task.branch}, then "
        return NextStep(push + command(with_words(s, EventType.submitted)), _holder(s))
    return _again(s)


def _checks(s: Situation) -> NextStep:
    if s.facts.checks == "failure":
        return _reconcile(s)
    return NextStep(f"kerrigan reconcile {s.project.name}, once the checks have succeeded")


def _not_author(s: Situation) -> NextStep:
    return _again(s, f"someone other than {s.request.actor.login}, with write permission")


def _accepted(s: Situation) -> NextStep:
    return _again(s, "" if s.task.acceptance else "a person who did not hand it in")


def _merge(s: Situation) -> NextStep:
    submission = s.standing.submission
    if submission is None:
        return offer(s, EventType.submitted, _holder(s))
    if s.standing.status is Status.approved and needs_merge_grant(s.task, s.standing, s.workspace):
        return NextStep(grant_command(s.task.id, MERGE), PERSON)
    what = f"pull request #{submission.number}" if submission.number else s.task.branch
    return NextStep(f"merge {what} of {submission.repository}, then kerrigan reconcile {s.project.name}")


def _escalate(s: Situation) -> NextStep:
    return offer(s, EventType.escalated, PERSON)


def _human(s: Situation) -> NextStep:
    return _again(s, PERSON)


def _show(s: Situation) -> NextStep:
    return NextStep(f"kerrigan show {s.task.id}")


REMEDIES: Mapping[str, Callable[[Situation], NextStep]] = {
    against.STOPPED: lambda s: NextStep(f"kerrigan resume {s.project.name} --reason {TEXT}", ADMIN),
    against.UNKNOWN: _show,
    against.TABLE: _table,
    against.FORCE: lambda s: NextStep(_forced(s), ADMIN),
    against.DISPATCH: lambda s: offer(s, EventType.claimed, PERSON),
    "defined": _defined,
    "write": _write,
    "role": _role,
    "not_paused": _not_paused,
    "limits": _limits,
    "ready": _ready,
    "autonomy": _autonomy,
    "budget": _budget,
    "fence": _fence,
    "holder": _held,
    "holder_or_person": _held,
    "commits": _push,
    "pushed": _push,
    "tried": _again,
    "same_head": _submit,
    "checked": _checks,
    "red": _human,
    "not_author": _not_author,
    "accepted": _accepted,
    "reason": _reason,
    "delivered": _merge,
    "vouched": _human,
    "noticed": _reconcile,
    "attempts_left": _escalate,
    "backed_off": _human,
    "exhausted": _human,
    "over": lambda s: NextStep(f"kerrigan task release {s.task.id}", _holder(s)),
    "role_given": _again,
    "artifacts": _push,
    "human": _human,
    "protected": lambda s: _again(s, ADMIN),
    "gate_named": lambda s: NextStep(f"{grant_command(s.task.id, START)}, or --what {MERGE}", PERSON),
    "external": _show,
    "named": _again,
    "unreviewed": lambda s: NextStep(f"kerrigan show {s.task.id}", f"{_reviewer(s)}, who reviews it"),
    "reviewing": lambda s: NextStep(f"kerrigan show {s.task.id}", f"{_reviewer(s)}, who reviews it"),
    "questioned": _show,
}
"""For each guard, and each other thing that may stand against a request: who can clear it, and how."""
