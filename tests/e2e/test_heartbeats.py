"""Heartbeats by the command line: what an agent says of itself, who sees it, and what becomes of stuck work."""

import json
from pathlib import Path

from tests.e2e.desk import Desk, publish

CONFIG = ".github/kerrigan.yml"


def at_work(tmp_path: Path, claims: str) -> Desk:
    """A desk whose task is in work on its branch, under these rules for claims."""
    ada = Desk(tmp_path, publish(tmp_path), "ada")
    path = ada.path / CONFIG
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"claims: {claims}\n")
    ada.git("add", CONFIG)
    ada.git("commit", "-qm", "Rules")
    ada.git("push", "-q", "origin", "HEAD")
    ada.git("checkout", "-qb", "kerrigan/todo/contract")
    for verb in ("claim", "start"):
        ada.json("task", verb, "todo/contract")
    return ada


def trees(desk: Desk) -> list[str]:
    """The trees that the heartbeats in the journal name."""
    lines = map(json.loads, desk.kerrigan("log", "todo", "--json").stdout.splitlines())
    return [line["data"]["tree"] for line in lines if line["type"] == "heartbeat"]


def test_a_heartbeat_tells_of_work_that_is_not_committed_yet(tmp_path: Path) -> None:
    ada = at_work(tmp_path, "{heartbeat: 1ms, stuck_after: 8h}")
    beat = ada.json("task", "heartbeat", "todo/contract", "--fence", "1")
    assert beat["event"]["data"]["lease_until"] == beat["task"]["holder"]["lease_until"]
    ada.path.joinpath("openapi.yml").write_text("openapi: 3.1.0\n")
    ada.json("task", "heartbeat", "todo/contract", "--fence", "1")
    ada.json("task", "heartbeat", "todo/contract", "--fence", "1")
    first, second, third = trees(ada)
    assert first == ada.git("rev-parse", "HEAD^{tree}")
    assert first != second == third
    assert ada.git("status", "--porcelain") == "?? openapi.yml"
    assert "unresponsive" in ada.kerrigan("status", "todo").stdout, "its heart should beat every millisecond"
    late = ada.kerrigan("task", "heartbeat", "todo/contract", "--fence", "7")
    assert late.returncode == 5
    assert "fence 7 is not valid: the current claim of" in late.stderr


def test_a_heartbeat_soon_after_the_last_one_writes_nothing(tmp_path: Path) -> None:
    ada = at_work(tmp_path, "{heartbeat: 8h}")
    ada.json("task", "heartbeat", "todo/contract")
    again = ada.json("task", "heartbeat", "todo/contract")
    assert again["event"] is None
    assert again["task"]["pulse"] == "healthy"
    assert "nothing was written" in ada.kerrigan("task", "heartbeat", "todo/contract").stdout
    assert len(trees(ada)) == 1
    assert "held by ada, healthy" in ada.kerrigan("show", "todo/contract").stdout


def test_stuck_work_goes_to_a_person(tmp_path: Path) -> None:
    ada = at_work(tmp_path, "{heartbeat: 8h, stuck_after: 1ms}")
    ada.json("task", "heartbeat", "todo/contract")
    assert "held by ada, stuck" in ada.kerrigan("status", "todo").stdout
    said = ada.kerrigan("reconcile", "todo")
    assert said.returncode == 0, said.stderr
    assert ada.json("show", "todo/contract")["task"]["status"] == "escalated"
    assert "stuck: ada is alive, and its files are the same since" in ada.kerrigan("log", "todo").stdout
    assert ada.kerrigan("task", "heartbeat", "todo/contract").returncode == 5


def test_without_a_look_at_the_files_the_pushed_branch_counts(tmp_path: Path) -> None:
    ada = at_work(tmp_path, "{heartbeat: 1ms}")
    ada.git("checkout", "-q", "main")
    ada.json("task", "heartbeat", "todo/contract")
    ada.work("kerrigan/todo/contract", "openapi.yml", "openapi: 3.1.0\n")
    ada.git("checkout", "-q", "main")
    ada.json("task", "heartbeat", "todo/contract")
    assert trees(ada) == ["", ada.git("rev-parse", "kerrigan/todo/contract")]


def test_a_heart_beats_where_git_cannot_say_what_the_files_are(tmp_path: Path) -> None:
    ada = at_work(tmp_path, "{heartbeat: 1ms}")
    ada.git("init", "-q", "fixture")  # a repository without a commit: git adds no such folder
    beat = ada.kerrigan("task", "heartbeat", "todo/contract", "--fence", "1")
    assert beat.returncode == 0
    assert "git cannot say what the files of" in beat.stderr
    assert trees(ada) == [""]
