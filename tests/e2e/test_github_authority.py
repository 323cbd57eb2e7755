"""Who acted, where a person's token runs an agent: the agent did the work, its name gives nobody permission."""

from pathlib import Path

import pytest

from tests.box import Box, OfflineGitHub
from tests.e2e.hub import AGENT, API, TESTS, Person, initialised, prepared, wait

pytest_plugins = ["tests.box.plugin"]
pytestmark = [pytest.mark.box, pytest.mark.slow]

TASK = "todo/contract"
TASKS_YML = "specs/projects/todo/tasks.yml"
TASKS = """\
kerrigan: 7
tasks:
  - {id: contract, title: Agree the contract, role: architect, risk: medium, agent: claude}
"""
RULES = "kerrigan: 7\nagents: {claude: {}}\npeople: {ada: admin, ben: write}\n"


@pytest.fixture
def box(offline_github: OfflineGitHub, tmp_path: Path) -> Box:
    """A repository with an agent called claude, which ada's token runs; and a user called claude, who may read."""
    files = initialised(tmp_path / "api", "todo") | {".github/workflows/ci.yml": TESTS, ".github/kerrigan.yml": RULES}
    files |= {TASKS_YML: "kerrigan: 7\ntasks: []\n"}
    box = prepared(offline_github, tmp_path, {API: files}, claude="read")
    box.variables[API] = {"KERRIGAN_AGENT_COMMAND": AGENT}
    box.secrets[API] = {"KERRIGAN_TOKEN": lambda: box.token("ada")}
    return box


def says(box: Box, login: str, number: int) -> str:
    """Let a user approve by a comment; what came of it, as the reaction to it."""
    path = f"/repos/{API}/issues/{number}/comments"
    comment = box.call(login, "POST", path, {"body": "/kerrigan approve"}).body["id"]
    box.settle()
    (reaction,) = box.call("ada", "GET", f"/repos/{API}/issues/comments/{comment}/reactions").body
    return str(reaction["content"])


def test_an_agents_work_is_the_agents_and_its_name_opens_nothing(box: Box, tmp_path: Path) -> None:
    ada = Person(box, "ada", API, tmp_path)
    box.push(API, "main", {TASKS_YML: TASKS}, "ada", "Plan it")
    wait(box, lambda: ada.task()["status"] == "in_review")
    worked = ada.events(TASK, {"claimed", "started", "submitted"})
    by = {(event["actor"]["login"], event["actor"]["kind"], event["data"]["via"]) for event in worked}
    assert by == {("claude", "agent", "ada")}
    number = ada.task()["pull_request"]["number"]
    assert says(box, "claude", number) == "-1", "that is a user who may read"
    box.push(API, f"kerrigan/{TASK}", {"more.md": "More.\n"}, "ben", "Add more")
    wait(box, lambda: len(ada.events(TASK, {"submitted"})) == 2 and ada.task()["status"] == "in_review")
    handed_in = ada.events(TASK, {"submitted"})[-1]
    assert handed_in["data"]["authors"] == [{"login": "ben", "kind": "person"}]
    assert says(box, "ben", number) == "-1", "he pushed"
    assert says(box, "ada", number) == "+1", "her agent wrote it, and not she"
    assert ada.task()["status"] == "approved"
    assert ada.json("audit", "verify")["sound"]
