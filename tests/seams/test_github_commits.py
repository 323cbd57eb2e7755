"""Branches, and what brings a commit to the default branch."""

from typing import Any

import pytest

from kerrigan.errors import UndecidedError, UnreadableError
from kerrigan.github.forge import GitHubForge
from kerrigan.model.forge.account import Account
from tests.seams.github_script import (
    BRANCH,
    HEAD,
    MERGE,
    NOT_FOUND,
    OTHER,
    REPO,
    SLUG,
    GitHub,
    Reply,
    compared,
    pull,
    refused,
)


def test_a_branch_is_its_tip_and_what_the_default_branch_lacks(github: GitHub, forge: GitHubForge) -> None:
    github.get(f"{REPO}/git/ref/heads/{BRANCH}", {"object": {"sha": HEAD}})
    github.get(compared("main", HEAD), {"ahead_by": 3})
    assert forge.branch(SLUG, BRANCH) == (HEAD, 3)


def test_the_default_branchs_name_is_encoded(github: GitHub, forge: GitHubForge) -> None:
    github.get(REPO, {"default_branch": "release/1 #2"})
    github.get(f"{REPO}/git/ref/heads/100%25", {"object": {"sha": HEAD}})
    github.get(compared("release%2F1%20%232", HEAD), {"ahead_by": 1})
    assert forge.branch(SLUG, "100%") == (HEAD, 1)


def test_what_a_branch_made_is_told_by_the_ids_of_its_files(github: GitHub, forge: GitHubForge) -> None:
    files = [
        {"filename": "a.py", "status": "modified", "sha": OTHER},
        {"filename": "b.py", "status": "removed", "sha": OTHER},
        {"filename": "d.py", "status": "renamed", "previous_filename": "c.py", "sha": MERGE},
    ]
    github.get(compared("main", HEAD), {"files": files})
    assert forge.made(SLUG, HEAD) == {"a.py": OTHER, "b.py": "", "c.py": "", "d.py": MERGE}


def written(sha: str, login: str | None, kind: str = "User") -> dict[str, Any]:
    """A commit as a comparison lists it; its author is null where the address is no account's."""
    return {"sha": sha, "author": login and {"login": login, "type": kind}}


def listed(github: GitHub, base: str, *rows: dict[str, Any], total: int | None = None) -> None:
    """What `HEAD` has and a base has not."""
    github.undescribed(compared(base, HEAD), {"commits": rows, "total_commits": len(rows) if total is None else total})


def test_the_authors_of_what_is_new_are_the_accounts_that_github_names(github: GitHub, forge: GitHubForge) -> None:
    rows = [
        written("1", "ada"),
        written("2", "bo"),
        written("3", "bo"),
        written("4", None),
        written("5", "Copilot", "Bot"),
    ]
    listed(github, "main", *rows)
    everyone = (Account("ada"), Account("bo"), Account(""), Account("Copilot", is_app=True))
    assert forge.authors(SLUG, HEAD, None) == everyone
    # What came by a merge of the default branch is after OTHER, too, and is not the branch's own.
    listed(github, OTHER, rows[1], rows[3], written("6", "eve"))
    assert forge.authors(SLUG, HEAD, OTHER) == (Account("bo"), Account(""))


@pytest.mark.parametrize("base", ["main", OTHER])
def test_commits_that_github_does_not_list_are_of_no_one(github: GitHub, forge: GitHubForge, base: str) -> None:
    for one in ("main", OTHER):
        listed(github, one, written("1", "ada"), total=251 if one == base else 1)
    assert forge.authors(SLUG, HEAD, OTHER) == (Account("ada"), Account(""))


def test_a_commit_before_that_github_does_not_know_leaves_no_one_known(github: GitHub, forge: GitHubForge) -> None:
    listed(github, "main", written("1", "ada"))
    assert forge.authors(SLUG, HEAD, OTHER) == (Account(""),), "it may have been pushed over"


@pytest.mark.parametrize("answer", [NOT_FOUND, Reply(200, {})], ids=["no such commit", "no list"])
def test_where_github_tells_of_no_files_nothing_is_known(github: GitHub, forge: GitHubForge, answer: Reply) -> None:
    github.on("GET", compared("main", HEAD), answer)
    assert forge.made(SLUG, HEAD) == {}


