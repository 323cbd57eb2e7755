"""The hook for pre-commit: its own validator accepts the manifest, and a commit that would break a check is held."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from kerrigan.load.documents import parse_yaml
from tests.e2e.desk import SPEC, TASKS, Desk, publish
from tests.e2e.tools import tool

MANIFEST = Path(__file__).parents[2] / ".pre-commit-hooks.yaml"
FOLDER = "specs/projects/todo"


@pytest.fixture
def hook() -> dict[str, Any]:
    """The only hook of the manifest."""
    data = parse_yaml(MANIFEST.name, MANIFEST.read_text(encoding="utf-8")).data
    assert isinstance(data, list)
    [only] = data
    assert isinstance(only, dict)
    return only


def test_its_validator_accepts_the_manifest() -> None:
    done = subprocess.run(
        [tool("pre-commit"), "validate-manifest", MANIFEST], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_commit_that_would_break_the_check_is_held(hook: dict[str, Any], tmp_path: Path) -> None:
    desk = Desk(tmp_path, publish(tmp_path), "ana")
    program = tool("pre-commit")
    # The same hook, with the Kerrigan that is installed here instead of one that is fetched.
    config = {"repos": [{"repo": "local", "hooks": [{**hook, "language": "system"}]}]}
    desk.path.joinpath(".pre-commit-config.yaml").write_text(yaml.safe_dump(config))
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"PRE_COMMIT_HOME": str(tmp_path / "home"), "PATH": path}

    def run() -> subprocess.CompletedProcess[str]:
        desk.git("add", ".")
        return subprocess.run(
            [program, "run"], cwd=desk.path, env=environment, capture_output=True, text=True, check=False
        )

    done = run()
    assert (done.returncode, "Passed" in done.stdout) == (0, True)
    desk.path.joinpath(FOLDER, "spec.md").write_text(SPEC + "More.\n")
    done = run()
    assert (done.returncode, "Passed" in done.stdout) == (0, True)
    desk.path.joinpath(FOLDER, "tasks.yml").write_text(TASKS.replace("[contract]", "[contracts]"))
    held = run()
    assert held.returncode == 1
    assert f"{FOLDER}/tasks.yml:10:18: error: unknown task 'contracts'" in held.stdout
    desk.path.joinpath(FOLDER, "tasks.yml").write_text(TASKS)
    desk.git("rm", "-q", "-f", f"{FOLDER}/spec.md")
    held = run()
    assert held.returncode == 1
    assert "project 'todo' has no spec.md" in held.stdout


def test_the_hooks_of_this_repository_pass() -> None:
    program = tool("pre-commit")
    root = MANIFEST.parent
    if not (root / ".git").exists() or not (root / ".venv" / "bin" / "ruff").exists():
        pytest.skip("this is no clone with the environment that README.md sets up")
    done = subprocess.run([program, "run", "--all-files"], cwd=root, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.count("Passed")) == (0, 3), done.stdout + done.stderr
