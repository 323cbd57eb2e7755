"""What is ready, every reason why the rest is not, and the order and length of the plan."""

from dataclasses import replace

from kerrigan.decide.plan import critical_path, order
from kerrigan.decide.readiness import dependents, readiness, ready
from kerrigan.model.forge.facts import Facts
from kerrigan.model.project import Brake, Task
from kerrigan.model.state import Hold, State, Status
from kerrigan.model.timestamp import later
from tests.unit.decide_stage import AT, ISSUE, PLAN, TASKS, WORKSPACE, after, done, project, standing, state


def chain_of(length: int) -> tuple[Task, ...]:
    names = [f"t{n}" for n in range(length)]
    return tuple(
        Task(f"todo/{name}", name, "swe", "api", (after(before),) if before else ())
        for before, name in zip(["", *names], names, strict=False)
    )


def test_a_new_project_is_ready_at_its_roots() -> None:
    assert ready(PLAN, WORKSPACE, State(), AT) == ("todo/contract",)


def test_done_dependencies_make_ready_and_soft_ones_never_block() -> None:
    assert ready(PLAN, WORKSPACE, done("contract"), AT) == ("todo/endpoint", "todo/screen")


def test_all_reasons_are_given_at_once() -> None:
    before = replace(state(launch=standing(Status.open, not_before=later(AT, 60))), hold=Hold("paused", "bo", "lunch"))
    braked = replace(PLAN, brake=Brake("on-hold", "no budget"))
    word, reasons = readiness(braked, WORKSPACE, before, "todo/launch", AT)
    assert word == "held"
    assert [r.kind for r in reasons] == [
        "project-held",
        "project-held",
        "dependency",
        "external",
        "grant",
        "not-before",
    ]
    assert [r.on for r in reasons] == [None, None, "todo/screen", "legal", None, None]
    assert "kerrigan task confirm todo/launch --what legal" in reasons[3].next
    assert ready(braked, WORKSPACE, before, AT) == ()


def test_waiting_is_for_work_and_what_is_not_open_has_no_readiness() -> None:
    assert readiness(PLAN, WORKSPACE, State(), "todo/screen", AT)[0] == "waiting"
    assert readiness(PLAN, WORKSPACE, done("contract"), "todo/contract", AT) == (None, ())


def test_not_before_passes_with_the_time() -> None:
    before = state(contract=standing(Status.open, not_before=AT))
    assert ready(PLAN, WORKSPACE, before, later(AT, -1)) == ()
    assert ready(PLAN, WORKSPACE, before, AT) == ("todo/contract",)


def test_approved_satisfies_only_where_the_workspace_says_so() -> None:
    before = state(contract=standing(Status.approved))
    assert "todo/screen" not in ready(PLAN, WORKSPACE, before, AT)
    assert "todo/screen" in ready(PLAN, replace(WORKSPACE, satisfied_by="approved"), before, AT)


def test_a_cancelled_dependency_says_what_to_do() -> None:
    _, reasons = readiness(PLAN, WORKSPACE, state(contract=standing(Status.cancelled)), "todo/screen", AT)
    assert "reopen it, or take it out of depends_on" in reasons[0].message


def test_what_lies_outside_of_the_journal_holds_only_when_the_facts_say_so() -> None:
    lone = project(Task("todo/logo", "Draw", "design", "web", (ISSUE, after("brand/colours"))))
    both = frozenset({"acme/design#12", "brand/colours"})
    _, unread = readiness(lone, WORKSPACE, State(), "todo/logo", AT, Facts(unknown={"acme/design#12": "timed out"}))
    assert ready(lone, WORKSPACE, State(), AT) == ()
    assert ready(lone, WORKSPACE, State(), AT, Facts(satisfied=both)) == ("todo/logo",)
    assert [r.kind for r in unread] == ["dependency", "dependency"]
    assert "could not be looked up: timed out" in unread[0].message
    assert "not known to be done" in unread[1].message


def test_dependents_are_those_who_wait() -> None:
    assert dependents(PLAN)["todo/contract"] == ("todo/endpoint", "todo/screen")
    assert "todo/endpoint" not in dependents(PLAN)


def test_the_order_puts_needs_first_and_survives_a_cycle() -> None:
    assert order(project(*reversed(TASKS))) == ("todo/contract", "todo/endpoint", "todo/screen", "todo/launch")
    a, b, c = (Task(f"todo/{name}", name, "swe", "api", (after(on),)) for name, on in ("ab", "ba", "cb"))
    root = Task("todo/root", "Root", "swe", "api")
    assert order(project(a, b, c, root)) == ("todo/root", "todo/a", "todo/b", "todo/c")
    assert critical_path(project(a, b, c, root), State())[-1] == "todo/c"


def test_the_critical_path_is_the_longest_chain_of_what_is_left() -> None:
    assert critical_path(PLAN, State()) == ("todo/contract", "todo/screen", "todo/launch")
    assert critical_path(PLAN, done("contract", "screen")) == ("todo/endpoint",)
    assert critical_path(PLAN, done("contract", "endpoint", "screen", "launch")) == ()


def test_a_chain_of_ten_thousand_tasks_needs_no_recursion() -> None:
    long = project(*reversed(chain_of(10_000)))
    assert len(critical_path(long, State())) == 10_000
    assert ready(long, WORKSPACE, State(), AT) == ("todo/t0",)
