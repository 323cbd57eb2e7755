"""How far agents go alone: which gates a person holds at each level, and what a grant opens."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kerrigan.decide.dispatches.dispatch import wanted
from kerrigan.decide.gate import gate
from kerrigan.decide.limits.autonomy import LEVELS
from kerrigan.decide.readiness import readiness, ready
from kerrigan.decide.step import step
from kerrigan.model.decision import Decision, Refusal
from kerrigan.model.event import Actor
from kerrigan.model.event import EventType as E
from kerrigan.model.forge.facts import PullRequest
from kerrigan.model.project import Permission, Task, Workspace
from kerrigan.model.state import State, Status
from tests.unit.decide_stage import ADA, AT, BO, GOOD, HEAD, WORKSPACE, Story, ask, project, standing, state

CODEX = Actor("codex", "agent")
PULL = PullRequest("acme/api", 7, "kerrigan/todo/a", HEAD, "codex")


def rules(**more: Any) -> Workspace:
    return replace(WORKSPACE, **more)


def story(risk: str = "low", repository: str = "api", paths: tuple[str, ...] = (), **more: Any) -> Story:
    task = Task("todo/a", "A", "swe", repository, risk=risk, paths=paths)
    return Story(project(task), rules(**more))


def held_gates(level: int, risk: str) -> str:
    """The first letters of the gates that someone holds: claim, review, merge."""
    told = story(risk, level=level)
    claim = "c" if isinstance(told.ask(E.claimed, "todo/a", CODEX), Refusal) else ""
    done = state(a=standing(Status.in_review, granted=("go",)))
    kinds = [r.kind for r in gate(told.project, told.workspace, done, PULL, GOOD).reasons]
    return claim + ("r" if "review" in kinds else "") + ("m" if "autonomy" in kinds else "")


@pytest.mark.parametrize(
    ("risk", "held"),
    [
        ("low", ["crm", "rm", "r", "", "", ""]),
        ("medium", ["crm", "crm", "rm", "r", "", ""]),
        ("high", ["crm", "crm", "crm", "cr", "r", ""]),
    ],
)
def test_each_level_holds_its_gates(risk: str, held: list[str]) -> None:
    assert [held_gates(level, risk) for level in range(len(LEVELS))] == held


def test_high_risk_needs_a_person_before_an_agent_starts_and_none_before_a_person_does() -> None:
    told = story("high")
    word, (reason,) = readiness(told.project, told.workspace, told.state, "todo/a", AT)
    assert (word, reason.kind) == ("waiting", "grant")
    assert reason.next == "kerrigan task grant todo/a --what start, or the label agent:go"
    refused = told.ask(E.claimed, "todo/a", CODEX)
    assert isinstance(refused, Refusal)
    assert "at autonomy 3 (guarded) a person lets agents start" in refused.reason
    assert refused.next == "a person with write permission: kerrigan task grant todo/a --what start"
    assert isinstance(told.ask(E.granted, "todo/a", CODEX, data={"what": "start"}), Refusal)
    assert isinstance(step(told.project, told.workspace, told.state, ask(E.claimed, "todo/a"), GOOD), Decision)
    told.tell("todo/a", (E.granted,))
    assert isinstance(told.ask(E.claimed, "todo/a", CODEX), Decision)


def test_the_account_of_an_app_is_no_person() -> None:
    told = story("high")
    assert isinstance(told.ask(E.claimed, "todo/a", Actor("github-actions[bot]", "app")), Refusal)


def test_nobody_is_woken_before_the_grant_and_somebody_is_in_its_commit() -> None:
    told = story("high", "web")
    assert wanted(told.project, told.state, ready(told.project, told.workspace, told.state, AT)) == ()
    answer = told.ask(E.granted, "todo/a", data={"what": "start"})
    assert isinstance(answer, Decision)
    assert [event.type for event in answer.events] == [E.granted, E.dispatch_requested]


def test_a_protected_path_raises_the_risk_and_asks_for_an_admin() -> None:
    told = story(paths=("src/**", ".github/workflows/ci.yml"), protected=(".github/**",), level=5)
    writer = replace(GOOD, permission=Permission.write)
    refused = told.ask(E.claimed, "todo/a", CODEX, facts=writer)
    assert isinstance(refused, Refusal)
    assert ".github/workflows/ci.yml is protected, so an admin lets agents start" in refused.reason
    by_writer = told.ask(E.granted, "todo/a", BO, facts=writer, data={"what": "start"})
    assert isinstance(by_writer, Refusal)
    assert "only an admin grants todo/a, and bo has 'write'" in by_writer.reason
    told.tell("todo/a", (E.granted,))
    assert isinstance(told.ask(E.claimed, "todo/a", CODEX, facts=writer), Decision)


def test_protected_is_reviewed_where_high_risk_is() -> None:
    told = story(paths=("migrations/1.sql",), protected=("migrations/**",))
    pull = replace(PULL, changed=("migrations/1.sql",))
    reasons = gate(told.project, told.workspace, state(a=standing(Status.in_review)), pull, GOOD).reasons
    assert [r.message for r in reasons] == ["todo/a has risk high: a review is needed before the merge"]


def test_the_labels_of_milestone_4_hold_agents_claims_back_too() -> None:
    told = story(autonomy="labels")
    assert isinstance(told.ask(E.claimed, "todo/a", CODEX), Refusal)
    told.ask(E.granted, "todo/a", data={"what": "sprint"})
    assert isinstance(told.ask(E.claimed, "todo/a", CODEX), Decision)


def test_a_grant_is_void_after_the_task_was_reopened() -> None:
    told = story("high")
    told.tell("todo/a", (E.granted, E.cancelled, E.reopened))
    assert isinstance(told.ask(E.claimed, "todo/a", CODEX), Refusal)


def test_the_grant_of_a_merge_opens_no_claim_and_ends_with_the_next_push() -> None:
    told = story("low", level=1)
    told.ask(E.granted, "todo/a", data={"what": "merge"})
    assert told.state.task("todo/a").granted == ("merge",)
    told.ask(E.granted, "todo/a", data={"what": "start"})
    assert told.state.task("todo/a").granted == ("merge", "start")
    told.tell("todo/a", (E.claimed, E.started, E.submitted))
    assert told.state.task("todo/a").granted == ("start",)
    told.tell("todo/a", (E.tests_passed, E.approved))
    assert [r.kind for r in gate(told.project, told.workspace, told.state, PULL, GOOD).reasons] == ["autonomy"]
    told.ask(E.granted, "todo/a", ADA, data={"what": "merge"})
    assert gate(told.project, told.workspace, told.state, PULL, GOOD).verdict == "pass"


@pytest.mark.parametrize("said", [{}, {"reason": "merge"}, {"reason": "I trust it"}, {"data": {"what": "agent:go"}}])
def test_any_other_word_grants_nothing_and_is_told_the_two(said: dict[str, Any]) -> None:
    refused = story("low", level=0).ask(E.granted, "todo/a", **said)
    assert isinstance(refused, Refusal)
    assert refused.reason.endswith("expected start or merge")
    assert refused.next.endswith("kerrigan task grant todo/a --what start, or --what merge")


@pytest.mark.parametrize("label", ["go", "sprint", "override"])
def test_the_labels_of_milestone_4_grant_the_start(label: str) -> None:
    told = story("high")
    told.ask(E.granted, "todo/a", data={"what": label})
    assert isinstance(told.ask(E.claimed, "todo/a", CODEX), Decision)
    merge = gate(told.project, rules(level=0), state(a=standing(Status.approved, granted=(label,))), PULL, GOOD)
    assert merge.verdict == ("pass" if label == "override" else "violation")


def test_a_grant_holds_for_the_task_it_was_given_to() -> None:
    told = story("high")
    other = State(tasks={"todo/b": standing(Status.open, granted=("go",))})
    assert ready(told.project, told.workspace, other, AT) == ()


def test_the_docs_show_the_levels() -> None:
    rows = [
        f"| {n} | {level.name} | {level.claim or '-'} | {level.review or '-'} | {level.merge or '-'} |"
        for n, level in enumerate(LEVELS)
    ]
    assert "\n".join(rows) in (Path(__file__).parents[2] / "docs" / "autonomy.md").read_text(encoding="utf-8")
