"""The shell of kerrigan-work.yml, run for real between a clone and its remote."""

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from kerrigan.files import shipped
from kerrigan.load.documents import parse_yaml
from tests.e2e.desk import Desk, git, publish

TASK = {"KERRIGAN_TASK": "todo/contract", "KERRIGAN_BRANCH": "kerrigan/todo/contract"}
FLOW: Any = parse_yaml("work", (shipped("workflows") / "kerrigan-work.yml").read_text(encoding="utf-8")).data
BRANCH, AGENT, PACK = (step["run"] for step in FLOW["jobs"]["work"]["steps"] if "run" in step)


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    return publish(tmp_path)


def checkout(remote: Path, folder: Path) -> Path:
    """What `actions/checkout` with `fetch-depth: 0` leaves: every branch, and the default one in the work tree."""
    git("clone", "-q", str(remote), str(folder), cwd=remote)
    return folder


def step(clone: Path, script: str, **given: str) -> int:
    """Run a step's script the way the runner does; its exit code."""
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
    environment = os.environ | TASK | {"GITHUB_SERVER_URL": "https://github.com", "TOKEN": "the-token"} | given
    return subprocess.run(command, cwd=clone, env=environment, capture_output=True, check=False).returncode


def work(clone: Path, agent: str) -> list[int]:
    """The two jobs: the agent's in `clone`, and the one that submits what it packed, as someone else."""
    remote, temp = Path(git("remote", "get-url", "origin", cwd=clone)), clone.parent / f"{clone.name}-temp"
    temp.mkdir()
    codes = [step(clone, BRANCH), step(clone, AGENT, KERRIGAN_AGENT_COMMAND=agent)]
    codes.append(step(clone, PACK, RUNNER_TEMP=str(temp)))
    desk = Desk(temp, remote, "submit")
    for verb in ("claim", "start"):
        desk.json("task", verb, "todo/contract")
    done = desk.kerrigan("task", "submit", "todo/contract", "--bundle", str(temp / "made.bundle"))
    return [*codes, done.returncode]


def test_what_the_agent_leaves_is_on_the_tasks_branch(remote: Path, tmp_path: Path) -> None:
    clone = checkout(remote, tmp_path / "clone")
    assert work(clone, "echo 'openapi: 3.1.0' > openapi.yml") == [0, 0, 0, 0]
    assert git("show", "kerrigan/todo/contract:openapi.yml", cwd=remote) == "openapi: 3.1.0"
    assert (
        git("log", "-1", "--format=%an %s", "kerrigan/todo/contract", cwd=remote) == "github-actions[bot] todo/contract"
    )
    assert git("log", "--format=%s", "main", cwd=remote) == "Plan"
    assert "token" not in (clone / ".git/config").read_text()


def test_a_second_attempt_goes_on_where_the_first_ended(remote: Path, tmp_path: Path) -> None:
    work(checkout(remote, tmp_path / "first"), "echo 1 > one && git add one && git commit -q -m One")
    for verb in ("fail-tests", "retry"):
        Desk(tmp_path, remote, verb).json("task", verb, "todo/contract", "--reason", "red", "--force")
    assert work(checkout(remote, tmp_path / "second"), "echo 2 > two") == [0, 0, 0, 0]
    assert git("log", "--format=%s", "kerrigan/todo/contract", cwd=remote).splitlines() == [
        "todo/contract",
        "One",
        "Plan",
    ]


def test_an_agent_that_commits_itself_gets_no_commit_on_top(remote: Path, tmp_path: Path) -> None:
    work(checkout(remote, tmp_path / "clone"), "echo 1 > one && git add one && git commit -q -m One")
    assert git("log", "--format=%s", "kerrigan/todo/contract", cwd=remote).splitlines() == ["One", "Plan"]


def test_an_agent_that_fails_fails_the_step(remote: Path, tmp_path: Path) -> None:
    clone = checkout(remote, tmp_path / "clone")
    assert step(clone, BRANCH) == 0
    assert step(clone, AGENT, KERRIGAN_AGENT_COMMAND="echo 1 > one; exit 7") == 7


def test_the_agent_is_told_its_task_and_no_token(remote: Path, tmp_path: Path) -> None:
    clone = checkout(remote, tmp_path / "clone")
    steps = FLOW["jobs"]["work"]["steps"]
    [agent] = [entry for entry in steps if entry.get("run") == AGENT]
    assert not {"TOKEN", "GITHUB_TOKEN"} & (agent["env"].keys() | FLOW["jobs"]["work"]["env"].keys())
    work(clone, 'echo "$KERRIGAN_TASK $KERRIGAN_BRANCH" > told')
    assert git("show", "kerrigan/todo/contract:told", cwd=remote) == "todo/contract kerrigan/todo/contract"


def test_what_the_agent_leaves_beside_its_commits_stays_behind(remote: Path, tmp_path: Path) -> None:
    clone = checkout(remote, tmp_path / "clone")
    hook = clone / ".git/hooks/pre-push"
    leave = f"echo 1 > one; printf '#!/bin/sh\\nenv > {tmp_path}/seen\\n' > {hook}; chmod +x {hook}"
    leave += f"; git config core.sshCommand 'env > {tmp_path}/seen'; git config remote.origin.pushurl {tmp_path}/evil"
    assert work(clone, leave) == [0, 0, 0, 0]
    assert not (tmp_path / "seen").exists()
    assert git("log", "-1", "--format=%s", "kerrigan/todo/contract", cwd=remote) == "todo/contract"


def test_the_agents_job_may_write_nothing(remote: Path) -> None:
    assert FLOW["jobs"]["work"]["permissions"] == {"contents": "read"}
    assert "secrets.KERRIGAN" not in str(FLOW["jobs"]["work"])
    assert "KERRIGAN_AGENT_COMMAND" not in str(FLOW["jobs"]["submit"]["steps"])


def test_an_agent_that_made_nothing_fails_where_its_work_is_packed(remote: Path, tmp_path: Path) -> None:
    codes = work(checkout(remote, tmp_path / "clone"), "true")
    assert (codes[:2], codes[2] != 0) == ([0, 0], True)
