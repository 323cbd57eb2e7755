"""No refusal says only no: each names who can clear it and how. What is offered to someone is not refused to them."""

import re
import shlex
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kerrigan.decide.guards.guards import GUARDS
from kerrigan.decide.lifecycle import TRANSITIONS, VERBS
from kerrigan.decide.readiness import readiness
from kerrigan.decide.refusals import objection as against
from kerrigan.decide.refusals.objection import Objection, objection
from kerrigan.decide.refusals.remedy import REMEDIES, next_step, remedy
from kerrigan.decide.situation import Situation
from kerrigan.decide.step import step
from kerrigan.load.github.answers import answers
from kerrigan.model.decision import Decision, NextStep, Refusal, Request
from kerrigan.model.event import Actor, EventType
from kerrigan.model.forge.facts import Facts
from kerrigan.model.project import Limits, Permission, Workspace
from kerrigan.model.state import Hold, State, Status
from tests.unit.decide_stage import (
    ADA,
    BO,
    CLAUDE,
    EVE,
    GOOD,
    HEAD,
    LEGAL,
    PLAN,
    WORKSPACE,
    ask,
    project,
    standing,
    state,
)

LAUNCH = "todo/launch"
OTHER = Actor("codex", "agent")
ACTORS = (ADA, BO, EVE, CLAUDE, OTHER, Actor("renovate[bot]", "app"))
PERMISSIONS = (Permission.none, Permission.read, Permission.write, Permission.admin)
TASKS = tuple(replace(t, acceptance=("it parses", "it's fast")) if t.id == LAUNCH else t for t in PLAN.tasks.values())
WITH_CRITERIA = project(*TASKS)


def situation(status: Status, kind: EventType, actor: Actor = ADA, facts: Facts = GOOD, **more: Any) -> Situation:
    before = state(launch=standing(status, fence=3), screen=standing(Status.done))
    return Situation(
        WITH_CRITERIA, WORKSPACE, before, WITH_CRITERIA.tasks[LAUNCH], ask(kind, LAUNCH, actor, **more), facts
    )


def test_every_objection_has_a_remedy() -> None:
    others = {against.STOPPED, against.UNKNOWN, against.TABLE, against.FORCE, against.DISPATCH}
    assert set(REMEDIES) == set(GUARDS) | others


@pytest.mark.parametrize(("guard", "status"), list(product(REMEDIES, Status)))
def test_every_guard_in_every_status_names_a_next_step(guard: str, status: Status) -> None:
    for kind, actor in product(VERBS.values(), (ADA, EVE, CLAUDE)):
        for facts in (GOOD, Facts(), replace(GOOD, permission=Permission.read, head=None, delivered=None)):
            found = remedy(situation(status, kind, actor, facts), Objection(guard, "no"))
            assert found.command.strip(), (guard, status, kind, actor)
            assert "TEXT TEXT" not in found.command


@pytest.mark.parametrize(("verb", "status"), list(product(VERBS, Status)))
def test_every_refusal_ends_with_who_can_clear_it_and_how(verb: str, status: Status) -> None:
    held = (None, Hold("stopped", "bo", "a leak"), Hold("paused", "bo", "lunch"))
    for actor, permission, hold in product(ACTORS, PERMISSIONS, held):
        s = situation(status, VERBS[verb], actor, replace(GOOD, permission=permission))
        answer = step(s.project, s.workspace, replace(s.state, hold=hold), s.request, s.facts)
        if isinstance(answer, Refusal):
            assert answer.next, answer
            assert "kerrigan" in answer.next or "merge" in answer.next or "git push" in answer.next, answer.next


ALSO = re.compile(r"; |, (or|then|once|which) ")
"""Where a command goes on in words: it is no single one then."""


def read(offered: NextStep, s: Situation) -> Request | None:
    """The request that an offered command makes, with its words filled in; None for what is no command about a task."""
    if not offered.command.startswith("kerrigan task ") or ALSO.search(offered.command):
        return None
    words = shlex.split(offered.command)
    given = {"kind": VERBS[words[2]], "task": words[3]}
    options = dict(zip(words[4::2], words[5::2], strict=True))
    said = [answers(value) for name, value in zip(words[4::2], words[5::2], strict=True) if name == "--criterion"]
    fence = options.get("--fence")
    assert set(options) <= {"--fence", "--reason", "--role", "--what", "--criterion"}, offered.command
    return ask(
        given["kind"],  # type: ignore[arg-type]
        str(given["task"]),
        s.request.actor,
        s.request.at,
        reason=options.get("--reason", "").replace("TEXT", "because"),
        role=options.get("--role", "").replace("ROLE", "testing"),
        fence=int(fence) if fence else None,
        data={"what": options["--what"]} if "--what" in options else {},
        answers=tuple(one for each in said for one in each),
    )


