"""Pull requests: read, reviewed, and opened exactly once."""

import json
from typing import Any

import pytest

from kerrigan.errors import UndecidedError, UnreadableError
from kerrigan.github.forge import GitHubForge
from kerrigan.github.statements import EDITORS
from kerrigan.model.forge.account import Account
from kerrigan.model.forge.facts import PullRequest, Review
from tests.seams.github_script import (
    BAD_GATEWAY,
    BRANCH,
    DROPPED,
    GRAPHQL,
    HEAD,
    OTHER,
    PULLS,
    SLUG,
    GitHub,
    Reply,
    pull,
    refused,
)


def test_a_pull_request_is_told_whole(github: GitHub, forge: GitHubForge) -> None:
    github.get(f"{PULLS}/5", pull(body="Because.", merged_at="2026-11-01T00:00:00Z", state="closed"))
    assert forge.pull_request(SLUG, 5) == PullRequest(
        SLUG, 5, BRANCH, HEAD, "ada", "Agree the contract", True, False, ("role:swe",), "Because.", by_member=True
    )


def test_a_number_without_a_pull_request_is_none(forge: GitHubForge) -> None:
    assert forge.pull_request(SLUG, 5) is None


def test_a_pull_request_to_another_base_is_not_the_one_that_delivers(github: GitHub, forge: GitHubForge) -> None:
    own = {"id": 1, "full_name": SLUG, "default_branch": "main"}
    staged = pull(4, base={"ref": "staging", "sha": OTHER, "repo": own})
    github.undescribed(PULLS, [staged])
    assert [p.delivers for p in forge.pull_requests(SLUG)] == [False]
    made = pull(5, base={"ref": "main", "sha": OTHER, "repo": own})
    github.on("POST", PULLS, Reply(201, text=json.dumps(made)))
    found = forge.open_pull_request(SLUG, BRANCH, "Agree", "", "ada")
    assert (found.number, found.delivers) == (5, True)


def test_of_what_was_merged_only_what_went_to_the_default_branch_delivers(github: GitHub, forge: GitHubForge) -> None:
    own, at = {"id": 1, "full_name": SLUG, "default_branch": "main"}, "2026-11-01T00:00:00Z"
    release, fork = {"ref": "release", "sha": OTHER, "repo": own}, {"id": 2, "full_name": "eve/api"}
    newest_first = [
        pull(9, merged_at=None, state="closed", merge_commit_sha="9" * 40),
        pull(8, merged_at=at, merge_commit_sha="8" * 40, base=release),
        pull(7, merged_at=at, merge_commit_sha="7" * 40, head={"ref": BRANCH, "sha": HEAD, "repo": fork}),
        pull(6, merged_at=at, merge_commit_sha="6" * 40),
        pull(5, merged_at=at, merge_commit_sha="5" * 40),
        pull(4, "kerrigan/todo/other", merged_at=at, merge_commit_sha="4" * 40),
    ]
    github.get(f"/repos/{SLUG}", {"default_branch": "main"})
    github.undescribed(PULLS, newest_first)
    assert forge.merges(SLUG, {BRANCH: None}) == {BRANCH: "6" * 40}


def test_a_fork_never_has_a_branch_of_a_task(github: GitHub, forge: GitHubForge) -> None:
    fork = {"ref": BRANCH, "sha": HEAD, "repo": {"id": 2, "full_name": "eve/api"}}
    github.undescribed(PULLS, [pull(1, head=fork), pull(2, head=fork | {"repo": None}), pull(3, user=None)])
    assert [(p.number, p.branch, p.author) for p in forge.pull_requests(SLUG)] == [
        (1, "", "ada"),
        (2, "", "ada"),
        (3, BRANCH, ""),
    ]


def test_open_pull_requests_come_by_number_from_every_page(github: GitHub, forge: GitHubForge) -> None:
    github.pages(PULLS, [pull(9), pull(3)], [pull(5)])
    assert [p.number for p in forge.pull_requests(SLUG)] == [3, 5, 9]


