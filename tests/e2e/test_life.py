"""A task's whole life by the command line alone: real clones, a bare remote, one process a command."""

import json
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.e2e.desk import Desk, git, publish
from tests.warm import python


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    """A bare remote with the smallest project on its default branch."""
    return publish(tmp_path)


def test_from_claim_to_done_over_three_clones(tmp_path: Path, remote: Path) -> None:
    ada, ana, bo = (Desk(tmp_path, remote, name) for name in ("ada", "ana", "bo"))
    assert [t["id"] for t in ada.json("tasks", "--ready")["tasks"]] == ["todo/contract"]

    assert ada.json("task", "claim", "todo/contract")["task"]["fence"] == 1
    seen = bo.json("show", "todo/contract")["task"]
    assert (seen["status"], seen["holder"]["login"]) == ("claimed", "ada")

    late = bo.kerrigan("task", "claim", "todo/contract", "--json")
    assert late.returncode == 5
    refused = json.loads(late.stdout)["refused"]
    assert refused["holder"]["login"] == "ada"
    assert "claim" not in refused["allowed"]

    ada.json("task", "start", "todo/contract")
    assert ada.kerrigan("task", "submit", "todo/contract").returncode == 5, "nothing was pushed yet"
    ada.work("kerrigan/todo/contract", "openapi.yml", "openapi: 3.1.0\n")
    submitted = ada.json("task", "submit", "todo/contract")["task"]
    assert submitted["status"] == "testing"
    assert submitted["pull_request"]["number"] == 1

    assert ada.kerrigan("gate", "--pr", "1").returncode == 1, "not tested yet"
    ada.json("task", "pass-tests", "todo/contract")
    assert ada.kerrigan("task", "approve", "todo/contract").returncode == 5, "nobody reviews their own work"
    rejected = ana.json("task", "reject", "todo/contract", "--reason", "no error format")["task"]
    assert (rejected["status"], rejected["review_cycles"]) == ("open", 1)
    assert "no error format" in ada.kerrigan("show", "todo/contract").stdout

    for verb in ("claim", "start"):
        ada.json("task", verb, "todo/contract")
    ada.work("kerrigan/todo/contract", "openapi.yml", "openapi: 3.1.0\nerrors: {}\n")
    ada.json("task", "submit", "todo/contract")
    ada.json("task", "pass-tests", "todo/contract")
    ana.json("task", "approve", "todo/contract")
    assert ada.kerrigan("gate", "--pr", "1").returncode == 0
    assert ana.kerrigan("task", "complete", "todo/contract").returncode == 5, "not merged yet"

    git("fetch", "-q", cwd=ana.path)
    git("merge", "-q", "--no-ff", "-m", "Merge", "origin/kerrigan/todo/contract", cwd=ana.path)
    git("push", "-q", "origin", "main", cwd=ana.path)
    ana.kerrigan("reconcile")
    assert bo.json("show", "todo/contract")["task"]["status"] == "done"
    assert [t["id"] for t in bo.json("tasks", "--ready")["tasks"]] == ["todo/screen"]
    assert bo.kerrigan("audit", "verify", "todo").returncode == 0