FACTS = st.builds(
    Facts,
    permission=st.sampled_from(PERMISSIONS),
    head=st.sampled_from([HEAD, "b" * 40, None]),
    ahead=st.integers(0, 1),
    pull_request=st.sampled_from([GOOD.pull_request, None]),
    checks=st.sampled_from([None, "success", "failure", "pending", "missing"]),
    delivered=st.sampled_from([None, "d" * 40]),
    merging=st.just(GOOD.merging),
    unpushed=st.integers(0, 1),
)
PLANS = st.sampled_from([PLAN, WITH_CRITERIA, project(replace(TASKS[3], depends_on=(LEGAL,), risk="low"), *TASKS[:3])])
WORKSPACES = st.builds(
    replace,
    st.just(WORKSPACE),
    level=st.integers(0, 5),
    limits=st.sampled_from([Limits(), Limits(agents={"claude": 0}), Limits(parallel=0)]),
    protected=st.sampled_from([(), ("**",)]),
)


@given(
    plan=PLANS,
    rules=WORKSPACES,
    status=st.sampled_from(list(Status)),
    actor=st.sampled_from(ACTORS),
    facts=FACTS,
    attempts=st.integers(0, 3),
    screen=st.sampled_from([Status.open, Status.done]),
    confirmed=st.sampled_from([(), ("legal",)]),
    held_by=st.sampled_from(ACTORS),
    author=st.sampled_from(["ada", "bo", "claude"]),
    hold=st.sampled_from([None, Hold("paused", "bo", "lunch"), Hold("stopped", "bo", "a leak")]),
    kind=st.sampled_from(list(VERBS.values())),
)
def test_what_is_offered_to_who_asks_is_not_refused_to_them(
    plan: Any, rules: Workspace, status: Status, actor: Actor, facts: Facts, attempts: int, screen: Status,
    confirmed: tuple[str, ...], held_by: Actor, author: str, hold: Hold | None, kind: EventType,
) -> None:  # fmt: skip
    holder = replace(standing(status).holder, login=held_by.login, kind=held_by.kind)  # type: ignore[type-var]
    known = {"holder": holder, "attempts": attempts, "confirmed": confirmed, "author": author}
    before = replace(state(launch=standing(status, **known), screen=standing(screen)), hold=hold)
    s = Situation(plan, rules, before, plan.tasks[LAUNCH], ask(kind, LAUNCH, actor), facts)
    found = objection(s)
    for offered in (next_step(s), remedy(s, found) if found else None):
        request = read(offered, s) if offered and not offered.by else None
        if request is not None:
            answer = step(plan, rules, before, request, facts)
            assert isinstance(answer, Decision), (offered, answer)


def test_an_agent_is_offered_the_fence_of_its_claim() -> None:
    mine = standing(Status.working, holder=replace(standing(Status.working).holder, login="claude", kind="agent"))  # type: ignore[type-var]
    s = Situation(
        PLAN, WORKSPACE, state(contract=mine), PLAN.tasks["todo/contract"], ask(EventType.failed, actor=CLAUDE), GOOD
    )
    assert next_step(s) == NextStep("kerrigan task submit todo/contract --fence 3")
    assert next_step(replace(s, request=replace(s.request, actor=OTHER))) == NextStep(
        "kerrigan task submit todo/contract --fence 3; or an admin frees it: "
        "kerrigan task release todo/contract --force --reason TEXT",
        "claude, who holds it",
    )


def test_every_reason_why_a_task_is_not_ready_names_a_next_step() -> None:
    unknown = Facts(unknown={"acme/design#12": "no answer"})
    for rules in (
        WORKSPACE,
        replace(WORKSPACE, limits=Limits(parallel=0, roles={"deployment": 0})),
        replace(WORKSPACE, level=0),
    ):
        for facts in (Facts(), unknown):
            before = state(launch=standing(Status.open, not_before="2999-01-01T00:00:00.000Z"))
            _, reasons = readiness(PLAN, rules, before, LAUNCH, "2026-11-21T06:00:00.000Z", facts)
            assert reasons
            assert all(reason.next for reason in reasons), reasons


def test_done_and_cancelled_tasks_wait_for_nothing_and_a_refusal_names_the_way_back() -> None:
    for status in (Status.done, Status.cancelled):
        s = situation(status, EventType.claimed)
        assert next_step(s) is None
        answer = step(s.project, s.workspace, s.state, s.request, s.facts)
        assert isinstance(answer, Refusal)
        assert answer.next == "kerrigan task reopen todo/launch --reason TEXT"


def test_a_state_without_a_journal_is_fine_too() -> None:
    s = Situation(PLAN, WORKSPACE, State(), PLAN.tasks["todo/contract"], ask(EventType.claimed, actor=BO), GOOD)
    assert next_step(s) == NextStep("kerrigan task claim todo/contract")
    assert set(TRANSITIONS) >= set(VERBS.values())