def opened(forge: GitHubForge) -> PullRequest:
    return forge.open_pull_request(SLUG, BRANCH, "Agree the contract", "Body.", "ada")


def test_an_open_pull_request_is_found_and_not_made_again(github: GitHub, forge: GitHubForge) -> None:
    github.get(PULLS, [pull(4, branch="other"), pull(5)])
    assert opened(forge).number == 5
    assert github.writes() == []
    assert github.asked(PULLS)[0].query["head"] == f"acme:{BRANCH}"


def test_a_pull_request_is_made_where_there_is_none(github: GitHub, forge: GitHubForge) -> None:
    github.get(PULLS, [])
    github.on("POST", PULLS, Reply(201, pull(8)))
    assert opened(forge).number == 8
    wanted = {"title": "Agree the contract", "body": "Body.", "head": BRANCH, "base": "main"}
    assert github.writes() == [("POST", "/pulls", wanted)]


def test_a_title_and_a_body_that_are_too_long_are_cut(github: GitHub, forge: GitHubForge) -> None:
    github.get(PULLS, [])
    github.on("POST", PULLS, Reply(201, pull(8)))
    forge.open_pull_request(SLUG, BRANCH, "t" * 300, "b" * 70_000, "ada")
    [(_, _, body)] = github.writes()
    assert (len(body["title"]), len(body["body"])) == (256, 65_536)


@pytest.mark.parametrize("fault", [DROPPED, BAD_GATEWAY, Reply(201, text="<html>")])
def test_after_a_lost_answer_the_pull_request_is_looked_for(github: GitHub, forge: GitHubForge, fault: Reply) -> None:
    github.on("GET", PULLS, Reply(200, []), Reply(200, [pull(8)]))
    github.on("POST", PULLS, fault)
    assert opened(forge).number == 8
    assert len(github.writes()) == 1


def test_a_pull_request_that_was_not_made_is_undecided(github: GitHub, forge: GitHubForge) -> None:
    github.get(PULLS, [])
    github.on("POST", PULLS, BAD_GATEWAY)
    with pytest.raises(UndecidedError, match="502"):
        opened(forge)
    assert len(github.writes()) == 1


def test_a_limit_before_the_effect_is_not_looked_behind(github: GitHub, forge: GitHubForge) -> None:
    github.get(PULLS, [])
    github.on("POST", PULLS, refused(403, "secondary rate limit", Retry_After="600"))
    with pytest.raises(UndecidedError):
        opened(forge)
    assert len(github.asked(PULLS)) == 1


def test_who_came_second_gets_the_first_ones_pull_request(github: GitHub, forge: GitHubForge) -> None:
    github.on("GET", PULLS, Reply(200, []), Reply(200, [pull(8)]))
    exists = {"message": f"A pull request already exists for acme:{BRANCH}."}
    github.on("POST", PULLS, refused(422, "Validation Failed", exists))
    assert opened(forge).number == 8


@pytest.mark.parametrize(
    "error",
    [
        {"message": f"No commits between main and {BRANCH}"},
        {"resource": "PullRequest", "field": "head", "code": "invalid"},
    ],
)
def test_a_branch_that_brings_nothing_is_told(github: GitHub, forge: GitHubForge, error: dict[str, str]) -> None:
    github.get(PULLS, [])
    github.on("POST", PULLS, refused(422, "Validation Failed", error))
    with pytest.raises(UnreadableError, match="has nothing to merge") as caught:
        opened(forge)
    assert caught.value.kind == "no-commits"
    assert caught.value.next_step.endswith(f"git push origin {BRANCH}")


def test_the_setting_that_forbids_pull_requests_is_named(github: GitHub, forge: GitHubForge) -> None:
    github.get(PULLS, [])
    message = "GitHub Actions is not permitted to create or approve pull requests."
    github.on("POST", PULLS, refused(403, message))
    with pytest.raises(UnreadableError, match=message) as caught:
        opened(forge)
    assert "Workflow permissions" in caught.value.next_step


