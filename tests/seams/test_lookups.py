"""Issues and pull requests that dependencies name, looked up on a GitHub that follows a script."""

import json
import time
from pathlib import Path

import pytest

from kerrigan.apply.checks.forge_cache import AGE, ForgeCache
from kerrigan.apply.checks.forge_cache import MOST as MOST_KEPT
from kerrigan.apply.checks.forge_lookups import MOST, ForgeLookups
from kerrigan.github.forge import GitHubForge
from kerrigan.model.checks.siblings import Resolution
from tests.seams.github_script import (
    BAD_GATEWAY,
    DROPPED,
    NOT_FOUND,
    REPO,
    SECONDARY,
    GitHub,
    Reply,
    forge_on,
    pull,
    refused,
)
from tests.seams.site_on_github import SLUG
from tests.seams.test_github_issues import ISSUES, issue

PULLS = f"{REPO}/pulls"
THERE = Resolution(True)


@pytest.fixture
def lookups(forge: GitHubForge) -> ForgeLookups:
    return ForgeLookups(forge)


def test_an_issue_is_one_read_and_a_pull_request_two_and_both_are_remembered(
    github: GitHub, lookups: ForgeLookups
) -> None:
    github.undescribed(f"{ISSUES}/5", issue())
    github.undescribed(f"{ISSUES}/6", issue(6, pull_request={"url": "x"}))
    github.undescribed(f"{PULLS}/6", pull(6))
    wanted = [f"{SLUG}#5", f"{SLUG}#6", f"{SLUG}#5"]
    assert lookups.of(wanted) == {f"{SLUG}#5": THERE, f"{SLUG}#6": THERE}
    assert len(github.seen) == 3
    assert lookups.of(wanted) == {f"{SLUG}#5": THERE, f"{SLUG}#6": THERE}
    assert len(github.seen) == 3


def test_neither_of_them_is_not_there(github: GitHub, lookups: ForgeLookups) -> None:
    assert lookups.of([f"{SLUG}#7"]) == {f"{SLUG}#7": Resolution(False, f"{SLUG} has no issue or pull request #7")}


def test_a_repository_that_the_token_does_not_see_is_undecided_and_asked_once(
    github: GitHub, lookups: ForgeLookups
) -> None:
    found = lookups.of(["acme/hidden#1", "acme/hidden#2", f"{SLUG}#7"])
    assert [sought.there for sought in found.values()] == [None, None, False]
    assert "private repository that the token does not reach" in found["acme/hidden#2"].why
    assert [seen.path for seen in github.seen if seen.path.endswith("/2")] == []


def test_a_permission_that_is_missing_for_both_closes_the_repository(github: GitHub, lookups: ForgeLookups) -> None:
    denied = refused(403, "Resource not accessible by integration")
    github.on("GET", f"{ISSUES}/1", denied)
    github.on("GET", f"{PULLS}/1", denied)
    found = lookups.of([f"{SLUG}#1", f"{SLUG}#2"])
    assert {sought.there for sought in found.values()} == {None}
    assert all("Resource not accessible" in sought.why for sought in found.values())
    assert len(github.seen) == 2


def test_a_token_that_sees_pull_requests_alone_finds_those(github: GitHub, lookups: ForgeLookups) -> None:
    for number in (1, 2):
        github.on("GET", f"{ISSUES}/{number}", refused(403, "Resource not accessible by integration"))
    github.undescribed(f"{PULLS}/2", pull(2))
    found = lookups.of([f"{SLUG}#1", f"{SLUG}#2"])
    assert [sought.there for sought in found.values()] == [None, True]


def test_a_rate_limit_ends_the_questions(github: GitHub, lookups: ForgeLookups) -> None:
    github.undescribed(f"{ISSUES}/1", issue(1))
    github.on("GET", f"{ISSUES}/2", refused(403, SECONDARY, retry_after="3600"))
    found = lookups.of([f"{SLUG}#1", f"{SLUG}#2", f"{SLUG}#3", "acme/web#4"])
    assert [sought.there for sought in found.values()] == [True, None, None, None]
    assert "secondary rate limit" in found["acme/web#4"].why
    assert len(github.seen) == 2
    assert github.waits == []


