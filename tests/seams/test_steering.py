"""Who steers a task on GitHub: what comes of comments, labels, pushes and pull requests, and who has no say."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kerrigan.apply.events.handle_event import handle_event
from kerrigan.apply.events.reconcile import reconcile
from kerrigan.apply.state.effects import show
from kerrigan.apply.state.stage import project_names
from kerrigan.errors import UnreadableError
from kerrigan.model.event import EventType
from kerrigan.model.state import Status, Submission
from tests.seams.github_script import GitHub, Reply, refused, run, scripted
from tests.seams.site_on_github import (
    HEAD,
    MERGE,
    PULLS,
    PUSHED,
    REPO,
    SPEC,
    TASKS,
    Hub,
    from_fork,
    hub_on,
    proposed,
    publish,
    repository,
)
from tests.unit import webhook_payloads as payloads

REPOSITORY = {"full_name": "acme/api", "default_branch": "main"}


@pytest.fixture
def github() -> Iterator[GitHub]:
    with scripted() as github:
        github.on("POST", f"{REPO}/statuses/{HEAD}", Reply(201, text="{}"))
        yield github


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A clone of acme/api, whose default branch holds the project."""
    plan = {"specs/projects/todo/spec.md": SPEC, "specs/projects/todo/tasks.yml": TASKS}
    return repository(tmp_path, "api", plan)


@pytest.fixture
def hub(github: GitHub, home: Path) -> Iterator[Hub]:
    with hub_on(github, home.parent / "acme" / "api.git", home) as hub:
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


@pytest.mark.parametrize("name", ["status", "check_suite", "workflow_run"])
def test_the_end_of_any_tests_has_every_task_of_the_repository_looked_at(hub: Hub, github: GitHub, name: str) -> None:
    """Of several runs that wait GitHub leaves the newest: what its event names is not all that has happened."""
    hub.submitted()
    hub.shows(proposed())
    hub.tip()
    hub.reviewed(5)
    github.get(f"{REPO}/commits/{HEAD}/check-runs", {"total_count": 1, "check_runs": [run("unit", "success")]})
    github.undescribed(f"{REPO}/commits/{HEAD}/check-suites", {"total_count": 0, "check_suites": []})
    ended = {
        "status": payloads.status(sha="e" * 40),
        "check_suite": payloads.check_suite(head_sha="e" * 40),
        "workflow_run": payloads.workflow_run(head_sha="e" * 40),
    }[name]
    handle_event(hub.site, name, ended | {"repository": REPOSITORY})
    assert hub.standing().status is Status.in_review
    before = len(github.seen)
    elsewhere = payloads.status(sha="e" * 40)
    handle_event(hub.site, "status", elsewhere | {"repository": {"full_name": "acme/web", "default_branch": "main"}})
    asked = [seen.path for seen in github.seen[before:]]
    assert not [path for path in asked if "/check-runs" in path or "/git/ref" in path], "no task is worked on there"


def test_a_comment_on_a_strangers_pull_request_moves_no_task(hub: Hub) -> None:
    """Its author writes `Kerrigan-Task:` into it, and a reviewer who approves that one means that one."""
    hub.submitted()
    hub.happened(EventType.tests_passed, head=HEAD)
    hub.shows(proposed(), from_fork(6, "d" * 40, body="Kerrigan-Task: todo/contract\n"))
    hub.tip()
    hub.reviewed(5)
    hub.may(ben="write")
    hub.comment("/kerrigan approve")
    handle_event(hub.site, "issue_comment", commented("/kerrigan approve", 6))
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
    handle_event(hub.site, "pull_request", pushed(5, "ben"))
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
    handle_event(hub.site, "pull_request", pushed(7, "ben"))
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


@pytest.mark.parametrize(
    ("permission", "counts"), [("read", False), ("triage", False), ("write", True), ("admin", True)]
)
def test_a_review_that_reconcile_finds_counts_for_what_its_author_may(hub: Hub, permission: str, counts: bool) -> None:
    """Reconcile itself asks no one for permission; whom it believes has to have it."""
    hub.submitted(by="ada")
    hub.happened(EventType.tests_passed, head=HEAD)
    hub.shows(proposed())
    hub.tip()
    hub.may(eve=permission)
    hub.reviewed(5, ("eve", "APPROVED", HEAD))
    reconcile(hub.site, hub.stage())
    assert (hub.standing().status is Status.approved) is counts


