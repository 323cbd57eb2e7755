"""Short random walks of people, agents and strangers on the offline GitHub; `python -m tests.nightly.walk` goes on.

What has to hold after each step stands in tests/walk/invariants.py. Lies that are planted here prove that it sees them.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.box.tools import MissingToolError
from tests.walk.acts import command, push, report
from tests.walk.invariants import findings
from tests.walk.walk import walk
from tests.walk.world import API, World, world

pytestmark = [pytest.mark.box, pytest.mark.slow]

TASK = "todo/contract"
SEED, STEPS = 11, 60


def test_everything_holds_after_every_step_of_a_walk(tmp_path: Path) -> None:
    try:
        happened = walk(tmp_path, SEED, STEPS)
    except MissingToolError as error:
        pytest.skip(str(error))
    assert happened.keys() >= {"claimed", "submitted", "tests_passed"}, happened


@pytest.fixture
def reviewed(tmp_path: Path) -> Iterator[World]:
    """A world in which a task is in review as pull request 1, and everything holds."""
    try:
        with world(tmp_path, 1) as made:
            for verb in ("claim", "start"):
                command(made, "ada", verb, TASK)
            push(made, "ada", TASK)
            command(made, "ada", "submit", TASK)
            report(made, API, made.box.tip(API, f"kerrigan/{TASK}"), "success")
            made.workflow(API, "reconcile", codes=(0,))
            made.listen()
            assert list(findings(made)) == []
            yield made
    except MissingToolError as error:
        pytest.skip(str(error))


def _green(made: World) -> None:
    sha = made.box.tip(API, f"kerrigan/{TASK}")
    body = {"state": "success", "context": "kerrigan/gate"}
    assert made.box.call("ada", "POST", f"/repos/{API}/statuses/{sha}", body).ok


def _done(made: World) -> None:
    made.box.label("ada", API, 1, "status:done")


def _merged(made: World) -> None:
    assert made.box.call("ada", "PUT", f"/repos/{API}/pulls/1/merge", {"merge_method": "squash"}).ok


def _closed(made: World) -> None:
    assert made.box.call("ada", "PATCH", f"/repos/{API}/pulls/1", {"state": "closed"}).ok


def _opened(made: World) -> None:
    assert made.box.call("ada", "PATCH", f"/repos/{API}/pulls/1", {"state": "open"}).ok


def _lost(made: World) -> None:
    sha = made.box.tip(API, "kerrigan-state/todo")
    before = made.box.repositories[API].commit_of(f"{sha}^")
    body = {"sha": before, "force": True}
    assert made.box.call("ada", "PATCH", f"/repos/{API}/git/refs/heads/kerrigan-state/todo", body).ok


LIES: tuple[tuple[Callable[[World], None], str], ...] = (
    (_green, "is green, and the journal carries none of [1]"),
    (_done, "wears ['role:architect', 'status:done', 'status:in_review']"),
    (_closed, "is in_review and 'closed', and needs a person because of []"),
    (_opened, "is in_review and '', and needs a person because of [{'kind': 'closed'"),
    (_merged, "was merged as"),
)


def test_what_does_not_hold_is_found_and_the_next_reconcile_repairs_it(reviewed: World) -> None:
    for lie, says in LIES:
        lie(reviewed)
        reviewed.listen()
        found = list(findings(reviewed))
        assert any(says in finding for finding in found), found
        reviewed.workflow(API, "reconcile", codes=(0,))
        assert list(findings(reviewed)) == [], lie
    _lost(reviewed)
    found = list(findings(reviewed))
    assert any("the journal does not verify" in finding for finding in found), found
