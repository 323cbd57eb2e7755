"""Findings about the definition on the default branch: what the check says of it, and what that stops."""

from collections.abc import Iterator

from kerrigan.model.checks.source import Diagnostic, Severity
from kerrigan.model.forge.health import DefinitionHealth, Finding, Level, ProjectHealth

MOST = 20
"""As many findings of the check are repeated; the check shows them all."""

_LEVELS = {Severity.error: Level.problem, Severity.warning: Level.warning}


def definition_findings(home: str, definition: DefinitionHealth) -> Iterator[Finding]:
    """What the check finds, the errors first, each with its place."""
    shown = [found for found in definition.diagnostics if found.severity in _LEVELS]
    shown.sort(key=lambda found: found.severity is not Severity.error)
    for found in shown[:MOST]:
        step = found.hint or f"kerrigan explain {found.code}"
        yield Finding(_LEVELS[found.severity], home, "definition", _message(found, definition.where), step)
    if more := shown[MOST:]:
        message = f"the check finds {len(more)} more things wrong {definition.where}"
        step = "git pull, then kerrigan check"
        yield Finding(_LEVELS[more[0].severity], home, "definition", message, step)
    if not shown:
        counted = f"{_count(definition.projects, 'project')}, {_count(definition.tasks, 'task')}"
        yield Finding(Level.ok, home, "definition", f"the check finds nothing wrong {definition.where}: {counted}")


def project_finding(home: str, project: ProjectHealth) -> Finding:
    """Whether tasks of a project that can be read can be claimed."""
    step = "correct what the check finds, and push it"
    if project.is_stopped:
        message = f"no task of {project.name} can be claimed or passes its gate: its definition has problems"
        return Finding(Level.problem, home, "project", message, step)
    if project.stopped:
        message = f"{project.stopped} of {_count(project.tasks, 'task')} of {project.name} cannot be claimed or pass"
        return Finding(Level.problem, home, "project", f"{message}: their definition has problems", step)
    return Finding(Level.ok, home, "project", f"{project.name} can be read: {project.tasks} tasks")


def _message(found: Diagnostic, where: str) -> str:
    return f"{found.path}:{found.span.line}:{found.span.column} {where}: {found.message} [{found.code}]"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
