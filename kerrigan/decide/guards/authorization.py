"""Guards on who asks: whether an agent may begin now, and who may let it. `guards` lists them with the others."""

from kerrigan.decide.identity import is_named, permission_holder
from kerrigan.decide.limits.autonomy import acts_alone, protects, ungranted
from kerrigan.decide.limits.capacity import Capacity
from kerrigan.decide.readiness import held_words
from kerrigan.decide.situation import Situation
from kerrigan.model.project import Permission


def not_paused(s: Situation) -> str | None:
    """Who asks is not paused."""
    actor = s.request.actor
    scope = f"agent:{actor.login.casefold()}"
    hold = s.state.holds.get(scope) if is_named(s.workspace, actor.login, actor.kind) else None
    return held_words(scope, hold) if hold else None


def limits(s: Situation) -> str | None:
    """Who asks has fewer tasks in work than kerrigan.yml allows."""
    full = Capacity(s.project, s.workspace, s.state).against_agent(s.request.actor.login, s.request.actor.kind)
    return next((reason.message for reason in full), None)


def autonomy(s: Situation) -> str | None:
    """A person asks, or the task's risk, its paths and the autonomy level let agents start, or a person has."""
    reason = next(ungranted(s.task, s.standing, s.workspace), None)
    if reason is None or not acts_alone(s.request.actor):
        return None
    return f"{s.task.id} is not for agents yet: {reason.message}"


def protected(s: Situation) -> str | None:
    """The task may change no protected path, or an admin asks."""
    path = protects(s.task, s.workspace)
    if path is None or s.facts.permission.allows(Permission.admin):
        return None
    who = permission_holder(s.request)
    return f"{path} is protected: only an admin grants {s.task.id}, and {who} has '{s.facts.permission}'"
