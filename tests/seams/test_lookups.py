"""Issues and pull requests that dependencies name, looked up on a GitHub that follows a script."""

import pytest

from kerrigan.apply.lookups import MOST, Lookups
from kerrigan.github.forge import GitHubForge
from kerrigan.model.siblings import Sought
from tests.seams.github_script import DROPPED, REPO, SECONDARY, GitHub, pull, refused
from tests.seams.site_on_github import SLUG
from tests.seams.test_github_issues import ISSUES, issue

PULLS = f"{REPO}/pulls"
THERE = Sought(True)


@pytest.fixture
def lookups(forge: GitHubForge) -> Lookups:
    return Lookups(forge)


def test_an_issue_is_one_read_and_a_pull_request_two_and_both_are_remembered(github: GitHub, lookups: Lookups) -> None:
    github.undescribed(f"{ISSUES}/5", issue())
    github.undescribed(f"{ISSUES}/6", issue(6, pull_request={"url": "x"}))
    github.undescribed(f"{PULLS}/6", pull(6))
    wanted = [f"{SLUG}#5", f"{SLUG}#6", f"{SLUG}#5"]
    assert lookups.of(wanted) == {f"{SLUG}#5": THERE, f"{SLUG}#6": THERE}
    assert len(github.seen) == 3
    assert lookups.of(wanted) == {f"{SLUG}#5": THERE, f"{SLUG}#6": THERE}
    assert len(github.seen) == 3


def test_neither_of_them_is_not_there(github: GitHub, lookups: Lookups) -> None:
    assert lookups.of([f"{SLUG}#7"]) == {f"{SLUG}#7": Sought(False, f"{SLUG} has no issue or pull request #7")}


def test_a_repository_that_the_token_does_not_see_is_undecided_and_asked_once(github: GitHub, lookups: Lookups) -> None:
    found = lookups.of(["acme/hidden#1", "acme/hidden#2", f"{SLUG}#7"])
    assert [sought.there for sought in found.values()] == [None, None, False]
    assert "private repository that the token does not reach" in found["acme/hidden#2"].why
    assert [seen.path for seen in github.seen if seen.path.endswith("/2")] == []


def test_a_permission_that_is_missing_for_both_closes_the_repository(github: GitHub, lookups: Lookups) -> None:
    denied = refused(403, "Resource not accessible by integration")
    github.on("GET", f"{ISSUES}/1", denied)
    github.on("GET", f"{PULLS}/1", denied)
    found = lookups.of([f"{SLUG}#1", f"{SLUG}#2"])
    assert {sought.there for sought in found.values()} == {None}
    assert all("Resource not accessible" in sought.why for sought in found.values())
    assert len(github.seen) == 2


def test_a_token_that_sees_pull_requests_alone_finds_those(github: GitHub, lookups: Lookups) -> None:
    for number in (1, 2):
        github.on("GET", f"{ISSUES}/{number}", refused(403, "Resource not accessible by integration"))
    github.undescribed(f"{PULLS}/2", pull(2))
    found = lookups.of([f"{SLUG}#1", f"{SLUG}#2"])
    assert [sought.there for sought in found.values()] == [None, True]


def test_a_rate_limit_ends_the_questions(github: GitHub, lookups: Lookups) -> None:
    github.undescribed(f"{ISSUES}/1", issue(1))
    github.on("GET", f"{ISSUES}/2", refused(403, SECONDARY, retry_after="3600"))
    found = lookups.of([f"{SLUG}#1", f"{SLUG}#2", f"{SLUG}#3", "acme/web#4"])
    assert [sought.there for sought in found.values()] == [True, None, None, None]
    assert "secondary rate limit" in found["acme/web#4"].why
    assert len(github.seen) == 2
    assert github.waits == []


def test_a_connection_that_breaks_ends_them_too_and_may_be_tried_again(github: GitHub, lookups: Lookups) -> None:
    github.on("GET", f"{ISSUES}/1", DROPPED)
    assert [s.there for s in lookups.of([f"{SLUG}#1", f"{SLUG}#2"]).values()] == [None, None]
    assert github.asked(f"{ISSUES}/2") == []
    github.undescribed(f"{ISSUES}/1", issue(1))
    assert lookups.of([f"{SLUG}#1"]) == {f"{SLUG}#1": THERE}


def test_only_so_many_are_looked_up(github: GitHub, lookups: Lookups) -> None:
    for number in range(1, MOST + 2):
        github.undescribed(f"{ISSUES}/{number}", issue(number))
    targets = [f"{SLUG}#{number}" for number in range(1, MOST + 2)]
    found = lookups.of(targets)
    assert [target for target in targets if found[target] != THERE] == targets[MOST:]
    assert found[targets[-1]] == Sought(None, f"a check looks up {MOST} at most")
    assert len(github.seen) == MOST
