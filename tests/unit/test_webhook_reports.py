"""What machines report: checks, ended runs, pushes and the merge queue."""

from typing import Any

import pytest

from kerrigan.errors import UnreadableError
from kerrigan.load.github.webhook import read_event
from kerrigan.model.decision import EventRequest
from tests.unit.webhook_payloads import (
    BRANCH,
    HEAD,
    SEEN,
    check_run,
    check_suite,
    merge_group,
    push,
    status,
    workflow_run,
)

CHECKS = EventRequest("checks", "acme/web", branch=BRANCH, head=HEAD)


def test_checks_say_which_commit_they_are_of() -> None:
    assert read_event("check_run", check_run()) == CHECKS
    assert read_event("check_suite", check_suite()) == CHECKS
    assert read_event("status", status()) == EventRequest("checks", "acme/web", head=HEAD)


def test_a_check_on_no_branch_of_this_repository_has_its_commit() -> None:
    nowhere = EventRequest("checks", "acme/web", head=HEAD)
    assert read_event("check_suite", check_suite(head_branch=None)) == nowhere
    assert read_event("check_run", check_run(check_suite=None)) == nowhere


@pytest.mark.parametrize(
    ("name", "payload"),
    [
        ("check_run", check_run("kerrigan gate")),
        ("check_run", check_run("Kerrigan")),
        ("check_run", check_run("unit tests", "created")),
        ("check_suite", check_suite("requested")),
        ("status", status("kerrigan/gate")),
        ("status", status("KERRIGAN/gate")),
        ("workflow_run", workflow_run("requested")),
        ("push", push("refs/heads/kerrigan-state/todo")),
        ("push", push("refs/tags/main")),
        ("push", push(deleted=True, after="0" * 40)),
        ("merge_group", merge_group("destroyed")),
    ],
)
def test_what_kerrigan_said_itself_and_what_is_not_over_is_nothing(name: str, payload: dict[str, Any]) -> None:
    assert read_event(name, payload).kind == "nothing"


def test_a_check_may_have_a_name_with_an_emoji() -> None:
    assert read_event("check_run", check_run("\N{WOMAN}\u200d\N{PERSONAL COMPUTER} lint")) == CHECKS


def test_a_run_that_ended_is_told_by_its_id() -> None:
    hint = read_event("workflow_run", workflow_run())
    assert hint == EventRequest("run_ended", "acme/web", branch=BRANCH, head=HEAD, run="1589141559")


@pytest.mark.parametrize("home", [{"full_name": "mallory/web"}, None])
def test_the_run_of_a_fork_has_no_branch_of_ours(home: object) -> None:
    hint = read_event("workflow_run", workflow_run(head_repository=home))
    assert (hint.kind, hint.branch, hint.run) == ("run_ended", "", "1589141559")


def test_a_push_to_the_default_branch_says_where_it_is_now() -> None:
    assert read_event("push", push()) == EventRequest("pushed", "acme/web", branch="main", head=HEAD)


def test_the_merge_queue_says_what_it_wants_judged() -> None:
    branch = f"gh-readonly-queue/main/pr-104-{SEEN}"
    expected = EventRequest("queue", "acme/web", number=104, is_pull=True, branch=branch, head=HEAD, base="main")
    assert read_event("merge_group", merge_group()) == expected


def test_a_queue_whose_branch_names_no_pull_request_has_its_commit() -> None:
    hint = read_event("merge_group", merge_group(head_ref="refs/heads/queue/7"))
    assert (hint.number, hint.is_pull, hint.head) == (None, False, HEAD)


@pytest.mark.parametrize(
    ("name", "payload", "key"),
    [
        ("check_run", check_run(head_sha="main"), "head_sha"),
        ("check_run", check_run(check_suite=[]), "check_suite"),
        ("check_run", check_run(name=None), "name"),
        ("check_suite", check_suite(head_branch="a\nb"), "head_branch"),
        ("status", status(sha="A" * 40), "sha"),
        ("status", status(repository=None), "repository"),
        ("workflow_run", workflow_run(id="1589141559"), "id"),
        ("workflow_run", workflow_run(id=-1), "id"),
        ("push", push(repository={"full_name": "acme/web"}), "default_branch"),
        ("push", push(ref=None), "ref"),
        ("merge_group", merge_group(base_ref=7), "base_ref"),
    ],
)
def test_a_report_that_cannot_be_meant(name: str, payload: dict[str, Any], key: str) -> None:
    with pytest.raises(UnreadableError, match=f"'{key}'"):
        read_event(name, payload)
