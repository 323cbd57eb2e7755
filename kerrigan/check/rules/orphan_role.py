"""A role that no one in kerrigan.yml takes."""

from collections.abc import Iterator

from kerrigan.check.examples import CONFIG, new_project
from kerrigan.check.references import entries
from kerrigan.check.suggestion import did_you_mean, listed
from kerrigan.model.checks.rule import Rule
from kerrigan.model.checks.source import Diagnostic, Place, Related, Severity
from kerrigan.model.checks.tree import Tree
from kerrigan.model.project import Permission, Project, Workspace

_TASKS = "kerrigan: 7\ntasks:\n  - {{id: contract, title: Agree it, role: {}}}\n"
_AGENTS = {CONFIG: "agents:\n  claude: {roles: [architect, swe]}\n"}


NEXT = "give the role to an agent, or name the person who takes it under 'people', with write"


def find(tree: Tree) -> Iterator[Diagnostic]:
    """A role of a project's tasks that no one in kerrigan.yml takes: told once, at the first task that needs it."""
    for project in tree.projects:
        taken = _taken(tree.workspace_at(project.path))
        if taken is None:
            continue
        in_order = sorted(taken)
        for role, places in _wanted(tree, project).items():
            if role not in taken:
                path, others = f"{project.path}/tasks.yml", places[1:]
                related = tuple(Related(path, place.span, "needed here too") for place in others)
                message = f"no agent in kerrigan.yml takes the role '{role}'; they take {listed(in_order)}"
                hint = did_you_mean(role, in_order) or NEXT
                yield Diagnostic("orphan-role", Severity.warning, path, places[0].span, message, hint, related)


def _taken(workspace: Workspace) -> frozenset[str] | None:
    """The roles that agents take; None where no agent is named, or someone who may write takes every role."""
    agents, people = workspace.agents.values(), (workspace.people or {}).values()
    if not agents or not all(agent.roles for agent in agents) or any(p.allows(Permission.write) for p in people):
        return None
    return frozenset(role for agent in agents for role in agent.roles)


def _wanted(tree: Tree, project: Project) -> dict[str, list[Place]]:
    found: dict[str, list[Place]] = {}
    for index, task, document in entries(tree, project):
        if task.role:
            found.setdefault(task.role, []).append(Place(document.positions, ("tasks", index, "role")))
    return found


RULE = Rule(
    name="orphan-role",
    severity=Severity.warning,
    wants="Where kerrigan.yml names agents, they, or someone under `people`, take each role that a task needs.",
    why="The task would be ready, and no agent would ever claim it: it waits for a person, and no one says so.",
    bad={**_AGENTS, **new_project(_TASKS.format("security"))},
    good={**_AGENTS, **new_project(_TASKS.format("architect"))},
    find=find,
)
