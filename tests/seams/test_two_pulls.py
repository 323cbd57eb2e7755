"""One branch, two pull requests: the one to another branch than the default one brings nothing of the task there."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kerrigan.apply.events.handle_event import handle_event
from kerrigan.apply.events.reconcile import reconcile
from kerrigan.model.event import EventType
from kerrigan.model.state import Status, Submission
from tests.seams.github_script import Reply, scripted
from tests.seams.site_on_github import (
    COMMENT,
    HEAD,
    MERGE,
    PULLS,
    PUSHED,
    REPO,
    SPEC,
    TASKS,
    Hub,
    hub_on,
    proposed,
    repository,
)
from tests.unit import webhook_payloads as payloads

REPOSITORY = {"full_name": "acme/api", "default_branch": "main"}
BASE = {"ref": "release", "sha": "2" * 40, "repo": {"id": 1, "full_name": "acme/api", "default_branch": "main"}}
ELSEWHERE, OWN = 5, 9


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    """A task in review as pull request 9; number 5 brings the same branch to `release`, and was there before."""
    home = repository(tmp_path, "api", {"specs/projects/todo/spec.md": SPEC, "specs/projects/todo/tasks.yml": TASKS})
    with scripted() as github, hub_on(github, tmp_path / "acme" / "api.git", home) as hub:
        github.on("POST", f"{REPO}/statuses/{HEAD}", Reply(201, text="{}"))
        for number in (ELSEWHERE, OWN):
            github.on("POST", f"{REPO}/issues/{number}/labels", Reply(200, text="[]"))
            github.on("POST", f"{REPO}/issues/{number}/comments", Reply(201, text="{}"))
        hub.submitted(by="ada", number=OWN)
        hub.happened(EventType.tests_passed, head=HEAD)
        hub.shows(proposed(ELSEWHERE, base=BASE), proposed(OWN))
        hub.tip()
        hub.reviewed(ELSEWHERE)
        hub.reviewed(OWN)
        hub.may(ben="write")
        yield hub


def heard(hub: Hub, name: str, made: dict[str, Any], number: int, by: str = "ben") -> None:
    """Hear of something that ben did to a pull request."""
    pull = made.get("pull_request", {})
    told = {"pull_request": pull | {"number": number, "head": {**pull["head"], "repo": REPOSITORY}}} if pull else {}
    handle_event(hub.site, name, made | told | {"repository": REPOSITORY, "sender": {"login": by, "type": "User"}})


def gate_states(hub: Hub) -> list[tuple[str, str]]:
    """The gate's states that were set on the commit, with their words."""
    writes = [body for _, path, body in hub.github.writes() if path == f"/statuses/{HEAD}"]
    return [(body["state"], body["description"]) for body in writes if body["context"] == "kerrigan/gate"]


def test_a_review_of_a_pull_request_to_another_branch_is_none_of_the_task(hub: Hub) -> None:
    hub.reviewed(ELSEWHERE, ("ben", "APPROVED", HEAD))
    reconcile(hub.site, hub.stage())
    assert hub.standing().status is Status.in_review
    hub.reviewed(OWN, ("ben", "APPROVED", HEAD))
    reconcile(hub.site, hub.stage())
    assert hub.standing().status is Status.approved


def test_a_comment_on_it_is_answered_and_asks_nothing_of_the_task(hub: Hub) -> None:
    hub.comment("/kerrigan approve")
    made = payloads.comment("/kerrigan approve", id=COMMENT, user={"login": "ben", "type": "User"})
    issue = made["issue"] | {"number": ELSEWHERE, "pull_request": {"url": "…"}}
    heard(hub, "issue_comment", made | {"issue": issue}, ELSEWHERE)
    assert hub.standing().status is Status.in_review
    (said,) = hub.said()
    assert "acme/api#5 is not the pull request of todo/contract" in said
    assert "say it on acme/api#9" in said


def test_a_review_of_it_that_is_heard_is_none_of_the_task(hub: Hub) -> None:
    for number, status in ((ELSEWHERE, Status.in_review), (OWN, Status.approved)):
        hub.github.undescribed(
            f"{PULLS}/{number}/reviews/80",
            {"user": {"login": "ben"}, "node_id": "R_80", "commit_id": HEAD, "body": "fine", "state": "APPROVED"},
        )
        hub.github.edited(("R_80", None))
        heard(hub, "pull_request_review", payloads.review("approved", number=number, commit_id=HEAD), number)
        assert hub.standing().status is status


def test_a_push_that_is_heard_of_it_alone_hands_nothing_in(hub: Hub) -> None:
    """The task's own pull request was closed before: what its branch brings is not to arrive any more."""
    hub.shows(proposed(ELSEWHERE, head=PUSHED, base=BASE))
    hub.tip(PUSHED)
    hub.github.undescribed(f"{REPO}/compare/main...{HEAD}", {"ahead_by": 1})
    hub.github.undescribed(f"{REPO}/commits/{HEAD}/pulls", [])
    hub.github.undescribed(f"{PULLS}/{OWN}", proposed(OWN, state="closed"))
    hub.github.get(f"{REPO}/issues/{OWN}/labels", [])
    hub.github.on("POST", f"{REPO}/statuses/{PUSHED}", Reply(201, text="{}"))
    heard(hub, "pull_request", payloads.pull_request("synchronize", number=ELSEWHERE), ELSEWHERE)
    assert hub.standing().submission == Submission("acme/api", OWN, HEAD)
    assert hub.standing().status is Status.in_review


def test_the_commit_says_what_is_so_of_the_tasks_own_and_only_that_wears_its_labels(hub: Hub) -> None:
    hub.reviewed(OWN, ("ben", "APPROVED", HEAD))
    reconcile(hub.site, hub.stage())
    assert gate_states(hub) == [("success", "todo/contract may merge")]
    labelled = [path for verb, path, _ in hub.github.writes() if verb == "POST" and path.endswith("/labels")]
    assert labelled == [f"/issues/{OWN}/labels"]


def test_alone_it_does_not_pass_the_gate(hub: Hub) -> None:
    hub.happened(EventType.approved, "ben", head=HEAD)
    hub.github.undescribed(f"{PULLS}/{OWN}", proposed(OWN, state="closed"))
    hub.shows(proposed(ELSEWHERE, base=BASE))
    hub.github.get(f"{REPO}/issues/{OWN}/labels", [])
    reconcile(hub.site, hub.stage())
    assert [state for state, _ in gate_states(hub)] == ["failure"]
    assert "goes to another branch than the default one" in gate_states(hub)[0][1]


def test_its_merge_delivers_nothing(hub: Hub) -> None:
    merged = proposed(ELSEWHERE, base=BASE, state="closed", merged_at="2026-11-01T00:00:00Z", merge_commit_sha=MERGE)
    hub.shows(proposed(OWN))
    hub.github.undescribed(f"{PULLS}/{ELSEWHERE}", merged)
    hub.github.undescribed(f"{REPO}/commits/{HEAD}/pulls", [merged, proposed(OWN)])
    heard(hub, "pull_request", payloads.pull_request("closed", number=ELSEWHERE, merged=True), ELSEWHERE)
    reconcile(hub.site, hub.stage())
    assert hub.standing().status is Status.in_review
