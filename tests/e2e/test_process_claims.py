"""Claims that are bound to a process, by the command line: whose they are, when they end, and what is refused."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.desk import Desk, publish

TASK = "todo/contract"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path, publish(tmp_path), "ada")


@pytest.fixture
def agent() -> Iterator["subprocess.Popen[bytes]"]:
    """A program that works until it is killed."""
    command = [sys.executable, "-c", "import sys; print('up', flush=True); sys.stdin.read()"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as started:
        assert started.stdout is not None
        assert started.stdout.readline()
        yield started
        started.kill()


def test_a_claim_ends_with_its_process(desk: Desk, agent: "subprocess.Popen[bytes]", tmp_path: Path) -> None:
    bo = Desk(tmp_path, tmp_path / "forge" / "acme" / "todo.git", "bo")
    claimed = desk.json("task", "claim", TASK, "--process", str(agent.pid))
    run = claimed["event"]["run"]["id"]
    assert run.startswith("host:")
    assert claimed["task"]["holder"]["run"] == run
    desk.json("task", "start", TASK)
    desk.kerrigan("reconcile")
    assert desk.json("show", TASK)["task"]["status"] == "working"
    assert "its run has ended" not in bo.kerrigan("task", "claim", TASK).stderr
    agent.kill()
    agent.wait()
    refused = bo.kerrigan("task", "claim", TASK)
    assert refused.returncode == 5
    assert "ada holds todo/contract (working, fence 1, its run has ended)" in refused.stderr
    assert "next: kerrigan reconcile todo, which frees it" in refused.stderr
    assert bo.kerrigan("reconcile").returncode == 0
    assert bo.json("task", "claim", TASK)["task"]["fence"] == 2
    late = desk.kerrigan("task", "submit", TASK, "--fence", "1")
    assert late.returncode == 5, "the work of before comes too late"
    assert bo.json("audit", "verify")["sound"]


def test_a_program_claims_as_the_agent_that_the_environment_names(
    desk: Desk, agent: "subprocess.Popen[bytes]", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KERRIGAN_AGENT", "codex")
    claimed = desk.json("task", "claim", TASK, "--process", str(agent.pid))
    assert (claimed["event"]["actor"]["login"], claimed["event"]["actor"]["kind"]) == ("codex", "agent")
    assert claimed["event"]["data"]["via"] == "ada"
    unfenced = desk.kerrigan("task", "start", TASK)
    assert unfenced.returncode == 5, "an agent says which claim it writes for"
    assert desk.json("task", "start", TASK, "--fence", "1")["task"]["status"] == "working"
    named = desk.json("task", "block", TASK, "--reason", "no key", "--as", "ada")
    assert named["event"]["actor"]["kind"] == "person", "--as says who asks"


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("claim", TASK, "--process", "4194305"), 2, "no process with the id 4194305 runs on this machine"),
        (("claim", TASK, "--process", "0"), 2, "0 is not in the range x>=1"),
        (("claim", TASK, "--process", "-1"), 2, "-1 is not in the range x>=1"),
        (("claim", TASK, "--process", "me"), 2, "'me' is not a valid integer"),
        (("start", TASK, "--process", "1"), 2, "--process is for `task claim`, not for start"),
    ],
)
def test_what_is_no_process_claims_nothing(desk: Desk, words: tuple[str, ...], code: int, message: str) -> None:
    answer = desk.kerrigan("task", *words)
    assert (answer.returncode, answer.stdout) == (code, "")
    assert message in answer.stderr
    assert desk.json("show", TASK)["history"] == []


def test_a_rehearsal_looks_at_the_process_and_writes_nothing(desk: Desk) -> None:
    own = str(os.getpid())
    assert desk.kerrigan("task", "claim", TASK, "--process", own, "--dry-run").returncode == 0
    error = json.loads(desk.kerrigan("task", "claim", TASK, "--process", "4194305", "--dry-run", "--json").stdout)
    assert error["error"]["kind"] == "process"
    assert desk.json("show", TASK)["history"] == []
