"""What people do to a pull request on GitHub: found by the event or by the schedule, told at once, gone when undone."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from kerrigan.decide.beside import ACTS
from kerrigan.model.state import Status
from tests.box import OfflineGitHub
from tests.e2e.chain import approve, green, hear, merge, plain, types
from tests.e2e.hub import API, Person, gate, labels
from tests.e2e.test_github_turns import last

pytest_plugins = ["tests.box.plugin"]
pytestmark = [pytest.mark.box, pytest.mark.slow]

TASK = "todo/contract"
BRANCH = f"kerrigan/{TASK}"
PULL = f"/repos/{API}/pulls/1"

ON_GITHUB: dict[str, tuple[dict[str, Any], dict[str, Any], str, str]] = {
    "closed": ({"state": "closed"}, {"state": "open"}, "closed", "reopened"),
    "retargeted": ({"base": "release"}, {"base": "main"}, "edited", "edited"),
    "drafted": ({"draft": True}, {"draft": False}, "converted_to_draft", "ready_for_review"),
}
"""What is changed of a pull request for each act, how it is undone, and the actions of the two events."""


def waiting(boot: OfflineGitHub, tmp_path: Path, status: Status) -> Person:
    """Somebody whose work waits in this status, as pull request 1; `release` is a branch beside main."""
    box = plain(boot)
    ada = Person(box, "ada", API, tmp_path)
    box.push(API, "release", {"notes.md": "1.0\n"}, "ada", "Release")
    assert ada.submit(TASK, {"openapi.yml": "openapi: 3.1.0\n"}) == 1
    if status is not Status.testing:
        green(box, API, BRANCH)
    if status is Status.approved:
        approve(box)
    ada.json("reconcile")
    assert ada.task()["status"] == status
    return ada


def changed(ada: Person, fields: dict[str, Any], action: str, told: bool) -> dict[str, Any]:
    """Change the pull request; what the task is after the event, or after the next schedule."""
    assert ada.box.call("ada", "PATCH", PULL, fields).ok
    if told:
        assert hear(ada, [last(ada.box, action)]) == [0]
    else:
        ada.box.settle()
        ada.json("reconcile")
    return ada.task()


@pytest.mark.parametrize("told", [True, False], ids=["by event", "by schedule"])
@pytest.mark.parametrize("status", [Status.testing, Status.in_review, Status.approved])
def test_each_act_in_each_status_that_waits_leads_to_what_the_table_says(
    offline_github: OfflineGitHub, tmp_path: Path, status: Status, told: bool
) -> None:
    ada = waiting(offline_github, tmp_path, status)
    for act, (fields, undone, action, back) in ON_GITHUB.items():
        follows = ACTS[act].follows(status)
        task = changed(ada, fields, action, told)
        assert (task["status"], task["flags"]) == (status, [follows]), act
        assert [need["kind"] for need in task["needs_person"]] == [follows]
        board = ada.kerrigan("status", "todo").stdout
        assert f"needs a person:\n  {TASK}  {status}, " in board
        shown = ada.kerrigan("show", TASK).stdout
        assert f"next: {task['needs_person'][0]['next']}" in shown
        task = changed(ada, undone, back, told)
        assert (task["status"], task["flags"], task["needs_person"]) == (status, [], []), act


@pytest.mark.parametrize("act", ON_GITHUB)
def test_nothing_follows_where_nothing_waits(offline_github: OfflineGitHub, tmp_path: Path, act: str) -> None:
    ada = waiting(offline_github, tmp_path, Status.in_review)
    ada.json("task", "reject", TASK, "--reason", "no error format", "--force")
    fields, _, action, _ = ON_GITHUB[act]
    for verb in ("claim", "start"):
        status = ada.task()["status"]
        assert ACTS[act].follows(Status(status)) == ""
        task = changed(ada, fields, action, told=verb == "claim")
        assert (task["status"], task["flags"]) == (status, [])
        ada.json("task", verb, TASK)


def test_a_closed_pull_request_is_opened_anew_by_handing_in_the_same_commit(
    offline_github: OfflineGitHub, tmp_path: Path
) -> None:
    ada = waiting(offline_github, tmp_path, Status.approved)
    assert changed(ada, {"state": "closed"}, "closed", told=True)["flags"] == ["closed"]
    ada.json("task", "submit", TASK)
    task = ada.task()
    assert (task["status"], task["pull_request"]["number"], task["flags"]) == ("testing", 2, [])


def test_a_branch_that_is_deleted_and_a_merge_that_is_reverted_or_lost(
    offline_github: OfflineGitHub, tmp_path: Path
) -> None:
    ada = waiting(offline_github, tmp_path, Status.approved)
    head = ada.box.tip(API, BRANCH)
    assert ada.box.call("ada", "DELETE", f"/repos/{API}/git/refs/heads/{BRANCH}").ok
    assert hear(ada, [last(ada.box, "closed")]) == [0]
    assert ada.task()["flags"] == ["branch-deleted"]
    assert ada.box.call("ada", "POST", f"/repos/{API}/git/refs", {"ref": f"refs/heads/{BRANCH}", "sha": head}).ok
    assert changed(ada, {"state": "open"}, "reopened", told=False)["flags"] == []

    merge(ada.box)
    ada.box.settle()
    ada.json("reconcile")
    merged = ada.box.tip(API, "main")
    assert ada.task()["status"] == "done"
    main = Person(ada.box, "ada", API, tmp_path / "main")
    words = ["commit", "-q", "--allow-empty", "-m", f"Revert it\n\nThis reverts commit {merged}."]
    for command in (words, ["push", "-q", "origin", "main"]):
        run(main, *command)
    ada.box.settle()
    assert hear(ada, [next(event for event in reversed(ada.box.events) if event.name == "push")]) == [0]
    assert (ada.task()["status"], ada.task()["flags"]) == ("done", ["reverted"])
    for command in (["reset", "-q", "--hard", "HEAD~2"], ["push", "-q", "-f", "origin", "main"]):
        run(main, *command)
    ada.json("reconcile")
    assert ada.task()["flags"] == ["reverted", "merge-gone"]
    ready = [task["id"] for task in ada.json("tasks", "--ready")["tasks"]]
    assert "todo/screen" in ready, "what waited for it goes on"
    ada.json("task", "reopen", TASK, "--reason", "it was lost")
    assert (ada.task()["status"], ada.task()["flags"]) == ("open", [])


def run(person: Person, *words: str) -> None:
    """Run git in someone's clone."""
    subprocess.run(["git", *words], cwd=person.path, env=person.environment(), check=True)


