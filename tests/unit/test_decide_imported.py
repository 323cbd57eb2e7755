"""What was done before an import: who may say so, of which tasks, and what follows."""

from dataclasses import replace
from typing import Any

import pytest

from kerrigan.decide.fold.fold import fold, replay
from kerrigan.decide.fold.state_json import dump, load
from kerrigan.decide.imported import passed_over, record_imported
from kerrigan.decide.lifecycle import IMPORTED
from kerrigan.decide.limits.holds import brake
from kerrigan.decide.readiness import ready
from kerrigan.decide.reconcile import reconcile_project
from kerrigan.load.github.asks import by_label
from kerrigan.load.github.comments import by_comment
from kerrigan.model.decision import Decision, Refusal
from kerrigan.model.event import Actor, Event
from kerrigan.model.event import EventType as E
from kerrigan.model.forge.facts import Facts
from kerrigan.model.project import Brake, Permission
from kerrigan.model.state import NEW, State, Status
from kerrigan.model.usage import Ledger
from tests.unit.decide_stage import (
    ADA,
    AT,
    BO,
    CLAUDE,
    GOOD,
    PLAN,
    TASKS,
    TO_DONE,
    TO_REVIEW,
    WORKSPACE,
    Story,
    after,
    ask,
    project,
    standing,
    state,
    types,
)

MAY_WRITE = Facts(Permission.write)


def imports(
    told: Story, *names: str, actor: Actor = ADA, facts: Facts = MAY_WRITE, **more: Any
) -> Decision | Refusal | None:
    data = {"from": "kerrigan-md", "done": tuple(f"todo/{name}" for name in names)}
    request = ask(E.imported, None, actor, told.at, data=data, **more)
    answer = record_imported(told.project, told.workspace, told.state, request, facts)
    told.record(answer)
    return answer


def test_what_was_done_before_is_done_and_what_waited_for_it_is_ready() -> None:
    told = Story()
    answer = imports(told, "contract", definition="c" * 40)
    assert types(answer) == ["imported", "dispatch_requested"]
    assert isinstance(answer, Decision)
    first, woken = answer.events
    assert (first.task, first.actor, first.definition) == (None, ADA, "c" * 40)
    assert first.data == {"from": "kerrigan-md", "done": ["todo/contract"]}
    assert (woken.task, woken.data["to"], woken.cause) == ("todo/screen", "acme/web", first.id)
    assert told.state.task("todo/contract") == replace(NEW, status=Status.done, since=AT)
    assert ready(told.project, told.workspace, told.state, AT) == ("todo/endpoint", "todo/screen")


def test_what_follows_is_what_follows_a_completion() -> None:
    worked, told = Story(), Story()
    worked.tell("todo/contract", TO_DONE)
    imports(told, "contract")
    assert told.state.dispatches.keys() == worked.state.dispatches.keys()
    told.record(reconcile_project(PLAN, WORKSPACE, told.state, {}, ask(E.expired, None, Actor("kerrigan", "app"))))
    assert told.state.dispatches.keys() == worked.state.dispatches.keys(), "reconcile finds nothing left to ask for"


def test_a_task_that_waited_for_two_of_them_is_woken_once() -> None:
    both = project(TASKS[0], TASKS[1], replace(TASKS[2], depends_on=(after("contract"), after("endpoint"))))
    answer = imports(Story(both), "endpoint", "contract", "endpoint")
    assert types(answer) == ["imported", "dispatch_requested"]
    assert isinstance(answer, Decision)
    assert answer.events[0].data["done"] == ["todo/endpoint", "todo/contract"]


def test_what_is_done_itself_is_not_woken() -> None:
    assert types(imports(Story(), "contract", "screen")) == ["imported"]


def test_gates_that_wait_for_them_are_looked_at_again() -> None:
    told = Story()
    told.state = state(screen=standing(Status.in_review), launch=standing(Status.testing))
    told.project = project(*TASKS[:3], replace(TASKS[3], repository="api"))
    answer = imports(told, "contract")
    assert isinstance(answer, Decision)
    assert [(e.data["kind"], e.data["to"], e.task) for e in answer.events[1:]] == [
        ("kerrigan-recheck", "acme/web", "todo/contract")
    ]


