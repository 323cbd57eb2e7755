"""The offline GitHub's pull requests, checks and queue, as Kerrigan's own client meets them."""

from itertools import pairwise

import pytest
from github import Auth, Github, GithubException

from tests.box import Box, OfflineGitHub

pytest_plugins = ["tests.box.plugin"]
pytestmark = pytest.mark.box

API = "/repos/acme/api"
ON_REVIEW = """
name: review
on: {pull_request_review: {types: [submitted]}}
jobs:
  review:
    runs-on: ubuntu-24.04
    steps:
      - run: test "${{ github.event.review.state }}" = approved -a "$GITHUB_REF" = refs/pull/1/merge
"""
CHECKS = """
name: checks
on: {pull_request: , push: {branches: [main]}}
jobs:
  unit: {name: Unit tests, runs-on: ubuntu-24.04, steps: [{run: "true"}]}
  lint: {runs-on: ubuntu-24.04, needs: unit, steps: [{run: "false"}]}
  late: {runs-on: ubuntu-24.04, needs: lint, steps: [{run: "true"}]}
  on: {runs-on: ubuntu-24.04, strategy: {matrix: {n: [1, 2]}}, steps: [{run: "true"}]}
"""
QUEUE = """
name: queue
on: {repository_dispatch: }
concurrency: {group: "one-${{ github.event.client_payload.key || github.ref }}", %s}
jobs:
  work: {runs-on: ubuntu-24.04, steps: [{run: "until [ -e $GATE ]; do sleep 0.05; done"}]}
"""
AFTER = """
name: after
on:
  workflow_run: {workflows: [checks], types: [completed]}
  schedule: [{cron: "*/15 * * * *"}]
  status:
  issue_comment: {types: [created]}
jobs:
  after: {runs-on: ubuntu-24.04, steps: [{run: "true"}]}
"""
W = ".github/workflows/"


def propose(box: Box) -> str:
    """A pull request, number 1, of a branch `work` with two commits that main has moved on from; its head."""
    box.push("acme/api", "work", {"a.txt": "a\n"}, message="One")
    head = box.push("acme/api", "work", {"b.txt": "b\n"}, message="Two")
    box.push("acme/api", "main", {"main.txt": "m\n"})
    opened = box.call("ada", "POST", f"{API}/pulls", {"title": "Work", "head": "work", "base": "main"})
    assert opened.status == 201, opened
    return head


def pulls_with(box: Box, sha: str) -> list[int]:
    return [row["number"] for row in box.call("ada", "GET", f"{API}/commits/{sha}/pulls").body]


def test_a_branch_has_one_pull_request_and_something_to_merge(offline_github: OfflineGitHub) -> None:
    box = offline_github({"acme/api": {}})
    propose(box)
    box.push("acme/api", "behind", {})
    box.call("ada", "PATCH", f"{API}/git/refs/heads/behind", {"sha": box.tip("acme/api"), "force": True})
    for head, why in (("work", "already exists for acme:work"), ("behind", "No commits between"), ("gone", "'head'")):
        refused = box.call("ada", "POST", f"{API}/pulls", {"title": "t", "head": head, "base": "main"})
        assert refused.status == 422
        assert why in str(refused.body["errors"])
    assert [row["number"] for row in box.call("ada", "GET", f"{API}/pulls?head=acme:work").body] == [1]


def test_a_review_is_of_one_commit_and_starts_runs(offline_github: OfflineGitHub) -> None:
    box = offline_github({"acme/api": {W + "review.yml": ON_REVIEW}}, users={"ada": "admin", "ben": "read"})
    old = propose(box)
    path = f"{API}/pulls/1/reviews"
    assert box.call("ada", "POST", path, {"event": "APPROVE"}).status == 422
    assert box.call("ben", "POST", path, {"event": "APPROVE", "body": "fine"}).body["commit_id"] == old
    box.settle()
    new = box.push("acme/api", "work", {"c.txt": "c\n"})
    assert box.call("ben", "POST", path, {"event": "COMMENT", "body": "hm", "commit_id": old}).ok
    assert box.call("ben", "POST", path, {"event": "REQUEST_CHANGES", "body": "no"}).ok
    reviews = box.call("ada", "GET", path).body
    assert [(row["user"]["login"], row["state"], row["commit_id"]) for row in reviews] == [
        ("ben", "APPROVED", old),
        ("ben", "COMMENTED", old),
        ("ben", "CHANGES_REQUESTED", new),
    ]
    box.settle()
    assert [run.event for run in box.runs] == ["pull_request_review"] * 3
    assert [run.conclusion for run in box.runs] == ["success", "failure", "failure"]


