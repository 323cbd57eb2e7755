"""What must hold before a transition: each guard is one sentence, and says in one sentence why it does not hold."""

from collections.abc import Callable, Iterable, Mapping

from kerrigan.decide.claim_health import ClaimHealth, claim_health
from kerrigan.decide.guards.acceptance import accepted
from kerrigan.decide.guards.authorization import autonomy, limits, not_paused, protected
from kerrigan.decide.guards.authorship import not_author
from kerrigan.decide.guards.definition import defined
from kerrigan.decide.guards.questions import questioned
from kerrigan.decide.guards.review import reviewing, unreviewed
from kerrigan.decide.guards.submission import (
    checked,
    commits,
    delivered,
    noticed,
    pushed,
    red,
    same_head,
    tried,
    vouched,
)
from kerrigan.decide.identity import is_named, permission_holder
from kerrigan.decide.limits.autonomy import MERGE, MERGES, START, STARTS, no_person
from kerrigan.decide.limits.breaker import SAME
from kerrigan.decide.money.budget import budget_caps, reservation
from kerrigan.decide.readiness import readiness
from kerrigan.decide.situation import Situation, owed
from kerrigan.model.project import Permission
from kerrigan.model.state import Status

Guard = Callable[[Situation], str | None]
"""None when it holds, else the reason why not."""


def write(s: Situation) -> str | None:
    """Who asks may write to the home repository."""
    if s.facts.permission.allows(Permission.write):
        return None
    who = permission_holder(s.request)
    return f"{who} has permission '{s.facts.permission}' in {s.project.home}, and this needs 'write'"


def ready(s: Situation) -> str | None:
    """The task is ready: dependencies hold, its time has come, there is room, its paths are free, nothing is held."""
    _, found = readiness(s.project, s.workspace, s.state, s.task.id, s.request.at, s.facts)
    reasons = [reason.message for reason in found if reason.kind not in ("definition", "grant")]
    return f"{s.task.id} is not ready: {'; '.join(reasons)}" if reasons else None


def budget(s: Situation) -> str | None:
    """Every cap has room for what the claim reserves: what is spent and reserved already, and this, do not pass it."""
    now = budget_caps(s.project, s.workspace, s.state, s.request.at, s.facts.elsewhere)
    actor = s.request.actor
    agent = actor.login if is_named(s.workspace, actor.login, actor.kind) else None
    reasons = list(now.against(reservation(s.task, s.workspace.budget), s.role, agent))
    return "; ".join(reason.message for reason in reasons) or None


def role(s: Situation) -> str | None:
    """Who asks may take the task's role."""
    login, acting = s.request.actor.login, s.request.actor.role
    if acting and acting != s.role:
        return f"{s.task.id} needs the role '{s.role}', and {login} acts as '{acting}'"
    agent = s.workspace.agents.get(login.casefold()) if s.request.actor.kind == "agent" else None
    if agent and agent.roles and s.role not in agent.roles:
        return f"{s.task.id} needs the role '{s.role}', and kerrigan.yml gives {login} {_listed(agent.roles)}"
    return None


def fence(s: Situation) -> str | None:
    """The fence is that of the last claim. An agent has to give it: another run of it may hold the task by now."""
    given, holder = s.request.fence, s.standing.holder
    if given == s.standing.fence or (given is None and (holder is None or s.request.actor.kind != "agent")):
        return None
    if given is None:
        return f"{s.request.actor.login} is an agent, and an agent says which claim it writes for"
    return f"fence {given} is not valid: the current claim of {s.task.id} has fence {s.standing.fence}"


def holder(s: Situation) -> str | None:
    """Who asks holds the task, from the same run; but anyone who pushed onto what was handed in has changed it."""
    if s.was_pushed_to:
        return None
    held, actor, run = s.standing.holder, s.request.actor, s.request.run
    if held is None:
        return f"{s.task.id} is not claimed"
    if not actor.is_same(held.login, held.kind):
        kinds = f" ({held.kind} and {actor.kind})" if actor.is_login(held.login) else ""
        return f"{held.login} holds {s.task.id}, not {actor.login}{kinds}"
    if run and held.run and run.id != held.run:
        return f"{held.login} holds {s.task.id} in run {held.run}, not in run {run.id}"
    return None


def holder_or_person(s: Situation) -> str | None:
    """Who asks holds the task, or is a person."""
    return None if s.request.actor.kind == "person" else holder(s)


def reason(s: Situation) -> str | None:
    """A reason is given."""
    return None if s.request.reason.strip() else "a reason is needed"


def attempts_left(s: Situation) -> str | None:
    """The task was tried less often than kerrigan.yml allows."""
    if s.standing.attempts < s.workspace.attempts:
        return None
    return f"{s.task.id} was tried {s.standing.attempts} times, and kerrigan.yml allows {s.workspace.attempts}"


