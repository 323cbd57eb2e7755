"""The real GitHub, for those who give a token and a repository to spare: what the offline one cannot prove."""

import base64
import os
from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex

import pytest

from kerrigan.git.commit import write_commit, write_files
from kerrigan.git.remote import Remote
from kerrigan.git.repo import discover, git
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
    account = forge.account()
    assert account.login
    assert account.is_app or forge.permission(SLUG, account.login).value in {"write", "admin"}


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


def test_a_branch_and_a_ref_of_kerrigans_own_move_together_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    basic = base64.b64encode(f"x-access-token:{TOKEN}".encode()).decode()
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "http.https://github.com/.extraheader")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", f"AUTHORIZATION: basic {basic}")
    git("init", "-q", ".", cwd=tmp_path)
    clone, name = discover(tmp_path), token_hex(4)
    remote = Remote(clone, f"https://github.com/{SLUG}.git")
    refs = f"refs/heads/kerrigan-live/{name}", f"refs/kerrigan/live-{name}"
    first = write_commit(clone, None, "live", write_files(clone, {}, {"live": "one\n"}))
    assert remote.push(first, dict.fromkeys(refs)) is None
    try:
        second = write_commit(clone, first, "live", write_files(clone, {}, {"live": "two\n"}))
        assert remote.push(second, {refs[0]: first, refs[1]: None}) is not None, "the second lease does not hold"
        assert {ref: remote.listing(*refs).tips.get(ref) for ref in refs} == dict.fromkeys(refs, first)
    finally:
        git("push", "-q", remote.url, *(f":{ref}" for ref in refs), cwd=tmp_path)
