"""Who steers a task on GitHub: what comes of comments, labels, pushes and pull requests, and who has no say."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kerrigan.apply.receive import receive
from kerrigan.git.repo import git
from kerrigan.model.event import EventType
from kerrigan.model.state import Status
from tests.seams.github_script import GitHub, Reply, scripted
from tests.seams.site_on_github import HEAD, REPO, SPEC, TASKS, Hub, from_fork, hub_on, proposed
from tests.unit import webhook_payloads as payloads

REPOSITORY = {"full_name": "acme/api", "default_branch": "main"}


@pytest.fixture
def github() -> Iterator[GitHub]:
    with scripted() as github:
        github.on("POST", f"{REPO}/statuses/{HEAD}", Reply(201, text="{}"))
        yield github


@pytest.fixture
def hub(github: GitHub, tmp_path: Path) -> Iterator[Hub]:
    remote = tmp_path / "acme" / "api.git"
    remote.parent.mkdir()
    git("init", "-q", "--bare", "-b", "main", str(remote), cwd=tmp_path)
    git("clone", "-q", str(remote), "clone", cwd=tmp_path)
    folder = tmp_path / "clone"
    files = folder / "specs" / "projects" / "todo"
    files.mkdir(parents=True)
    files.joinpath("spec.md").write_text(SPEC)
    files.joinpath("tasks.yml").write_text(TASKS)
    git("config", "user.name", "ada", cwd=folder)
    git("checkout", "-q", "-B", "main", cwd=folder)
    git("add", ".", cwd=folder)
    git("commit", "-q", "-m", "Plan", cwd=folder)
    git("push", "-q", "origin", "main", cwd=folder)
    with hub_on(github, remote, folder) as hub:
        yield hub


def commented(body: str, number: int, by: str = "ben") -> dict[str, Any]:
    """The webhook of a comment on a pull request."""
    made = payloads.comment(body)
    issue = made["issue"] | {"number": number, "pull_request": {"url": "…"}}
    return made | {"issue": issue, "repository": REPOSITORY, "sender": {"login": by, "type": "User"}}


def test_a_comment_on_a_strangers_pull_request_moves_no_task(hub: Hub) -> None:
    """Its author writes `Kerrigan-Task:` into it, and a reviewer who approves that one means that one."""
    hub.submitted()
    hub.happened(EventType.tests_passed, head=HEAD)
    hub.shows(proposed(), from_fork(6, "d" * 40, body="Kerrigan-Task: todo/contract\n"))
    hub.tip()
    hub.reviewed(5)
    hub.may(ben="write")
    receive(hub.site, "issue_comment", commented("/kerrigan approve", 6))
    assert hub.standing().status is Status.in_review
