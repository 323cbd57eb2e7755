"""`kerrigan check --state`: the files of a work tree beside the journal on the remote."""

import json
import shutil
from pathlib import Path

import pytest

from tests.e2e.desk import Desk, publish

PLAN = "specs/projects/todo/tasks.yml"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path, publish(tmp_path), "ada")


def codes(desk: Desk, *words: str) -> list[str]:
    """The codes of what a check says, with --json."""
    done = desk.kerrigan("check", *words, "--json")
    return [found["code"] for found in json.loads(done.stdout)["diagnostics"]]


def test_a_cancelled_dependency_is_told_at_its_entry_and_only_with_state(desk: Desk) -> None:
    cancelled = desk.kerrigan("task", "cancel", "todo/contract", "--reason", "we buy it")
    assert cancelled.returncode == 0, cancelled.stderr
    assert codes(desk) == []
    done = desk.kerrigan("check", "--state")
    assert (done.returncode, f"{PLAN}:10:18: warning" in done.stdout) == (0, True)
    assert desk.kerrigan("check", "--state", "--strict").returncode == 1


def test_a_claimed_task_that_the_work_tree_loses_is_told_before_it_is_pushed(desk: Desk) -> None:
    assert desk.kerrigan("task", "claim", "todo/contract").returncode == 0
    assert codes(desk, "--state") == []
    plan = desk.path / PLAN
    plan.write_text("kerrigan: 7\ntasks:\n  - {id: screen, title: Show the list, role: swe}\n")
    assert codes(desk, "--state") == ["lost-task"]
    assert "held by ada" in desk.kerrigan("check", "--state").stdout


def test_a_project_without_a_journal_has_no_drift_but_its_status_may_be_ahead(desk: Desk) -> None:
    status = {"status": "completed", "current_phase": "deployment", "last_updated": "2026-11-20T10:00:00Z"}
    desk.path.joinpath("specs/projects/todo/status.json").write_text(json.dumps(status))
    assert codes(desk) == []
    assert codes(desk, "--state") == ["unfinished-project"]


def test_a_part_of_the_repository_is_compared_too(desk: Desk) -> None:
    assert desk.kerrigan("task", "cancel", "todo/contract", "--reason", "we buy it").returncode == 0
    assert codes(desk, "specs/projects/todo", "--state") == ["cancelled-dependency"]


def test_a_remote_that_is_gone_is_told_and_the_files_alone_can_be_checked(desk: Desk, tmp_path: Path) -> None:
    shutil.move(tmp_path / "forge", tmp_path / "away")
    assert desk.kerrigan("check", "--state").returncode == 3
    assert desk.kerrigan("check").returncode == 0


def test_a_remote_that_does_not_answer_is_undecided_and_says_why(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_SERVER_URL", "http://127.0.0.1:9")
    desk.git("remote", "set-url", "origin", "http://127.0.0.1:9/acme/todo")
    done = desk.kerrigan("check", "--state", "--json")
    error = json.loads(done.stdout)["error"]
    assert (done.returncode, error["code"]) == (4, 4)
    assert "127.0.0.1" in error["message"]


def test_without_a_remote_the_next_step_is_named(tmp_path: Path) -> None:
    desk = Desk(tmp_path, publish(tmp_path), "ada")
    desk.git("remote", "remove", "origin")
    done = desk.kerrigan("check", "--state")
    assert done.returncode == 3
    assert "next: git remote add origin" in done.stderr


def test_state_and_since_do_not_go_together(desk: Desk) -> None:
    done = desk.kerrigan("check", "--state", "--since", "origin/main")
    assert (done.returncode, "ask without --since" in done.stderr) == (2, True)
