"""Two tokens in a workflow: the run's own for its repository, the other for all others and for what starts runs."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pytest

from kerrigan.github.forge import GitHubForge
from kerrigan.github.runner import connect, own_token
from tests.seams.github_script import BRANCH, PULLS, REPO, SLUG, USER, GitHub, Reply, pull, scripted

OWN, OTHER = "ghs_TheRunsOwn0123456789", "ghp_ThatOfThePeople0123456789"
WEB = "/repos/acme/web"


@pytest.fixture
def github() -> Iterator[GitHub]:
    with scripted() as github:
        for path in (REPO, WEB):
            github.get(path, {"full_name": path.removeprefix("/repos/"), "default_branch": "main"})
            github.get(f"{path}/pulls", [])
            github.get(f"{path}/issues/1/labels", [])
            github.on("POST", f"{path}/dispatches", Reply(204))
            github.on("POST", f"{path}/issues/1/labels", Reply(200, []))
        github.get(USER, {"login": "maria", "type": "User"})
        yield github


@contextmanager
def forge(github: GitHub, **changes: str) -> Iterator[GitHubForge]:
    given = environment(github, **changes)
    made = connect(github.url, SLUG, given)
    try:
        yield made
    finally:
        made.client.close()
        if made.beyond:
            made.beyond.close()


def environment(github: GitHub, **changes: str) -> Mapping[str, str]:
    return {
        "GITHUB_ACTIONS": "true",
        "GITHUB_SERVER_URL": github.url,
        "GITHUB_API_URL": github.url,
        "GITHUB_REPOSITORY": SLUG,
        "GITHUB_TOKEN": OWN,
        "KERRIGAN_TOKEN": OTHER,
    } | changes


def used(github: GitHub) -> list[tuple[str, str, str]]:
    """Who asked what, as `own` or `other`."""
    names = {f"token {OWN}": "own", f"token {OTHER}": "other"}
    return [(names[seen.headers["authorization"]], seen.verb, seen.path) for seen in github.seen]


def test_each_repository_is_asked_with_the_token_that_is_meant_for_it(github: GitHub) -> None:
    with forge(github) as made:
        for slug in (SLUG, "acme/web"):
            made.pull_requests(slug)
            made.set_labels(slug, 1, ("status:open",), ("status:",))
            made.dispatch(slug, "kerrigan-task", {"key": "1"})
    for who, verb, path in used(github):
        assert who == ("own" if path.startswith(f"{REPO}/") else "other"), (verb, path)
    assert len([seen for seen in github.seen if seen.path.endswith("/dispatches")]) == 2


def test_what_has_to_start_tests_and_who_acts_is_the_other_tokens(github: GitHub) -> None:
    github.on("POST", PULLS, Reply(201, pull(5, BRANCH)))
    with forge(github) as made:
        assert made.account().login == "maria"
        assert made.open_pull_request(SLUG, BRANCH, "T", "B", "ada").number == 5
    assert {who for who, verb, path in used(github) if path in (USER, PULLS)} == {"other"}


@pytest.mark.parametrize(
    "changes",
    [
        {"KERRIGAN_TOKEN": ""},
        {"GITHUB_TOKEN": ""},
        {"KERRIGAN_TOKEN": OWN},
        {"GITHUB_ACTIONS": ""},
        {"GITHUB_REPOSITORY": "acme/web"},
        {"GITHUB_SERVER_URL": "https://github.com"},
    ],
)
def test_everywhere_else_one_token_asks_everything(github: GitHub, changes: dict[str, str]) -> None:
    assert own_token(github.url, SLUG, environment(github, **changes)) is None
    assert own_token(github.url, SLUG.upper(), environment(github)) == OWN
