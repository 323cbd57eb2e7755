"""Tasks as JSON, as a table, and one task as a page."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from kerrigan.model.decision import NextStep
from kerrigan.model.event import Event
from kerrigan.model.project import Dependency, DependencyKind
from kerrigan.model.state import OVER, Feedback, Status
from kerrigan.model.view import TaskView
from kerrigan.report.plain import plain
from kerrigan.report.words import log_line

_HANDED_IN = (Status.testing, Status.in_review, Status.approved)
AT_WORK = (Status.claimed, Status.working, *_HANDED_IN)
"""Statuses of tasks that were claimed and are not over, as the screen shows them."""

_OF_PROJECTS = ("project-held", "definition")
"""The kinds of reasons that may concern every task of a project."""

_GROUPS = ("at work", "waiting", "held", "for a person", "done", "cancelled")
_VERDICTS = {
    "rejected": "sent back by",
    "tests_failed": "tests failed, reported by",
    "failed": "failed, reported by",
    "escalated": "does not merge, reported by",
}


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
        "since": standing.since,
        "holder": standing.holder and standing.holder.to_json(),
        "pulse": view.pulse,
        "fence": standing.fence,
        "review": standing.review and standing.review.to_json(),
        "review_fence": standing.review_fence,
        "attempts": standing.attempts,
        "review_cycles": standing.review_cycles,
        "conflicts": standing.conflicts,
        "branch": standing.branch,
        "pull_request": pull_request,
        "depends_on": [written(d) for d in task.depends_on],
        "soft": [written(d) for d in task.depends_on if d.soft],
        "dependents": list(view.dependents),
        "feedback": standing.feedback
        and {"kind": standing.feedback.kind, "by": standing.feedback.by, "reason": standing.feedback.reason},
        "flags": list(standing.flags),
        "needs_person": needs_json(view),
        "description": task.description,
        "acceptance": list(task.acceptance),
    }


def needs_json(view: TaskView) -> list[dict[str, str]]:
    """Why a person is needed for a task, each with what clears it."""
    return [{"kind": reason.kind, "message": reason.message, "next": reason.next} for reason in view.needs]


def written(dependency: Dependency) -> str:
    """A dependency's full id, without the `~` of a soft one."""
    return f"external:{dependency.target}" if dependency.kind is DependencyKind.external else dependency.target


def marked(dependency: Dependency) -> str:
    """A dependency as people write it, safe to print: `~todo/screen` is a soft one."""
    return ("~" if dependency.soft else "") + plain(written(dependency))


def table(views: Sequence[TaskView]) -> str:
    """One line a task, in columns; nothing where there is none."""
    rows = [(v.task.id, v.word, plain(v.role), plain(v.task.repository), note(v)) for v in views]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(4)]
    return "\n".join(
        "  ".join([*(cell.ljust(width) for cell, width in zip(row[:4], widths, strict=True)), row[4]]).rstrip()
        for row in rows
    )


def none_ready(projects: Mapping[str, Sequence[TaskView]]) -> str:
    """Why none of these tasks is ready, a line for each project, with the command that says more or ends it."""
    return "\n".join(f"no task of {name} is ready: {_why_none(name, views)}" for name, views in projects.items())


def _why_none(name: str, views: Sequence[TaskView]) -> str:
    if not views:
        return "it has no tasks; write them into its tasks.yml, and push it"
    reasons = [v.reasons for v in views if v.readiness]
    for reason in reasons[0] if reasons else ():
        if reason.kind in _OF_PROJECTS and all(reason in each for each in reasons):
            return plain(f"{reason.message} ({reason.next})")
    counts = Counter(_group(view) for view in views)
    words = ", ".join(f"{counts[group]} {group}" for group in _GROUPS if counts[group])
    return f"{words} (kerrigan {'tasks' if counts['waiting'] or counts['held'] else 'status'} {name})"


def _group(view: TaskView) -> str:
    status = view.standing.status
    if view.readiness:
        return view.readiness
    if status in AT_WORK:
        return "at work"
    return status.value if status in OVER else "for a person"


def note(view: TaskView) -> str:
    """What is to know about a task, in one line: who holds it, who handed it in, what it waits for, why it failed."""
    standing = view.standing
    if standing.holder:
        return f"held by {plain(standing.holder.login)}{f', {view.pulse}' if view.pulse else ''}"
    if view.reasons:
        return "; ".join(plain(reason.message) for reason in view.reasons)
    if standing.status in _HANDED_IN and standing.author:
        return f"handed in by {plain(standing.author)}"
    if standing.status in (Status.failed, Status.escalated) and standing.feedback:
        return told(standing.feedback).removeprefix(f"{standing.status}, ")
    return plain(view.task.title)


def told(feedback: Feedback) -> str:
    """Why the last attempt did not pass, in one line."""
    because = f": {plain(feedback.reason)}" if feedback.reason else ""
    return f"{_VERDICTS.get(feedback.kind, plain(feedback.kind))} {plain(feedback.by)}{because}"


def page(view: TaskView, history: Sequence[Event], step: NextStep | None) -> str:
    """Everything about one task."""
    task, standing = view.task, view.standing
    lines = [
        f"{task.id}: {plain(task.title)}",
        f"  {view.word} · role {plain(view.role)} · repository {plain(task.repository)}",
    ]
    lines += [f"  {plain(line)}" for line in task.description.splitlines()]
    lines += _section("acceptance", [f"{number}. {plain(a)}" for number, a in enumerate(task.acceptance, 1)])
    lines += _section("depends on", [marked(d) for d in task.depends_on])
    lines += _section("waited for by", list(view.dependents))
    lines += _section("not ready because", [_reason(r.message, r.next) for r in view.reasons])
    lines += _section("needs a person because", [_reason(r.message, r.next) for r in view.needs])
    if standing.holder:
        lines += ["", f"{note(view)}, fence {standing.fence}, until {plain(standing.holder.lease_until)}"]
    if standing.feedback:
        lines += ["", f"the last attempt: {told(standing.feedback)}"]
    if handed_in := standing.submission:
        number = f"pull request {handed_in.repository}#{handed_in.number}" if handed_in.number else handed_in.repository
        lines += ["", f"handed in: {plain(number)} at {plain(handed_in.head)[:10]}"]
    lines += _section("history", [log_line(event) for event in history])
    return "\n".join([*lines, *(["", f"next: {plain(step)}"] if step else [])])


def _section(title: str, entries: Sequence[str]) -> list[str]:
    return ["", f"{title}:", *(f"  {entry}" for entry in entries)] if entries else []


def _reason(message: str, next_step: str) -> str:
    return f"{plain(message)}{f' (next: {plain(next_step)})' if next_step else ''}"
