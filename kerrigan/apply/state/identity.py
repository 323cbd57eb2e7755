"""Requests with who asks for them: the actor that the journal names, and the account whose permission counts."""

from dataclasses import replace

from kerrigan.apply.state.append import new_request
from kerrigan.apply.state.site import Site
from kerrigan.apply.state.stage import Stage
from kerrigan.decide.identity import COMMAND, agent_for, identify, permitted
from kerrigan.model.decision import Request
from kerrigan.model.event import EventType
from kerrigan.model.forge.account import Account, Proof
from kerrigan.model.project import Permission


def own_request(
    site: Site, stage: Stage, event: EventType, task: str | None, role: str = "", agent: str = ""
) -> Request:
    """A request of this process: by its token's account, or on the local forge by the name that was given.

    `agent` is the agent that this process works for, by default the one that holds the task in this workflow run, or
    that the environment names; its permission is the account's all the same.
    """
    account = site.account()
    actor = identify(stage.workspace, account, role, agent or _agent_of_run(site, stage, task) or site.agent)
    # A name that no one proves gives an agent no permission: that is whose clone pushes.
    by = site.pusher() if actor.kind == "agent" and account.proof is Proof.none else account
    return new_request(event, task, actor, site.run, by)


def work_request(site: Site, stage: Stage, task: str) -> Request:
    """A claim of a task that a dispatch, or a person by hand, brought here: a workflow run claims it for its agent."""
    found, standing = stage.task(task), stage.state.task(task)
    agent = agent_for(stage.workspace, found, standing, site.agent or COMMAND) if site.run else ""
    return own_request(site, stage, EventType.claimed, found.id, agent=agent)


def _agent_of_run(site: Site, stage: Stage, task: str | None) -> str:
    """The agent that holds a task in the workflow run that this process is part of; empty for none."""
    holder = stage.state.task(task or "").holder
    is_its = holder is not None and site.run is not None and holder.run == site.run.id
    return holder.login if holder and is_its and holder.kind == "agent" else ""


def request_of(site: Site, stage: Stage, account: Account, event: EventType, task: str | None) -> Request:
    """A request that the forge says an account has made: by a label, a comment, a review or a push."""
    told = account if site.forge.authenticates else replace(account, proof=Proof.none)
    return new_request(event, task, identify(stage.workspace, told), site.run, told)


def permission_of(site: Site, stage: Stage, request: Request) -> Permission:
    """What the account behind a request may do; nothing where none is."""
    return permission(site, stage, request.account) if request.account else Permission.none


def permission(site: Site, stage: Stage, account: Account) -> Permission:
    """What an account may do; the forge is asked only where `people:` in kerrigan.yml does not decide."""
    decides = stage.workspace.people is not None
    told = Permission.none if decides else site.forge.permission(stage.project.home, account.login)
    return permitted(stage.workspace, account, told)
