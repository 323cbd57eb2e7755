"""Real agent CLIs against the mock model: each attempt is made as Kerrigan makes it, and the process is the real one.

What takes how long is printed, with `-s`; nothing here depends on it.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kerrigan.agents.profiles import PROFILES
from kerrigan.git.repo import git
from kerrigan.model.attempt import Outcome, Purpose, TokenUsage
from tests.agents.clis import KEY, SETUPS, installed
from tests.agents.desk import Attempted, Desk, left
from tests.agents.mock_model import TEXT, MockModel
from tests.agents.test_readers import REQUEST, times, without_requests
from tests.agents.work_tree import plant

pytestmark = pytest.mark.agent
COUNTED_WHEN_STOPPED = ("claude", "copilot", "gemini", "qwen")


@pytest.fixture(scope="module", params=list(SETUPS))
def desk(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk of each CLI that is here; one HOME for all of its tests."""
    name = request.param
    if not installed(PROFILES[name].program):
        pytest.skip(f"no {PROFILES[name].program} here: .ci/agents installs {PROFILES[name].package}")
    with MockModel() as model:
        yield Desk(tmp_path_factory.mktemp(name), name, model)


def said(attempted: Attempted, what: str) -> None:
    seconds = attempted.record.seconds
    print(f"{what}: {attempted.record.outcome} in {seconds:.1f} s, {attempted.waited:.1f} s after the first request")


def changes(tree: Path) -> str:
    return git("status", "--short", "--untracked-files=all", cwd=tree)


def test_it_edits_a_file_in_a_work_tree_and_is_counted_to_the_token(desk: Desk) -> None:
    attempted = desk.attempt("write")
    said(attempted, f"{desk.profile.name}, two requests")
    assert attempted.record.outcome is Outcome.ok, attempted.record
    assert attempted.record.text == TEXT
    assert (attempted.tree / "hello.txt").read_text(encoding="utf-8") == "hello\n"
    assert changes(attempted.tree) == "?? hello.txt"
    assert attempted.requests == 2, "it made a request that nothing counts"
    usage = attempted.record.usage or TokenUsage()
    assert without_requests(usage) == times(REQUEST[desk.profile.name], 2)
    assert left(attempted) == []
    for path in (attempted.run.ended.stdout, attempted.run.ended.stderr):
        assert KEY not in path.read_text(encoding="utf-8", errors="replace")


@pytest.mark.parametrize("behaviour", ["write", "shell"])
def test_a_reviewer_changes_nothing(desk: Desk, behaviour: str) -> None:
    attempted = desk.attempt(behaviour, purpose=Purpose.review)
    assert changes(attempted.tree) == ""
    assert attempted.record.outcome is Outcome.ok, attempted.record
    assert attempted.record.text == TEXT
    assert left(attempted) == []


@pytest.mark.parametrize(("behaviour", "outcome"), [("401", Outcome.refused), ("429", Outcome.limited)])
def test_a_provider_that_does_not_answer(desk: Desk, behaviour: str, outcome: Outcome) -> None:
    attempted = desk.attempt(behaviour)
    said(attempted, f"{desk.profile.name}, {behaviour}")
    assert attempted.record.outcome is outcome, attempted.record
    assert left(attempted) == []


def test_it_goes_on_after_two_errors_of_the_provider(desk: Desk) -> None:
    """Retries are cut down, not off; gemini's second attempt is its last."""
    attempted = desk.attempt("500-twice")
    said(attempted, f"{desk.profile.name}, 500 twice")
    assert attempted.record.outcome in (Outcome.ok, Outcome.limited)
    assert left(attempted) == []


@pytest.mark.parametrize("behaviour", ["sleep", "hang"])
def test_nothing_is_left_of_it_when_it_is_stopped(desk: Desk, behaviour: str) -> None:
    """In the middle of a tool that runs for minutes, and in the middle of a request that is never answered."""
    attempted = desk.stopped(1.5, behaviour)
    print(
        f"{desk.profile.name}, stopped in {behaviour}: no process {attempted.run.ended.killing:.2f} s after the signal"
    )
    assert attempted.record.outcome is Outcome.stopped
    assert left(attempted) == []
    if behaviour == "sleep" and desk.profile.name in COUNTED_WHEN_STOPPED:
        assert without_requests(attempted.record.usage or TokenUsage()) == REQUEST[desk.profile.name]


@pytest.mark.parametrize("purpose", list(Purpose))
def test_it_starts_nothing_that_the_work_tree_brings(desk: Desk, purpose: Purpose, tmp_path: Path) -> None:
    tree = desk.tree()
    plant(tree, tmp_path / "started")
    attempted = desk.attempt("ok", tree=tree, purpose=purpose)
    assert attempted.record.outcome is Outcome.ok, attempted.record
    assert sorted(path.name for path in (tmp_path / "started").iterdir()) == []
    assert left(attempted) == []
