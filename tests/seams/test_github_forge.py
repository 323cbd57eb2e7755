"""Each question and each change of the forge, against a GitHub that answers as the test says."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from kerrigan.errors import UndecidedError, UnreadableError
from kerrigan.github.forge import GitHubForge
from kerrigan.model.facts import PullRequest, Review
from kerrigan.model.project import Permission
from tests.seams.github_script import (
    BAD_GATEWAY,
    BASE,
    DROPPED,
    HEAD,
    MERGE,
    NOT_FOUND,
    OPENAPI,
    OTHER,
    REPO,
    SLUG,
    GitHub,
    Reply,
    forge_on,
    refused,
    scripted,
)

if TYPE_CHECKING:
    from kerrigan.apply.forge import Forge

BRANCH = "kerrigan/todo/contract"
PULLS = f"{REPO}/pulls"
LABELS = f"{REPO}/issues/5/labels"
COMMENTS = f"{REPO}/issues/5/comments"
STATUS = f"{REPO}/commits/{HEAD}/status"
RUNS = f"{REPO}/commits/{HEAD}/check-runs"


@pytest.fixture
def github() -> Iterator[GitHub]:
    with scripted() as github:
        github.get(REPO, {"default_branch": "main"})
        yield github


@pytest.fixture
def forge(github: GitHub) -> Iterator[GitHubForge]:
    with forge_on(github) as forge:
        yield forge


def pull(number: int = 5, branch: str = BRANCH, **fields: Any) -> dict[str, Any]:
    """A pull request as GitHub tells it, in the fields that are read."""
    own = {"id": 1, "full_name": SLUG}
    return {
        "number": number,
        "title": "Agree the contract",
        "body": None,
        "state": "open",
        "merged_at": None,
        "user": {"login": "ada"},
        "labels": [{"name": "role:swe"}],
        "head": {"ref": branch, "sha": HEAD, "repo": own},
        "base": {"ref": "main", "sha": BASE, "repo": own},
    } | fields


def compared(base: str, head: str) -> str:
    return f"{REPO}/compare/{base}...{head}"


# Who and what -----------------------------------------------------------------------------------------------------


def test_it_is_a_forge(forge: GitHubForge) -> None:
    same: Forge = forge
    assert same.url(SLUG) == "https://github.example/acme/api.git"


@pytest.mark.parametrize("slug", ["acme", "acme/api/x", "../api", "acme/..", "acme/a b", "acme/a?b", "acme/a#b", ""])
def test_what_is_no_slug_is_never_asked_for(github: GitHub, forge: GitHubForge, slug: str) -> None:
    for ask in (forge.url, forge.pull_requests, lambda slug: forge.branch(slug, "x")):
        with pytest.raises(UnreadableError, match="is no repository: expected owner/name"):
            ask(slug)
    assert github.seen == []


def test_the_login_is_the_tokens_and_asked_for_once(github: GitHub, forge: GitHubForge) -> None:
    github.get("/user", {"login": "bo"})
    assert (forge.who(), forge.who()) == ("bo", "bo")
    assert len(github.seen) == 1


def test_a_token_of_nobody_acts_for_who_started_the_run(github: GitHub, forge: GitHubForge) -> None:
    github.on("GET", "/user", refused(403, "Resource not accessible by integration"))
    assert forge.who() == "ada"


@pytest.mark.parametrize("fault", [refused(401, "Bad credentials"), BAD_GATEWAY, refused(429, "x", Retry_After="999")])
def test_who_starts_a_run_is_no_login_when_github_does_not_answer(
    github: GitHub, forge: GitHubForge, fault: Reply
) -> None:
    github.on("GET", "/user", fault)
    with pytest.raises(UndecidedError):
        forge.who()


@pytest.mark.parametrize(
    ("said", "role", "expected"),
    [
        ("admin", "admin", Permission.admin),
        ("write", "maintain", Permission.write),
        ("maintain", "maintain", Permission.write),
        ("write", "write", Permission.write),
        ("read", "triage", Permission.read),
        ("triage", "triage", Permission.read),
        ("read", "read", Permission.read),
        ("none", "none", Permission.none),
        ("owner-of-everything", "custom", Permission.none),
    ],
)
def test_permission_is_what_github_says(
    github: GitHub, forge: GitHubForge, said: str, role: str, expected: Permission
) -> None:
    github.get(f"{REPO}/collaborators/bo/permission", {"permission": said, "role_name": role})
    assert forge.permission(SLUG, "bo") is expected


def test_a_stranger_has_no_permission_and_the_runs_own_app_may_write(github: GitHub, forge: GitHubForge) -> None:
    github.get("/user", {"login": "Kerrigan[bot]"})
    assert forge.permission(SLUG, "kerrigan[bot]") is Permission.write
    assert forge.permission(SLUG, "other[bot]") is Permission.none
    assert forge.permission(SLUG, "nobody-at-all") is Permission.none


def test_nobody_has_no_permission_where_the_repository_cannot_be_seen(github: GitHub, forge: GitHubForge) -> None:
    github.on("GET", REPO, NOT_FOUND)
    with pytest.raises(UnreadableError, match="private repository that the token does not reach"):
        forge.permission(SLUG, "bo")


@pytest.mark.parametrize("login", ["..", ".", ""])
def test_a_login_that_would_lead_elsewhere_is_refused(github: GitHub, forge: GitHubForge, login: str) -> None:
    with pytest.raises(UnreadableError, match="cannot stand in an address"):
        forge.permission(SLUG, login)
    assert github.seen == []


# Commits ----------------------------------------------------------------------------------------------------------


def test_a_branch_is_its_tip_and_what_the_default_branch_lacks(github: GitHub, forge: GitHubForge) -> None:
    github.get(f"{REPO}/git/ref/heads/{BRANCH}", {"object": {"sha": HEAD}})
    github.get(compared("main", HEAD), {"ahead_by": 3})
    assert forge.branch(SLUG, BRANCH) == (HEAD, 3)


def test_the_default_branchs_name_is_encoded(github: GitHub, forge: GitHubForge) -> None:
    github.get(REPO, {"default_branch": "release/1 #2"})
    github.get(f"{REPO}/git/ref/heads/100%25", {"object": {"sha": HEAD}})
    github.get(compared("release%2F1%20%232", HEAD), {"ahead_by": 1})
    assert forge.branch(SLUG, "100%") == (HEAD, 1)


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
    assert forge.delivered(SLUG, HEAD) is None


# Checks -----------------------------------------------------------------------------------------------------------


def run(name: str, conclusion: str | None, status: str = "completed") -> dict[str, Any]:
    return {"name": name, "status": status, "conclusion": conclusion}


def status(context: str, state: str, description: str | None = None) -> dict[str, Any]:
    return {"context": context, "state": state, "description": description}


def report(github: GitHub, runs: list[dict[str, Any]], statuses: list[dict[str, Any]] | None = None) -> None:
    github.get(RUNS, {"total_count": len(runs), "check_runs": runs})
    github.get(STATUS, {"state": "pending", "statuses": statuses or []})


@pytest.mark.parametrize(
    ("conclusion", "expected"),
    [(each, "success") for each in ("success", "neutral", "skipped")]
    + [(each, "failure") for each in ("failure", "timed_out", "cancelled", "action_required")],
)
def test_a_conclusion_counts(github: GitHub, forge: GitHubForge, conclusion: str, expected: str) -> None:
    report(github, [run("test", conclusion)])
    assert forge.checks(SLUG, HEAD) == expected


@pytest.mark.parametrize("conclusion", ["startup_failure", "stale", "something_new"])
def test_a_conclusion_that_githubs_description_lacks_is_no_pass(
    github: GitHub, forge: GitHubForge, conclusion: str
) -> None:
    report(github, [])
    github.undescribed(RUNS, {"check_runs": [run("test", conclusion)]})
    assert forge.checks(SLUG, HEAD) == "failure"


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
    assert forge.checks(SLUG, HEAD) is None
    report(github, [run("kerrigan", "failure"), run("test", "success")], [status("KERRIGAN/gate", "failure")])
    assert forge.checks(SLUG, HEAD) == "success"


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


# Runs and reviews -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("state", "ended"), [("completed", True), ("in_progress", False), ("queued", False)])
def test_a_run_has_ended_when_it_is_completed(github: GitHub, forge: GitHubForge, state: str, ended: bool) -> None:
    github.get(f"{REPO}/actions/runs/77", {"status": state})
    assert forge.has_ended(SLUG, "77") is ended


def test_a_run_that_github_forgot_has_ended(forge: GitHubForge) -> None:
    assert forge.has_ended(SLUG, "77")


@pytest.mark.parametrize("run", ["local-process", "", "../7", "٣"])
def test_what_is_no_run_of_githubs_has_not_ended(github: GitHub, forge: GitHubForge, run: str) -> None:
    assert not forge.has_ended(SLUG, run)
    assert github.seen == []


def review(login: str | None, state: str, commit: str | None = HEAD) -> dict[str, Any]:
    return {"user": login and {"login": login}, "state": state, "commit_id": commit, "body": "because"}


def test_the_last_decisive_review_of_each_person_counts(github: GitHub, forge: GitHubForge) -> None:
    github.pages(
        f"{PULLS}/5/reviews",
        [review("ada", "APPROVED", OTHER), review("bo", "APPROVED"), review("cy", "CHANGES_REQUESTED")],
        [review("ada", "CHANGES_REQUESTED"), review("ada", "COMMENTED"), review("bo", "DISMISSED")],
        [review("dee", "PENDING", None), review(None, "APPROVED")],
    )
    assert forge.reviews(SLUG, 5) == (
        Review("ada", "changes_requested", HEAD, "because"),
        Review("cy", "changes_requested", HEAD, "because"),
    )


# Pull requests ----------------------------------------------------------------------------------------------------


def test_a_pull_request_is_told_whole(github: GitHub, forge: GitHubForge) -> None:
    github.get(f"{PULLS}/5", pull(body="Because.", merged_at="2026-11-01T00:00:00Z", state="closed"))
    assert forge.pull_request(SLUG, 5) == PullRequest(
        SLUG, 5, BRANCH, HEAD, "ada", "Agree the contract", True, False, ("role:swe",), "Because."
    )


def test_a_number_without_a_pull_request_is_none(forge: GitHubForge) -> None:
    assert forge.pull_request(SLUG, 5) is None


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


# Labels, statuses, comments ---------------------------------------------------------------------------------------

PREFIXES = ("status:", "role:")


def labelled(github: GitHub, *names: str) -> None:
    github.get(LABELS, [{"name": name} for name in names])


def test_only_the_difference_is_written_and_the_routing_label_comes_last(github: GitHub, forge: GitHubForge) -> None:
    labelled(github, "bug", "role:swe", "status:working", "status:old one")
    github.on("POST", LABELS, Reply(200, []))
    assert forge.set_labels(SLUG, 5, ("role:review", "status:testing"), PREFIXES)
    assert github.writes() == [
        ("DELETE", "/issues/5/labels/role%3Aswe", None),
        ("DELETE", "/issues/5/labels/status%3Aworking", None),
        ("DELETE", "/issues/5/labels/status%3Aold%20one", None),
        ("POST", "/issues/5/labels", {"labels": ["status:testing", "role:review"]}),
    ]


def test_labels_that_are_so_already_are_left_alone_in_any_case(github: GitHub, forge: GitHubForge) -> None:
    github.pages(LABELS, [{"name": "Status:Testing"}, {"name": "bug"}], [{"name": "role:swe"}])
    assert not forge.set_labels(SLUG, 5, ("status:testing", "role:swe"), PREFIXES)
    assert github.writes() == []


def test_a_label_that_somebody_else_took_away_is_no_error(github: GitHub, forge: GitHubForge) -> None:
    labelled(github, "status:working")
    assert forge.set_labels(SLUG, 5, (), PREFIXES)
    assert github.writes() == [("DELETE", "/issues/5/labels/status%3Aworking", None)]


@pytest.mark.parametrize("label", ["role:" + "x" * 46, ""])
def test_a_label_that_github_would_refuse_is_refused_before(github: GitHub, forge: GitHubForge, label: str) -> None:
    with pytest.raises(UnreadableError, match="GitHub takes 1 to 50"):
        forge.set_labels(SLUG, 5, (label,), PREFIXES)
    assert github.seen == []


def test_labels_of_nothing_are_an_error(forge: GitHubForge) -> None:
    with pytest.raises(UnreadableError, match="404"):
        forge.set_labels(SLUG, 5, ("role:swe",), PREFIXES)


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


def comment(number: int, body: str) -> dict[str, Any]:
    return {"id": number, "body": body}


def test_the_one_comment_is_made_once(github: GitHub, forge: GitHubForge) -> None:
    github.get(COMMENTS, [comment(1, "I like <!-- kerrigan:gate -->")])
    github.on("POST", COMMENTS, Reply(201, {}))
    assert forge.tell(SLUG, 5, "gate", "It waits.\n")
    assert github.writes() == [("POST", "/issues/5/comments", {"body": "<!-- kerrigan:gate -->\nIt waits."})]


def test_the_one_comment_is_changed_only_when_it_differs(github: GitHub, forge: GitHubForge) -> None:
    github.pages(COMMENTS, [comment(1, "hello")], [comment(2, "<!-- kerrigan:gate -->\r\nIt waits.\r\n")])
    assert not forge.tell(SLUG, 5, "gate", "It waits.")
    assert github.writes() == []
    github.get(COMMENTS, [comment(2, "<!-- kerrigan:gate -->\nIt waits."), comment(3, "<!-- kerrigan:gate -->")])
    github.on("PATCH", f"{REPO}/issues/comments/2", Reply(200, {}))
    assert forge.tell(SLUG, 5, "gate", "It may merge.")
    assert github.writes() == [("PATCH", "/issues/comments/2", {"body": "<!-- kerrigan:gate -->\nIt may merge."})]


def test_a_marker_that_begins_like_another_is_another(github: GitHub, forge: GitHubForge) -> None:
    github.get(COMMENTS, [comment(1, "<!-- kerrigan:gate-2 -->\nIt waits.")])
    github.on("POST", COMMENTS, Reply(201, {}))
    assert forge.tell(SLUG, 5, "gate", "It waits.")


def test_a_comment_whose_answer_was_lost_is_not_made_twice(github: GitHub, forge: GitHubForge) -> None:
    github.get(COMMENTS, [])
    github.on("POST", COMMENTS, DROPPED)
    with pytest.raises(UndecidedError):
        forge.tell(SLUG, 5, "gate", "It waits.")
    github.get(COMMENTS, [comment(1, "<!-- kerrigan:gate -->\nIt waits.")])
    assert not forge.tell(SLUG, 5, "gate", "It waits.")
    assert len(github.writes()) == 1


@pytest.mark.parametrize("status", [200, 201])
def test_a_reaction_is_sent(github: GitHub, forge: GitHubForge, status: int) -> None:
    github.on("POST", f"{REPO}/issues/comments/7/reactions", Reply(status, {"content": "+1"}))
    forge.react(SLUG, 7, "+1")
    assert github.writes() == [("POST", "/issues/comments/7/reactions", {"content": "+1"})]


# Dispatches -------------------------------------------------------------------------------------------------------

DISPATCHES = f"{REPO}/dispatches"


def test_a_dispatch_is_sent(github: GitHub, forge: GitHubForge) -> None:
    github.on("POST", DISPATCHES, Reply(204))
    forge.dispatch(SLUG, "kerrigan-task", {"key": "k", "fence": 3})
    body = {"event_type": "kerrigan-task", "client_payload": {"key": "k", "fence": 3}}
    assert github.writes() == [("POST", "/dispatches", body)]


@pytest.mark.parametrize("fault", [DROPPED, BAD_GATEWAY])
def test_a_dispatch_is_never_sent_twice(github: GitHub, forge: GitHubForge, fault: Reply) -> None:
    github.on("POST", DISPATCHES, fault, Reply(204))
    with pytest.raises(UndecidedError):
        forge.dispatch(SLUG, "kerrigan-task", {})
    assert len(github.writes()) == 1


def test_a_receiver_that_is_not_reached_is_told_with_every_reason(forge: GitHubForge) -> None:
    with pytest.raises(UnreadableError, match="does not exist, is archived, or the token does not reach it") as caught:
        forge.dispatch(SLUG, "kerrigan-task", {})
    assert "contents: write" in caught.value.next_step


@pytest.mark.parametrize("status", [403, 422])
def test_githubs_other_refusals_of_a_dispatch_keep_its_words(github: GitHub, forge: GitHubForge, status: int) -> None:
    github.on("POST", DISPATCHES, refused(status, "Repository was archived so is read-only."))
    with pytest.raises(UnreadableError, match="archived so is read-only"):
        forge.dispatch(SLUG, "kerrigan-task", {})


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        ("kerrigan-task", {str(number): "" for number in range(11)}),
        ("kerrigan-task", {"text": "x" * 65_536}),
        ("x" * 101, {}),
        ("", {}),
    ],
)
def test_what_github_does_not_take_is_refused_before(
    github: GitHub, forge: GitHubForge, kind: str, payload: dict[str, str]
) -> None:
    with pytest.raises(UnreadableError, match="GitHub takes 10 keys, 65535 bytes") as caught:
        forge.dispatch(SLUG, kind, payload)
    assert caught.value.kind == "dispatch-payload"
    assert github.seen == []


# Bad answers ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [REPO, f"{PULLS}/5", PULLS, f"{PULLS}/5/reviews", STATUS, RUNS, LABELS, COMMENTS])
@pytest.mark.parametrize(
    "text", ['{"message": "hello"}', '[{"id": null}]', "null", "<html>", "[[]]", '{"statuses": 7}']
)
def test_an_answer_of_another_shape_is_undecided_and_changes_nothing(
    github: GitHub, forge: GitHubForge, path: str, text: str
) -> None:
    github.on("GET", path, Reply(200, text=text))
    asks: dict[str, Callable[[], object]] = {
        REPO: lambda: forge.branch(SLUG, BRANCH),
        f"{PULLS}/5": lambda: forge.pull_request(SLUG, 5),
        PULLS: lambda: opened(forge),
        f"{PULLS}/5/reviews": lambda: forge.reviews(SLUG, 5),
        STATUS: lambda: forge.set_status(SLUG, HEAD, "kerrigan/gate", "success", ""),
        RUNS: lambda: forge.checks(SLUG, HEAD),
        LABELS: lambda: forge.set_labels(SLUG, 5, ("role:swe",), PREFIXES),
        COMMENTS: lambda: forge.tell(SLUG, 5, "gate", "x"),
    }
    with pytest.raises(UndecidedError, match="not what GitHub documents"):
        asks[path]()
    assert github.writes() == []


def test_githubs_own_examples_are_understood(github: GitHub, forge: GitHubForge) -> None:
    here = "/repos/{owner}/{repo}"
    places = {
        "/user": "/user",
        REPO: here,
        f"{REPO}/actions/runs/77": f"{here}/actions/runs/{{run_id}}",
        f"{REPO}/collaborators/bo/permission": f"{here}/collaborators/{{username}}/permission",
        f"{REPO}/commits/{HEAD}/pulls": f"{here}/commits/{{commit_sha}}/pulls",
        RUNS: f"{here}/commits/{{ref}}/check-runs",
        STATUS: f"{here}/commits/{{ref}}/status",
        f"{REPO}/git/ref/heads/{BRANCH}": f"{here}/git/ref/{{ref}}",
        COMMENTS: f"{here}/issues/{{issue_number}}/comments",
        LABELS: f"{here}/issues/{{issue_number}}/labels",
        PULLS: f"{here}/pulls",
        f"{PULLS}/5": f"{here}/pulls/{{pull_number}}",
        f"{PULLS}/5/reviews": f"{here}/pulls/{{pull_number}}/reviews",
    }
    for path, described in places.items():
        github.undescribed(path, OPENAPI.example(described))
    tip = OPENAPI.example(f"{here}/git/ref/{{ref}}")["object"]["sha"]
    default = OPENAPI.example(here)["default_branch"]
    for commit in (tip, HEAD):
        github.undescribed(compared(default, commit), OPENAPI.example(f"{here}/compare/{{basehead}}"))
    github.on("POST", COMMENTS, Reply(201, {}))
    github.on("POST", f"{REPO}/statuses/{HEAD}", Reply(201, {}))

    assert forge.who() == "octocat"
    assert forge.permission(SLUG, "bo") is Permission.admin
    assert forge.branch(SLUG, BRANCH) == (tip, 1)
    assert forge.delivered(SLUG, HEAD) is None
    assert forge.checks(SLUG, HEAD) == "success"
    assert [(r.login, r.state) for r in forge.reviews(SLUG, 5)] == [("octocat", "approved")]
    assert not forge.has_ended(SLUG, "77")
    assert [(p.number, p.branch, p.open) for p in forge.pull_requests(SLUG)] == [(1347, "new-topic", True)]
    found = forge.pull_request(SLUG, 5)
    assert found is not None
    assert (found.number, found.author, found.branch) == (1347, "octocat", "new-topic")
    assert not forge.set_labels(SLUG, 5, (), PREFIXES)
    assert forge.set_status(SLUG, HEAD, "kerrigan/gate", "success", "")
    assert forge.tell(SLUG, 5, "gate", "It waits.")
