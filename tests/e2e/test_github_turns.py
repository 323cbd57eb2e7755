"""What happens meanwhile: a pull request closed, a push, a label gone, a request by a stranger, a token that ends."""

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from tests.box import Box, Fault, OfflineGitHub
from tests.box.activity import Event
from tests.box.identities import Identity
from tests.e2e.chain import approve, claimed, end, green, hear, journal, merge, reconcile, submitted, types, writes
from tests.e2e.hub import API, Person, gate, labels

pytest_plugins = ["tests.box.plugin"]
pytestmark = [pytest.mark.box, pytest.mark.slow]

BRANCH = "kerrigan/todo/contract"
SUBMITTED = ("claimed", "started", "submitted")
REVIEWED = (*SUBMITTED, "tests_passed", "approved")


def approved(boot: OfflineGitHub, tmp_path: Path) -> Person:
    """Somebody whose work is tested and approved."""
    ada = submitted(boot, tmp_path)
    approve(ada.box)
    ada.json("reconcile")
    assert types(ada.box, "todo/contract") == REVIEWED
    return ada


def last(box: Box, action: str, name: str = "pull_request") -> Event:
    """The last event of a kind, once it was announced."""
    box.settle()
    return next(e for e in reversed(box.events) if (e.slug, e.name, e.action) == (API, name, action))


def test_a_pull_request_that_is_closed_and_reopened_stays_where_it_was(
    offline_github: OfflineGitHub, tmp_path: Path
) -> None:
    ada = approved(offline_github, tmp_path)
    before = end(ada, "todo/contract", API)
    for state, action in (("closed", "closed"), ("open", "reopened")):
        assert ada.box.call("ada", "PATCH", f"/repos/{API}/pulls/1", {"state": state}).ok
        assert hear(ada, [last(ada.box, action)]) == [0]
        ada.json("reconcile")
    assert end(ada, "todo/contract", API) == replace(before, events=(*REVIEWED, "flagged", "flagged"))
    merge(ada.box)
    assert hear(ada, [last(ada.box, "closed")]) == [0]
    assert ada.task()["status"] == "done"


@pytest.mark.parametrize("told", [True, False])
def test_a_force_push_after_the_approval_voids_it(offline_github: OfflineGitHub, tmp_path: Path, told: bool) -> None:
    ada = approved(offline_github, tmp_path)
    before = ada.box.tip(API, BRANCH)
    assert gate(ada.box, API, 1)[0] == "success"
    rewritten(ada)
    assert ada.box.tip(API, BRANCH) != before
    if told:
        assert hear(ada, [last(ada.box, "synchronize")]) == [0]
    else:
        ada.json("reconcile")
    assert gate(ada.box, API, 1)[0] == "failure"
    assert types(ada.box, "todo/contract") == (*REVIEWED, "submitted")
    assert labels(ada.box, API, 1) == {"status:testing", "role:architect"}
    green(ada.box, API, BRANCH)
    ada.json("reconcile")
    assert ada.task()["status"] == "in_review", "the old approval does not count"
    approve(ada.box)
    ada.json("reconcile")
    assert gate(ada.box, API, 1) == ("success", "todo/contract may merge")


def test_an_approval_by_comment_that_arrives_after_a_push_is_not_of_that_push(
    offline_github: OfflineGitHub, tmp_path: Path
) -> None:
    ada = submitted(offline_github, tmp_path)
    ada.json("reconcile")
    assert ada.box.call("ben", "POST", f"/repos/{API}/issues/1/comments", {"body": "/kerrigan approve"}).ok
    said = last(ada.box, "created", "issue_comment")
    rewritten(ada)
    ada.json("reconcile")
    green(ada.box, API, BRANCH)
    ada.json("reconcile")
    assert ada.task()["status"] == "in_review"
    assert hear(ada, [said]) == [0]
    assert ada.task()["status"] == "in_review", "ben never saw what is up for review now"
    told = ada.box.call("ada", "GET", f"/repos/{API}/issues/1/comments").body
    assert any("look at it, and say it again" in comment["body"] for comment in told)


def rewritten(ada: Person) -> None:
    """Force-push another commit onto the task's branch, in place of the submitted one."""
    again = Person(ada.box, "ada", API, ada.path.parent / "again")
    (again.path / "openapi.yml").write_text("openapi: 3.2.0\n")
    for words in (("add", "."), ("commit", "-qm", "Write it anew"), ("push", "-qf", "origin", f"HEAD:{BRANCH}")):
        subprocess.run(["git", *words], cwd=again.path, env=again.environment(), check=True)


