"""`kerrigan check --watch`, as a process of its own: it answers again when files change, and ends on Ctrl-C."""

import json
import os
import pty
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.desk import SPEC, TASKS

WAITING = "waiting for files to change; Ctrl-C ends\n"
COMMAND = [sys.executable, "-m", "kerrigan", "check", "--watch"]


@pytest.fixture
def tasks(tmp_path: Path) -> Path:
    """The tasks.yml of a tree with one project, where nothing is wrong."""
    folder = tmp_path / "specs/projects/todo"
    folder.mkdir(parents=True)
    folder.joinpath("spec.md").write_text(SPEC)
    folder.joinpath("tasks.yml").write_text(TASKS)
    return folder / "tasks.yml"


@contextmanager
def watching(tasks: Path, *words: str) -> Iterator[subprocess.Popen[str]]:
    """A check that watches; it is interrupted at the end, and has to end with 130."""
    process = subprocess.Popen(
        [*COMMAND, *words], cwd=tasks.parents[3], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        yield process
        process.send_signal(signal.SIGINT)
        rest, said = process.communicate(timeout=20)
        assert (process.returncode, rest) == (130, "")
        assert said.strip() == "interrupted"
    finally:
        process.kill()
        process.communicate()


def line(process: subprocess.Popen[str]) -> str:
    """The next line of its answer, once it waits again."""
    assert process.stdout
    assert process.stderr
    answer = process.stdout.readline()
    assert process.stderr.readline() == WAITING
    return answer


def test_it_answers_again_when_a_file_changes(tasks: Path) -> None:
    with watching(tasks) as process:
        assert line(process) == "1 project, 2 tasks: all fine\n"
        with tasks.open("a") as file:
            file.write("  - {id: more, title: More, role: swe}\n")
        assert line(process) == "1 project, 3 tasks: all fine\n"
        tasks.with_name("notes.txt").write_text("nobody reads this\n")
        other = tasks.parents[1] / ".shop"
        other.mkdir()
        other.joinpath("tasks.yml").write_text(TASKS)
        other.joinpath("spec.md").write_text(SPEC)
        other.rename(other.with_name("shop"))
        assert line(process) == "2 projects, 5 tasks: all fine\n"


def test_machines_get_a_line_each_round(tasks: Path) -> None:
    with watching(tasks, "--json") as process:
        assert json.loads(line(process))["summary"]["errors"] == 0
        tasks.write_text(TASKS.replace("[contract]", "[contracts]"))
        assert json.loads(line(process))["diagnostics"][0]["code"] == "unknown-dependency"


def test_what_is_written_is_mended_when_that_is_asked_for(tasks: Path) -> None:
    with watching(tasks, "--fix", "--json") as process:
        assert json.loads(line(process))["fixed"] == []
        tasks.write_text(TASKS.replace("title: Show", "titel: Show"))
        assert json.loads(line(process))["fixed"][0]["code"] == "unknown-key"
        assert tasks.read_text() == TASKS
        assert json.loads(line(process))["fixed"] == []


def test_an_error_ends_only_the_first_round(tasks: Path) -> None:
    root = tasks.parents[3]
    with watching(tasks, "--project", "todo") as process:
        line(process)
        (root / "specs").rename(root / "elsewhere")
        assert process.stderr
        assert process.stderr.readline().startswith("error: no project 'todo' below ")
        assert process.stderr.readline() == WAITING
        (root / "elsewhere").rename(root / "specs")
        assert line(process) == "1 project, 2 tasks: all fine\n"
    done = subprocess.run([*COMMAND, "--project", "tood"], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 2


def test_its_own_answer_is_no_news(tasks: Path) -> None:
    answer = tasks.parents[3] / "answer.json"
    with watching(tasks, "--json", "--output", "answer.json") as process:
        assert process.stderr
        assert process.stderr.readline() == WAITING
        assert process.stderr.readline() == WAITING
        written = answer.stat().st_ino
        tasks.write_text(TASKS + "# nothing new\n")
        assert process.stderr.readline() == WAITING
        assert answer.stat().st_ino == written
    done = subprocess.run([*COMMAND, "--summary", "page.md"], cwd=answer.parent, capture_output=True, check=False)
    assert done.returncode == 2


def test_a_terminal_is_cleared_each_round(tasks: Path) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(COMMAND, cwd=tasks.parents[3], stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    try:
        assert "\x1b[2J" in until(ours, "Ctrl-C ends")
        tasks.write_text(TASKS + "  - {id: more, title: More, role: swe}\n")
        again = until(ours, "Ctrl-C ends")
        assert again.index("\x1b[2J") < again.index("3 tasks")
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == 130
    finally:
        process.kill()
        process.wait()
        os.close(ours)


def until(terminal: int, text: str) -> str:
    said = ""
    while text not in said:
        assert select.select([terminal], [], [], 20)[0], said
        said += os.read(terminal, 4096).decode()
    return said