@pytest.mark.parametrize("method", ["merge", "squash", "rebase"])
def test_a_merge_moves_main_and_closes(offline_github: OfflineGitHub, method: str) -> None:
    box = offline_github({"acme/api": {}})
    head, base = propose(box), box.tip("acme/api")
    shown = box.call("ada", "GET", f"{API}/pulls/1").body
    assert (shown["mergeable"], shown["merged"], pulls_with(box, head)) == (True, False, [1])
    stale = {"merge_method": method, "sha": base}
    assert box.call("ada", "PUT", f"{API}/pulls/1/merge", stale).status == 409
    merged = box.call("ada", "PUT", f"{API}/pulls/1/merge", {"merge_method": method, "sha": head})
    assert merged.body["sha"] == box.tip("acme/api")
    box.settle()
    assert [box.file("acme/api", name) for name in ("a.txt", "b.txt", "main.txt")] == ["a\n", "b\n", "m\n"]
    [closed] = [event for event in box.events if event.action == "closed"]
    assert closed.payload["pull_request"]["merged"] is True
    shown = box.call("ada", "GET", f"{API}/pulls/1").body
    assert (shown["state"], shown["merged"], shown["merge_commit_sha"]) == ("closed", True, merged.body["sha"])
    assert (shown["head"]["sha"], shown["merged_by"]["login"]) == (head, "ada")
    compared = box.call("ada", "GET", f"{API}/compare/{base}...main").body
    assert compared["ahead_by"] == {"merge": 3, "squash": 1, "rebase": 2}[method]
    is_there = box.call("ada", "GET", f"{API}/compare/{head}...main").body["status"] == "ahead"
    assert is_there is (method == "merge")
    assert (pulls_with(box, head), pulls_with(box, merged.body["sha"]), pulls_with(box, base)) == ([1], [1], [])
    assert box.call("ada", "PUT", f"{API}/pulls/1/merge", {}).status == 405
    box.assert_in_step()


def test_a_conflict_is_not_merged_and_runs_nothing(offline_github: OfflineGitHub) -> None:
    box = offline_github({"acme/api": {W + "c.yml": CHECKS.replace("push: {branches: [main]}", "")}})
    box.push("acme/api", "work", {"same.txt": "work\n"})
    box.push("acme/api", "main", {"same.txt": "main\n"})
    box.call("ada", "POST", f"{API}/pulls", {"title": "Work", "head": "work", "base": "main"})
    box.settle()
    assert box.call("ada", "GET", f"{API}/pulls/1").body["mergeable"] is False
    assert box.call("ada", "PUT", f"{API}/pulls/1/merge", {}).status == 405
    assert box.runs == []


def test_jobs_leave_checks_on_the_head(offline_github: OfflineGitHub) -> None:
    box = offline_github({"acme/api": {W + "c.yml": CHECKS, W + "after.yml": AFTER}})
    head = propose(box)
    box.settle()
    rows = box.call("ada", "GET", f"{API}/commits/{head}/check-runs").body["check_runs"]
    assert {row["name"]: (row["status"], row["conclusion"]) for row in rows} == {
        "Unit tests": ("completed", "success"),
        "lint": ("completed", "failure"),
        "late": ("completed", "skipped"),
        "on-1": ("completed", "success"),
        "on-2": ("completed", "success"),
    }
    runs = box.call("ada", "GET", f"{API}/actions/runs?event=pull_request").body["workflow_runs"]
    assert [(row["name"], row["conclusion"]) for row in runs] == [("checks", "failure")]
    assert [run.name for run in box.runs].count("after") == 2  # after the push to main, and after this