def test_twice_is_once() -> None:
    told = Story()
    imports(told, "contract")
    before = told.state
    assert imports(told, "contract") is None
    assert told.state == before
    assert passed_over(PLAN, told.state, ["todo/contract"]) == {"todo/contract": "it is done already"}


@pytest.mark.parametrize(
    "kinds", [(E.claimed,), (E.claimed, E.released), TO_REVIEW, (E.cancelled,), (E.cancelled, E.reopened)], ids=str
)
def test_what_was_begun_here_goes_on_here(kinds: tuple[E, ...]) -> None:
    told = Story()
    told.tell("todo/contract", kinds)
    before = told.state.task("todo/contract")
    assert imports(told, "contract") is None
    why = passed_over(PLAN, told.state, ["todo/contract"])["todo/contract"]
    assert why == f"it is {before.status} since {AT}, so its journal goes on"
    assert types(imports(told, "contract", "endpoint"))[0] == "imported"
    assert told.state.task("todo/contract") == before
    assert told.state.task("todo/endpoint").status is Status.done


def test_a_reopened_task_stays_open_and_is_worked_on_as_any_other() -> None:
    told = Story()
    imports(told, "contract")
    told.tell("todo/contract", (E.reopened,))
    assert told.state.task("todo/contract").status is Status.open
    assert imports(told, "contract") is None
    told.tell("todo/contract", TO_DONE)
    assert told.state.task("todo/contract").fence == 1


def test_a_confirmation_is_no_beginning() -> None:
    told = Story()
    told.ask(E.confirmed, "todo/launch", reason="legal")
    assert types(imports(told, "launch")) == ["imported"]
    assert told.state.task("todo/launch").confirmed == ("legal",)


@pytest.mark.parametrize(
    ("actor", "permission", "words"),
    [
        (ADA, Permission.read, "ada has permission 'read' in acme/api, and this needs 'write'"),
        (ADA, Permission.none, "ada has permission 'none'"),
        (CLAUDE, Permission.admin, "only a person says what was done before the import, and claude is an agent"),
        (Actor("kerrigan", "app"), Permission.admin, "kerrigan is an app"),
        (Actor("kerrigan[bot]", "app"), Permission.admin, "kerrigan[bot] is an app"),
    ],
)
def test_only_a_person_who_may_write_says_so(actor: Actor, permission: Permission, words: str) -> None:
    for task in ("contract", "nothing-of-the-sort"):
        told = Story()
        answer = imports(told, task, actor=actor, facts=Facts(permission))
        assert isinstance(answer, Refusal)
        assert (answer.verb, answer.task, answer.status) == ("import --record", None, "running")
        assert words in answer.reason
        assert told.state == State()


@pytest.mark.parametrize("kind", [E.paused, E.stopped])
def test_a_stop_holds_and_a_pause_wakes_nobody(kind: E) -> None:
    told = Story()
    told.record(brake(PLAN, WORKSPACE, told.state, ask(kind, None, reason="smoke"), GOOD))
    answer = imports(told, "contract")
    if kind is E.paused:
        assert types(answer) == ["imported"]
    else:
        assert isinstance(answer, Refusal)
        assert answer.status == "stopped"
        assert "stopped by ada: smoke" in answer.reason
        assert answer.next == "an admin: kerrigan resume todo --reason TEXT"
        assert told.state.task("todo/contract") == NEW


def test_the_human_brake_lets_it_be_written_down_and_wakes_nobody() -> None:
    told = Story(replace(PLAN, brake=Brake("on-hold")))
    assert types(imports(told, "contract")) == ["imported"]
    now = ask(E.expired, None, Actor("kerrigan", "app"))
    assert reconcile_project(told.project, WORKSPACE, told.state, {}, now) is None
    assert types(reconcile_project(PLAN, WORKSPACE, told.state, {}, now)) == ["dispatch_requested"]


