"""An agent that hands in what it handed in before is stopped, and a person is told which files go back and forth."""

from pathlib import Path
from typing import Any

from tests.e2e.desk import Desk, publish

BRANCH = "kerrigan/todo/contract"


def test_an_agent_that_goes_back_and_forth_is_stopped(tmp_path: Path) -> None:
    remote = publish(tmp_path)
    claude, ana = (Desk(tmp_path, remote, name) for name in ("claude", "ana"))
    config = claude.path / ".github/kerrigan.yml"
    config.parent.mkdir()
    config.write_text("agents: {claude: {}}\nlimits: {attempts: 9, retry_after: 1ms}\n")
    claude.git("add", ".github")
    claude.git("commit", "-qm", "An agent")
    claude.git("push", "-q", "origin", "HEAD")
    answer: dict[str, Any] = {}
    for number, text in enumerate(("assert 1 in a\n", "assert a == 1\n", "assert 1 in a\n"), 1):
        claude.json("task", "claim", "todo/contract")
        claude.json("task", "start", "todo/contract", "--fence", str(number))
        claude.work(BRANCH, "test_a.py", text)
        answer = claude.json("task", "submit", "todo/contract", "--fence", str(number))
        if number < 3:
            claude.json("task", "fail-tests", "todo/contract", "--reason", f"AssertionError {number}")
            claude.json("reconcile", "todo")
            assert claude.json("show", "todo/contract")["task"]["status"] == "open"
    assert [event["type"] for event in answer["caused"]] == ["escalated"]
    shown = claude.json("show", "todo/contract")["task"]
    assert shown["status"] == "escalated"
    said = claude.kerrigan("log", "todo").stdout
    assert "not converging: test_a.py is as handed in once before, and changed in between" in said
    assert claude.kerrigan("task", "claim", "todo/contract").returncode == 5
    assert claude.kerrigan("task", "reopen", "todo/contract", "--reason", "the test is right").returncode == 5
    ana.json("task", "reopen", "todo/contract", "--reason", "fix the code, not the test")
    claude.json("task", "claim", "todo/contract")
    assert claude.kerrigan("audit", "verify").returncode == 0
