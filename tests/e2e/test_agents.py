"""`kerrigan agents`: what is here, what kerrigan.yml names besides, and one harmless task for each."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kerrigan.agents.profiles import PROFILES
from tests.agents.clis import KEY, installed, search_path
from tests.agents.mock_model import MockModel
from tests.e2e.desk import git
from tests.e2e.test_outputs import assert_fits

CONFIG = """\
agents:
  claude: {roles: [swe], env: [ANTHROPIC_API_KEY]}
  mine: {command: [./agent.sh, --fast], roles: [testing], env: [MY_KEY]}
  broken: {command: [./broken.sh]}
  house-bot: {account: "house-bot[bot]"}
"""
MINE = """\
#!/bin/sh
[ "$1" = --fast ] && [ "$MY_KEY" = secret-of-mine ] && [ -z "$OTHER_KEY" ] || exit 9
grep -q 'single word ok' || exit 8
echo ok > kerrigan-check.txt
echo '{"outcome": "ok", "message": "done", "usage": {"input": 100, "output": 7}, "usd": 0.5}' > "$KERRIGAN_RESULT"
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A repository with a kerrigan.yml, and a folder of programs."""
    root = tmp_path / "repository"
    (root / ".github").mkdir(parents=True)
    git("init", "-q", "-b", "main", str(root), cwd=tmp_path)
    (root / ".github/kerrigan.yml").write_text(CONFIG, encoding="utf-8")
    script(tmp_path / "bin/claude", "echo '2.1.330 (Claude Code)'")
    script(tmp_path / "bin/codex", "echo 'codex-cli 9.0.0'")
    script(tmp_path / "bin/gemini", "echo 'no such thing'; exit 1")
    script(root / "agent.sh", MINE)
    script(root / "broken.sh", "echo 'it is broken' >&2; exit 3")
    return root


def script(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text if text.startswith("#!") else f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)


def kerrigan(place: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    home = place.parent / "home"
    home.mkdir(exist_ok=True)
    path = f"{place.parent / 'bin'}:{os.environ['PATH']}"
    environment = {
        "PATH": path,
        "HOME": str(home),
        "MY_KEY": "secret-of-mine",
        "OTHER_KEY": "secret-of-others",
        **variables,
    }
    environment |= {name: value for name, value in os.environ.items() if name.startswith("GIT_CONFIG")}
    return subprocess.run(
        [sys.executable, "-m", "kerrigan", *words],
        cwd=place,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def rows(place: Path, *words: str, code: int = 0, **variables: str) -> dict[str, dict[str, Any]]:
    done = kerrigan(place, "agents", *words, "--json", **variables)
    assert done.returncode == code, done.stderr + done.stdout
    assert_fits("agents", done.stdout)
    return {row["name"]: row for row in json.loads(done.stdout)["agents"]}


def test_what_is_here_and_what_the_configuration_names(place: Path) -> None:
    found = rows(place, ANTHROPIC_API_KEY="secret-of-claude")
    assert list(found) == [*PROFILES, "mine", "broken", "house-bot"]
    claude = found["claude"]
    assert (claude["version"], claude["is_tried"], claude["configured"], claude["roles"]) == (
        "2.1.330",
        True,
        True,
        ["swe"],
    )
    assert (claude["login"], claude["limits"]) == (["ANTHROPIC_API_KEY"], ["turns", "usd"])
    assert (found["codex"]["version"], found["codex"]["is_tried"]) == ("9.0.0", False)
    assert (found["gemini"]["installed"], found["gemini"]["version"]) == (True, None)
    assert "prints no version" in found["gemini"]["problem"]
    assert found["auggie"]["proven"] is None
    assert (found["mine"]["installed"], found["mine"]["version"], found["mine"]["tried"]) == (True, None, None)
    assert found["house-bot"]["program"] == ""


def test_a_program_of_an_npm_package_is_known_by_its_description_and_not_started(place: Path) -> None:
    package = place.parent / "node_modules/@qwen-code/qwen-code"
    package.mkdir(parents=True)
    (package / "package.json").write_text('{"name": "@qwen-code/qwen-code", "version": "0.24.4"}', encoding="utf-8")
    script(package / "cli.js", f"touch {place}/started; echo 9.9.9")
    (place.parent / "bin/qwen").symlink_to(package / "cli.js")
    qwen = rows(place, "qwen")["qwen"]
    assert (qwen["version"], qwen["is_tried"], (place / "started").exists()) == ("0.24.4", True, False)
    (package / "package.json").write_text('{"name": "someone-elses", "version": "0.24.4"}', encoding="utf-8")
    assert rows(place, "qwen")["qwen"]["version"] == "9.9.9"


def test_no_secret_is_printed(place: Path) -> None:
    for words in ((), ("--json",), ("mine", "--check"), ("mine", "--check", "--json")):
        done = kerrigan(place, "agents", *words, ANTHROPIC_API_KEY="secret-of-claude")
        assert "secret-of" not in done.stdout + done.stderr


def test_the_table_says_the_version_that_was_tried_and_how_to_install(place: Path) -> None:
    lines = kerrigan(place, "agents").stdout.splitlines()
    assert lines[0].split() == ["AGENT", "VERSION", "LOGIN", "LIMITS", "PROVEN"]
    codex = next(line for line in lines if line.startswith("codex"))
    assert "9.0.0 (tried 0.169.0 to 0.171.0)" in codex
    qwen = next(line for line in lines if line.startswith("qwen"))
    assert "not installed" in qwen
    assert qwen.endswith(f"npm install -g {PROFILES['qwen'].package}")


def test_a_program_of_ones_own_is_checked_as_an_attempt_runs_it(place: Path) -> None:
    check = rows(place, "mine", "--check")["mine"]["check"]
    assert (check["outcome"], check["written"], check["usd"], check["usd_from"]) == ("ok", True, 0.5, "agent")
    assert (check["usage"]["input"], check["usage"]["output"]) == (100, 7)
    done = kerrigan(place, "agents", "mine", "--check")
    assert (done.returncode, done.stderr) == (0, "mine: running one harmless task\n")
    assert "mine: ok after" in done.stdout
    assert "100 tokens in, 7 out, $0.5000" in done.stdout


def test_a_check_that_fails_says_why_and_ends_with_1(place: Path) -> None:
    check = rows(place, "broken", "--check", code=1)["broken"]["check"]
    assert (check["outcome"], check["message"], check["usage"], check["usd"]) == ("failed", "it is broken", None, None)
    assert kerrigan(place, "agents", "kilo", "--check").returncode == 1


def test_a_name_that_is_none_is_a_usage_error_with_the_nearest(place: Path) -> None:
    done = kerrigan(place, "agents", "claud")
    assert done.returncode == 2
    assert "there is no agent 'claud'" in done.stderr
    assert "claude" in done.stderr


def test_it_works_outside_of_a_repository(place: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    assert list(rows(place, "-C", str(tmp_path / "elsewhere"))) == list(PROFILES)


@pytest.mark.agent
def test_a_real_agent_is_checked(place: Path) -> None:
    if not installed("claude"):
        pytest.skip(f"no claude here: .ci/agents installs {PROFILES['claude'].package}")
    (place.parent / "bin/claude").unlink()
    with MockModel("shell", command="echo ok > kerrigan-check.txt") as model:
        (place / ".github/kerrigan.yml").write_text(
            "agents: {claude: {env: [ANTHROPIC_API_KEY, ANTHROPIC_BASE_URL], model: claude-sonnet-4-5}}\n",
            encoding="utf-8",
        )
        variables: Any = {"PATH": search_path(), "ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": model.url}
        check = rows(place, "claude", "--check", **variables)["claude"]["check"]
    assert (check["outcome"], check["written"]) == ("ok", True)
    assert (check["usage"]["input"], check["usage"]["requests"], check["usd"]) == (200, 2, 0.000978)


@pytest.mark.parametrize(
    "text", ["agents: {claude: [x]}\n", "agents: {claude: {roles: swe\n", "kerrigan: 7\nagents: 5\n"]
)
def test_a_kerrigan_yml_that_is_wrong_is_named(place: Path, text: str) -> None:
    (place / ".github/kerrigan.yml").write_text(text)
    done = kerrigan(place, "agents")
    assert done.returncode == 0
    assert ".github/kerrigan.yml has" in done.stderr
    assert "next: kerrigan check" in done.stderr
