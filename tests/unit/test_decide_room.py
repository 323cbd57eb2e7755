"""How much may be in work at once, whose paths are taken, and that nobody is woken for whom there is no room."""

from dataclasses import replace
from typing import Any

from kerrigan.decide.dispatches.dispatch import Accepted, record_sent, to_send
from kerrigan.decide.limits.capacity import Capacity
from kerrigan.decide.readiness import readiness, ready
from kerrigan.model.decision import Decision, Reason, Refusal
from kerrigan.model.event import Actor
from kerrigan.model.event import EventType as E
from kerrigan.model.project import Limits, Project, Task, Workspace
from kerrigan.model.state import State, Status
from kerrigan.model.timestamp import later
from tests.unit.decide_stage import ADA, AT, BO, CLAUDE, TO_REVIEW, TO_WORK, WORKSPACE, Story, ask, project


def task(name: str, *paths: str, role: str = "swe", repository: str = "api", agent: str = "") -> Task:
    return Task(f"todo/{name}", name, role, repository, paths=paths, agent=agent)


def story(*tasks: Task, **limits: Any) -> Story:
    return Story(project(*tasks), replace(WORKSPACE, limits=Limits(**limits)))


def why_not(told: Story, name: str) -> tuple[Reason, ...]:
    word, reasons = readiness(told.project, told.workspace, told.state, f"todo/{name}", told.at)
    assert word == ("waiting" if reasons else "ready")
    return reasons


def claim(told: Story, name: str, actor: Actor = ADA, **more: Any) -> Decision | Refusal:
    return told.ask(E.claimed, f"todo/{name}", actor, **more)


def test_the_project_has_a_limit() -> None:
    told = story(task("a"), task("b"), task("c"), parallel=2)
    told.tell("todo/a", TO_WORK)
    assert isinstance(claim(told, "b"), Decision)
    (reason,) = why_not(told, "c")
    assert (reason.kind, reason.message) == ("limit", "todo has 2 tasks in work, and kerrigan.yml allows 2")
    refused = claim(told, "c")
    assert isinstance(refused, Refusal)
    assert "2 tasks in work" in refused.reason
    assert isinstance(claim(told, "c", force=True, reason="a fire"), Decision)


def test_a_role_has_a_limit_and_the_role_is_the_present_one() -> None:
    told = story(task("a"), task("b"), task("c", role="design"), roles={"swe": 1})
    told.tell("todo/a", TO_WORK)
    assert [r.kind for r in why_not(told, "b")] == ["role-limit"]
    assert not why_not(told, "c")
    told.ask(E.handed_off, "todo/c", ADA, role="swe")
    assert isinstance(claim(told, "c"), Decision)
    told.ask(E.handed_off, "todo/c", ADA, role="swe")
    told.ask(E.handed_off, "todo/a", ADA, role="design")
    assert not why_not(told, "b")


def test_an_agent_has_a_limit_whatever_its_login_is_written_like() -> None:
    told = story(task("a"), task("b"), task("c", agent="claude"), agents={"claude": 1})
    told.tell("todo/a", (E.claimed,), Actor("Claude", "agent"))
    refused = claim(told, "b", CLAUDE)
    assert isinstance(refused, Refusal)
    assert refused.reason == "claude has 1 task in work, and kerrigan.yml allows 1"
    assert not why_not(told, "b")
    assert [r.kind for r in why_not(told, "c")] == ["agent-limit"]
    assert isinstance(claim(told, "b", BO), Decision)


def test_what_is_handed_in_keeps_nobody_busy() -> None:
    told = story(task("a"), task("b"), parallel=1, roles={"swe": 1}, agents={"ada": 1})
    told.tell("todo/a", TO_WORK)
    assert [r.kind for r in why_not(told, "b")] == ["limit", "role-limit"]
    told.tell("todo/a", (E.submitted,))
    assert isinstance(claim(told, "b"), Decision)


def test_a_task_that_left_the_file_while_claimed_still_counts() -> None:
    told = story(task("a"), task("b", "src/**"), parallel=1)
    told.tell("todo/a", TO_WORK)
    told.project = project(task("b", "src/**"))
    assert [r.kind for r in why_not(told, "b")] == ["limit"]


