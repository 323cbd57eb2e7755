"""Agents at home: a project of one repository, from its plan to its last merge, with the run's own token alone."""

from pathlib import Path

import pytest

from tests.box import Box, OfflineGitHub
from tests.e2e.hub import AGENT, API, TESTS, Person, gate, initialised, labels, logs, prepared, wait

pytest_plugins = ["tests.box.plugin"]
pytestmark = [pytest.mark.box, pytest.mark.slow]

TASKS_YML = "specs/projects/todo/tasks.yml"
TASKS = """\
kerrigan: 7
tasks:
  - {id: contract, title: Agree the contract, role: architect, risk: medium, paths: [pages/]}
  - {id: screen, title: Show the list, role: swe, risk: high, depends_on: [contract], paths: [pages/]}
"""
REVIEWED = ["claimed", "started", "submitted", "tests_passed", "approved", "completed"]


@pytest.fixture
def box(offline_github: OfflineGitHub, tmp_path: Path) -> Box:
    """A repository with what `kerrigan init` writes, tests, and an agent; its project has no task yet."""
    files = initialised(tmp_path / "api", "todo") | {".github/workflows/ci.yml": TESTS}
    box = prepared(offline_github, tmp_path, {API: files | {TASKS_YML: "kerrigan: 7\ntasks: []\n"}})
    box.variables[API] = {
        "KERRIGAN_AGENT_COMMAND": f'{AGENT}; echo "$KERRIGAN_TASK $KERRIGAN_PROJECT" >> pages/list.html'
    }
    return box


def approve_runs(box: Box) -> None:
    """Let the runs start that wait for approval, as someone who may write does on the pull request's page."""
    waiting = box.call("ada", "GET", f"/repos/{API}/actions/runs?status=action_required").body["workflow_runs"]
    assert waiting, "what a run's own token opens waits for somebody"
    for run in waiting:
        assert box.call("ada", "POST", f"/repos/{API}/actions/runs/{run['id']}/approve").ok


def finish(box: Box, ada: Person, task: str) -> int:
    """From an agent's pull request to its merge; its number."""
    number: int = ada.task(task)["pull_request"]["number"]
    approve_runs(box)
    wait(box, lambda: ada.task(task)["status"] == "in_review")
    box.call("ben", "POST", f"/repos/{API}/pulls/{number}/reviews", {"event": "APPROVE"})
    wait(box, lambda: ada.task(task)["status"] == "approved")
    assert gate(box, API, number) == ("success", f"{task} may merge")
    box.call("ada", "PUT", f"/repos/{API}/pulls/{number}/merge", {"merge_method": "squash"})
    wait(box, lambda: ada.task(task)["status"] == "done")
    return number


def test_a_project_of_one_repository_runs_from_its_plan_to_the_last_merge(box: Box, tmp_path: Path) -> None:
    ada = Person(box, "ada", API, tmp_path)
    box.push(API, "main", {TASKS_YML: TASKS}, "ada", "Plan it")
    wait(box, lambda: ada.task()["status"] == "testing")
    begun = ada.json("show", "todo/contract")["history"]
    claimed = next(event for event in begun if event["type"] == "claimed")
    assert (claimed["actor"]["login"], claimed["actor"]["kind"]) == ("command", "agent")
    assert claimed["data"]["via"] == "app:github-actions"
    assert finish(box, ada, "todo/contract") == 1
    assert [kind for kind in ada.history() if not kind.startswith("dispatch_")] == REVIEWED
    reasons = ada.task("todo/screen")["reasons"]
    assert [reason["kind"] for reason in reasons] == ["grant"], "its risk is high: a person lets the agent start"
    ada.json("task", "grant", "todo/screen", "--what", "start")
    wait(box, lambda: ada.task("todo/screen")["status"] == "testing")
    assert finish(box, ada, "todo/screen") == 2
    assert labels(box, API, 2) == {"status:done", "role:swe"}
    assert ada.json("audit", "verify")["sound"]
    assert box.file(API, "pages/list.html", "main") == "<ul></ul>\ntodo/screen todo\n"


def by_hand(box: Box, task: str) -> None:
    asked = {"ref": "main", "inputs": {"task": task}}
    assert box.call("ada", "POST", f"/repos/{API}/actions/workflows/kerrigan-work.yml/dispatches", asked).ok
    box.settle()


def test_somebody_starts_a_task_by_hand_where_nothing_is_dispatched(box: Box, tmp_path: Path) -> None:
    command = box.variables.pop(API)
    ada = Person(box, "ada", API, tmp_path)
    box.push(API, "main", {TASKS_YML: TASKS}, "ada", "Plan it")
    wait(box, lambda: ada.task()["readiness"] == "ready")
    assert ada.history() == [], "where no agent works nobody is woken, and nobody is missed"
    by_hand(box, "todo/contract")
    assert [run.conclusion for run in box.runs if run.event == "workflow_dispatch"] == ["failure"]
    assert "its variable KERRIGAN_AGENT_COMMAND is empty" in logs(box)
    box.variables[API] = command
    by_hand(box, "todo/nothing")
    assert "has no task 'todo/nothing'" in logs(box)
    by_hand(box, "todo/contract")
    assert ada.task()["status"] == "testing", logs(box)
    by_hand(box, "todo/contract")
    assert [kind for kind in ada.history() if kind == "claimed"] == ["claimed"]


HOSTILE = (
    "mkdir -p .github/workflows && printf 'on: push\\njobs: {x: {runs-on: ubuntu-24.04, steps: [{run: env}]}}\\n' "
    "> .github/workflows/evil.yml"
)


def test_a_workflow_that_an_agent_writes_never_runs(box: Box, tmp_path: Path) -> None:
    box.variables[API] = {"KERRIGAN_AGENT_COMMAND": HOSTILE}
    box.secrets[API] = {"KERRIGAN_TOKEN": lambda: box.app_token("kerrigan-bot")}
    ada = Person(box, "ada", API, tmp_path)
    box.push(API, "main", {TASKS_YML: TASKS}, "ada", "Plan it")
    wait(box, lambda: ada.task()["status"] == "failed")
    assert "changes .github/workflows/evil.yml, outside of the paths" in ada.task()["feedback"]["reason"]
    assert "refs/heads/kerrigan/todo/contract" not in box.heads(API)
    assert not [run for run in box.runs if "evil" in run.workflow.path]
    assert ada.history().count("failed") == 1
