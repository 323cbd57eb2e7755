"""Requests with who asks for them: the actor that the journal names, and the account whose permission counts."""

from dataclasses import replace

from kerrigan.apply.append import new_request
from kerrigan.apply.site import Site
from kerrigan.apply.stage import Stage
from kerrigan.decide.identity import identify, permitted
from kerrigan.model.account import Account, Proof
from kerrigan.model.decision import Request
from kerrigan.model.event import EventType
from kerrigan.model.project import Permission


def own_request(
    site: Site, stage: Stage, event: EventType, task: str | None, role: str = "", agent: str = ""
) -> Request:
    """A request of this process: by its token's account, or on the local forge by the name that was given.

    `agent` is the agent that this process works for, by default the one that its environment names; its permission is
    the account's all the same.
    """
    account = site.account()
    actor = identify(stage.workspace, account, role, agent or site.agent)
    # A name that nobody proves gives an agent no permission: that is whose clone pushes.
    by = site.pusher() if actor.kind == "agent" and account.proof is Proof.none else account
    return new_request(event, task, actor, site.run, by)


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
