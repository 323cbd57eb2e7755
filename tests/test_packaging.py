"""What is installed and how: the README's command, the pins, the action's inputs."""

import re
import subprocess
import tomllib
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]


def text(file: str) -> str:
    return (ROOT / file).read_text(encoding="utf-8")


def canonical(requirement: str) -> str:
    return re.split(r"[^\w.-]", requirement, maxsplit=1)[0].lower().replace("_", "-")


def test_ci_runs_the_command_that_the_readme_gives() -> None:
    found = subprocess.run([ROOT / ".ci/readme-command", "tests"], capture_output=True, text=True, check=True).stdout
    assert "-m pytest" in found.strip().rpartition("&&")[2]
    assert f"```sh\n{found}```" in text("README.md")
    assert "readme-command tests" in text(".ci/run")


def test_every_dependency_is_pinned_exactly() -> None:
    pins = [line for line in text("constraints.txt").splitlines() if not line.startswith("#")]
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", pin) for pin in pins)
    project = tomllib.loads(text("pyproject.toml"))["project"]
    wanted = {canonical(each) for each in project["dependencies"] + project["optional-dependencies"]["dev"]}
    assert wanted - {canonical(pin) for pin in pins} == set()


def test_pins_hold_no_addresses() -> None:
    for file in ("constraints.txt", ".ci/requirements.txt"):
        assert "://" not in text(file)
        assert " @ " not in text(file)
    assert '"resolved"' not in text("tests/e2e/node/package-lock.json")


def test_every_input_of_the_action_is_handed_on_and_read() -> None:
    action = yaml.safe_load(text("action.yml"))
    entry = text("kerrigan/cli/action.py")
    handed = {value: key for step in action["runs"]["steps"] for key, value in step.get("env", {}).items()}
    for name in action["inputs"]:
        assert f'"{handed["${{ inputs." + name + " }}"]}"' in entry


def test_no_input_reaches_a_shell() -> None:
    for step in yaml.safe_load(text("action.yml"))["runs"]["steps"]:
        assert "${{" not in step["run"]