def test_only_the_tasks_own_pull_request_speaks_for_it(offline_github: OfflineGitHub, tmp_path: Path) -> None:
    ada = waiting(offline_github, tmp_path, Status.in_review)
    head = ada.box.tip(API, BRANCH)
    assert ada.box.call("ada", "POST", f"/repos/{API}/git/refs", {"ref": "refs/heads/again", "sha": head}).ok
    others = [
        {"head": "again", "base": "main", "title": "T", "body": f"Kerrigan-Task: {TASK}"},
        {"head": BRANCH, "base": "release", "title": "T", "body": ""},
    ]
    numbers = [ada.box.call("ada", "POST", f"/repos/{API}/pulls", fields).body["number"] for fields in others]
    for number in numbers:
        approve(ada.box, number)
        said = ada.box.call("ben", "POST", f"/repos/{API}/issues/{number}/comments", {"body": "/kerrigan approve"})
        assert said.ok
        reviewed, commented = (
            last(ada.box, "submitted", "pull_request_review"),
            last(ada.box, "created", "issue_comment"),
        )
        assert hear(ada, [reviewed, commented]) == [0, 0]
        there = ada.box.call("ada", "GET", f"/repos/{API}/issues/{number}/comments").body
        (reply,) = (comment["body"] for comment in there if "answer-" in comment["body"])
        assert f"{API}#{number} is not the pull request of {TASK}" in reply
        assert f"say it on {API}#1" in reply
    ada.json("reconcile")
    assert types(ada.box, TASK)[-1] == "tests_passed", "no review of another one approves it"
    assert [labels(ada.box, API, number) for number in numbers] == [set(), set()]
    assert labels(ada.box, API, 1) == {"status:in_review", "role:architect"}
    assert gate(ada.box, API, 1)[0] == "failure"
    assert ada.kerrigan("gate", "--pr", str(numbers[1])).returncode == 1
    approve(ada.box)
    ada.json("reconcile")
    assert gate(ada.box, API, 1) == ("success", f"{TASK} may merge")
