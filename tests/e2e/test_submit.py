"""What `kerrigan task submit` hands in: never in silence less than the clone has, and no commit twice."""

from pathlib import Path

import pytest

from tests.e2e.desk import Desk, publish

TASK = "todo/contract"
BRANCH = f"kerrigan/{TASK}"


@pytest.fixture
def ada(tmp_path: Path) -> Desk:
    """A clone whose owner works on the task, with one commit on its branch that is pushed."""
    desk = Desk(tmp_path, publish(tmp_path), "ada")
    for verb in ("claim", "start"):
        desk.json("task", verb, TASK)
    desk.work(BRANCH, "openapi.yml", "openapi: 3.1.0\n")
    return desk


def status(desk: Desk) -> str:
    found: str = desk.json("show", TASK)["task"]["status"]
    return found


def test_commits_that_are_not_pushed_are_not_left_behind_in_silence(ada: Desk) -> None:
    ada.git("commit", "-q", "--allow-empty", "-m", "More")
    refused = ada.kerrigan("task", "submit", TASK)
    assert refused.returncode == 5
    assert f"1 commit of this clone is not on origin's {BRANCH}: push first, git push origin {BRANCH}" in refused.stderr
    ada.git("switch", "-q", "main")
    assert ada.kerrigan("task", "submit", TASK).returncode == 5, "the branch need not be checked out"
    ada.git("push", "-q", "origin", BRANCH)
    assert ada.json("task", "submit", TASK)["task"]["pull_request"]["head"] == ada.git("rev-parse", BRANCH)


def test_changes_that_are_not_committed_are_not_left_behind_in_silence(ada: Desk) -> None:
    ada.path.joinpath("openapi.yml").write_text("openapi: 3.1.1\n")
    ada.path.joinpath("notes.txt").write_text("mine\n")
    refused = ada.kerrigan("task", "submit", TASK)
    assert refused.returncode == 5
    assert (
        f"{BRANCH} has changes here that are not committed: openapi.yml; commit, push, and submit again"
        in refused.stderr
    )
    ada.git("stash", "-q")
    done = ada.kerrigan("task", "submit", TASK)
    assert done.returncode == 0, done.stderr
    assert f"not part of {BRANCH}, because git does not track them: notes.txt" in done.stderr


def test_what_another_clone_or_branch_has_is_not_this_ones(ada: Desk, tmp_path: Path) -> None:
    bo = Desk(tmp_path, tmp_path / "forge" / "acme" / "todo.git", "bo")
    bo.path.joinpath("README").write_text("not committed, and on main\n")
    bo.git("switch", "-q", "-c", BRANCH, f"origin/{BRANCH}")
    ada.git("commit", "-q", "--allow-empty", "-m", "Pushed from elsewhere")
    ada.git("push", "-q", "origin", BRANCH)
    assert bo.json("task", "submit", TASK, "--as", "ada")["task"]["status"] == "testing", "a branch that is behind"


def test_the_same_commit_again_changes_nothing(ada: Desk, tmp_path: Path) -> None:
    ada.json("task", "submit", TASK)
    ada.json("task", "pass-tests", TASK)
    ada.json("task", "approve", TASK, "--as", "ana")
    before = ada.kerrigan("log", "todo").stdout
    again = ada.kerrigan("task", "submit", TASK)
    assert again.returncode == 0
    assert "nothing was written: this commit is handed in already" in again.stdout
    answer = ada.json("task", "submit", TASK)
    assert (answer["event"], answer["caused"], answer["task"]["status"]) == (None, [], "approved")
    assert ada.kerrigan("log", "todo").stdout == before
    assert ada.kerrigan("task", "submit", TASK, "--as", "bo").returncode == 5, "it is not for everybody to say"
    ada.git("commit", "-q", "--allow-empty", "-m", "More")
    ada.git("push", "-q", "origin", BRANCH)
    assert ada.json("task", "submit", TASK)["task"]["status"] == "testing"


def test_an_agent_hands_the_same_commit_in_again_and_is_stopped_only_where_it_was_rejected(
    ada: Desk, tmp_path: Path
) -> None:
    ada.git("switch", "-q", "main")
    ada.path.joinpath(".github").mkdir()
    ada.path.joinpath(".github/kerrigan.yml").write_text("agents: {claude: {}}\n")
    ada.git("add", ".github")
    ada.git("commit", "-qm", "An agent")
    ada.git("push", "-q", "origin", "main")
    ada.json("task", "release", TASK)
    claude = Desk(tmp_path, tmp_path / "forge" / "acme" / "todo.git", "claude")
    fence = ("--fence", str(claude.json("task", "claim", TASK)["task"]["fence"]))
    claude.json("task", "start", TASK, *fence)
    claude.json("task", "submit", TASK, *fence)
    assert claude.json("task", "submit", TASK, *fence)["event"] is None
    ada.json("task", "pass-tests", TASK)
    ada.json("task", "reject", TASK, "--as", "ana", "--reason", "no error format")
    fence = ("--fence", str(claude.json("task", "claim", TASK)["task"]["fence"]))
    claude.json("task", "start", TASK, *fence)
    assert [event["type"] for event in claude.json("task", "submit", TASK, *fence)["caused"]] == ["escalated"]
    assert status(claude) == "escalated"
