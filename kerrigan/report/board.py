"""`kerrigan status`: one screen that says where a project stands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from kerrigan.model.project import Project
from kerrigan.model.state import DispatchStatus, State, Status
from kerrigan.model.view import TaskView
from kerrigan.report.tasks import note, to_json
from kerrigan.report.words import plain

WIDTH = 24
"""Characters of the progress bar."""

AT_WORK = (Status.claimed, Status.working, Status.testing, Status.in_review, Status.approved)
FOR_A_PERSON = (Status.blocked, Status.escalated, Status.failed)


@dataclass(frozen=True, slots=True)
class Board:
    """What the screen shows. `not_enforced` are the guards that this version does not ask, with a sentence each."""

    project: Project
    views: Sequence[TaskView]
    state: State
    not_enforced: Sequence[tuple[str, str]]
    warnings: Sequence[str] = ()

    @property
    def done(self) -> int:
        """How many tasks are done."""
        return sum(v.standing.status is Status.done for v in self.views)


def text(board: Board) -> str:
    """The screen."""
    lines = [_headline(board), *(f"! {plain(warning)}" for warning in board.warnings)]
    if board.state.hold:
        hold = board.state.hold
        lines.append(f"! {hold.kind} by {plain(hold.by)}: {plain(hold.reason)}")
    lines += _group("at work", (v for v in board.views if v.standing.status in AT_WORK))
    lines += _group("ready", (v for v in board.views if v.readiness == "ready"))
    lines += _group("waiting", (v for v in board.views if v.readiness in {"waiting", "held"}))
    lines += _group("needs a person", (v for v in board.views if v.standing.status in FOR_A_PERSON))
    lines += _dispatches(board.state)
    if board.not_enforced:
        lines += ["", "not enforced yet: " + ", ".join(name for name, _ in board.not_enforced)]
    return "\n".join(lines)


def to_dict(board: Board) -> dict[str, Any]:
    """The screen for machines."""
    hold = board.state.hold
    return {
        "project": board.project.name,
        "home": board.project.home,
        "tasks": [to_json(view) for view in board.views],
        "done": board.done,
        "hold": hold and {"kind": hold.kind, "by": hold.by, "reason": hold.reason},
        "dispatches": [
            {"key": d.key, "kind": d.kind, "to": d.to, "task": d.task, "status": d.status.value, "sendings": d.sendings}
            for d in board.state.dispatches.values()
        ],
        "not_enforced": [{"guard": name, "message": words} for name, words in board.not_enforced],
        "warnings": list(board.warnings),
    }


def _headline(board: Board) -> str:
    total = len(board.views)
    filled = WIDTH * board.done // total if total else 0
    title = plain(board.project.title) or board.project.name
    return f"{title} ({board.project.name})  [{'#' * filled}{'.' * (WIDTH - filled)}]  {board.done} of {total} done"


def _group(title: str, views: Iterable[TaskView]) -> list[str]:
    rows = list(views)
    if not rows:
        return []
    width = max(len(v.task.id) for v in rows)
    return ["", f"{title}:", *(f"  {v.task.id.ljust(width)}  {_word(v)}{note(v)}" for v in rows)]


def _word(view: TaskView) -> str:
    return "" if view.readiness else f"{view.standing.status.value}, "


def _dispatches(state: State) -> list[str]:
    pending = [d for d in state.dispatches.values() if d.status is not DispatchStatus.acknowledged]
    if not pending:
        return []
    return ["", "dispatches:", *(f"  {d.key[:8]}  {d.task} to {d.to}: {d.status}, {d.sendings} sent" for d in pending)]
