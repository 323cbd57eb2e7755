"""What the examples and the README show is so."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kerrigan.apply.checks.run import check_tree
from tests.e2e.desk import Desk, git

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_examples_are_green() -> None:
    checked = check_tree(ROOT / "examples", None)
    assert not checked.diagnostics
    assert [project.name for project in checked.tree.projects] == ["hello", "todo"]


@pytest.mark.parametrize("file", re.findall(r"<!-- example: (\S+) -->", README))
def test_the_readme_shows_the_example_as_it_is(file: str) -> None:
    block = re.search(rf"<!-- example: {re.escape(file)} -->\n```\w*\n(.*?)```", README, re.DOTALL)
    assert block
    assert block[1] == (ROOT / file).read_text(encoding="utf-8")


def test_the_life_that_the_readme_shows_can_be_lived(tmp_path: Path) -> None:
    git("init", "-q", "--bare", "-b", "main", "hello.git", cwd=tmp_path)
    desk = Desk(tmp_path, tmp_path / "hello.git", "ada")
    shutil.copytree(ROOT / "examples" / "hello", desk.path, dirs_exist_ok=True)
    git("checkout", "-q", "-B", "main", cwd=desk.path)
    script = re.search(r"<!-- command: life -->\n```sh\n(.*?)```", README, re.DOTALL)
    assert script
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    words = ["bash", "-euo", "pipefail", "-c", script[1]]
    done = subprocess.run(words, cwd=desk.path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    tasks = desk.json("tasks")["tasks"]
    assert [(t["id"], t["status"], t["readiness"]) for t in tasks] == [
        ("hello/words", "done", None),
        ("hello/greet", "open", "ready"),
    ]
