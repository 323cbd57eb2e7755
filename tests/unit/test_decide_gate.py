"""The gate's three answers, and what people see of them on a pull request."""

from dataclasses import replace

import pytest

from kerrigan.decide.gate import gate, gate_without_task, task_of
from kerrigan.decide.view import LONGEST, commit_status, speaks, view
from kerrigan.model.decision import CommitStatus, Labels, Reason, Verdict
from kerrigan.model.forge.facts import Facts, Needs
from kerrigan.model.project import Brake, Project, Task
from kerrigan.model.state import State, Status, Submission
from kerrigan.model.visibility import tell_all
from tests.unit.decide_stage import HEAD, ISSUE, PLAN, PULL_REQUEST, WORKSPACE, done, project, standing, state

CONTRACT = "todo/contract"
NOTHING = Facts()


def judge(state: State, task: str = CONTRACT, project: Project = PLAN, facts: Facts = NOTHING) -> Verdict:
    return gate(project, WORKSPACE, state, replace(PULL_REQUEST, branch=f"kerrigan/{task}"), facts)


@pytest.mark.parametrize(
    ("status", "kinds"),
    [
        (Status.open, ["claim"]),
        (Status.claimed, ["status"]),
        (Status.working, ["status"]),
        (Status.testing, ["tests"]),
        (Status.in_review, []),
        (Status.approved, []),
        (Status.done, []),
        (Status.failed, ["status"]),
        (Status.blocked, ["status"]),
        (Status.escalated, ["status"]),
        (Status.cancelled, ["status"]),
    ],
)
def test_each_status_has_its_verdict(status: Status, kinds: list[str]) -> None:
    verdict = judge(state(contract=standing(status)))
    assert [r.kind for r in verdict.reasons] == kinds
    assert verdict.verdict == ("violation" if kinds else "pass")
    assert all(r.next for r in verdict.reasons)


def test_more_than_low_risk_needs_a_review() -> None:
    risky = project(replace(PLAN.tasks[CONTRACT], risk="medium"))
    assert [r.kind for r in judge(state(contract=standing(Status.in_review)), project=risky).reasons] == ["review"]
    assert judge(state(contract=standing(Status.approved)), project=risky).verdict == "pass"


@pytest.mark.parametrize("status", [Status.approved, Status.done])
def test_a_new_push_voids_what_was_said_of_the_old_one(status: Status) -> None:
    pushed = state(contract=standing(status, submission=Submission("acme/api", 7, "c" * 40)))
    verdict = judge(pushed)
    assert (verdict.verdict, [r.kind for r in verdict.reasons]) == ("violation", ["sha"])
    assert "was submitted at cccccccccc, and the branch is at aaaaaaaaaa" in verdict.reasons[0].message


def test_a_dependency_that_is_not_done_holds_the_merge() -> None:
    approved = standing(Status.approved)
    verdict = judge(state(screen=approved), "todo/screen")
    assert [(r.kind, r.on) for r in verdict.reasons] == [("dependency", CONTRACT)]
    assert judge(state(screen=approved, contract=standing(Status.done)), "todo/screen").verdict == "pass"


def test_what_could_not_be_looked_up_is_undecided_and_a_violation_outweighs_it() -> None:
    lone = project(Task(CONTRACT, "Agree", "architect", "api", (ISSUE,)))
    timed_out = Facts(unknown={"acme/design#12": "timed out"})
    satisfied = Facts(satisfied=frozenset({"acme/design#12"}))
    approved, testing = (state(contract=standing(status)) for status in (Status.approved, Status.testing))
    assert judge(approved, project=lone, facts=timed_out).verdict == "undecided"
    assert judge(testing, project=lone, facts=timed_out).verdict == "violation"
    assert len(judge(testing, project=lone, facts=timed_out).reasons) == 2
    assert judge(approved, project=lone, facts=satisfied).verdict == "pass"
    assert judge(approved, project=lone).verdict == "violation"


def test_an_external_dependency_and_a_held_project_hold_the_merge() -> None:
    held = replace(PLAN, brake=Brake("blocked"))
    verdict = judge(state(launch=standing(Status.approved)), "todo/launch", held)
    assert [r.kind for r in verdict.reasons] == ["project-held", "dependency", "external"]


def test_where_labels_open_the_gate_one_is_needed() -> None:
    asking = replace(WORKSPACE, autonomy="labels")
    approved, granted = standing(Status.approved), standing(Status.approved, granted=("go",))
    closed = gate(PLAN, asking, state(contract=approved), PULL_REQUEST, NOTHING)
    assert (closed.verdict, [r.kind for r in closed.reasons]) == ("violation", ["autonomy"])
    assert gate(PLAN, asking, state(contract=granted), PULL_REQUEST, NOTHING).verdict == "pass"


def test_a_pull_request_for_no_task_passes() -> None:
    verdict = gate(PLAN, WORKSPACE, State(), replace(PULL_REQUEST, branch="fix"), NOTHING)
    assert (verdict.verdict, verdict.task, verdict.reasons) == ("pass", None, ())


def test_a_pull_request_for_a_task_that_nobody_planned_is_a_violation() -> None:
    verdict = judge(State(), "todo/nothing")
    assert (verdict.verdict, verdict.task, verdict.reasons[0].kind) == ("violation", None, "no-task")
    assert "todo/nothing" in verdict.reasons[0].message