def written(github: GitHub, *authors: str | None) -> None:
    """The authors of the commits that were pushed onto what was handed in; None where GitHub knows no account."""
    rows = [{"sha": str(n), "author": who and {"login": who, "type": "User"}} for n, who in enumerate(authors)]
    for base in ("main", HEAD):
        more = {"ahead_by": len(rows), "commits": rows, "total_commits": len(rows), "files": []}
        github.undescribed(f"{REPO}/compare/{base}...{PUSHED}", more)


@pytest.mark.parametrize(
    ("authors", "approves"),
    [(("ben",), {"ada": False, "ben": False, "cy": True}), (("ada", None), {"ben": False, "cy": False, "root": True})],
)
def test_who_pushed_onto_what_was_handed_in_does_not_review_it_though_no_event_told(
    hub: Hub, github: GitHub, authors: tuple[str | None, ...], approves: dict[str, bool]
) -> None:
    hub.submitted(by="ada")
    hub.shows(proposed(head=PUSHED))
    hub.tip(PUSHED)
    hub.tip(HEAD)
    ref = {
        "ref": "refs/heads/kerrigan/todo/contract",
        "object": {"sha": PUSHED, "type": "commit", "url": "https://x/y"},
    }
    github.undescribed(f"{REPO}/git/ref/heads/kerrigan/todo/contract", ref)
    written(github, *authors)
    hub.happened(EventType.tests_passed, head=HEAD)
    github.on("POST", f"{REPO}/statuses/{PUSHED}", Reply(201, text="{}"))
    github.undescribed(f"{REPO}/commits/{PUSHED}/pulls", [])
    hub.reviewed(5)
    reconcile(hub.site, hub.stage())
    assert [author.login for author in hub.standing().authors] == [
        "ada",
        *(who or "" for who in authors if who != "ada"),
    ]
    hub.happened(EventType.tests_passed, head=PUSHED)
    hub.tip(PUSHED)
    hub.may(ada="write", ben="write", cy="write", root="admin")
    for login, may in approves.items():
        hub.reviewed(5, (login, "APPROVED", PUSHED))
        reconcile(hub.site, hub.stage())
        assert (hub.standing().status is Status.approved) == may, login


def test_what_was_merged_after_the_approval_is_written_down_and_flagged(hub: Hub, github: GitHub) -> None:
    hub.submitted(by="ada")
    hub.happened(EventType.tests_passed, head=HEAD)
    hub.happened(EventType.approved, "cy", head=HEAD)
    merged = proposed(head=PUSHED, state="closed", merged_at="2026-11-01T00:00:00Z", merge_commit_sha=MERGE)
    hub.shows()
    github.undescribed(f"{PULLS}/5", merged)
    github.get(f"{REPO}/issues/5/labels", [])
    hub.tip(PUSHED)
    hub.tip(HEAD, delivered=True)
    written(github, "ben")
    hub.reviewed(5)
    github.on("POST", f"{REPO}/issues/5/labels", Reply(200, text="[]"))
    reconcile(hub.site, hub.stage())
    standing = hub.standing()
    assert (standing.status, standing.flags) == (Status.done, ("merged-unreviewed",))
    assert standing.submission == Submission("acme/api", 5, PUSHED)


def test_a_project_that_cannot_be_read_keeps_no_other_and_no_gate_waiting(hub: Hub, github: GitHub, home: Path) -> None:
    publish(home, {"specs/projects/a-broken/tasks.yml": "tasks: [\n"})
    hub.submitted(by="ada")
    hub.happened(EventType.tests_passed, head=HEAD)
    hub.shows(proposed(), proposed(8, PUSHED, "more", body="Depends-on: #9"))
    github.undescribed(f"{PULLS}/9", proposed(9, "9" * 40, "less", state="closed", merged_at="2026-11-01T00:00:00Z"))
    hub.tip()
    hub.may(ben="write")
    hub.reviewed(5, ("ben", "APPROVED", HEAD))
    github.on("POST", f"{REPO}/statuses/{PUSHED}", Reply(201, text="{}"))
    with pytest.raises(UnreadableError, match="a-broken"):
        handle_event(hub.site, "push", payloads.push(repository=REPOSITORY))
    assert hub.standing().status is Status.approved
    assert [body["state"] for verb, path, body in github.writes() if path == f"/statuses/{PUSHED}"] == ["success"]


