"""What an agent is started with: no variable too many, no server of the work tree, no reviewer that writes."""

import json
import os
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from kerrigan.agents.acp import over_acp
from kerrigan.agents.prepare import Request, prepare
from kerrigan.agents.process import Invocation
from kerrigan.agents.profile import Profile, is_tried, version_of
from kerrigan.agents.profiles import PROFILES
from kerrigan.agents.profiles.command import profile as program_profile
from kerrigan.errors import UnreadableError
from kerrigan.model.attempt import Purpose

CALLER = {
    "HOME": "/home/ada", "LANG": "de_DE.UTF-8", "LC_TIME": "C", "TERM": "xterm", "TMPDIR": "/var/tmp",
    "HTTPS_PROXY": "http://proxy:3128", "NODE_EXTRA_CA_CERTS": "/etc/ca.pem", "ANTHROPIC_API_KEY": "secret-of-claude",
    "ANTHROPIC_BASE_URL": "http://a-gateway.example",
    "OPENAI_API_KEY": "secret-of-openai", "GITHUB_TOKEN": "secret-of-github", "KERRIGAN_TOKEN": "secret-of-kerrigan",
    "AWS_SECRET_ACCESS_KEY": "secret-of-amazon", "COPILOT_ALLOW_ALL": "true", "NODE_OPTIONS": "--inspect",
    "MY_KEY": "secret-of-mine",
    "GIT_DIR": "/elsewhere", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://elsewhere", "QWEN_CODE_UNATTENDED_RETRY": "1",
}  # fmt: skip


