"""One screen: how far, who, what next, and what waits for a person."""

from dataclasses import replace

from kerrigan.model.project import Task
from kerrigan.model.state import Dispatch, DispatchStatus, Hold, State, Status, TaskState
from kerrigan.report.tasks.board import Board, text, to_dict
from tests.unit.report_stage import CONTRACT, HELD, HOSTILE, WAITING, assert_fits, project, view

NOT_ENFORCED = (("budget", "no cap stops a claim yet"), ("paths", "tasks may overlap"))


def task(name: str) -> Task:
    return replace(CONTRACT, id=f"todo/{name}", title=name.title())


def dispatch(key: str, status: DispatchStatus, sendings: int, about: str | None = "todo/screen") -> Dispatch:
    return Dispatch(key * 8, "kerrigan-task", "acme/web", about, 0, status, sendings)


BUSY = Board(
    project(CONTRACT),
    [
        view(CONTRACT, HELD),
        view(task("docs"), TaskState(), "ready"),
        WAITING,
        view(task("login"), TaskState(Status.failed)),
        view(task("legal"), TaskState(Status.blocked)),
        view(task("logo"), TaskState(Status.done)),
        view(task("fax"), TaskState(Status.cancelled)),
    ],
    State(
        dispatches={
            "a": dispatch("a1", DispatchStatus.requested, 0),
            "b": dispatch("b2", DispatchStatus.sent, 2),
            "c": dispatch("c3", DispatchStatus.acknowledged, 1),
            "d": dispatch("d4", DispatchStatus.dead, 5, None),
            "e": replace(dispatch("e5", DispatchStatus.requested, 1), failure="GitHub answered 403"),
        },
        hold=Hold("paused", "ana", "release week"),
    ),
    NOT_ENFORCED,
    ("tasks.yml is not on origin/main yet",),
)


def test_the_screen() -> None:
    assert text(BUSY).splitlines() == [
        "Todo (todo)  [####....................]  1 of 6 done, 1 cancelled",
        "! tasks.yml is not on origin/main yet",
        "! paused by ana: release week",
        "",
        "at work:",
        "  todo/contract  working, held by ada",
        "",
        "ready:",
        "  todo/docs  Docs",
        "",
        "waiting:",
        "  todo/screen  waits on todo/contract, which is working; waits until a person confirms: legal sign-off",
        "",
        "failed:",
        "  todo/login  failed, Login",
        "",
        "needs a person:",
        "  todo/legal  blocked, Legal",
        "              next: a person with write permission: kerrigan task unblock todo/legal",
        "  dispatch d4d4d4d4  acme/web: sent 5 times, not answered",
        "              next: kerrigan doctor says what keeps it from being answered",
        "",
        "dispatches:",
        "  dispatch a1a1a1a1  todo/screen to acme/web: not sent yet",
        "  dispatch b2b2b2b2  todo/screen to acme/web: sent 2 times, not answered",
        "  dispatch e5e5e5e5  todo/screen to acme/web: tried once: GitHub answered 403",
        "",
        "not enforced yet: budget, paths",
    ]


def test_every_status_that_is_not_over_has_a_place() -> None:
    over = {Status.done, Status.cancelled}
    for status in Status:
        readiness = "ready" if status is Status.open else None
        shown = "todo/contract" in text(
            Board(project(CONTRACT), [view(CONTRACT, TaskState(status), readiness)], State(), ())
        )
        assert shown is (status not in over), status


def test_an_empty_project_and_a_finished_one() -> None:
    assert text(Board(project(), [], State(), ())) == f"Todo (todo)  [{'.' * 24}]  0 of 0 done"
    finished = [view(CONTRACT, TaskState(Status.done)), view(task("fax"), TaskState(Status.cancelled))]
    assert (
        text(Board(project(CONTRACT), finished, State(), ())) == f"Todo (todo)  [{'#' * 24}]  1 of 1 done, 1 cancelled"
    )


def test_json_fits_its_schema() -> None:
    body = to_dict(BUSY)
    assert_fits("status", {"projects": [body], "warnings": []})
    assert body["done"] == 1
    assert [d["status"] for d in body["dispatches"]] == ["requested", "sent", "acknowledged", "dead", "requested"]
    assert body["not_enforced"][0] == {"guard": "budget", "message": "no cap stops a claim yet"}
    assert_fits("status", {"projects": [to_dict(replace(BUSY, state=State()))], "warnings": []})


def test_nothing_that_was_written_reaches_the_terminal() -> None:
    lost = replace(dispatch("d4", DispatchStatus.dead, 5), to=HOSTILE, task=HOSTILE)
    state = State(dispatches={"d": lost}, hold=Hold("stopped", HOSTILE, HOSTILE))
    board = Board(replace(project(), title=HOSTILE), [], state, (), (HOSTILE,))
    assert all(line.isprintable() for line in text(board).split("\n"))