def test_the_task_is_named_by_the_branch_or_by_a_trailer() -> None:
    def found(branch: str, trailer: str | None = None) -> str | None:
        return task_of(PLAN, replace(PULL_REQUEST, branch=branch, trailer=trailer))

    assert found("kerrigan/todo/contract") == CONTRACT
    assert found("fix", "todo/screen") == "todo/screen"
    assert found("kerrigan/todo/nothing", "todo/screen") is None
    assert found("todo/contract") is None


def test_lines_that_say_what_a_pull_request_depends_on_hold_its_merge() -> None:
    needy = replace(PULL_REQUEST, branch="fix", needs=Needs(("acme/api#1", "acme/api#2", "acme/api#3"), ("soon",)))
    facts = Facts(satisfied=frozenset({"acme/api#1"}), unknown={"acme/api#2": "timed out"})
    verdict = gate_without_task(needy, facts)
    assert (verdict.verdict, [r.on for r in verdict.reasons]) == ("violation", [None, "acme/api#3", "acme/api#2"])
    unsure = replace(needy, needs=Needs(("acme/api#1", "acme/api#2")))
    assert gate_without_task(unsure, facts).verdict == "undecided"
    merged = replace(needy, needs=Needs(("acme/api#1",)))
    assert gate_without_task(merged, facts).verdict == "pass"
    cycle = replace(needy, needs=Needs(("acme/api#1",), cycle=("acme/api#7", "acme/api#1", "acme/api#7")))
    assert "acme/api#7 -> acme/api#1 -> acme/api#7" in gate_without_task(cycle, facts).reasons[0].message


def test_a_task_waits_for_its_lines_too() -> None:
    needy = replace(PULL_REQUEST, needs=Needs(("acme/api#2",)))
    approved = state(contract=standing(Status.approved))
    assert gate(PLAN, WORKSPACE, approved, needy, NOTHING).verdict == "violation"
    assert gate(PLAN, WORKSPACE, approved, needy, Facts(satisfied=frozenset({"acme/api#2"}))).verdict == "pass"


def test_the_view_says_what_the_journal_says_and_the_routing_label_last() -> None:
    foreign = replace(PULL_REQUEST, number=8, branch="fix")
    handed_off = state(contract=standing(Status.in_review, role="swe"))
    assert view(PLAN, WORKSPACE, handed_off, [PULL_REQUEST, foreign], NOTHING, tell_all) == (
        CommitStatus("acme/api", HEAD, "success", "todo/contract may merge"),
        Labels("acme/api", 7, ("status:in_review", "role:swe")),
    )


def test_a_merged_pull_request_gets_labels_but_no_gate() -> None:
    merged = replace(PULL_REQUEST, open=False, merged=True)
    assert view(PLAN, WORKSPACE, done("contract"), [merged], NOTHING, tell_all) == (
        Labels("acme/api", 7, ("status:done", "role:architect")),
    )


def test_a_status_is_as_long_as_a_forge_takes_it() -> None:
    reasons = (Reason("sha", "x" * 200), Reason("tests", "y"))
    long = commit_status(PULL_REQUEST, Verdict("undecided", CONTRACT, reasons))
    assert (len(long.description), long.state) == (LONGEST, "pending")
    short = commit_status(PULL_REQUEST, Verdict("violation", CONTRACT, (reasons[1], reasons[1])))
    assert (short.description, short.state) == ("y (and 1 more)", "failure")


def test_a_stranger_who_opens_the_same_commit_again_turns_no_gate_green() -> None:
    """A status is a commit's: anyone who may not write must have no say in what it is."""
    fork = replace(PULL_REQUEST, number=3, branch="", trailer=CONTRACT)
    copy = replace(PULL_REQUEST, number=4, branch="copy")
    assert [speaks(p, [fork, copy, PULL_REQUEST]) for p in (fork, copy, PULL_REQUEST)] == [False, False, True]
    assert [speaks(p, [fork, copy]) for p in (fork, copy)] == [False, True]
    assert speaks(fork, [replace(copy, open=False), replace(copy, head="b" * 40), replace(copy, repository="acme/web")])
    second = replace(fork, number=9)
    assert [speaks(p, [fork, second]) for p in (fork, second)] == [True, False]
    shown = view(PLAN, WORKSPACE, done("contract"), [fork], NOTHING, tell_all, [PULL_REQUEST])
    assert shown == ()


@pytest.mark.parametrize("status", Status)
def test_every_reason_of_a_gate_names_a_next_step(status: Status) -> None:
    """Also of what is unknown, of what waits outside, and of a pull request that goes elsewhere."""
    facts = Facts(unknown={"acme/design#12": "no answer"})
    needs = Needs(("acme/design#12", "acme/web#3"), ("#x",), ("acme/api#7", "acme/api#7"))
    for delivers, level in ((True, 0), (False, 3)):
        pull = replace(PULL_REQUEST, branch="kerrigan/todo/launch", head="e" * 40, delivers=delivers, needs=needs)
        rules = replace(WORKSPACE, level=level, autonomy="labels", forbidden=("**",))
        found = gate(PLAN, rules, state(launch=standing(status)), replace(pull, changed=("a.py",)), facts)
        assert found.reasons
        assert [reason for reason in found.reasons if not reason.next] == []
        assert ("base" in {reason.kind for reason in found.reasons}) is not delivers
