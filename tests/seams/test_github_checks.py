"""What was reported of a commit, and the status that Kerrigan sets."""

from typing import Any

import pytest

from kerrigan.errors import UndecidedError, UnreadableError
from kerrigan.github.forge import GitHubForge
from tests.seams.github_script import (
    HEAD,
    REPO,
    RUNS,
    SLUG,
    STATUS,
    GitHub,
    Reply,
    refused,
    report,
    run,
    status,
    suites,
)


@pytest.mark.parametrize(
    ("conclusion", "expected"),
    [(each, "success") for each in ("success", "neutral")]
    + [("skipped", "missing")]
    + [(each, "failure") for each in ("failure", "timed_out", "cancelled", "action_required")],
)
def test_a_conclusion_counts(github: GitHub, forge: GitHubForge, conclusion: str, expected: str) -> None:
    report(github, [run("test", conclusion)])
    assert forge.checks(SLUG, HEAD) == expected


def test_what_was_skipped_is_no_test_unless_it_was_named(github: GitHub, forge: GitHubForge) -> None:
    report(github, [run("docs", "skipped"), run("lint", "skipped")])
    assert (forge.checks(SLUG, HEAD), forge.checks(SLUG, HEAD, ("lint",))) == ("missing", "success")
    report(github, [run("docs", "skipped"), run("unit", "success")])
    assert forge.checks(SLUG, HEAD) == "success"
    report(github, [run("lint", "skipped"), run("unit", "failure")])
    assert forge.checks(SLUG, HEAD, ("lint", "unit")) == "failure"


@pytest.mark.parametrize("conclusion", ["startup_failure", "stale", "something_new"])
def test_a_conclusion_that_githubs_description_lacks_is_no_pass(
    github: GitHub, forge: GitHubForge, conclusion: str
) -> None:
    report(github, [])
    github.undescribed(RUNS, {"check_runs": [run("test", conclusion)]})
    assert forge.checks(SLUG, HEAD) == "failure"


def test_a_check_that_is_over_without_a_conclusion_is_pending(github: GitHub, forge: GitHubForge) -> None:
    report(github, [run("test", None)])
    assert forge.checks(SLUG, HEAD) == "pending"


@pytest.mark.parametrize("state", ["queued", "in_progress", "waiting", "requested", "pending"])
def test_a_check_that_is_not_over_is_pending(github: GitHub, forge: GitHubForge, state: str) -> None:
    report(github, [run("test", None, state), run("lint", "success")])
    assert forge.checks(SLUG, HEAD) == "pending"


@pytest.mark.parametrize(
    ("state", "expected"),
    [("success", "success"), ("pending", "pending"), ("failure", "failure"), ("error", "failure")],
)
def test_a_status_counts(github: GitHub, forge: GitHubForge, state: str, expected: str) -> None:
    report(github, [], [status("ci", state)])
    assert forge.checks(SLUG, HEAD) == expected


def test_kerrigans_own_are_no_checks_of_the_work(github: GitHub, forge: GitHubForge) -> None:
    report(github, [run("Kerrigan check", "failure")], [status("kerrigan/gate", "pending")])
    assert forge.checks(SLUG, HEAD) == "missing"
    report(github, [run("kerrigan", "failure"), run("test", "success")], [status("KERRIGAN/gate", "failure")])
    assert forge.checks(SLUG, HEAD) == "success"


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([(1, "completed", 2, "github-actions")], "success"),
        ([(1, "completed", 2, "github-actions"), (2, "in_progress", 1, "github-actions")], "pending"),
        ([(1, "completed", 2, "github-actions"), (2, "queued", 0, "github-actions")], "pending"),
        ([(1, "in_progress", 1, "codecov")], "pending"),
        ([(1, "queued", 0, "dependabot")], "success"),
        ([(9, "in_progress", 1, "github-actions")], "success"),
    ],
    ids=["over", "a job is to come", "not begun", "another app", "an app that never checks", "Kerrigan's own"],
)
def test_tests_have_not_passed_while_a_suite_is_running(
    github: GitHub, forge: GitHubForge, rows: list[tuple[int, str, int, str]], expected: str
) -> None:
    own = run("kerrigan / event", None, "in_progress") | {"check_suite": {"id": 9}}
    report(github, [run("lint", "success") | {"check_suite": {"id": 1}}, own])
    suites(github, *rows)
    assert forge.checks(SLUG, HEAD) == expected
    assert forge.checks(SLUG, HEAD, ("lint",)) == "success", "what was named decides alone"
    report(github, [run("lint", "failure")])
    suites(github, *rows)
    assert forge.checks(SLUG, HEAD) == "failure", "whatever is to come"