def test_the_table_says_what_it_moves() -> None:
    for status in Status:
        before = standing(status) if status is not Status.open else NEW
        event = Event(1, "x", AT, E.imported, None, ADA, data={"done": ["todo/contract"]})
        now = fold(state(contract=before), [event]).task("todo/contract")
        moved = replace(before, status=Status.done, since=AT)
        assert now == (moved if status in IMPORTED.sources else before)


def test_no_streak_and_no_book_hears_of_it() -> None:
    told = Story()
    told.tell("todo/contract", (E.claimed, E.failed))
    before = told.state
    imports(told, "endpoint")
    assert before.streaks
    assert (told.state.streaks, told.state.ledger) == (before.streaks, before.ledger)
    idle = Story()
    imports(idle, "contract")
    assert idle.state.ledger == Ledger()


@pytest.mark.parametrize(
    "data", [{"from": "status.json"}, {"done": "todo/contract"}, {"done": None}, {"done": [7, {}]}]
)
def test_an_event_that_names_no_task_changes_nothing(data: dict[str, Any]) -> None:
    told = Story()
    told.tell("todo/contract", (E.claimed, E.failed))
    line = Event(told.state.seq + 1, "x", AT, E.imported, None, ADA, data=data, prev=told.state.last).to_line()
    now = replay(told.state, [line])
    assert replace(now, seq=told.state.seq, last=told.state.last) == told.state


def test_a_line_that_names_a_held_task_leaves_it_to_its_holder() -> None:
    told = Story()
    told.tell("todo/contract", (E.claimed,))
    data = {"from": "beads", "done": ["todo/contract", "todo/gone"]}
    line = Event(told.state.seq + 1, "x", AT, E.imported, None, ADA, data=data, prev=told.state.last).to_line()
    now = replay(told.state, [line])
    assert now.task("todo/contract") == told.state.task("todo/contract")
    assert now.task("todo/gone").status is Status.done


def test_the_fold_survives_state_json() -> None:
    told = Story()
    imports(told, "contract", "endpoint")
    assert load(dump(told.state, 0)) == told.state
    assert replay(State(), told.lines) == told.state


def test_thousands_of_names_are_one_event_and_those_that_nobody_knows_are_named() -> None:
    many = [replace(TASKS[0], id=f"todo/t{n}") for n in range(3000)]
    screens = [replace(TASKS[2], id=f"todo/s{n}", depends_on=(after(f"t{n}"), after(f"t{n + 1}"))) for n in range(300)]
    told = Story(project(*many, *screens))
    answer = imports(told, *(f"t{n}" for n in range(4000)))
    assert isinstance(answer, Decision)
    assert len(answer.events[0].data["done"]) == 3000
    assert types(answer)[1:] == ["dispatch_requested"] * 300
    over = passed_over(told.project, told.state, [f"todo/t{n}" for n in range(3000, 4000)])
    assert len(over) == 1000
    assert set(over.values()) == {"no such task on the default branch: import it with --with-finished, commit and push"}


def test_no_label_and_no_comment_asks_for_it() -> None:
    words = ["imported", "import", "import --record", "record", "done", "reconcile"]
    assert all(by_label(f"kerrigan:{word}").asks is not E.imported for word in words)
    assert all(by_comment(f"/kerrigan {word}").asks is not E.imported for word in words)


@pytest.mark.parametrize("actor", [ADA, BO, CLAUDE])
def test_a_task_and_a_brake_are_no_way_to_it(actor: Actor) -> None:
    data = {"from": "beads", "done": ("todo/contract",)}
    told = Story()
    assert isinstance(told.ask(E.imported, "todo/contract", actor, data=data), Refusal)
    answer = brake(PLAN, WORKSPACE, told.state, ask(E.imported, None, actor, reason="so", data=data), GOOD)
    assert isinstance(answer, Refusal)