def test_a_label_that_somebody_takes_away_comes_back(offline_github: OfflineGitHub, tmp_path: Path) -> None:
    ada = submitted(offline_github, tmp_path)
    ada.json("reconcile")
    shown = {"status:in_review", "role:architect"}
    for label in shown:
        assert ada.box.call("ben", "DELETE", f"/repos/{API}/issues/1/labels/{label}").ok
        assert hear(ada, [last(ada.box, "unlabeled")]) == [0]
        assert labels(ada.box, API, 1) == shown
    assert ada.box.call("ben", "DELETE", f"/repos/{API}/issues/1/labels/status:in_review").ok
    ada.json("reconcile")
    assert labels(ada.box, API, 1) == shown
    assert types(ada.box, "todo/contract") == (*SUBMITTED, "tests_passed")


MOMENTS = {
    "at the journal": ("POST", "/git-receive-pack$"),
    "at the gate": ("POST", "/statuses/"),
    "at the labels": ("PUT", "/labels$"),
    "at the dispatch": ("POST", "/dispatches$"),
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_token_that_expires_in_the_middle_leaves_nothing_half(
    offline_github: OfflineGitHub, tmp_path: Path, moment: str
) -> None:
    ada = claimed(offline_github, tmp_path)
    token = ada.box.token("ada")
    expired = Fault(*MOMENTS[moment], 401, body={"message": "Bad credentials"}, then=lambda: ada.box.who.revoke(token))
    ada.box.plant(expired)
    said = ada.kerrigan("task", "hand-off", "todo/screen", "--role", "testing")
    ada.box.who.add(token, Identity("ada"))
    assert said.returncode == 4, said.stderr
    assert "next: " in said.stderr
    assert "Traceback" not in said.stderr
    if moment == "at the journal":
        assert types(ada.box, "todo/screen") == ("claimed",)
        ada.json("task", "hand-off", "todo/screen", "--role", "testing")
    reconcile(ada, tmp_path)
    done = end(ada)
    assert (done.status, set(done.labels)) == ("open", {"status:open", "role:testing"})
    assert done.events == ("claimed", "handed_off", "dispatch_requested", "dispatch_sent")
    assert done.arrived == (1,)


def test_a_label_of_somebody_who_may_not_is_answered_once_and_taken_off(
    offline_github: OfflineGitHub, tmp_path: Path
) -> None:
    ada = submitted(offline_github, tmp_path)
    ada.json("reconcile")
    before = len(journal(ada.box))
    ada.box.label("ben", API, 1, "kerrigan:cancel")
    asked = by(last(ada.box, "labeled"), "eve")
    assert hear(ada, [asked, asked]) == [0, 0]
    assert labels(ada.box, API, 1) == {"status:in_review", "role:architect"}
    assert len(journal(ada.box)) == before
    (reply,) = comments(ada.box)
    assert "eve has permission 'read'" in reply


def test_a_comment_asks_and_is_answered_by_a_reaction(offline_github: OfflineGitHub, tmp_path: Path) -> None:
    ada = submitted(offline_github, tmp_path)
    ada.json("reconcile")
    assert commented(ada, "eve", "/kerrigan approve") == ["-1"]
    assert types(ada.box, "todo/contract") == (*SUBMITTED, "tests_passed")
    assert len(comments(ada.box)) == 2
    assert commented(ada, "ben", "/kerrigan approve") == ["+1"]
    assert types(ada.box, "todo/contract") == REVIEWED
    assert gate(ada.box, API, 1) == ("success", "todo/contract may merge")
    since = len(ada.box.activity.requests)
    heard = last(ada.box, "created", "issue_comment")
    assert hear(ada, [heard]) == [0]
    assert [write for write in writes(ada.box, since) if "/reactions" not in write] == []
    assert reactions(ada.box, heard.payload["comment"]["id"]) == ["+1"], "heard twice, answered as before"


def commented(ada: Person, login: str, text: str) -> list[str]:
    """Comment on pull request 1 and let it be heard; the reactions that this got."""
    comment = ada.box.call(login, "POST", f"/repos/{API}/issues/1/comments", {"body": text}).body["id"]
    assert hear(ada, [last(ada.box, "created", "issue_comment")]) == [0]
    return reactions(ada.box, comment)


def reactions(box: Box, comment: int) -> list[str]:
    """What a comment was answered with."""
    found = box.call("ada", "GET", f"/repos/{API}/issues/comments/{comment}/reactions").body
    return [reaction["content"] for reaction in found]


def comments(box: Box) -> list[str]:
    """The comments of pull request 1."""
    return [comment["body"] for comment in box.call("ada", "GET", f"/repos/{API}/issues/1/comments").body]


def by(event: Event, login: str) -> Event:
    """The same event, caused by someone else: to put a label on, GitHub wants the role triage, and the box write."""
    return Event(event.slug, event.name, login, {**event.payload, "sender": {"login": login, "type": "User"}})
