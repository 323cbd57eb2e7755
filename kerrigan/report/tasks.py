"""Tasks as JSON, as a table, and one task as a page."""

from collections.abc import Sequence
from typing import Any

from kerrigan.model.event import Event
from kerrigan.model.project import DependencyKind
from kerrigan.model.view import TaskView
from kerrigan.report.words import log_line, plain


def to_json(view: TaskView) -> dict[str, Any]:
    """The contract's TASK."""
    task, standing = view.task, view.standing
    submission = standing.submission
    pull_request = submission and {
        "repository": submission.repository,
        "number": submission.number,
        "head": submission.head,
    }
    return {
        "id": task.id,
        "title": task.title,
        "role": view.role,
        "repository": task.repository,
        "status": standing.status.value,
        "readiness": view.readiness,
        "reasons": [reason.to_json() for reason in view.reasons],
        "holder": standing.holder and standing.holder.to_json(),
        "fence": standing.fence,
        "attempts": standing.attempts,
        "review_cycles": standing.review_cycles,
        "branch": standing.branch,
        "pull_request": pull_request,
        "depends_on": [("~" if d.soft else "") + written(d.kind, d.target) for d in task.depends_on],
        "dependents": list(view.dependents),
        "feedback": standing.feedback
        and {"kind": standing.feedback.kind, "by": standing.feedback.by, "reason": standing.feedback.reason},
        "description": task.description,
        "acceptance": list(task.acceptance),
    }


def written(kind: DependencyKind, target: str) -> str:
    """A dependency's full id."""
    return f"external:{target}" if kind is DependencyKind.external else target


def table(views: Sequence[TaskView]) -> str:
    """One line a task, in columns."""
    if not views:
        return "no task fits"
    rows = [(v.task.id, v.word, v.role, v.task.repository, note(v)) for v in views]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    return "\n".join(
        "  ".join([*(cell.ljust(width) for cell, width in zip(row[:4], widths, strict=True)), row[4]]).rstrip()
        for row in rows
    )


def note(view: TaskView) -> str:
    """What is to know about a task, in one line: who holds it, or what it waits for."""
    holder = view.standing.holder
    if holder:
        return f"held by {plain(holder.login)}"
    if view.reasons:
        return "; ".join(plain(reason.message) for reason in view.reasons)
    return plain(view.task.title)


def page(view: TaskView, history: Sequence[Event], next_command: str) -> str:
    """Everything about one task."""
    task, standing = view.task, view.standing
    lines = [
        f"{task.id}: {plain(task.title)}",
        f"  {view.word} · role {plain(view.role)} · repository {task.repository}",
    ]
    lines += [f"  {line}" for line in plain(task.description).splitlines()]
    lines += _section("acceptance", [plain(a) for a in task.acceptance])
    lines += _section("depends on", [f"{'~' if d.soft else ''}{d.target}" for d in task.depends_on])
    lines += _section("waited for by", list(view.dependents))
    lines += _section("not ready because", [_reason(r.message, r.next) for r in view.reasons])
    if standing.holder:
        lines += [
            "",
            f"held by {plain(standing.holder.login)}, fence {standing.fence}, until {standing.holder.lease_until}",
        ]
    if standing.feedback:
        feedback = standing.feedback
        lines += ["", f"the last attempt was {feedback.kind} by {plain(feedback.by)}: {plain(feedback.reason)}"]
    if handed_in := standing.submission:
        lines += ["", f"pull request {handed_in.repository}#{handed_in.number} at {handed_in.head[:10]}"]
    lines += _section("history", [log_line(event) for event in history])
    return "\n".join([*lines, *(["", f"next: {next_command}"] if next_command else [])])


def _section(title: str, entries: Sequence[str]) -> list[str]:
    return ["", f"{title}:", *(f"  {entry}" for entry in entries)] if entries else []


def _reason(message: str, next_step: str) -> str:
    return f"{plain(message)}{f' (next: {next_step})' if next_step else ''}"
