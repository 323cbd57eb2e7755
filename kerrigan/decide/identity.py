"""Who acts, and what they may do. This is the only place that decides it, for every token and every event."""

from kerrigan.model.decision import Request
from kerrigan.model.event import Actor
from kerrigan.model.forge.account import Account, Proof
from kerrigan.model.project import Permission, Task, Workspace
from kerrigan.model.state import TaskState

COMMAND = "command"
"""The agent that a runner's own command is, where a task names no other (KERRIGAN_AGENT_COMMAND)."""


def identify(workspace: Workspace, account: Account, role: str = "", agent: str = "") -> Actor:
    """The actor that the journal names for an act of an account.

    `agent` is the agent that Kerrigan runs in this process, whatever the account. A login that the forge vouches for
    is an agent's only where kerrigan.yml says so (`agents.NAME.account`), never because it equals an agent's name.
    Where no one vouches for names, on the local forge, the name of an agent is that agent's.
    """
    if agent:
        return _agent(workspace, agent, role)
    name = account.login.casefold()
    for profile in workspace.agents.values():
        if profile.account and profile.account.casefold() == name:
            return _agent(workspace, profile.name, role)
    if account.proof is Proof.none and name in workspace.agents:
        return _agent(workspace, name, role)
    return Actor(account.login, "app" if account.is_app else "person", role)


def permitted(workspace: Workspace, account: Account, told: Permission) -> Permission:
    """What an account may do: `people:` in kerrigan.yml where it is set, else what the forge told.

    The app whose token this process has is no collaborator and may write: it proves that by its push. Any other
    app may nothing that kerrigan.yml does not name it for.
    """
    may_push = account.is_app and account.proof is Proof.token
    if workspace.people is not None:
        return workspace.people.get(account.login.casefold(), Permission.write if may_push else Permission.read)
    return Permission.write if may_push and not told.allows(Permission.write) else told


def is_named(workspace: Workspace, login: str, kind: str) -> bool:
    """Whether a limit or pause of `agent NAME` means this actor: never a login that equals an agent's name."""
    return kind == "agent" or login.casefold() not in {*workspace.agents, COMMAND}


def agent_for(workspace: Workspace, task: Task, standing: TaskState, otherwise: str = COMMAND) -> str:
    """The agent that works for a dispatch of a task: whom it is assigned to, whom tasks.yml names, or `otherwise`."""
    if standing.assigned and standing.assigned.kind == "agent":
        return standing.assigned.login
    return task.agent if task.agent.casefold() in workspace.agents else otherwise


def via_of(request: Request) -> dict[str, str]:
    """What an event of an agent says of the account that it asks by, where that has another name."""
    account, actor = request.account, request.actor
    is_other = account is not None and account.via not in {"", actor.login}
    return {"via": account.via} if account and actor.kind == "agent" and is_other else {}


def permission_holder(request: Request) -> str:
    """Whose permission counts, in words: `ana`, or `ana, by which claude acts,` for an agent."""
    via = via_of(request).get("via")
    return f"{via}, by which {request.actor.login} acts," if via else request.actor.login


def _agent(workspace: Workspace, name: str, role: str) -> Actor:
    profile = workspace.agents.get(name.casefold())
    return Actor(profile.name if profile else name, "agent", role)
