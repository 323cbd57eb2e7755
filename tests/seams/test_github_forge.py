"""Who acts, what is dispatched, which runs are over, and what becomes of answers of another shape."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from kerrigan.errors import UndecidedError, UnreadableError
from kerrigan.github.forge import GitHubForge
from kerrigan.model.forge.account import Account, Proof
from kerrigan.model.project import Permission
from tests.seams.github_script import (
    BAD_GATEWAY,
    BRANCH,
    COMMENTS,
    DROPPED,
    GRAPHQL,
    HEAD,
    LABELS,
    NOT_FOUND,
    OPENAPI,
    PULLS,
    REPO,
    RUNS,
    SLUG,
    STATUS,
    SUITES,
    GitHub,
    Reply,
    compared,
    refused,
)

if TYPE_CHECKING:
    from kerrigan.apply.state.forge import Forge


DISPATCHES = f"{REPO}/dispatches"


def test_it_is_a_forge(forge: GitHubForge) -> None:
    same: Forge = forge
    assert same.url(SLUG) == "https://github.example/acme/api.git"


@pytest.mark.parametrize("slug", ["acme", "acme/api/x", "../api", "acme/..", "acme/a b", "acme/a?b", "acme/a#b", ""])
def test_what_is_no_slug_is_never_asked_for(github: GitHub, forge: GitHubForge, slug: str) -> None:
    for ask in (forge.url, forge.pull_requests, lambda slug: forge.branch(slug, "x")):
        with pytest.raises(UnreadableError, match="is no repository: expected owner/name"):
            ask(slug)
    assert github.seen == []


INSTALLATION = refused(403, "Resource not accessible by integration")
"""What REST tells the token of an App, or of a run, that asks whose it is."""


def viewer(login: str) -> Reply:
    """What GraphQL tells every token."""
    return Reply(200, text=json.dumps({"data": {"viewer": {"login": login}}}))


def test_the_account_is_the_tokens_and_asked_for_once(github: GitHub, forge: GitHubForge) -> None:
    github.get("/user", {"login": "bo", "type": "User"})
    assert forge.account() is forge.account()
    assert forge.account() == Account("bo", proof=Proof.token)
    assert len(github.seen) == 1


def test_a_token_of_an_app_says_which(github: GitHub, forge: GitHubForge) -> None:
    github.on("GET", "/user", INSTALLATION)
    github.on("POST", GRAPHQL, BAD_GATEWAY, viewer("kerrigan-bot[bot]"))
    found = forge.account()
    assert (found, found.via) == (Account("kerrigan-bot[bot]", is_app=True, proof=Proof.token), "app:kerrigan-bot")


@pytest.mark.parametrize(
    "fault", [refused(403, "no"), Reply(200, text='{"data": null, "errors": [{"message": "no"}]}'), Reply(200, text="")]
)
def test_an_app_that_github_does_not_name_is_undecided(github: GitHub, forge: GitHubForge, fault: Reply) -> None:
    github.on("GET", "/user", INSTALLATION)
    github.on("POST", GRAPHQL, fault)
    with pytest.raises(UndecidedError):
        forge.account()


@pytest.mark.parametrize("fault", [refused(401, "Bad credentials"), BAD_GATEWAY, refused(429, "x", Retry_After="999")])
def test_nobody_is_named_when_github_does_not_answer(github: GitHub, forge: GitHubForge, fault: Reply) -> None:
    github.on("GET", "/user", fault)
    with pytest.raises(UndecidedError):
        forge.account()


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


def test_strangers_and_apps_have_no_permission(github: GitHub, forge: GitHubForge) -> None:
    assert forge.permission(SLUG, "kerrigan[bot]") is Permission.none
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
        PULLS: lambda: forge.open_pull_request(SLUG, BRANCH, "t", "b", "ada"),
        f"{PULLS}/5/reviews": lambda: forge.reviews(SLUG, 5),
        STATUS: lambda: forge.set_status(SLUG, HEAD, "kerrigan/gate", "success", ""),
        RUNS: lambda: forge.checks(SLUG, HEAD),
        LABELS: lambda: forge.set_labels(SLUG, 5, ("role:swe",), ("status:", "role:")),
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
        SUITES: f"{here}/commits/{{ref}}/check-suites",
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

    assert forge.account().login == "octocat"
    assert forge.permission(SLUG, "bo") is Permission.admin
    assert forge.branch(SLUG, BRANCH) == (tip, 1)
    assert forge.delivered(SLUG, HEAD) is None
    assert forge.checks(SLUG, HEAD) == "success"
    assert [(r.account.login, r.state) for r in forge.reviews(SLUG, 5)] == [("octocat", "approved")]
    assert not forge.has_ended(SLUG, "77")
    assert [(p.number, p.branch, p.open) for p in forge.pull_requests(SLUG)] == [(1347, "new-topic", True)]
    found = forge.pull_request(SLUG, 5)
    assert found is not None
    assert (found.number, found.author, found.branch) == (1347, "octocat", "new-topic")
    assert not forge.set_labels(SLUG, 5, (), ("status:", "role:"))
    assert forge.set_status(SLUG, HEAD, "kerrigan/gate", "success", "")
    assert forge.tell(SLUG, 5, "gate", "It waits.")
