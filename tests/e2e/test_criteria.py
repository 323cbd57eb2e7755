"""Acceptance criteria, answered one by one: by the command line, and by reviews and comments on the offline GitHub."""

import shlex
from pathlib import Path

import pytest

from tests.box import OfflineGitHub
from tests.e2e.chain import hear, journal, submitted, types
from tests.e2e.desk import TASKS, Desk, publish
from tests.e2e.hub import API, gate
from tests.e2e.hub import TASKS as HUB_TASKS

pytest_plugins = ["tests.box.plugin"]

CRITERIA = ("it parses", "errors have a format")


def with_criteria(tasks: str) -> str:
    """The same tasks, the first of them with two acceptance criteria."""
    return tasks.replace("    role: architect\n", f"    role: architect\n    acceptance: [{', '.join(CRITERIA)}]\n", 1)


def in_review(tmp_path: Path) -> tuple[Desk, Desk]:
    """Ada, whose work is in review, and Ana, who looks at it."""
    remote = publish(tmp_path)
    ada, ana = (Desk(tmp_path, remote, name) for name in ("ada", "ana"))
    ada.path.joinpath("specs/projects/todo/tasks.yml").write_text(with_criteria(TASKS))
    ada.git("commit", "-qam", "Say what is wanted")
    ada.git("push", "-q", "origin", "HEAD")
    for verb in ("claim", "start"):
        ada.json("task", verb, "todo/contract")
    ada.work("kerrigan/todo/contract", "openapi.yml", "openapi: 3.1.0\n")
    ada.json("task", "submit", "todo/contract")
    ada.json("task", "pass-tests", "todo/contract")
    return ada, ana


def test_an_approval_answers_each_criterion_or_is_refused(tmp_path: Path) -> None:
    ada, ana = in_review(tmp_path)
    shown = ana.kerrigan("show", "todo/contract").stdout
    assert "  2. errors have a format" in shown
    [step] = [line.removeprefix("next: kerrigan ") for line in shown.splitlines() if line.startswith("next: ")]
    assert ana.kerrigan(*shlex.split(step), "--dry-run").returncode == 0
    bare = ana.kerrigan("task", "approve", "todo/contract")
    assert bare.returncode == 5
    assert "criterion 1 ('it parses') is not answered" in bare.stderr
    half = ana.kerrigan("task", "approve", "todo/contract", "--criterion", "1: met", "--criterion", "2: not verified")
    assert half.returncode == 5
    assert "criterion 2 ('errors have a format') is not verified" in half.stderr
    wrong = ana.kerrigan("task", "approve", "todo/contract", "--criterion", "looks good")
    assert wrong.returncode == 2
    assert "'looks good' answers no criterion" in wrong.stderr
    assert "a line for each acceptance criterion (1 to 2)" in ada.kerrigan("gate", "--pr", "1").stdout
    given = ("--criterion", "1: met, spectral", "--criterion", "2: met")
    said = ana.json("task", "approve", "todo/contract", *given)["event"]["data"]["criteria"]
    assert [(row["criterion"], row["verdict"], row["note"]) for row in said] == [
        ("it parses", "met", "spectral"),
        ("errors have a format", "met", ""),
    ]
    assert ada.kerrigan("gate", "--pr", "1").returncode == 0


REVIEWS = [
    ("all answered", "Fine.\n\n- [x] 1. it parses\n- [x] 2. errors have a format", True),
    ("one left open", "- [x] 1. it parses\n- [ ] 2. errors have a format", False),
    ("no word of them", "LGTM", False),
]


@pytest.mark.box
@pytest.mark.slow
@pytest.mark.parametrize("told", [True, False], ids=["by event", "by schedule"])
@pytest.mark.parametrize(("body", "counts"), [row[1:] for row in REVIEWS], ids=[row[0] for row in REVIEWS])
def test_a_review_counts_when_its_body_answers(
    offline_github: OfflineGitHub, tmp_path: Path, body: str, counts: bool, told: bool
) -> None:
    ada = submitted(offline_github, tmp_path, with_criteria(HUB_TASKS))
    ada.json("reconcile")
    review = {"event": "APPROVE", "body": body}
    assert ada.box.call("ben", "POST", f"/repos/{API}/pulls/1/reviews", review).ok
    ada.box.settle()
    if told:
        event = next(e for e in reversed(ada.box.events) if e.name == "pull_request_review")
        hear(ada, [event])
    else:
        ada.json("reconcile")
    assert ("approved" in types(ada.box, "todo/contract")) is counts
    assert gate(ada.box, API, 1)[0] == ("success" if counts else "failure")
    if counts:
        approved = next(event for event in journal(ada.box) if event["type"] == "approved")
        assert [row["criterion"] for row in approved["data"]["criteria"]] == list(CRITERIA)


@pytest.mark.box
@pytest.mark.slow
def test_a_comment_answers_below_its_command_and_is_told_what_is_missing(
    offline_github: OfflineGitHub, tmp_path: Path
) -> None:
    ada = submitted(offline_github, tmp_path, with_criteria(HUB_TASKS))
    ada.json("reconcile")
    for body in ("/kerrigan approve", "/kerrigan approve\n1: met, it parses\n2: met"):
        assert ada.box.call("ben", "POST", f"/repos/{API}/issues/1/comments", {"body": body}).ok
        ada.box.settle()
        hear(ada, [next(e for e in reversed(ada.box.events) if e.name == "issue_comment" and e.action == "created")])
        told = ada.box.call("ada", "GET", f"/repos/{API}/issues/1/comments").body
        assert any("criterion 2" in comment["body"] and "not answered" in comment["body"] for comment in told)
    assert types(ada.box, "todo/contract")[-1] == "approved"