def test_overlapping_paths_are_never_in_flight_together() -> None:
    told = story(task("a", "src/api/**"), task("b", "docs/*.md", "src/*/main.py"), task("c", "src/*.py"))
    told.tell("todo/a", TO_REVIEW)
    (reason,) = why_not(told, "b")
    assert (reason.kind, reason.on) == ("paths", "todo/a")
    assert reason.message == "changes src/*/main.py, and todo/a, which ada holds (in_review), changes src/api/**"
    refused = claim(told, "b")
    assert isinstance(refused, Refusal)
    assert "which ada holds" in refused.reason
    assert not why_not(told, "c")
    told.tell("todo/a", (E.approved, E.completed))
    assert isinstance(claim(told, "b"), Decision)


def test_paths_are_those_of_one_repository_and_none_take_nothing() -> None:
    told = story(task("a", "src/**"), task("b", "src/**", repository="web"), task("c"), task("d", "**"))
    told.tell("todo/a", TO_WORK)
    told.tell("todo/c", TO_WORK)
    assert not why_not(told, "b")
    assert [r.on for r in why_not(told, "d")] == ["todo/a"]


def test_ten_thousand_tasks_are_looked_at_once_each() -> None:
    looked_at = 0

    class Counting(Capacity):
        def against(self, task: Task) -> Any:
            nonlocal looked_at
            near = self._paths["acme/api"]._near
            looked_at += sum(1 for path in task.paths for _ in near(path))
            return super().against(task)

    many = [task(f"t{n}", f"src/m{n // 2}/**", f"docs/{n}.md") for n in range(10_000)]
    told = story(*many)
    held = {f"todo/t{n}": replace(standing_held(), branch=str(n)) for n in range(0, 10_000, 2)}
    told.state = State(tasks=held)
    room = Counting(told.project, told.workspace, told.state)
    reasons = [next(room.against(each), None) for each in many[1::2]]
    assert all(reason and reason.kind == "paths" for reason in reasons)
    assert looked_at == 5_000
    assert ready(told.project, told.workspace, told.state, AT) == ()


def standing_held() -> Any:
    told = story(task("a"))
    told.tell("todo/a", TO_WORK)
    assert told.state.task("todo/a").status is Status.working
    return told.state.task("todo/a")


def woken(plan: Project, rules: Workspace, state: State, at: str) -> list[str]:
    return [str(d.task) for d in to_send(plan, rules, state, at)]


def test_only_as_many_are_woken_as_there_is_room_for() -> None:
    told = story(task("root"), *(replace(task(n, repository="web"), depends_on=()) for n in "abc"), parallel=2)
    told.tell("todo/root", (*TO_REVIEW, E.approved, E.completed))
    for name in "abc":  # opened again, so that each asks for its dispatch
        told.tell(f"todo/{name}", (E.cancelled, E.reopened))
    assert woken(told.project, told.workspace, told.state, AT) == ["todo/a", "todo/b"]
    answers = {d.key: Accepted() for d in to_send(told.project, told.workspace, told.state, AT)}
    told.record(record_sent(told.project, told.workspace, told.state, answers, ask(E.dispatch_sent, None, at=AT)))
    assert woken(told.project, told.workspace, told.state, later(AT, 1)) == []
    told.tell("todo/a", (E.claimed, E.started, E.submitted))
    assert woken(told.project, told.workspace, told.state, later(AT, 1)) == ["todo/c"]


def test_two_that_change_the_same_are_woken_one_after_the_other() -> None:
    told = story(task("a", "src/**", repository="web"), task("b", "src/x.py", repository="web"))
    for name in "ab":
        told.tell(f"todo/{name}", (E.cancelled, E.reopened))
    assert woken(told.project, told.workspace, told.state, AT) == ["todo/a"]
    told.tell("todo/a", TO_WORK)
    assert woken(told.project, told.workspace, told.state, AT) == []
    told.tell("todo/a", (E.submitted, E.completed))
    assert woken(told.project, told.workspace, told.state, AT) == ["todo/b"]
