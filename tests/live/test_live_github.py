"""The real GitHub, for whoever gives a token and a repository to spare: what the offline one cannot prove."""

import os
from collections.abc import Iterator

import pytest

from kerrigan.github.forge import GitHubForge
from kerrigan.github.runner import connect

SLUG, TOKEN = os.environ.get("KERRIGAN_LIVE_REPOSITORY", ""), os.environ.get("KERRIGAN_LIVE_TOKEN", "")

pytestmark = pytest.mark.skipif(not (SLUG and TOKEN), reason="set KERRIGAN_LIVE_REPOSITORY and KERRIGAN_LIVE_TOKEN")


@pytest.fixture
def forge() -> Iterator[GitHubForge]:
    forge = connect("https://github.com", SLUG, {"KERRIGAN_TOKEN": TOKEN})
    yield forge
    forge.client.close()


def test_who_acts_may_write(forge: GitHubForge) -> None:
    login = forge.who()
    assert login
    assert forge.permission(SLUG, login).value in {"write", "admin"}


def test_what_is_not_there_is_none_and_no_error(forge: GitHubForge) -> None:
    assert forge.branch(SLUG, "kerrigan/no/such-branch") is None
    assert forge.pull_request(SLUG, 2**31 - 1) is None


def test_a_status_is_written_once(forge: GitHubForge) -> None:
    head = next(iter(forge.pull_requests(SLUG)), None)
    if head is None:
        pytest.skip(f"{SLUG} has no open pull request")
    said = ("kerrigan/live", "success", "asked by the live tests")
    forge.set_status(SLUG, head.head, *said)
    assert not forge.set_status(SLUG, head.head, *said)


def test_a_dispatch_is_accepted(forge: GitHubForge) -> None:
    forge.dispatch(SLUG, "kerrigan-live", {"key": "live"})