def test_one_of_twenty_wins(tmp_path: Path, remote: Path) -> None:
    desks = [Desk(tmp_path, remote, f"agent{n}") for n in range(20)]
    with ThreadPoolExecutor(20) as pool:
        ran = list(pool.map(lambda d: d.kerrigan("task", "claim", "todo/contract", "--json"), desks))
    assert sorted(r.returncode for r in ran) == [0] + [5] * 19, [r.stderr for r in ran]
    winner = next(d.path.name for d, r in zip(desks, ran, strict=True) if r.returncode == 0)
    holders = {json.loads(r.stdout)["refused"]["holder"]["login"] for r in ran if r.returncode == 5}
    assert holders == {winner}


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["task", "claim", "todo/contrakt"], 2, "did you mean 'todo/contract'"),
        (["task", "claim", "contract"], 2, "PROJECT/TASK"),
        (["task", "claim", "tobo/contract"], 2, "did you mean 'todo'"),
        (["task", "claim", "../etc/x"], 2, "project"),
        (["task", "claim", "x" * 300 + "/contract"], 2, "project"),
        (["task", "xyzzy", "todo/contract"], 2, "claim"),
        (["task", "aprove", "todo/contract"], 2, "did you mean 'approve'?"),
        (["tasks", "--status", "opn"], 2, "did you mean 'open'?"),
        (["task", "complete", "todo/contract"], 5, "does not bring todo/contract yet"),
        (["show", "todo/nothing"], 2, "todo/nothing"),
        (["log", "elsewhere"], 2, "one of: todo"),
        (["graph", "tobo"], 2, "did you mean 'todo'?"),
        (["chek"], 2, "there is no command 'chek': did you mean 'check'?"),
        (["xyzzy"], 2, "there is no command 'xyzzy': kerrigan --help lists all"),
        (["graph", "elsewhere"], 2, "one of: todo"),
        (["event", "--name", "push", "--payload", "nowhere.json"], 3, "nowhere.json"),
    ],
)
def test_mistakes_get_a_sentence(tmp_path: Path, remote: Path, words: list[str], code: int, says: str) -> None:
    done = Desk(tmp_path, remote, "ada").kerrigan(*words)
    assert done.returncode == code, done.stderr
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_without_a_remote_or_a_repository(tmp_path: Path) -> None:
    git("init", "-q", str(tmp_path / "alone"), cwd=tmp_path)
    for folder, kind in ((tmp_path / "alone", "no-remote"), (tmp_path, "no-repository")):
        done = subprocess.run(
            [python(), "-m", "kerrigan", "status", "--json"],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 3
        assert json.loads(done.stdout)["error"]["kind"] == kind


def test_a_role_is_paused_and_goes_on_by_the_command_line(tmp_path: Path, remote: Path) -> None:
    ada = Desk(tmp_path, remote, "ada")
    event = ada.json("pause", "todo", "--role", "architect", "--reason", "the plan changes")["event"]
    assert event["data"]["scope"] == "role:architect"
    assert "role architect is paused by ada: the plan changes" in ada.kerrigan("status", "todo").stdout
    assert ada.json("status", "todo")["projects"][0]["holds"][0]["scope"] == "role:architect"
    refused = ada.kerrigan("task", "claim", "todo/contract")
    assert refused.returncode == 5
    assert "the plan changes" in refused.stderr
    assert ada.kerrigan("resume", "todo", "--role", "swe", "--reason", "no").returncode == 5
    assert ada.kerrigan("pause", "todo", "--role", "swe", "--agent", "claude", "--reason", "no").returncode == 2
    assert ada.kerrigan("stop", "todo", "--role", "swe", "--reason", "no").returncode == 2
    ada.json("resume", "todo", "--role", "architect", "--reason", "planned")
    ada.json("task", "claim", "todo/contract")


def test_a_pull_request_stays_within_the_paths_of_its_task_and_the_limits_hold(tmp_path: Path, remote: Path) -> None:
    ada = Desk(tmp_path, remote, "ada")
    tasks = ada.path / "specs" / "projects" / "todo" / "tasks.yml"
    tasks.write_text(tasks.read_text().replace("role: architect", "role: architect\n    paths: [docs/, openapi.yml]"))
    with tasks.open("a") as file:
        file.write("  - {id: guide, title: Write the guide, role: docs, paths: ['**/*.md']}\n")
        file.write("  - {id: logo, title: Draw, role: design}\n")
    (ada.path / ".github").mkdir()
    (ada.path / ".github" / "kerrigan.yml").write_text("kerrigan: 7\nlimits: {roles: {design: 1}, agents: {ada: 2}}\n")
    for words in (("add", "."), ("commit", "-q", "-m", "Say whose files"), ("push", "-q", "origin", "main")):
        ada.git(*words)
    assert ada.kerrigan("check").returncode == 0

    for verb in ("claim", "start"):
        ada.json("task", verb, "todo/contract")
    (guide,) = (t for t in ada.json("tasks")["tasks"] if t["id"] == "todo/guide")
    assert [(r["kind"], r["on"]) for r in guide["reasons"]] == [("paths", "todo/contract")]
    assert "which ada holds (working), changes docs/" in ada.kerrigan("task", "claim", "todo/guide").stderr
    ada.json("task", "claim", "todo/logo")
    ada.json("task", "release", "todo/logo")

    ada.work("kerrigan/todo/contract", "main.py", "print()\n")
    ada.json("task", "submit", "todo/contract")
    ada.json("task", "pass-tests", "todo/contract")
    Desk(tmp_path, remote, "bo").json("task", "approve", "todo/contract")
    judged = ada.kerrigan("gate", "--pr", "1", "--json")
    assert judged.returncode == 1
    (reason,) = json.loads(judged.stdout)["reasons"]
    assert (reason["kind"], reason["message"]) == ("paths", "changes main.py, outside of the paths of todo/contract")
