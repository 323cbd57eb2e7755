"""The offline GitHub when things go wrong: answers that are lost, and writers that race."""

import os
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import urllib3

from tests.box import Fault, OfflineGitHub
from tests.box.commands import CommandError

pytest_plugins = ["tests.box.plugin"]
pytestmark = pytest.mark.box

API = "/repos/acme/api"


@pytest.mark.parametrize(
    ("fault", "status", "delivered"),
    [
        (Fault("POST", "/dispatches$", 502), 502, 0),
        (Fault("POST", "/dispatches$", 502, when="after"), 502, 1),
        (Fault("POST", "/dispatches$"), None, 0),
        (Fault("POST", "/dispatches$", when="after"), None, 1),
        (Fault("POST", "/dispatches$", 429, headers={"retry-after": "1"}), 429, 0),
    ],
    ids=["502 before", "502 after", "dropped before", "dropped after", "429"],
)
def test_a_fault_comes_before_or_after_the_effect(
    offline_github: OfflineGitHub, fault: Fault, status: int | None, delivered: int
) -> None:
    box = offline_github({"acme/api": {}})
    box.plant(fault)

    def dispatch() -> int | None:
        try:
            return box.call("ada", "POST", f"{API}/dispatches", {"event_type": "go"}).status
        except urllib3.exceptions.ProtocolError:
            return None

    assert dispatch() == status
    assert [event.name for event in box.events] == ["repository_dispatch"] * delivered
    assert box.faults_left() == 0
    assert dispatch() == 204
    assert [request.status for request in box.activity.requests if request.login == "ada"] == [status or 0, 204]


def test_a_push_may_land_though_its_answer_is_lost(offline_github: OfflineGitHub) -> None:
    box = offline_github({"acme/api": {}})
    box.plant(Fault("POST", "git-receive-pack$", when="after", times=3))
    with pytest.raises(CommandError, match="git push"):
        box.push("acme/api", "work", {"a.txt": "a\n"})
    assert box.file("acme/api", "a.txt", "work") == "a\n"
    box.settle()
    box.assert_in_step()


def test_of_many_writers_through_git_and_the_api_one_wins(offline_github: OfflineGitHub, tmp_path: Path) -> None:
    box = offline_github({"acme/api": {}})
    old = box.tip("acme/api")
    environment = box.git_environment(box.token("ada"))
    tree = box.call("ada", "GET", f"{API}/git/commits/{old}").body["tree"]["sha"]
    for number in range(6):
        run(tmp_path, "git", "clone", "-q", f"{box.url}/acme/api", str(number), env=environment)
        run(tmp_path / str(number), "git", "commit", "-q", "--allow-empty", "-m", f"git {number}")

    def by_git(number: int) -> bool:
        words = ["git", "push", "-q", f"--force-with-lease=main:{old}", "origin", "HEAD:main"]
        return run(tmp_path / str(number), *words, env=environment, check=False) == 0

    def by_api(number: int) -> bool:
        commit = {"message": f"api {number}", "tree": tree, "parents": [old]}
        sha = box.call("ada", "POST", f"{API}/git/commits", commit).body["sha"]
        return box.call("ada", "PATCH", f"{API}/git/refs/heads/main", {"sha": sha}).ok

    def race(writer: Callable[[int], bool], number: int) -> bool:
        return writer(number)

    with ThreadPoolExecutor(12) as pool:
        racing = [pool.submit(race, writer, number) for number in range(6) for writer in (by_git, by_api)]
        won = [writer.result() for writer in racing]
    box.settle()
    assert won.count(True) == 1
    assert [event.name for event in box.events] == ["push"]
    box.assert_in_step()


def run(at: Path, *words: str, env: dict[str, str] | None = None, check: bool = True) -> int:
    """A command with a name for commits; its code comes back."""
    named = {"GIT_AUTHOR_NAME": "ada", "GIT_COMMITTER_NAME": "ada", "EMAIL": "ada@example.com"}
    environment = os.environ | named | (env or {})
    return subprocess.run(words, cwd=at, env=environment, check=check, capture_output=True).returncode
