"""A command that is killed: whatever the moment, the next command finds one truth and makes it visible."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.desk import Desk, publish

KILLER = """#!/bin/sh
case " $* " in *" push "*kerrigan-state*) moment=$KILL ;; esac
[ "$moment" = before ] && kill -9 $PPID && exit 1
"@GIT@" "$@"; code=$?
[ "$moment" = after ] && kill -9 $PPID
exit $code
"""


def killed(desk: Desk, moment: str, *words: str) -> int:
    """Run a command whose process is killed before or after it pushes the journal; the negative signal comes back."""
    folder = desk.path.parent / "killer"
    folder.mkdir(exist_ok=True)
    script = folder / "git"
    script.write_text(KILLER.replace("@GIT@", str(shutil.which("git"))))
    script.chmod(0o755)
    environment = os.environ | {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}", "KILL": moment}
    command = [sys.executable, "-m", "kerrigan", *words]
    return subprocess.run(command, cwd=desk.path, env=environment, capture_output=True, check=False).returncode


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path, publish(tmp_path), "ada")


def test_killed_before_the_push_nothing_has_happened(desk: Desk) -> None:
    assert killed(desk, "before", "task", "claim", "todo/contract") == -9
    assert desk.json("show", "todo/contract")["task"]["status"] == "open"
    assert desk.json("task", "claim", "todo/contract")["task"]["fence"] == 1


def test_killed_after_the_push_it_has_happened_once(desk: Desk) -> None:
    assert killed(desk, "after", "task", "claim", "todo/contract") == -9
    shown = desk.json("show", "todo/contract")
    assert (shown["task"]["status"], len(shown["history"])) == ("claimed", 1)
    assert "you hold todo/contract already" in desk.kerrigan("task", "claim", "todo/contract").stderr


@pytest.mark.parametrize("next_command", [("reconcile",), ("task", "submit", "todo/contract"), ("gate", "--pr", "1")])
def test_killed_before_its_effects_the_next_command_makes_them(desk: Desk, next_command: tuple[str, ...]) -> None:
    for verb in ("claim", "start"):
        desk.json("task", verb, "todo/contract")
    desk.work("kerrigan/todo/contract", "openapi.yml", "openapi: 3.1.0\n")
    assert killed(desk, "after", "task", "submit", "todo/contract") == -9
    pull = desk.path.parent / "forge" / "acme" / "todo.git" / "kerrigan"
    assert not (pull / "statuses").exists(), "it was killed before the effects"
    desk.kerrigan(*next_command)
    assert list((pull / "statuses").glob("*.json"))
    if next_command[0] != "gate":
        assert "status:testing" in (pull / "pulls" / "1.json").read_text()
