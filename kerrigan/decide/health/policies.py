"""Findings about what keeps workflows from starting at all: Actions policies, and a lockfile that lacks their actions.

GitHub accepts a dispatch all the same, answers 204, and starts nothing: no one learns of it but by looking here.
"""

from collections.abc import Iterator, Mapping

from kerrigan.decide.health.repository import Subject
from kerrigan.model.forge.health import Contents, ExecutionPolicy, Finding, Level
from kerrigan.model.paths import fits

FOLDER = ".github/workflows"
LOST: Mapping[str, str] = {
    "repository_dispatch": "dispatches start nothing, so tasks wait and gates follow late",
    "workflow_dispatch": "a task or a reconcile cannot be started by hand",
    "workflow_run": "the end of tests is found late",
    "schedule": "what no event told is never found",
}
"""What is lost with an event; of the others: nothing happens when they do."""

GITHUB_ACTIONS = frozenset({("App", 15368), ("Bot", 41898282)})
"""The run's own token as an actor of a policy: GitHub's app, and its account."""

_BY_ID = frozenset({"User", "Bot", "App"})
"""Actors that are who they are; the others are groups, whose members are not told."""

_EVERYTHING = "~ALL"
_UNLIKE_OURS = frozenset("?[]{}\\")


def policy_findings(subject: Subject, contents: Contents) -> Iterator[Finding]:
    """What the Actions policies refuse, each policy by itself; what cannot be read is told with the other settings."""
    policies = subject.examined.policies
    if policies is None:
        return
    found = [finding for policy in policies for finding in _of_policy(subject, contents, policy)]
    yield from found
    if not found and contents.events:
        yield subject.finding(Level.ok, "policy", "no Actions policy refuses what starts the workflows")


def lock_findings(subject: Subject, contents: Contents) -> Iterator[Finding]:
    """What `actions.lock` lacks; nothing where there is no such file."""
    step = "gh actions-lock in a clone of it, commit and push"
    if contents.lock_unread:
        message = "actions.lock cannot be read here: whether it has the actions of the workflows is not known"
        yield subject.finding(Level.unknown, "actions-lock", message, step)
        return
    lacking = {name: actions for name, actions in contents.unlocked.items() if actions}
    unlisted = [name for name, actions in contents.unlocked.items() if actions is None]
    if lacking:
        named = "; ".join(f"{name} ({', '.join(actions)})" for name, actions in lacking.items())
        message = f"actions.lock lacks actions of workflows that it lists, so these fail before they start: {named}"
        yield subject.finding(Level.problem, "actions-lock", message, step)
    if unlisted:
        message = f"actions.lock does not list {', '.join(unlisted)}: where a policy requires it, these do not start"
        yield subject.finding(Level.warning, "actions-lock", message, step)
    if contents.unlocked and not (lacking or unlisted):
        yield subject.finding(Level.ok, "actions-lock", "actions.lock has every action of the workflows")


def _of_policy(subject: Subject, contents: Contents, policy: ExecutionPolicy) -> Iterator[Finding]:
    reached = {name: applies(policy, f"{FOLDER}/{name}") for name in contents.events}
    concerned = [name for name, whether in reached.items() if whether is not False]
    if not concerned:
        return
    title = f"the Actions policy '{policy.name}' of {policy.source}"
    step = f"Settings, Actions, Policies of {subject.slug} or above it"
    if policy.events is not None:
        yield from _events(subject, contents, policy, reached, title, step)
    if policy.actors is not None:
        yield _actors(subject, policy, title, step)
    if policy.other:
        message = f"{title} has rules that are not understood here: {', '.join(policy.other)}"
        yield subject.finding(Level.unknown, "policy", message, f"{step}: see whether it lets {concerned[0]} run")


def _events(
    subject: Subject,
    contents: Contents,
    policy: ExecutionPolicy,
    reached: Mapping[str, bool | None],
    title: str,
    step: str,
) -> Iterator[Finding]:
    allowed = policy.events or frozenset()
    for name, whether in reached.items():
        refused = [event for event in contents.events[name] if event not in allowed] if whether is not False else []
        if not refused:
            continue
        lost = "; ".join(dict.fromkeys(LOST[event] for event in refused if event in LOST))
        refuses = "refuses" if whether else "may refuse, by a pattern that is not understood here,"
        message = f"{title} {refuses} {', '.join(refused)} for {name}{f': {lost}' if lost else ''}"
        level = Level.problem if whether else Level.unknown
        yield subject.finding(level, "policy", message, f"{step}: allow these events for {FOLDER}/{name}")


def _actors(subject: Subject, policy: ExecutionPolicy, title: str, step: str) -> Finding:
    actors = policy.actors or frozenset()
    if not actors & GITHUB_ACTIONS and all(kind in _BY_ID for kind, _ in actors):
        message = (
            f"{title} lets only listed accounts start workflows, and GitHub Actions is not one of them: "
            "what a run sends to its own repository starts nothing"
        )
        return subject.finding(Level.problem, "policy", message, f"{step}: add the app GitHub Actions")
    message = (
        f"{title} lets only some accounts start workflows; whether the owner of KERRIGAN_TOKEN and everybody who "
        "labels, comments and reviews are among them is not known"
    )
    return subject.finding(Level.unknown, "policy", message, f"{step}: look for them")


def applies(policy: ExecutionPolicy, path: str) -> bool | None:
    """Whether a policy is about a workflow file; None where one of its patterns is not understood."""
    included = [_matches(pattern, path) for pattern in policy.included] or [True]
    excluded = [_matches(pattern, path) for pattern in policy.excluded]
    if True in excluded or not any(whether is not False for whether in included):
        return False
    return None if None in excluded or True not in included else True


def _matches(pattern: str, path: str) -> bool | None:
    if pattern == _EVERYTHING:
        return True
    return None if _UNLIKE_OURS & set(pattern) else fits(path, pattern)