def test_one_failure_outweighs_what_is_pending(github: GitHub, forge: GitHubForge) -> None:
    report(github, [run("test", "failure"), run("lint", None, "queued")], [status("ci", "success")])
    assert forge.checks(SLUG, HEAD) == "failure"


def test_named_checks_are_those_that_count(github: GitHub, forge: GitHubForge) -> None:
    report(github, [run("test", "success"), run("lint", "failure")], [status("ci/build", "success")])
    assert forge.checks(SLUG, HEAD, ("test", "ci/build")) == "success"
    assert forge.checks(SLUG, HEAD, ("test", "deploy")) == "pending"
    assert forge.checks(SLUG, HEAD, ("lint", "deploy")) == "failure"
    assert forge.checks(SLUG, HEAD, ("Test",)) == "success"


def test_all_of_one_name_have_to_pass(github: GitHub, forge: GitHubForge) -> None:
    report(github, [run("test", "success"), run("test", "failure")])
    assert forge.checks(SLUG, HEAD, ("test",)) == "failure"


def test_checks_are_read_to_the_last_page(github: GitHub, forge: GitHubForge) -> None:
    github.pages(RUNS, {"check_runs": [run("a", "success")]}, {"check_runs": [run("b", "failure")]})
    github.pages(STATUS, {"statuses": [status("c", "success")]}, {"statuses": []})
    assert forge.checks(SLUG, HEAD) == "failure"
    assert github.asked(RUNS)[0].query == {"filter": "latest", "per_page": "100"}
    assert len(github.asked(STATUS)) == 2


def test_checks_of_what_is_no_commit_are_never_asked_for(github: GitHub, forge: GitHubForge) -> None:
    with pytest.raises(UnreadableError, match="is no commit id"):
        forge.checks(SLUG, "main")
    assert github.seen == []


def test_checks_that_may_not_be_seen_are_undecided(github: GitHub, forge: GitHubForge) -> None:
    report(github, [])
    github.on("GET", RUNS, refused(403, "Resource not accessible", X_Accepted_GitHub_Permissions="checks=read"))
    with pytest.raises(UndecidedError) as caught:
        forge.checks(SLUG, HEAD)
    assert "checks=read" in caught.value.next_step


def test_a_status_that_is_so_already_is_not_written(github: GitHub, forge: GitHubForge) -> None:
    report(github, [], [status("ci", "failure"), status("Kerrigan/gate", "pending", "waits for todo/api")])
    assert not forge.set_status(SLUG, HEAD, "kerrigan/gate", "pending", "waits for todo/api")
    assert github.writes() == []


@pytest.mark.parametrize(
    "standing", [[], [status("kerrigan/gate", "success", "why")], [status("kerrigan/gate", "pending")]]
)
def test_a_status_that_differs_is_written_once(
    github: GitHub, forge: GitHubForge, standing: list[dict[str, Any]]
) -> None:
    report(github, [], standing)
    github.on("POST", f"{REPO}/statuses/{HEAD}", Reply(201, {}))
    assert forge.set_status(SLUG, HEAD, "kerrigan/gate", "pending", "why")
    body = {"context": "kerrigan/gate", "state": "pending", "description": "why"}
    assert github.writes() == [("POST", f"/statuses/{HEAD}", body)]


def test_a_long_description_is_cut_the_same_each_time(github: GitHub, forge: GitHubForge) -> None:
    report(github, [])
    github.on("POST", f"{REPO}/statuses/{HEAD}", Reply(201, {}))
    forge.set_status(SLUG, HEAD, "kerrigan/gate", "failure", "x" * 200)
    [(_, _, body)] = github.writes()
    assert len(body["description"]) == 140
    report(github, [], [body])
    assert not forge.set_status(SLUG, HEAD, "kerrigan/gate", "failure", "x" * 200)
