"""The hook for pre-commit: its own validator accepts the manifest, and a commit that would break a check is held."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from kerrigan.files import is_artifact
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


@pytest.mark.parametrize(
    "path",
    [f"{FOLDER}/spec.md", f"{FOLDER}/tasks.yml", f"{FOLDER}/status.json", f"{FOLDER}/plan.md", ".github/kerrigan.yml",
     "specs/constitution.md", f"a/repository/{FOLDER}/tasks.yml", "README.md", "src/specs.py", "my-specs/x.yml"],
)  # fmt: skip
def test_it_runs_for_what_kerrigan_reads_and_for_nothing_else(hook: dict[str, Any], path: str) -> None:
    assert bool(re.search(hook["files"], path)) is is_artifact(path)


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

    assert "Skipped" in run().stdout
    desk.path.joinpath(FOLDER, "spec.md").write_text(SPEC + "More.\n")
    assert (run().returncode, "Passed" in run().stdout) == (0, True)
    desk.path.joinpath(FOLDER, "tasks.yml").write_text(TASKS.replace("[contract]", "[contracts]"))
    held = run()
    assert held.returncode == 1
    assert f"{FOLDER}/tasks.yml:10:18: error: unknown task 'contracts'" in held.stdout
