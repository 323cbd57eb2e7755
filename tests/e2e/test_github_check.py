"""The check workflow: a pull request answers for what it caused, the default branch for everything."""

import json
import re
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.box import Box, OfflineGitHub
from tests.box.runs import Run
from tests.e2e.hub import API, ROOT, SPEC, action, gate, logs
from tests.e2e.tools import NODE_TESTS, node
from tests.warm import python

pytest_plugins = ["tests.box.plugin"]

WORKFLOW = (ROOT / "workflows/kerrigan-check.yml").read_text()
TASKS = """\
kerrigan: 7
tasks:
  - {id: contract, title: Agree the API contract, role: architect, depends_on: [lost]}
  - {id: screen, title: Show the list, role: swe, depends_on: [contract]}
"""
SELL = """\
kerrigan: 7
tasks:
  - {id: sell, title: Sell the list, role: swe, depends_on: [todo/screen, todo/poster]}
"""
FOLDER, SHOP = "specs/projects/todo", "specs/projects/shop"


@pytest.mark.node
@pytest.mark.parametrize(
    ("event", "command", "depth"),
    [
        ({"event_name": "pull_request", "event": {"number": 7}}, "check --since HEAD^1", "2"),
        (
            {"event_name": "merge_group", "event": {"merge_group": {"base_sha": "a" * 40}}},
            f"check --since {'a' * 40}",
            "0",
        ),
        ({"event_name": "push", "event": {"ref": "refs/heads/main"}}, "check ", "2"),
    ],
)
def test_where_a_change_begins(event: dict[str, object], command: str, depth: str) -> None:
    checkout, check = yaml.safe_load(WORKFLOW)["jobs"]["check"]["steps"]
    assert [expanded(event, check["with"]["command"]), expanded(event, checkout["with"]["fetch-depth"])] == [
        command,
        depth,
    ]


def expanded(event: dict[str, object], text: str) -> str:
    """What GitHub's own evaluator makes of a text."""
    words = [node(), str(NODE_TESTS / "expand.mjs"), json.dumps({"github": event}), text]
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def box(offline_github: OfflineGitHub, tmp_path: Path) -> Box:
    """A repository with the check workflow, and a task that depends on one that is not there."""
    plan = {f"{FOLDER}/spec.md": SPEC, f"{FOLDER}/tasks.yml": TASKS}
    actions = {"kerrigan-dev/kerrigan": action(tmp_path / "action")}
    box = offline_github(
        {API: {**plan, ".github/workflows/kerrigan-check.yml": WORKFLOW}}, {"ada": "admin"}, actions=actions
    )
    box.environment["KERRIGAN_PYTHON"] = python()
    return box


def proposed(box: Box, branch: str, files: dict[str, str]) -> tuple[int, Run]:
    """A pull request that writes these files, and the run that checked it."""
    box.push(API, branch, files, "ada")
    wanted = {"title": branch, "head": branch, "base": "main", "body": ""}
    number: int = box.call("ada", "POST", f"/repos/{API}/pulls", wanted).body["number"]
    box.settle()
    return number, [run for run in box.runs if run.event == "pull_request"][-1]


@pytest.mark.box
@pytest.mark.slow
def test_a_pull_request_answers_for_what_it_caused_and_the_default_branch_for_everything(box: Box) -> None:
    number, checked = proposed(box, "words", {"README.md": "A list."})
    assert checked.conclusion == "success", logs(box)
    assert "nothing new since HEAD^1" in checked.text()
    assert gate(box, API, number)[0] == "success", logs(box)

    # What it breaks is in a file that it does not touch, and came to the base branch meanwhile.
    renamed = TASKS.replace("id: screen", "id: page")
    box.push(API, "rename", {f"{FOLDER}/tasks.yml": renamed}, "ada")
    box.push(API, "main", {f"{SHOP}/spec.md": SPEC, f"{SHOP}/tasks.yml": SELL}, "ada")
    _, checked = proposed(box, "rename", {f"{FOLDER}/tasks.yml": renamed + "# agreed\n"})
    assert checked.conclusion == "failure"
    assert annotated(checked) == ["unknown task 'todo/screen'"]
    assert "2 older not shown" in checked.text()

    assert box.call("ada", "PUT", f"/repos/{API}/pulls/{number}/merge", {}).ok
    box.settle()
    pushed = [run for run in box.runs if run.event == "push"][-1]
    assert (pushed.ref, pushed.conclusion) == ("refs/heads/main", "failure")
    assert annotated(pushed) == ["unknown task 'todo/poster'", "unknown task 'lost'"]


def annotated(run: Run) -> list[str]:
    """The words of the errors that a run annotates."""
    return re.findall(r"::error title=[^:]*::([^%\n]*)", run.text())