def test_a_connection_that_breaks_ends_them_too_and_may_be_tried_again(github: GitHub, lookups: ForgeLookups) -> None:
    github.on("GET", f"{ISSUES}/1", DROPPED)
    assert [s.there for s in lookups.of([f"{SLUG}#1", f"{SLUG}#2"]).values()] == [None, None]
    assert github.asked(f"{ISSUES}/2") == []
    github.undescribed(f"{ISSUES}/1", issue(1))
    assert lookups.of([f"{SLUG}#1"]) == {f"{SLUG}#1": THERE}


def test_only_so_many_are_looked_up(github: GitHub, lookups: ForgeLookups) -> None:
    for number in range(1, MOST + 2):
        github.undescribed(f"{ISSUES}/{number}", issue(number))
    targets = [f"{SLUG}#{number}" for number in range(1, MOST + 2)]
    found = lookups.of(targets)
    assert [target for target in targets if found[target] != THERE] == targets[MOST:]
    assert found[targets[-1]] == Resolution(None, f"a check looks up {MOST} at most")
    assert len(github.seen) == MOST


FIVE, SIX = f"{SLUG}#5", f"{SLUG}#6"


@pytest.fixture
def file(github: GitHub, forge: GitHubForge, tmp_path: Path) -> Path:
    """What a run has kept that found an issue, #5, and a pull request, #6. GitHub counts up to #9."""
    github.undescribed(f"{ISSUES}/5", issue())
    github.undescribed(f"{ISSUES}/6", issue(6, pull_request={"url": "x"}))
    github.undescribed(f"{PULLS}/6", pull(6))
    github.get(ISSUES, [{"number": 9}])
    file = tmp_path / "cache" / "there.json"
    assert ForgeLookups(forge, ForgeCache(file)).of([FIVE, SIX, f"{SLUG}#7"])[SIX] == THERE
    github.seen.clear()
    return file


def again(forge: GitHubForge, file: Path, *targets: str) -> list[bool | None]:
    """What another run finds."""
    return [sought.there for sought in ForgeLookups(forge, ForgeCache(file)).of(targets).values()]


def test_what_was_there_is_one_read_a_repository_in_the_next_run(
    github: GitHub, forge: GitHubForge, file: Path
) -> None:
    assert again(forge, file, FIVE, SIX) == [True, True]
    (asked,) = github.seen
    assert (asked.path, asked.query["per_page"]) == (ISSUES, "1")


def test_what_was_not_there_is_asked_again(github: GitHub, forge: GitHubForge, file: Path) -> None:
    github.undescribed(f"{ISSUES}/7", issue(7))
    assert again(forge, file, f"{SLUG}#7") == [True]


@pytest.mark.parametrize("token", ["ghp_AnotherToken0123456789", None])
def test_another_token_gets_no_answer_that_this_one_was_given(github: GitHub, file: Path, token: str | None) -> None:
    for path in (REPO, ISSUES, f"{ISSUES}/5", f"{PULLS}/5"):
        github.on("GET", path, NOT_FOUND)
    with forge_on(github, token) as forge:
        assert again(forge, file, FIVE, SIX) == [None, None]
    assert [seen.path for seen in github.seen] == [ISSUES]


@pytest.mark.parametrize("token", ["ghp_AnotherToken0123456789", None])
def test_where_it_is_let_in_it_shares_what_is_kept(github: GitHub, file: Path, token: str | None) -> None:
    with forge_on(github, token) as forge:
        assert again(forge, file, FIVE, SIX) == [True, True]
    assert len(github.seen) == 1
    assert "ghp" not in file.read_text()


def test_a_token_that_may_not_list_issues_looks_for_itself(github: GitHub, forge: GitHubForge, file: Path) -> None:
    denied = refused(403, "Resource not accessible by integration")
    for path in (ISSUES, f"{ISSUES}/5", f"{ISSUES}/6"):
        github.on("GET", path, denied)
    assert again(forge, file, FIVE, SIX) == [None, True]
    assert len(github.asked(ISSUES)) == 1


