"""Issues on GitHub: read once, changed one by one, in requests that GitHub describes."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from kerrigan.errors import UndecidedError, UnreadableError
from kerrigan.github.forge import GitHubForge
from kerrigan.github.issues import GitHubIssues
from kerrigan.model.forge.issue import Block, Close, Create, Issue, Relabel, Reopen, Rewrite
from tests.seams.github_script import (
    DROPPED,
    LABELS,
    NOT_FOUND,
    OPENAPI,
    REPO,
    SLUG,
    GitHub,
    Reply,
    refused,
    scripted,
)

if TYPE_CHECKING:
    from kerrigan.apply.state.forge import Issues

ISSUES = f"{REPO}/issues"
BLOCKED_BY = f"{ISSUES}/5/dependencies/blocked_by"
TASK = ("todo/contract", SLUG, 5)
CREATE = Create("todo/contract", SLUG, None, "Agree", "the body", ("status:open", "role:architect"))


@pytest.fixture
def github() -> Iterator[GitHub]:
    with scripted() as github:
        yield github


@pytest.fixture
def issues(forge: GitHubForge) -> GitHubIssues:
    same: Issues = forge.issues_of(SLUG)
    assert isinstance(same, GitHubIssues)
    return same


def issue(number: int = 5, **fields: Any) -> dict[str, Any]:
    """An issue as GitHub tells it, in the fields that are read."""
    return {
        "number": number,
        "id": 1000 + number,
        "title": "Agree",
        "body": None,
        "state": "open",
        "user": {"login": "ada", "type": "User"},
        "labels": [{"name": "bug"}, "role:swe"],
    } | fields


def test_all_issues_are_read_over_all_pages_without_pull_requests(github: GitHub, issues: GitHubIssues) -> None:
    closed = issue(2, state="closed", body="text", user={"login": "kerrigan[bot]", "type": "Bot"}, labels=[])
    pull = issue(3, pull_request={"url": "u", "html_url": "h", "diff_url": "d", "patch_url": "p"})
    github.pages(ISSUES, [closed, pull], [issue(4), issue(1, user=None, title="Old")])
    old, bots, open_one = issues.all()
    assert (old.author, old.by_app) == ("", False)
    assert bots == Issue(SLUG, 2, 1002, "Agree", "text", False, (), "kerrigan[bot]", True)
    assert open_one == Issue(SLUG, 4, 1004, "Agree", "", True, ("bug", "role:swe"), "ada")
    asked = github.asked(ISSUES)
    assert [seen.query.get("state") for seen in asked] == ["all", None]
    assert asked[0].query["direction"] == "asc"


def test_githubs_own_example_can_be_read(github: GitHub, issues: GitHubIssues) -> None:
    github.undescribed(ISSUES, OPENAPI.example("/repos/{owner}/{repo}/issues"))
    assert issues.all() == (), "it is a pull request"
    github.undescribed(f"{ISSUES}/1347", OPENAPI.example("/repos/{owner}/{repo}/issues/{issue_number}"))
    assert issues.one(1347) is None, "so is this"
    github.undescribed(
        BLOCKED_BY, OPENAPI.example("/repos/{owner}/{repo}/issues/{issue_number}/dependencies/blocked_by")
    )
    assert issues.blockers(5) == frozenset({1})


def test_one_issue_or_none(github: GitHub, issues: GitHubIssues) -> None:
    github.get(f"{ISSUES}/5", issue())
    github.get(f"{ISSUES}/6", issue(6, pull_request={"url": "u", "html_url": "h", "diff_url": "d", "patch_url": "p"}))
    assert [bool(issues.one(number)) for number in (5, 6, 7)] == [True, False, False]


def test_it_is_opened_with_its_labels_in_one_write(github: GitHub, issues: GitHubIssues) -> None:
    github.on("POST", ISSUES, Reply(201, issue(9)))
    made = issues.create(CREATE, "ada")
    assert (made.number, made.id) == (9, 1009)
    body = {"title": "Agree", "body": "the body", "labels": ["status:open", "role:architect"]}
    assert github.writes() == [("POST", "/issues", body)]


def test_opening_is_never_sent_twice(github: GitHub, issues: GitHubIssues) -> None:
    github.on("POST", ISSUES, DROPPED)
    with pytest.raises(UndecidedError):
        issues.create(CREATE, "ada")
    assert len(github.writes()) == 1


def test_a_role_too_long_for_a_label_is_refused_before(github: GitHub, issues: GitHubIssues) -> None:
    with pytest.raises(UnreadableError, match="GitHub takes 1 to 50"):
        issues.create(Create("todo/contract", SLUG, None, "Agree", "", ("role:" + "x" * 60,)), "ada")
    assert github.seen == []


def test_a_repository_without_issues_says_so(github: GitHub, issues: GitHubIssues) -> None:
    github.on("POST", ISSUES, refused(410, "Issues has been disabled in this repository."))
    with pytest.raises(UnreadableError, match="Issues has been disabled"):
        issues.create(CREATE, "ada")


def test_each_edit_is_one_write(github: GitHub, issues: GitHubIssues) -> None:
    github.on("PATCH", f"{ISSUES}/5", Reply(200, {}))
    github.on("POST", BLOCKED_BY, Reply(201, issue()))
    issues.change(Rewrite(*TASK, "old", "new"), 5)
    issues.change(Close(*TASK, "not_planned"), 5)
    issues.change(Reopen(*TASK), 5)
    issues.change(Block(*TASK, "todo/other", 1007), 5)
    assert github.writes() == [
        ("PATCH", "/issues/5", {"body": "new"}),
        ("PATCH", "/issues/5", {"state": "closed", "state_reason": "not_planned"}),
        ("PATCH", "/issues/5", {"state": "open"}),
        ("POST", "/issues/5/dependencies/blocked_by", {"issue_id": 1007}),
    ]


def test_labels_are_set_as_on_pull_requests(github: GitHub, issues: GitHubIssues) -> None:
    github.get(LABELS, [{"name": "bug"}, {"name": "status:open"}, {"name": "kerrigan:retry"}])
    github.on("PUT", LABELS, Reply(200, []))
    issues.change(Relabel(*TASK, ("status:claimed", "role:swe")), 5)
    assert github.writes() == [("PUT", "/issues/5/labels", {"labels": ["bug", "status:claimed", "role:swe"]})]


def test_what_blocks_it_is_known_by_id(github: GitHub, issues: GitHubIssues) -> None:
    github.pages(BLOCKED_BY, [issue(1)], [issue(2)])
    assert issues.blockers(5) == frozenset({1001, 1002})


@pytest.mark.parametrize(("fault", "error"), [(refused(403, "no"), "permission"), (DROPPED, "network")])
def test_a_github_without_dependencies_is_told_from_one_that_does_not_answer(
    github: GitHub, issues: GitHubIssues, fault: Reply, error: str
) -> None:
    github.on("GET", BLOCKED_BY, NOT_FOUND)
    assert issues.blockers(5) is None
    github.on("GET", BLOCKED_BY, fault)
    with pytest.raises(UndecidedError) as caught:
        issues.blockers(5)
    assert caught.value.kind == error