def review(login: str | None, state: str, commit: str | None = HEAD, body: str = "because") -> dict[str, Any]:
    who = {"user": login and {"login": login}, "node_id": f"R_{login}"}
    return {**who, "state": state, "commit_id": commit, "body": body}


def test_the_last_decisive_review_of_each_person_counts(github: GitHub, forge: GitHubForge) -> None:
    github.pages(
        f"{PULLS}/5/reviews",
        [review("ada", "APPROVED", OTHER), review("bo", "APPROVED"), review("cy", "CHANGES_REQUESTED")],
        [review("ada", "CHANGES_REQUESTED"), review("ada", "COMMENTED"), review("bo", "DISMISSED")],
        [review("dee", "PENDING", None), review(None, "APPROVED")],
    )
    github.edited(("R_ada", None), ("R_cy", "cy"))
    assert forge.reviews(SLUG, 5) == (
        Review(Account("ada"), "changes_requested", HEAD, "because"),
        Review(Account("cy"), "changes_requested", HEAD, "because"),
    )
    (asked,) = (seen for seen in github.seen if seen.verb == "POST")
    assert asked.body == {"query": EDITORS, "variables": {"ids": ["R_ada", "R_cy"]}}


def test_words_that_somebody_else_changed_are_not_the_reviewers(github: GitHub, forge: GitHubForge) -> None:
    rows = [review(login, "APPROVED", body=f"1: met, says {login}") for login in ("ada", "bo", "cy")]
    github.get(f"{PULLS}/5/reviews", [*rows, review("dee", "APPROVED", body="")])
    github.edited(("R_ada", "eve"), ("R_bo", ""), ("R_cy", "cy"))
    assert [(r.account.login, r.state, r.body) for r in forge.reviews(SLUG, 5)] == [
        ("ada", "approved", ""),
        ("bo", "approved", ""),
        ("cy", "approved", "1: met, says cy"),
        ("dee", "approved", ""),
    ]


def test_who_edited_what_is_not_taken_for_granted_where_nobody_says(github: GitHub, forge: GitHubForge) -> None:
    github.get(f"{PULLS}/5/reviews", [review("ada", "APPROVED", body="1: met")])
    for reply in (Reply(502), Reply(200, text='{"errors": [{"message": "no"}]}'), Reply(404, {"message": "Not Found"})):
        github.on("POST", GRAPHQL, reply)
        assert [r.body for r in forge.reviews(SLUG, 5)] == [""]
    assert all("who edited a comment could not be looked up" in line for line in github.told)


def file(name: str, before: str | None = None) -> dict[str, Any]:
    url = "https://github.example/acme/todo"
    counts = {"additions": 1, "deletions": 1, "changes": 2}
    urls = {"blob_url": url, "raw_url": url, "contents_url": url}
    renamed = {"status": "renamed", "previous_filename": before} if before else {"status": "modified"}
    return {"sha": "b" * 40, "filename": name, **counts, **urls, **renamed}


def test_changed_files_are_those_of_every_page_and_a_renamed_one_counts_twice(
    github: GitHub, forge: GitHubForge
) -> None:
    github.pages(f"{PULLS}/5/files", [file("src/a.py"), file("docs/b.md", "src/b.md")], [file("ü ö.txt")])
    assert forge.changed(SLUG, 5) == ("src/a.py", "docs/b.md", "src/b.md", "ü ö.txt")


def test_more_files_than_github_tells_are_not_decided_on(github: GitHub, forge: GitHubForge) -> None:
    pages = [[file(f"src/{page}/{n}.py") for n in range(100)] for page in range(30)]
    github.pages(f"{PULLS}/5/files", *pages)
    with pytest.raises(UndecidedError, match="3000 files or more"):
        forge.changed(SLUG, 5)
