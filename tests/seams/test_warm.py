"""A command that is forked is a process like one that is started: its streams, folder, environment and end."""

import os
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.warm import python

COMMANDS = [
    ["--version"],
    ["status"],
    ["explain", "syntax"],
    ["task", "nope"],
    ["check", "-q", "no/such/folder"],
    ["status", "--json", "-C", "no/such/folder"],
]


def both(words: list[str], folder: Path) -> list[tuple[int, bytes, bytes]]:
    """How a command ends and what it says as it is started, and as it is forked."""
    commands = ([program, "-m", "kerrigan", *words] for program in (sys.executable, python()))
    ended = [subprocess.run(command, cwd=folder, capture_output=True, check=False) for command in commands]
    return [(done.returncode, done.stdout, done.stderr) for done in ended]


def with_git(folder: Path, script: str) -> dict[str, str]:
    """The environment of a repository in which git is a script."""
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    (folder / "git").write_text(f"#!/bin/sh\n{script}\n")
    (folder / "git").chmod(0o755)
    return os.environ | {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}


def run(*words: str, **environment: str) -> int:
    """How a forked command ends."""
    command = [python(), "-m", "kerrigan", *words]
    return subprocess.run(command, env=os.environ | environment, capture_output=True, check=False).returncode


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_it_says_the_same_and_ends_the_same(words: list[str], tmp_path: Path) -> None:
    started, forked = both(words, tmp_path)
    assert forked == started


def test_its_folder_and_its_environment_are_those_of_who_asked(tmp_path: Path) -> None:
    environment = with_git(tmp_path, f'echo "$WORD $(pwd)" >>said\nexec "{shutil.which("git")}" "$@"') | {
        "WORD": "grüß"
    }
    command = [python(), "-m", "kerrigan", "status"]
    subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, check=False)
    assert (tmp_path / "said").read_text().startswith(f"grüß {tmp_path}")


def test_many_at_once_each_have_their_own_end() -> None:
    words = [["explain", "syntax"], ["task", "nope"], ["explain", "no-such-rule"]] * 8
    with ThreadPoolExecutor(12) as pool:
        assert list(pool.map(lambda one: run(*one), words)) == [0, 2, 2] * 8


def test_a_signal_that_ends_it_ends_who_asked(tmp_path: Path) -> None:
    environment = with_git(tmp_path, "kill -9 $PPID")
    assert run("status", "-C", str(tmp_path), **environment) == -signal.SIGKILL


def test_it_ends_when_who_asked_is_gone(tmp_path: Path) -> None:
    environment = with_git(
        tmp_path, f"echo $PPID >'{tmp_path}/new' && mv '{tmp_path}/new' '{tmp_path}/pid'; exec sleep 9"
    )
    asking = subprocess.Popen([python(), "-m", "kerrigan", "status"], cwd=tmp_path, env=environment)
    while not (tmp_path / "pid").exists():
        time.sleep(0.01)
    asking.kill()
    asking.wait()
    while is_there(int((tmp_path / "pid").read_text())):
        time.sleep(0.01)


def is_there(process: int) -> bool:
    """Whether there is a process of this id."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_anything_else_is_what_the_interpreter_makes_of_it() -> None:
    command = [python(), "-c", "import sys; print(sys.argv)", "a"]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "['-c', 'a']\n"
