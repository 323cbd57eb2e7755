"""`kerrigan status`: one screen that says where a project stands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from kerrigan.model.project import Problem, Project
from kerrigan.model.state import Dispatch, DispatchStatus, State, Status
from kerrigan.model.usage import Cap
from kerrigan.model.view import TaskView
from kerrigan.report.cost import cap_line, standing
from kerrigan.report.plain import plain
from kerrigan.report.tasks.tasks import AT_WORK, needs_json, note, to_json

WIDTH = 24
"""Characters of the progress bar."""

FOR_A_PERSON = (Status.blocked, Status.escalated)
UNANSWERED = (DispatchStatus.requested, DispatchStatus.sent)


@dataclass(frozen=True, slots=True)
class Board:
    """What the screen shows. `not_enforced` are the guards that this version does not ask, with a sentence each."""

    project: Project
    views: Sequence[TaskView]
    state: State
    not_enforced: Sequence[tuple[str, str]]
    warnings: Sequence[str] = ()
    caps: Sequence[Cap] = ()

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
    for scope, hold in board.state.holds.items():
        lines.append(f"! {plain(scope).replace(':', ' ')} is {hold.kind} by {plain(hold.by)}: {plain(hold.reason)}")
    brake = board.project.brake
    if brake and brake.holds:
        because = f": {plain(brake.reason)}" if brake.reason else ""
        lines.append(f"! {plain(brake.status)} by {board.project.path}/status.json{because}")
    for title, rows in _sections(board):
        lines += ["", f"{title}:", *(f"  {row}" for row in rows)] if rows else []
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
        "needs_person": [{"task": view.task.id, **need} for view in board.views for need in needs_json(view)],
        "done": board.done,
        "hold": hold and {"kind": hold.kind, "by": hold.by, "reason": hold.reason},
        "holds": [
            {"scope": scope, "kind": hold.kind, "by": hold.by, "reason": hold.reason}
            for scope, hold in board.state.holds.items()
        ],
        "brake": board.project.brake and {"status": board.project.brake.status, "reason": board.project.brake.reason},
        "dispatches": [
            {"key": d.key, "kind": d.kind, "to": d.to, "task": d.task, "status": d.status.value, "sendings": d.sendings}
            for d in board.state.dispatches.values()
        ],
        "budget": standing(board.state.ledger, board.caps),
        "not_enforced": [{"guard": name, "message": words} for name, words in board.not_enforced],
        "warnings": list(board.warnings),
        "problems": [_problem(problem) for problem in board.project.problems]
        + [{**_problem(problem), "task": v.task.id} for v in board.views for problem in v.task.problems],
    }


def _problem(problem: Problem) -> dict[str, Any]:
    what = {"code": problem.code, "place": problem.place, "message": problem.message, "hint": problem.hint}
    return {**what, "stops": problem.stops, "task": None}


def _headline(board: Board) -> str:
    cancelled = sum(v.standing.status is Status.cancelled for v in board.views)
    total = len(board.views) - cancelled
    filled = WIDTH * board.done // total if total else 0
    title = plain(board.project.title) or board.project.name
    bar = "#" * filled + "." * (WIDTH - filled)
    aside = f", {cancelled} cancelled" if cancelled else ""
    return f"{title} ({board.project.name})  [{bar}]  {board.done} of {total} done{aside}"


def _sections(board: Board) -> Iterable[tuple[str, list[str]]]:
    dispatches = board.state.dispatches.values()
    yield "at work", _rows(v for v in board.views if v.standing.status in AT_WORK and not v.needs)
    yield "ready", _rows(v for v in board.views if v.readiness == "ready")
    yield "waiting", _rows(v for v in board.views if v.readiness in {"waiting", "held"} and not v.task.problems)
    yield "failed", _rows(v for v in board.views if v.standing.status is Status.failed)
    lost = [line for d in dispatches if d.status is DispatchStatus.dead for line in (_dispatch(d), _lost(d))]
    yield "needs a person", _needs(v for v in board.views if v.needs) + lost
    yield "budget", [cap_line(cap) for cap in board.caps]
    yield "dispatches", [_dispatch(d) for d in dispatches if d.status in UNANSWERED]


def _rows(views: Iterable[TaskView]) -> list[str]:
    rows = list(views)
    width = max((len(v.task.id) for v in rows), default=0)
    return [f"{v.task.id.ljust(width)}  {_word(v)}{note(v)}" for v in rows]


def _needs(views: Iterable[TaskView]) -> list[str]:
    """Each task that needs a person, why, and below it what clears it."""
    rows = list(views)
    width = max((len(v.task.id) for v in rows), default=0)
    lines = []
    for view in rows:
        why = "; ".join(plain(reason.message) for reason in view.needs)
        told = f"{note(view)}" if view.standing.status in FOR_A_PERSON else why
        lines.append(f"{view.task.id.ljust(width)}  {view.standing.status}, {told}")
        lines += [f"{'':{width}}  next: {plain(reason.next)}" for reason in view.needs]
    return lines


def _word(view: TaskView) -> str:
    return "" if view.readiness else f"{view.standing.status.value}, "


def _lost(dispatch: Dispatch) -> str:
    claim = f", kerrigan task claim {plain(dispatch.task)} answers it" if dispatch.task else ""
    return f"            next: kerrigan doctor says what keeps it from being answered{claim}"


def _dispatch(dispatch: Dispatch) -> str:
    times = "once" if dispatch.sendings == 1 else f"{dispatch.sendings} times"
    sent = f"sent {times}, not answered" if dispatch.sendings else "not sent yet"
    if dispatch.failure:
        sent = f"tried {times}: {plain(dispatch.failure)}"
    about = f"{plain(dispatch.task)} to " if dispatch.task else ""
    return f"dispatch {plain(dispatch.key)[:8]}  {about}{plain(dispatch.to)}: {sent}"