@pytest.fixture
def prepared(tmp_path: Path) -> Callable[..., Invocation]:
    """Invocations of a profile, with a program of its name on PATH."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "tree").mkdir()
    (tmp_path / "prompt.md").write_text("the prompt", encoding="utf-8")

    def make(profile: Profile | str, purpose: Purpose = Purpose.implement, **rest: object) -> Invocation:
        found = PROFILES[profile] if isinstance(profile, str) else profile
        program = tmp_path / "bin" / found.program
        program.write_text("#!/bin/sh\n", encoding="utf-8")
        program.chmod(0o755)
        caller = {**CALLER, "PATH": str(tmp_path / "bin"), "HOME": str(tmp_path / "ada")}
        request = Request(purpose, tmp_path / "tree", tmp_path / "own", tmp_path / "prompt.md", caller)
        return prepare(found, replace(request, **rest))  # type: ignore[arg-type]

    return make


@pytest.mark.parametrize("name", PROFILES)
def test_an_agent_gets_what_is_named_for_it_and_nothing_else(name: str, prepared: Callable[..., Invocation]) -> None:
    environment = prepared(name, names=("MY_KEY",)).environment
    kept = {"LANG", "LC_TIME", "TERM", "TMPDIR", "HTTPS_PROXY", "NODE_EXTRA_CA_CERTS", "MY_KEY"}
    assert kept <= set(environment)
    foreign = {
        "GITHUB_TOKEN",
        "KERRIGAN_TOKEN",
        "AWS_SECRET_ACCESS_KEY",
        "COPILOT_ALLOW_ALL",
        "NODE_OPTIONS",
        "GIT_DIR",
    }
    foreign |= {"OTEL_EXPORTER_OTLP_ENDPOINT", "QWEN_CODE_UNATTENDED_RETRY", "ANTHROPIC_API_KEY", "OPENAI_API_KEY"}
    assert foreign & set(environment) == set()


def test_git_in_an_agents_hands_signs_nothing_and_has_an_identity(prepared: Callable[..., Invocation]) -> None:
    environment = prepared("claude", identity=("claude", "claude@example.com")).environment
    found = {environment[f"GIT_CONFIG_KEY_{n}"]: environment[f"GIT_CONFIG_VALUE_{n}"] for n in range(2)}
    assert found == {"commit.gpgsign": "false", "tag.gpgsign": "false"}
    assert environment["GIT_AUTHOR_NAME"] == environment["GIT_COMMITTER_NAME"] == "claude"
    assert environment["GIT_TERMINAL_PROMPT"] == "0"


def test_home_is_the_users_or_the_agents_own(prepared: Callable[..., Invocation], tmp_path: Path) -> None:
    assert prepared("claude").environment["HOME"] == str(tmp_path / "ada")
    own = prepared("claude", home=tmp_path / "homes/claude")
    assert own.environment["HOME"] == str(own.home) == str(tmp_path / "homes/claude")
    assert own.home.is_dir()


def test_the_values_of_keys_are_secrets_and_addresses_are_not(prepared: Callable[..., Invocation]) -> None:
    found = prepared("claude", names=("ANTHROPIC_API_KEY", "MY_KEY", "ANTHROPIC_BASE_URL")).secrets
    assert set(found) == {"secret-of-claude", "secret-of-mine"}


@pytest.mark.parametrize("name", PROFILES)
def test_the_prompt_is_a_file_and_no_argument(name: str, prepared: Callable[..., Invocation]) -> None:
    invocation = prepared(name)
    assert invocation.stdin.read_text(encoding="utf-8") == "the prompt"
    assert not any("the prompt" in word for word in invocation.argv)


@pytest.mark.parametrize("name", PROFILES)
def test_a_reviewer_is_not_started_as_one_who_may_write(name: str, prepared: Callable[..., Invocation]) -> None:
    implement, review = prepared(name), prepared(name, Purpose.review)
    free = {
        "--dangerously-skip-permissions",
        "--dangerously-bypass-approvals-and-sandbox",
        "--allow-all",
        "yolo",
        "--auto",
        "--force",
    }
    assert free & set(implement.argv) or name == "auggie"
    assert free & set(review.argv) == set()


def test_options_follow_what_is_asked(prepared: Callable[..., Invocation]) -> None:
    argv = prepared("claude", model="m-1", turns=7, usd=Decimal("1.5")).argv
    for flag, value in (("--model", "m-1"), ("--max-turns", "7"), ("--max-budget-usd", "1.5")):
        assert argv[argv.index(flag) + 1] == value
    assert prepared("codex", model="m-1").argv[-3:] == ("--model", "m-1", "-")
    assert "--max-turns" not in prepared("claude").argv


def test_settings_are_a_file_of_the_attempt_or_are_merged_with_the_callers(
    prepared: Callable[..., Invocation], tmp_path: Path
) -> None:
    path = Path(prepared("gemini", turns=3).environment["GEMINI_CLI_SYSTEM_DEFAULTS_PATH"])
    assert path.parent == tmp_path / "own"
    content = json.loads(path.read_text(encoding="utf-8"))
    assert content == {"general": {"maxAttempts": 2}, "model": {"maxSessionTurns": 3}}
    own = {"provider": {"mine": {}}, "permission": {"edit": "allow"}, "agent": {"build": {"model": "x"}}}
    caller = {**CALLER, "PATH": os.defpath, "OPENCODE_CONFIG_CONTENT": json.dumps(own)}
    caller["PATH"] = str(tmp_path / "bin")
    named = {"environment": caller, "names": ("OPENCODE_CONFIG_CONTENT",)}
    review = prepared("opencode", Purpose.review, **named).environment["OPENCODE_CONFIG_CONTENT"]
    assert "mine" not in prepared("opencode", environment=caller).environment["OPENCODE_CONFIG_CONTENT"]
    merged = json.loads(review)
    assert merged["provider"] == {"mine": {}}
    assert merged["permission"]["*"] == "deny"
    assert "edit" not in merged["permission"]
    assert merged["agent"] == {"build": {"model": "x"}, "title": {"disable": True}}


def test_servers_of_the_work_tree_that_no_switch_turns_off_are_disabled_by_name(
    prepared: Callable[..., Invocation], tmp_path: Path
) -> None:
    folder = tmp_path / "tree/.kilocode"
    folder.mkdir()
    (folder / "mcp.json").write_text('{"mcpServers": {"theirs": {"command": "sh"}}}', encoding="utf-8")
    content = json.loads(prepared("kilo").environment["KILO_CONFIG_CONTENT"])
    assert content["mcp"]["theirs"]["enabled"] is False


def test_a_program_that_is_missing_is_named_with_what_installs_it(tmp_path: Path) -> None:
    request = Request(Purpose.implement, tmp_path, tmp_path / "own", tmp_path / "p", {"PATH": str(tmp_path)})
    with pytest.raises(UnreadableError, match="claude, the program of agent claude, is not on PATH") as raised:
        prepare(PROFILES["claude"], request)
    assert raised.value.next_step == "npm install -g @anthropic-ai/claude-code@2.1.332"


def test_a_program_of_ones_own_gets_its_words(prepared: Callable[..., Invocation], tmp_path: Path) -> None:
    invocation = prepared(
        program_profile("mine", ["agent.sh", "--fast"], tmp_path), variables={"KERRIGAN_TASK": "shop/login"}
    )
    assert invocation.argv[1:] == ("--fast",)
    assert invocation.environment["KERRIGAN_TASK"] == "shop/login"
    assert invocation.environment["KERRIGAN_RESULT"] == str(tmp_path / "own/result.json")
    assert invocation.environment["KERRIGAN_PROMPT"] == str(tmp_path / "prompt.md")


def test_the_agents_that_are_proven_with_acp_are_started_with_it(prepared: Callable[..., Invocation]) -> None:
    assert {name for name, profile in PROFILES.items() if over_acp(profile)} == {"gemini", "opencode"}
    profile = over_acp(PROFILES["opencode"])
    assert profile is not None
    invocation = prepared(profile, model="mock/m")
    assert invocation.argv[1:] == ("acp",)
    assert invocation.dialogue is not None
    assert json.loads(invocation.environment["OPENCODE_CONFIG_CONTENT"])["model"] == "mock/m"


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("2.1.332 (Claude Code)", (2, 1, 332)), ("codex-cli 0.171.0", (0, 171, 0)), ("0.61.0\n", (0, 61, 0)),
        ("GitHub Copilot CLI 1.0.102.\nRun 'copilot update' to check for updates.", (1, 0, 102)),
        ("0.36.0 (commit 7c61e5bb)", (0, 36, 0)), ("v24.19.0", (24, 19, 0)), ("usage: x", None), ("1.2", None),
    ],
)  # fmt: skip
def test_versions_are_read(text: str, version: tuple[int, ...] | None) -> None:
    assert version_of(text) == version


def test_a_version_outside_of_the_range_is_not_tried() -> None:
    assert is_tried(PROFILES["claude"], (2, 1, 330))
    assert not is_tried(PROFILES["claude"], (2, 2, 0))
    assert not is_tried(PROFILES["claude"], (2, 1, 12))
