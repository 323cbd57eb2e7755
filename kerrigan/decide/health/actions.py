"""Findings about Actions in one repository: its workflows, their token, and the settings that would keep them still."""

from collections.abc import Iterator

from kerrigan.decide.health.policies import lock_findings, policy_findings
from kerrigan.decide.health.repository import RECONCILED, Subject
from kerrigan.model.forge.health import Contents, Finding, Level

NEEDED = {
    "kerrigan-check.yml": "pull requests are neither checked nor gated",
    "kerrigan-events.yml": "labels, reviews, merges and dispatches are heard by the next reconcile only",
    "kerrigan-reconcile.yml": "what no event told is never found",
    "kerrigan-work.yml": "dispatched tasks wait for a person to claim them",
}
"""The shipped workflows, and what is lost without each."""

_WHY_OFF = {
    "disabled_manually": "it was disabled by hand",
    "disabled_inactivity": "GitHub has disabled it after 60 days in which nothing happened in the repository",
    "disabled_fork": "GitHub disables it in forks",
}


def actions_findings(subject: Subject) -> Iterator[Finding]:
    """What keeps the workflows from running, or from reaching others. Nothing on a forge that has none."""
    if subject.token is None or not subject.examined.reached:
        return
    contents = subject.contents
    if contents and not contents.trouble:
        yield from _files(subject, contents)
        yield from _states(subject, contents)
        yield from _policy(subject, contents)
        yield from _pins(subject, contents)
        yield from lock_findings(subject, contents)
        yield from policy_findings(subject, contents)
    yield from _own_token(subject)
    yield from _unseen(subject)


def _files(subject: Subject, contents: Contents) -> Iterator[Finding]:
    missing = [name for name in NEEDED if contents.workflows.get(name) == "missing"]
    differing = [name for name in NEEDED if contents.workflows.get(name) == "differs"]
    install = "kerrigan init" if subject.is_home else f"kerrigan init --home {subject.home}"
    if missing:
        is_vital = any(name in _vital(subject) for name in missing)
        lost = ", ".join(f"{name} ({NEEDED[name]})" for name in missing)
        message = f"not on the default branch: {lost}"
        step = f"{install} in a clone of it, commit and push"
        yield subject.finding(Level.problem if is_vital else Level.warning, "workflow-missing", message, step)
    if differing:
        message = f"{', '.join(differing)} {_are(differing)} not as shipped: older, or changed by hand"
        yield subject.finding(Level.warning, "workflow-differs", message, f"{install} --dry-run shows how")
    if not (missing or differing):
        yield subject.finding(Level.ok, "workflow", "the four workflows are on the default branch, as shipped")


def _vital(subject: Subject) -> set[str]:
    """What nothing works without: where there is no project, the check alone is of use."""
    return set(NEEDED) - {"kerrigan-work.yml"} if subject.steers else {"kerrigan-check.yml"}


def _are(names: list[str]) -> str:
    return "is" if len(names) == 1 else "are"


def _states(subject: Subject, contents: Contents) -> Iterator[Finding]:
    states = subject.examined.workflows
    installed = [name for name in NEEDED if contents.workflows.get(name) != "missing"]
    if states is None:
        if installed:
            message = "whether its workflows are switched on is not known: the token may not read Actions here"
            yield subject.finding(Level.unknown, "workflow-off", message, "give the token 'actions: read'")
        return
    for name in installed:
        state = states.get(name, "active")
        if state != "active":
            message = f"{name} does not run: {_WHY_OFF.get(state, state)}; {NEEDED[name]}"
            step = f"gh workflow enable {name} --repo {subject.slug}"
            yield subject.finding(Level.problem, "workflow-off", message, step)


def _policy(subject: Subject, contents: Contents) -> Iterator[Finding]:
    policy = subject.examined.actions
    settings = f"Settings, Actions, General of {subject.slug}"
    if policy is None:
        return
    if not policy.enabled:
        yield subject.finding(Level.problem, "actions", "Actions is switched off: no workflow runs", settings)
    elif policy.allowed == "local_only":
        message = "only actions of its owner may run; the workflows use kerrigan-dev/kerrigan and actions/checkout"
        yield subject.finding(Level.problem, "actions", message, f"{settings}: allow these two")
    elif policy.pinned and contents.unpinned:
        message = f"actions have to be pinned to commits here, and the workflows use {', '.join(contents.unpinned)}"
        yield subject.finding(Level.problem, "actions", message, "write a commit behind each @, and push")
    elif policy.allowed == "selected":
        message = "only selected actions may run; kerrigan-dev/kerrigan and actions/checkout have to be among them"
        yield subject.finding(Level.unknown, "actions", message, f"{settings}: look for these two")
    else:
        yield subject.finding(Level.ok, "actions", "Actions may run")


def _pins(subject: Subject, contents: Contents) -> Iterator[Finding]:
    policy = subject.examined.actions
    if contents.unpinned and not (policy and policy.pinned):
        message = f"the workflows use {', '.join(contents.unpinned)}: what such a name means can be changed by others"
        yield subject.finding(Level.warning, "action-pin", message, "write a commit behind each @, and push")


def _own_token(subject: Subject) -> Iterator[Finding]:
    examined, others = subject.examined, ", ".join(subject.others)
    if examined.secret:
        message = "the secret KERRIGAN_TOKEN is set; what it may do only a run can see"
        yield subject.finding(Level.ok, "workflow-token", message)
        return
    if examined.secret is None:
        return
    if subject.others:
        yield subject.finding(
            Level.warning,
            "workflow-token",
            f"the secret KERRIGAN_TOKEN is not set, so its workflows use the run's own token: {_lost(subject, others)}",
            f"gh secret set KERRIGAN_TOKEN --repo {subject.slug}",
        )
    else:
        message = "its workflows use the run's own token; pull requests that it opens wait for approval of their tests"
        yield subject.finding(Level.ok, "workflow-token", message)
    if examined.proposes is False:
        message = "Actions may not open pull requests here, so an agent's work cannot be submitted by the run's token"
        step = f"Settings, Actions, General of {subject.slug}: allow GitHub Actions to create pull requests"
        yield subject.finding(Level.warning, "pull-requests", message, step)


def _lost(subject: Subject, others: str) -> str:
    if subject.is_home:
        return f"dispatches to {others} are lost; each of them has {RECONCILED.removeprefix('its own ')}"
    return (
        f"its agents cannot write the journal at {subject.home}, so tasks dispatched here are not claimed, and what "
        f"happens here is not told there; {subject.home}'s reconcile, every 30 minutes, finds what it can read"
    )


def _unseen(subject: Subject) -> Iterator[Finding]:
    examined = subject.examined
    looked = {
        "whether Actions is switched on": examined.actions,
        "whether Actions may open pull requests": examined.proposes,
        "whether its workflows have the secret KERRIGAN_TOKEN": examined.secret,
        "whether an Actions policy refuses what starts them": examined.policies,
    }
    unseen = [what for what, found in looked.items() if found is None]
    if unseen:
        message = f"not known, because only admins may see it: {', '.join(unseen)}"
        step = f"look at Settings, Actions of {subject.slug}, or run this with an admin's token"
        yield subject.finding(Level.unknown, "settings", message, step)