def test_other_events_start_runs(offline_github: OfflineGitHub) -> None:
    box = offline_github({"acme/api": {W + "after.yml": AFTER}})
    box.schedule("acme/api", "*/15 * * * *")
    box.schedule("acme/api", "0 0 * * *")
    box.call("ada", "POST", f"{API}/issues", {"title": "t"})
    box.call("ada", "POST", f"{API}/issues/1/comments", {"body": "/kerrigan retry"})
    box.call("ada", "POST", f"{API}/statuses/{box.tip('acme/api')}", {"state": "success"})
    box.settle()
    assert sorted(run.event for run in box.runs) == ["issue_comment", "schedule", "status"]
    assert {run.conclusion for run in box.runs} == {"success"}


@pytest.mark.parametrize(
    ("rule", "ended"),
    [
        ("queue: max", ["success", "success", "success"]),
        ("queue: single", ["success", "cancelled", "success"]),
        ("cancel-in-progress: true", ["cancelled", "cancelled", "success"]),
    ],
)
def test_a_group_runs_one_at_a_time(
    offline_github: OfflineGitHub, tmp_path_factory: pytest.TempPathFactory, rule: str, ended: list[str]
) -> None:
    gate = tmp_path_factory.mktemp("gate") / "open"
    box = offline_github({"acme/api": {W + "q.yml": QUEUE % rule}})
    box.environment["GATE"] = str(gate)
    for _ in range(3):
        box.call("ada", "POST", f"{API}/dispatches", {"event_type": "go", "client_payload": {"key": "k"}})
    box.call("ada", "POST", f"{API}/dispatches", {"event_type": "go", "client_payload": {"key": "other"}})
    gate.touch()
    box.settle()
    assert [run.conclusion for run in box.runs] == [*ended, "success"], [run.text() for run in box.runs]
    ran = [run for run in box.runs[:3] if run.started]
    assert all(one.ended <= next_one.started for one, next_one in pairwise(ran))


def test_a_reaction_is_there_once_for_each_person(offline_github: OfflineGitHub) -> None:
    box = offline_github({"acme/api": {}}, users={"ada": "admin", "ben": "read"})
    box.call("ada", "POST", f"{API}/issues", {"title": "t"})
    comment = box.call("ada", "POST", f"{API}/issues/1/comments", {"body": "/kerrigan retry"}).body["id"]
    path = f"{API}/issues/comments/{comment}/reactions"
    answers = [box.call(user, "POST", path, {"content": "+1"}).status for user in ("ada", "ada", "ben")]
    assert answers == [201, 200, 201]
    assert box.call("ada", "POST", path, {"content": "shrug"}).status == 422
    assert box.call("ada", "POST", f"{API}/issues/comments/999/reactions", {"content": "+1"}).status == 404
    assert [row["user"]["login"] for row in box.call("ben", "GET", path).body] == ["ada", "ben"]


def test_pygithub_finds_its_way(offline_github: OfflineGitHub) -> None:
    box = offline_github({"acme/api": {}})
    head = propose(box)
    token = Auth.Token(box.token("ada"))
    with Github(auth=token, base_url=box.api, seconds_between_requests=0, seconds_between_writes=0) as client:
        repository = client.get_repo("acme/api")
        pull = repository.get_pull(1)
        assert (client.get_user().login, pull.head.sha, pull.merged) == ("ada", head, False)
        assert repository.get_collaborator_permission("ada") == "admin"
        pull.add_to_labels("status:testing")
        pull.create_issue_comment("marked").create_reaction("eyes")
        pull.create_review(repository.get_commit(head), "noted", "COMMENT")
        repository.get_commit(head).create_status("success", context="kerrigan/gate")
        assert repository.get_commit(head).get_combined_status().state == "success"
        assert [one.number for one in repository.get_commit(head).get_pulls()] == [1]
        assert repository.create_repository_dispatch("kerrigan-task", {"key": "k"})
        reference = repository.create_git_ref("refs/heads/side", head)
        reference.edit(box.tip("acme/api"), force=True)
        with pytest.raises(GithubException, match="fast forward"):
            reference.edit(head)
        assert pull.merge(merge_method="squash").merged
    box.settle()
    box.assert_in_step()