@pytest.mark.parametrize("answer", [NOT_FOUND, refused(409, "Git Repository is empty.")])
def test_no_branch_is_none(github: GitHub, forge: GitHubForge, answer: Reply) -> None:
    github.on("GET", f"{REPO}/git/ref/heads/{BRANCH}", answer)
    assert forge.branch(SLUG, BRANCH) is None


def test_a_branch_with_another_history_is_an_error(github: GitHub, forge: GitHubForge) -> None:
    github.get(f"{REPO}/git/ref/heads/{BRANCH}", {"object": {"sha": HEAD}})
    with pytest.raises(UnreadableError, match="shares no commit with main"):
        forge.branch(SLUG, BRANCH)


def test_a_branch_of_a_hidden_repository_is_not_missing(github: GitHub, forge: GitHubForge) -> None:
    github.on("GET", REPO, NOT_FOUND)
    with pytest.raises(UnreadableError):
        forge.branch(SLUG, BRANCH)
    with pytest.raises(UnreadableError):
        forge.pull_request(SLUG, 1)
    with pytest.raises(UnreadableError):
        forge.has_ended(SLUG, "1")
    with pytest.raises(UnreadableError):
        forge.delivered(SLUG, HEAD)


@pytest.mark.parametrize("branch", ["a/../b", "..", "a//b", "./a"])
def test_a_branch_that_would_lead_elsewhere_is_refused(github: GitHub, forge: GitHubForge, branch: str) -> None:
    with pytest.raises(UnreadableError, match="cannot stand in an address"):
        forge.branch(SLUG, branch)
    assert [seen.path for seen in github.seen] == [REPO]


def test_a_tip_that_is_no_commit_is_an_error(github: GitHub, forge: GitHubForge) -> None:
    github.undescribed(f"{REPO}/git/ref/heads/{BRANCH}", {"object": {"sha": "../../user"}})
    with pytest.raises(UndecidedError, match="is no commit id"):
        forge.branch(SLUG, BRANCH)


def test_the_default_branch_is_asked_for_once(github: GitHub, forge: GitHubForge) -> None:
    for _ in range(3):
        forge.branch(SLUG, BRANCH)
    assert len(github.asked(REPO)) == 1


def test_what_the_default_branch_holds_is_delivered(github: GitHub, forge: GitHubForge) -> None:
    github.get(compared("main", HEAD), {"ahead_by": 0})
    assert forge.delivered(SLUG, HEAD) == HEAD


def merged(head: str = HEAD, commit: str | None = MERGE) -> dict[str, Any]:
    return pull(state="closed", merged_at="2026-11-01T00:00:00Z", merge_commit_sha=commit) | {"head": {"sha": head}}


def test_a_squash_delivers_what_was_in_its_pull_request(github: GitHub, forge: GitHubForge) -> None:
    github.get(compared("main", HEAD), {"ahead_by": 2})
    github.get(f"{REPO}/commits/{HEAD}/pulls", [pull(merge_commit_sha=OTHER), merged()])
    github.get(compared("main", MERGE), {"ahead_by": 0})
    assert forge.delivered(SLUG, HEAD) == MERGE


def test_a_merge_into_another_branch_delivers_nothing(github: GitHub, forge: GitHubForge) -> None:
    github.get(compared("main", HEAD), {"ahead_by": 2})
    github.get(f"{REPO}/commits/{HEAD}/pulls", [merged()])
    github.get(compared("main", MERGE), {"ahead_by": 1})
    assert forge.delivered(SLUG, HEAD) is None


def test_what_was_pushed_over_before_the_merge_is_not_delivered(github: GitHub, forge: GitHubForge) -> None:
    github.get(compared("main", HEAD), {"ahead_by": 2})
    github.get(f"{REPO}/commits/{HEAD}/pulls", [merged(head=OTHER)])
    github.get(compared("main", MERGE), {"ahead_by": 0})
    github.get(compared(OTHER, HEAD), {"ahead_by": 1})
    assert forge.delivered(SLUG, HEAD) is None
    github.get(compared(OTHER, HEAD), {"ahead_by": 0})
    assert forge.delivered(SLUG, HEAD) == MERGE


def test_an_open_pull_request_and_an_unknown_commit_deliver_nothing(github: GitHub, forge: GitHubForge) -> None:
    assert forge.delivered(SLUG, HEAD) is None
    github.get(f"{REPO}/commits/{HEAD}/pulls", [pull(merge_commit_sha=MERGE)])
    github.get(compared("main", MERGE), {"ahead_by": 0})
    assert forge.delivered(SLUG, HEAD) is None