def test_a_satellite_that_may_not_write_home_looks_at_its_gates_when_it_is_told(hub: Hub, tmp_path: Path) -> None:
    key = "0123456789abcdef"
    hub.happened(EventType.dispatch_requested, key=key, kind="kerrigan-recheck", to="acme/web", fence=0)
    web = repository(tmp_path, "web", {".github/kerrigan.yml": "home: acme/api\n"})
    hook = tmp_path / "acme" / "api.git" / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\necho 'remote: Permission to acme/api.git denied to ben.' >&2\nexit 1\n")
    hook.chmod(0o755)
    hub.github.get("/repos/acme/web/pulls", [])
    told = payloads.dispatch("kerrigan-recheck", key=key, task=None)
    with hub_on(hub.github, tmp_path / "acme" / "web.git", web, here="acme/web") as there:
        assert handle_event(there.site, "repository_dispatch", told).words == "gates judged again"
    assert "may not write to acme/api" in there.told[-1]


def test_a_repository_is_the_same_in_whatever_case_its_name_is_written(hub: Hub, home: Path) -> None:
    here = "---\nkerrigan: 7\nrepositories:\n  - {name: api, url: https://github.com/Acme/API}\n---\n# Todo\n"
    publish(home, {".github/kerrigan.yml": "home: Acme/API\n", "specs/projects/todo/spec.md": here})
    stage = hub.stage()
    assert (stage.project.home, list(stage.project.repositories)) == ("acme/api", ["api"])
    assert {stage.project.slug(task) for task in stage.project.tasks.values()} == {"acme/api"}
    assert project_names(hub.site) == ["todo"]


RULES = "agents: {claude: {roles: [architect]}}\npeople: {cy: write, ben: write}\n"


def in_review(hub: Hub, github: GitHub, home: Path) -> None:
    """A task that ben handed in, in a workspace that names an agent and says who may write."""
    publish(home, {".github/kerrigan.yml": RULES})
    hub.submitted(by="ben")
    hub.happened(EventType.tests_passed, head=HEAD)
    hub.shows(proposed())
    hub.tip()
    hub.reviewed(5)


@pytest.mark.parametrize(("by", "status"), [("claude", Status.in_review), ("cy", Status.approved)])
def test_a_comment_of_a_user_called_like_an_agent_is_a_strangers(
    hub: Hub, github: GitHub, home: Path, by: str, status: Status
) -> None:
    in_review(hub, github, home)
    hub.comment("/kerrigan approve", by)
    handle_event(hub.site, "issue_comment", commented("/kerrigan approve", 5, by))
    assert hub.standing().status is status


@pytest.mark.parametrize(("by", "status"), [("claude", Status.in_review), ("cy", Status.approved)])
def test_a_review_of_a_user_called_like_an_agent_is_a_strangers(
    hub: Hub, github: GitHub, home: Path, by: str, status: Status
) -> None:
    in_review(hub, github, home)
    hub.reviewed(5, (by, "APPROVED", HEAD))
    reconcile(hub.site, hub.stage())
    assert hub.standing().status is status


@pytest.mark.parametrize(
    ("permission", "head", "state"),
    [("write", HEAD, "failure"), ("read", HEAD, "success"), ("write", PUSHED, "success")],
)
def test_what_the_journal_says_is_approved_does_not_merge_over_a_reviewer_who_requests_changes(
    hub: Hub, github: GitHub, permission: str, head: str, state: str
) -> None:
    """Anyone who may push can write `approved` into a journal; a review is its author's."""
    hub.submitted(by="ada")
    hub.happened(EventType.tests_passed, head=HEAD)
    hub.happened(EventType.approved, "cy", head=HEAD)
    hub.shows(proposed())
    hub.may(ben=permission)
    hub.reviewed(5, ("ben", "CHANGES_REQUESTED", head))
    show(hub.site, hub.stage())
    posted = [body for _, path, body in github.writes() if path == f"/statuses/{HEAD}"]
    assert [body["state"] for body in posted] == [state]
    assert ("ben requests changes" in posted[0]["description"]) == (state == "failure")


def test_reviews_that_cannot_be_read_leave_an_approval_undecided(hub: Hub, github: GitHub) -> None:
    hub.submitted(by="ada")
    hub.happened(EventType.tests_passed, head=HEAD)
    hub.happened(EventType.approved, "cy", head=HEAD)
    hub.shows(proposed())
    github.on("GET", f"{PULLS}/5/reviews", refused(403, "Resource not accessible by integration"))
    show(hub.site, hub.stage())
    assert [body["state"] for _, path, body in github.writes() if path == f"/statuses/{HEAD}"] == ["pending"]