def backed_off(s: Situation) -> str | None:
    """A person asks, or the pause after the failure, doubled with every attempt, is over."""
    if s.request.actor.kind == "person" or s.request.at >= s.retry_at:
        return None
    return f"{s.task.id} failed at {s.standing.since} and is tried again at {s.retry_at}"


def exhausted(s: Situation) -> str | None:
    """A person asks, attempts, reviews or the time for them are used up, every failure is the same, or it is stuck."""
    told = s.standing.feedback
    is_tried_out = s.standing.attempts >= s.workspace.attempts
    is_lost = (is_tried_out and over(s) is None) or claim_health(
        s.standing, s.workspace, s.request.at
    ) is ClaimHealth.stuck
    used_up = {
        Status.claimed: is_lost,
        Status.working: is_lost,
        Status.failed: is_tried_out or (told is not None and told.times >= SAME),
        Status.in_review: s.standing.review_cycles >= s.workspace.review_cycles or s.review_by <= s.request.at,
        Status.testing: s.tests_by <= s.request.at,
    }
    if s.request.actor.kind == "person" or used_up.get(s.standing.status):
        return None
    return f"{s.task.id} has attempts, reviews and time left, and only a person escalates it before they are used up"


def over(s: Situation) -> str | None:
    """The claim's run or process has ended, its lease is over, or the attempt took longer than kerrigan.yml lets it."""
    held = s.standing.holder
    if held is None or s.facts.run_ended:
        return None
    if s.project.stopping:
        return f"how long a claim lasts cannot be read: {s.project.stopping[0].text}"
    until = min(held.lease_until, s.work_by)
    return None if until <= s.request.at else f"the claim of {held.login} lasts until {until}"


def role_given(s: Situation) -> str | None:
    """The role that goes on is given, and another than the present one."""
    if not s.request.role:
        return "the role that goes on is needed"
    return f"{s.task.id} is with the role '{s.role}' already" if s.request.role == s.role else None


def artifacts(s: Situation) -> str | None:
    """The files that kerrigan.yml says the role produces are on the task's branch."""
    missing = [path for path, is_there in owed(s.workspace, s.role, s.facts.files or frozenset()) if not is_there]
    return f"the role '{s.role}' still owes {_listed(missing)} on {s.task.branch}" if missing else None


def human(s: Situation) -> str | None:
    """A person asks."""
    who = no_person(s.request.actor)
    return f"only a person may do this, and {who}" if who else None


def external(s: Situation) -> str | None:
    """The task waits for something that a person has to confirm."""
    if s.unconfirmed:
        return None
    if s.external:
        return f"{s.task.id} has everything confirmed: {_listed(s.external)}"
    return f"{s.task.id} has no external dependency to confirm"


def gate_named(s: Situation) -> str | None:
    """What is granted is named: the start or the merge."""
    what = s.request.data.get("what")
    if what in STARTS | MERGES:
        return None
    found = f"'{what}' cannot be granted" if what else "it is not said what to grant"
    return f"{found}: expected {START} or {MERGE}"


def named(s: Situation) -> str | None:
    """What is confirmed is named, or is the only thing there is."""
    if s.confirmed_now:
        return None
    return f"several external dependencies are open, name one: {_listed(s.unconfirmed)}"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)


_ALL: tuple[Guard, ...] = (
    defined,
    write,
    role,
    not_paused,
    limits,
    ready,
    autonomy,
    budget,
    fence,
    holder,
    holder_or_person,
    commits,
    pushed,
    tried,
    same_head,
    checked,
    red,
    not_author,
    accepted,
    reason,
    delivered,
    vouched,
    noticed,
    attempts_left,
    backed_off,
    exhausted,
    over,
    role_given,
    artifacts,
    human,
    protected,
    gate_named,
    external,
    named,
    unreviewed,
    reviewing,
    questioned,
)

GUARDS: Mapping[str, Guard] = {guard.__name__: guard for guard in _ALL}
"""The meaning of the words in the table's last column."""

FORCEABLE = frozenset(
    guard.__name__
    for guard in (
        *(role, limits, ready, holder, holder_or_person, same_head, checked, not_author, accepted),
        *(attempts_left, backed_off, exhausted, artifacts, human, unreviewed),
    )
)
"""What an admin may skip with a reason. Never facts of git, the fence, or what the event cannot be written without."""

SAID_LATER = frozenset(
    {
        *("fence", "reason", "role_given", "named", "gate_named", "commits", "pushed", "tried", "same_head"),
        *("checked", "red", "artifacts", "accepted"),
    }
)
"""What depends on the words of the request or on facts that are read only when it is asked for."""

NOT_ENFORCED: tuple[tuple[str, str], ...] = ()
"""Guards of the design that this version knows and does not ask."""
