"""Who steers a task on GitHub: what comes of comments, labels, pushes and pull requests, and who has no say."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kerrigan.apply.receive import receive
from kerrigan.apply.reconcile import reconcile
from kerrigan.git.repo import git
from kerrigan.model.event import EventType
from kerrigan.model.state import Status, Submission
from tests.seams.github_script import GitHub, Reply, scripted
from tests.seams.site_on_github import HEAD, PUSHED, REPO, SPEC, TASKS, Hub, from_fork, hub_on, proposed
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


def pushed(number: int, by: str) -> dict[str, Any]:
    """The webhook of a push onto a pull request's branch."""
    made = payloads.pull_request("synchronize", number=number)
    pull = made["pull_request"] | {"head": made["pull_request"]["head"] | {"repo": REPOSITORY}}
    return made | {"pull_request": pull, "repository": REPOSITORY, "sender": {"login": by, "type": "User"}}


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


def test_a_push_by_anybody_voids_what_was_said_before_it(hub: Hub, github: GitHub) -> None:
    hub.submitted(by="ada")
    hub.happened(EventType.tests_passed, head=HEAD)
    hub.happened(EventType.approved, "cy", head=HEAD)
    hub.shows(proposed(head=PUSHED))
    hub.tip(PUSHED)
    hub.may(ben="write")
    hub.reviewed(5)
    github.undescribed(f"{REPO}/compare/main...{HEAD}", {"ahead_by": 1})
    github.undescribed(f"{REPO}/commits/{HEAD}/pulls", [])
    github.on("POST", f"{REPO}/statuses/{PUSHED}", Reply(201, text="{}"))
    receive(hub.site, "pull_request", pushed(5, "ben"))
    standing = hub.standing()
    assert (standing.status, standing.author, standing.submission) == (
        Status.testing,
        "ben",
        Submission("acme/api", 5, PUSHED),
    ), hub.told


def test_a_push_elsewhere_for_the_same_task_changes_nothing(hub: Hub) -> None:
    """A second branch may name the task in its description: what counts is what stands on the task's own."""
    hub.submitted(by="ben")
    hub.happened(EventType.tests_passed, head=HEAD)
    hub.shows(proposed(), proposed(7, "d" * 40, "more", body="Kerrigan-Task: todo/contract"))
    hub.tip()
    hub.reviewed(5)
    hub.may(ben="write")
    receive(hub.site, "pull_request", pushed(7, "ben"))
    assert hub.standing().status is Status.in_review


def test_a_review_of_the_pull_request_that_is_open_now_is_found(hub: Hub, github: GitHub) -> None:
    """The one that was handed in was closed, and another opened for the same commit."""
    hub.submitted(by="ada")
    hub.happened(EventType.tests_passed, head=HEAD)
    hub.shows(proposed(9))
    hub.tip()
    hub.may(ben="write")
    hub.reviewed(5)
    hub.reviewed(9, ("ben", "APPROVED", HEAD))
    reconcile(hub.site, hub.stage())
    assert hub.standing().status is Status.approved
