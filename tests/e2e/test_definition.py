"""What the default branch says, half of it broken: nothing is decided on half a definition, and the rest goes on."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.e2e.desk import SPEC, TASKS, Desk, publish
from tests.warm import python


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path, publish(tmp_path), "ada")


def push(desk: Desk, path: str, text: str) -> None:
    """Publish one file on the default branch."""
    file = desk.path / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    desk.git("add", path)
    desk.git("commit", "-q", "-m", f"Write {path}")
    desk.git("push", "-q", "origin", "main")


def test_a_plan_that_cannot_be_read_is_told_at_its_place_and_nothing_is_decided(desk: Desk) -> None:
    push(desk, "specs/projects/todo/tasks.yml", TASKS + "  - id: [")
    done = desk.kerrigan("task", "claim", "todo/contract")
    assert done.returncode == 3
    assert done.stderr.startswith("error: specs/projects/todo/tasks.yml:12:1 on origin/main: found the end of the file")


def test_one_broken_project_does_not_hide_the_others(desk: Desk) -> None:
    for file, text in (("spec.md", SPEC), ("tasks.yml", TASKS + "  - id: [")):
        push(desk, f"specs/projects/broken/{file}", text)
    done = desk.kerrigan("reconcile")
    assert (done.returncode, "specs/projects/broken/tasks.yml" in done.stderr) == (3, True)
    shown = desk.kerrigan("tasks")
    assert shown.returncode == 3


def test_a_folder_that_can_be_no_project_is_left_out_aloud(desk: Desk) -> None:
    push(desk, "specs/projects/My Plan/spec.md", SPEC)
    push(desk, "specs/projects/notes/readme.md", "# Notes\n")
    done = desk.kerrigan("status")
    assert (done.returncode, "My Plan on origin/main is left out" in done.stderr) == (0, True)
    assert "notes" not in done.stdout + done.stderr


@pytest.mark.parametrize("text", ['{"status": 1}', "{", '{"status": "paused"}'])
def test_a_human_brake_that_nobody_can_read_holds(desk: Desk, text: str) -> None:
    push(desk, "specs/projects/todo/status.json", text)
    done = desk.kerrigan("task", "claim", "todo/contract")
    assert (done.returncode, "in its status.json" in done.stderr) == (5, True)
    assert "status.json" in desk.kerrigan("status").stdout


@pytest.mark.parametrize("people", ["[ada]", "", "all"])
def test_people_that_nobody_can_read_are_nobody(desk: Desk, people: str) -> None:
    push(desk, ".github/kerrigan.yml", f"people: {people}\n")
    done = desk.kerrigan("task", "claim", "todo/contract")
    assert (done.returncode, ".github/kerrigan.yml:1:" in done.stderr) == (5, True)
    assert "permission" not in done.stderr
    assert desk.kerrigan("task", "block", "todo/contract", "--reason", "wait").returncode == 5


def test_a_login_is_one_however_it_is_written(desk: Desk) -> None:
    push(desk, ".github/kerrigan.yml", "people: {Ada: write}\n")
    assert desk.kerrigan("task", "claim", "todo/contract").returncode == 0
    assert desk.kerrigan("task", "start", "todo/contract", "--as", "ADA").returncode == 0


def test_an_agent_says_which_claim_it_writes_for(desk: Desk) -> None:
    push(desk, ".github/kerrigan.yml", "agents: {Ada: {}}\n")
    assert desk.kerrigan("task", "claim", "todo/contract").returncode == 0
    refused = desk.kerrigan("task", "start", "todo/contract")
    assert (refused.returncode, "kerrigan task start todo/contract --fence 1" in refused.stderr) == (5, True)
    assert desk.kerrigan("task", "start", "todo/contract", "--fence", "1").returncode == 0


def test_dependencies_that_are_no_list_hold_their_task(desk: Desk) -> None:
    push(desk, "specs/projects/todo/tasks.yml", TASKS.replace("[contract]", "contract"))
    assert desk.json("tasks", "--ready")["tasks"][0]["id"] == "todo/contract"
    assert len(desk.json("tasks", "--ready")["tasks"]) == 1


def test_what_is_only_in_the_work_tree_is_named(desk: Desk) -> None:
    (desk.path / "specs/projects/todo/tasks.yml").write_text(TASKS + "  - {id: later, title: Later, role: swe}\n")
    for words in (["tasks"], ["reconcile"], ["show", "todo/contract"]):
        told = desk.kerrigan(*words).stderr
        assert "has uncommitted changes that are not on origin/main yet" in told
        assert "commit them, then git push (todo)" in told


def test_a_project_of_milestones_1_to_6_may_have_no_tasks_to_import(desk: Desk) -> None:
    push(desk, "specs/projects/old/spec.md", "# Old\n")
    step = "kerrigan import kerrigan-md specs/projects/old makes a tasks.yml of its tasks.md, if it has one"
    assert step in desk.kerrigan("tasks").stderr


@pytest.mark.parametrize("content", [b"broken: [", b"\xff"])
def test_nobody_is_told_to_push_what_cannot_be_read(desk: Desk, content: bytes) -> None:
    (desk.path / "specs/projects/todo/tasks.yml").write_bytes(content)
    told = desk.kerrigan("tasks").stderr
    assert told == "specs/projects/todo cannot be read as it is here: kerrigan check says where (todo)\n"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["log", "todo", "--after", "yesterday"], "ISO 8601"),
        (["task", "claim", "todo/contract", "--as", " "], "cannot be empty"),
        (["tasks", "--role", "sew"], "did you mean 'swe'?"),
        (["tasks", "--repository", "nowhere"], "one of: todo"),
        (["tasks", "--waiting-on", "todo/contact"], "did you mean 'todo/contract'?"),
    ],
)
def test_words_that_cannot_be_meant_are_refused(desk: Desk, words: list[str], says: str) -> None:
    done = desk.kerrigan(*words)
    assert (done.returncode, says in done.stderr) == (2, True)


def test_the_log_after_a_moment_in_any_zone(desk: Desk) -> None:
    desk.kerrigan("task", "claim", "todo/contract")
    assert desk.kerrigan("log", "--after", "2020-01-01T00:00+05:00").stdout.count("\n") == 1
    assert desk.kerrigan("log", "--after", "2199-01-01").stdout == ""


def test_a_rehearsal_says_that_nothing_was_written(desk: Desk) -> None:
    done = desk.kerrigan("task", "claim", "todo/contract", "--dry-run")
    assert done.stdout.startswith("nothing was written")
    assert desk.json("task", "claim", "todo/contract", "--dry-run")["task"]["status"] == "claimed"
    assert desk.json("show", "todo/contract")["task"]["status"] == "open"


def test_a_pull_request_for_a_task_that_nobody_planned_does_not_pass(desk: Desk) -> None:
    for verb in ("claim", "start"):
        desk.kerrigan("task", verb, "todo/contract")
    desk.work("kerrigan/todo/contract", "openapi.yml", "openapi: 3.1.0\n")
    desk.kerrigan("task", "submit", "todo/contract")
    desk.git("checkout", "-q", "main")
    push(desk, "specs/projects/todo/tasks.yml", TASKS.replace("contract", "agreement"))
    done = desk.kerrigan("gate", "--pr", "1")
    assert (done.returncode, "no-task" in done.stdout) == (1, True)


def test_a_gate_that_was_open_does_not_stay_so_while_the_definition_cannot_be_read(desk: Desk) -> None:
    for verb in ("claim", "start"):
        desk.kerrigan("task", verb, "todo/contract")
    desk.work("kerrigan/todo/contract", "openapi.yml", "openapi: 3.1.0\n")
    desk.kerrigan("task", "submit", "todo/contract")
    desk.git("checkout", "-q", "main")
    push(desk, "specs/projects/todo/tasks.yml", "tasks: [\n")
    done = desk.kerrigan("gate", "--pr", "1")
    assert (done.returncode, "tasks.yml" in done.stdout) == (4, True), done.stderr
    status = json.loads(next(desk.path.parent.glob("forge/acme/todo.git/kerrigan/statuses/*.json")).read_text())
    assert status["kerrigan/gate"]["state"] == "pending"
    every = desk.json("gate", "--all")["verdicts"]
    assert [verdict["verdict"] for verdict in every] == ["undecided"]


LOST_ANSWER = """#!/bin/sh
case " $* " in *" push "*kerrigan-state*)
  if mkdir "@ONCE@" 2>/dev/null; then
    "@GIT@" "$@"
    cd "@OTHER@" && PATH="@PATH@" @PYTHON@ -m kerrigan task block todo/contract --reason 'look first' >/dev/null 2>&1
    echo "fatal: the remote end hung up" >&2; exit 128
  fi ;;
esac
exec "@GIT@" "$@"
"""


def test_a_push_that_landed_though_its_answer_was_lost_and_others_wrote_on_it(tmp_path: Path, desk: Desk) -> None:
    other = Desk(tmp_path, tmp_path / "forge/acme/todo.git", "bo")
    folder = tmp_path / "lossy"
    folder.mkdir()
    script = LOST_ANSWER
    known = {"GIT": shutil.which("git"), "PYTHON": python(), "OTHER": other.path, "ONCE": tmp_path / "once"}
    for name, value in (known | {"PATH": os.environ["PATH"]}).items():
        script = script.replace(f"@{name}@", str(value))
    (folder / "git").write_text(script)
    (folder / "git").chmod(0o755)
    environment = os.environ | {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}
    words = [python(), "-m", "kerrigan", "task", "claim", "todo/contract", "--json"]
    done = subprocess.run(words, cwd=desk.path, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, '"status": "blocked"' in done.stdout) == (0, True), done.stdout + done.stderr
    assert [e["type"] for e in desk.json("show", "todo/contract")["history"]] == ["claimed", "blocked"]
    assert desk.json("audit", "verify")["sound"]
