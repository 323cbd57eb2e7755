"""The process that the action starts: what it is asked, how git learns the token, and what was installed for it."""

import base64
import os
import re
import subprocess
import tomllib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar

import pytest

from kerrigan.cli.action_run import asking_for_json, asking_for_page, inherited
from kerrigan.git.access import addresses, basic, sending
from tests.e2e.desk import git

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("check", "check --json"),
        ("check specs --strict", "check --json specs --strict"),
        ("check --json", "check --json"),
        ("check --format text", "check --format text"),
        ("check --format github specs", "check --json specs"),
        ("audit verify todo", "audit verify --json todo"),
        ("audit", "audit"),
        ("audit nonsense", "audit nonsense"),
        ("nonsense --format github", "nonsense --format github"),
        ("demo", "demo --json"),
        ("--version", "--version"),
    ],
)
def test_json_is_asked_of_every_command_that_has_it(words: str, asked: str) -> None:
    assert asking_for_json(words.split()) == asked.split()


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("check --json", "check --summary page.md --json"),
        ("check --summary mine.md", "check --summary mine.md"),
        ("check --summary=mine.md", "check --summary=mine.md"),
        ("gate --json", "gate --json"),
    ],
)
def test_a_page_is_asked_of_every_command_that_makes_one(words: str, asked: str) -> None:
    assert asking_for_page(words.split(), Path("page.md")) == asked.split()


class Heard(BaseHTTPRequestHandler):
    """Keeps the Authorization headers of every request, and answers 404."""

    seen: ClassVar[list[list[str]]] = []

    def do_GET(self) -> None:
        self.seen.append(self.headers.get_all("Authorization", []))
        self.send_error(404)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    """A server on this machine that hears what git sends."""
    Heard.seen.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Heard) as listening:
        Thread(target=listening.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{listening.server_port}"
        listening.shutdown()


def ask_with_git(
    folder: Path, server: str, environment: dict[str, str], address: str = "acme/todo.git"
) -> list[list[str]]:
    command = ["git", "ls-remote", f"{server}/{address}"]
    subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False)
    return Heard.seen


def test_git_knows_the_token_once_and_by_its_environment_only(tmp_path: Path, server: str) -> None:
    git("init", "-q", cwd=tmp_path)
    # What a checkout that persists its credentials leaves behind; GitHub refuses two of these headers.
    git("config", f"http.{server}/.extraheader", "AUTHORIZATION: basic b2xk", cwd=tmp_path)
    given = {**os.environ, "GITHUB_SERVER_URL": server, "KERRIGAN_INPUT_TOKEN": "the-token"}
    given |= {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "kerrigan.kept", "GIT_CONFIG_VALUE_0": "yes"}
    environment = inherited("the-token", given)
    assert ask_with_git(tmp_path, server, environment) == [
        ["basic " + base64.b64encode(b"x-access-token:the-token").decode()]
    ]
    kept = subprocess.run(
        ["git", "config", "kerrigan.kept"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert kept.stdout.strip() == "yes"
    assert environment["GITHUB_TOKEN"] == "the-token"
    assert not any(name.startswith("KERRIGAN_INPUT_") for name in environment)


def test_git_sends_the_runs_own_token_to_its_repository_and_another_to_all_others(tmp_path: Path, server: str) -> None:
    git("init", "-q", cwd=tmp_path)
    git("config", f"http.{server}/.extraheader", "AUTHORIZATION: basic b2xk", cwd=tmp_path)
    given = {**os.environ, "GITHUB_SERVER_URL": server, "GITHUB_REPOSITORY": "acme/todo"}
    environment = inherited("the-token", given, "the-other-token")
    for address in ("acme/todo", "acme/todo.git", "acme/todo-web", "acme/todo-web.git", "other/todo"):
        ask_with_git(tmp_path, server, environment, address)
    assert Heard.seen == [[f"basic {basic(token)}"] for token in ["the-token"] * 2 + ["the-other-token"] * 3]
    # What has to start workflows is pushed with the other one, here too.
    pushing = sending([(address, "the-other-token") for address in addresses(server, "acme/todo")], environment)
    ask_with_git(tmp_path, server, environment | pushing, "acme/todo")
    assert Heard.seen[-1] == [f"basic {basic('the-other-token')}"]
    assert (environment["GITHUB_TOKEN"], environment["KERRIGAN_TOKEN"]) == ("the-token", "the-other-token")


def test_git_tells_no_other_server_and_without_a_token_nobody(tmp_path: Path, server: str) -> None:
    elsewhere = {**os.environ, "GITHUB_SERVER_URL": "https://github.example.com"}
    assert ask_with_git(tmp_path, server, inherited("the-token", elsewhere)) == [[]]
    assert inherited("", {"GITHUB_TOKEN": "mine", "GIT_CONFIG_COUNT": "x"}) == {
        "GITHUB_TOKEN": "mine",
        "GIT_CONFIG_COUNT": "x",
    }


def test_everything_that_the_action_installs_is_known_by_its_hash() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    entries = [entry for entry in re.split(r"\n(?! )", lock.strip()) if not entry.startswith("#")]
    pins = {entry.split()[0].lower().replace("_", "-") for entry in entries}
    constraints = (ROOT / "constraints.txt").read_text(encoding="utf-8").lower().replace("_", "-").split("\n")
    assert pins <= set(constraints)
    assert all("--hash=sha256:" in entry for entry in entries)
    assert "://" not in lock
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    assert {re.split(r"[^\w-]", each)[0].lower() for each in wanted} <= {pin.partition("==")[0] for pin in pins}