@pytest.mark.parametrize("fault", [DROPPED, BAD_GATEWAY, refused(429, "Too many", retry_after="3600")])
def test_what_is_kept_is_no_answer_while_nobody_can_look(
    github: GitHub, forge: GitHubForge, file: Path, fault: Reply
) -> None:
    github.on("GET", ISSUES, fault)
    assert again(forge, file, FIVE, SIX) == [None, None]
    assert {seen.path for seen in github.seen} == {ISSUES}


def test_a_repository_that_began_anew_is_looked_into(github: GitHub, forge: GitHubForge, file: Path) -> None:
    github.get(ISSUES, [{"number": 5}])
    github.on("GET", f"{ISSUES}/6", NOT_FOUND)
    github.on("GET", f"{PULLS}/6", NOT_FOUND)
    assert again(forge, file, FIVE, SIX) == [True, False]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"seen": []}', '{"seen": {"a": "b"}}', "[" * 100_000, '{"seen": {"a": NaN}}', "\0"]
)
def test_a_damaged_file_is_as_if_there_were_none(github: GitHub, forge: GitHubForge, file: Path, text: str) -> None:
    file.write_text(text)
    assert again(forge, file, FIVE) == [True]
    assert [seen.path for seen in github.seen] == [f"{ISSUES}/5"]
    assert again(forge, file, FIVE) == [True]
    assert [seen.path for seen in github.seen[1:]] == [ISSUES]


@pytest.mark.parametrize("away", [-AGE, 3600])
def test_what_is_too_old_or_from_the_future_is_asked_again(
    github: GitHub, forge: GitHubForge, file: Path, away: int
) -> None:
    kept = json.loads(file.read_text())["seen"]
    file.write_text(json.dumps({"seen": dict.fromkeys(kept, int(time.time()) + away)}))
    assert again(forge, file, FIVE) == [True]
    assert [seen.path for seen in github.seen] == [f"{ISSUES}/5"]


def test_two_at_once_keep_what_both_have_found(tmp_path: Path) -> None:
    one, two = (ForgeCache(tmp_path / "there.json") for _ in range(2))
    one.add("a")
    two.add("b")
    one.save()
    two.save()
    assert {"a", "b"} <= {name for name in "abc" if name in ForgeCache(tmp_path / "there.json")}


def test_only_so_many_are_kept(tmp_path: Path) -> None:
    kept = ForgeCache(tmp_path / "there.json")
    for number in range(MOST_KEPT + 10):
        kept.add(str(number))
    kept.save()
    assert len(json.loads((tmp_path / "there.json").read_text())["seen"]) == MOST_KEPT


def test_a_folder_that_cannot_be_written_to_keeps_nothing(github: GitHub, forge: GitHubForge, tmp_path: Path) -> None:
    github.undescribed(f"{ISSUES}/5", issue())
    (tmp_path / "cache").write_text("a file")
    assert again(forge, tmp_path / "cache" / "there.json", FIVE) == [True]


def test_what_is_open_is_one_listing_of_issues_and_pull_requests(github: GitHub, lookups: ForgeLookups) -> None:
    github.pages(ISSUES, [issue(5)], [issue(6, labels=[{"name": "status:working"}], pull_request={"url": "x"})])
    for _ in range(2):
        lookups.of([])
        found = lookups.opened(SLUG)
        assert isinstance(found, tuple)
        assert [(each.number, each.labels) for each in found][1] == (6, ("status:working",))
    assert [seen.query.get("state") for seen in github.seen] == ["open", None]


@pytest.mark.parametrize("fault", [DROPPED, BAD_GATEWAY, NOT_FOUND, refused(403, "Resource not accessible")])
def test_a_listing_that_fails_says_why_and_is_tried_again_later(
    github: GitHub, lookups: ForgeLookups, fault: Reply
) -> None:
    github.on("GET", ISSUES, fault)
    lookups.of([])
    assert isinstance(lookups.opened(SLUG), str)
    github.on("GET", ISSUES, Reply(200, []))
    lookups.of([])
    assert lookups.opened(SLUG) == ()
