"""What every request is promised: facts are read again after a lost race, and effects follow a refusal too."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kerrigan.apply.events.reconcile import reconcile
from kerrigan.apply.state.append import Outcome, new_request
from kerrigan.apply.tasks.transition import hold, transition
from kerrigan.model.decision import Decision, Refusal, Request
from kerrigan.model.event import Actor, EventType
from kerrigan.model.forge.account import Account, Proof
from kerrigan.model.state import Status
from tests.seams.github_script import Reply, scripted
from tests.seams.site_on_github import (
    BRANCH,
    CONTRACT,
    HEAD,
    PUSHED,
    REPO,
    SPEC,
    TASKS,
    Hub,
    hub_on,
    proposed,
    repository,
)

SCREEN = "todo/screen"
ADA = Actor("ada")


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    home = repository(tmp_path, "api", {"specs/projects/todo/spec.md": SPEC, "specs/projects/todo/tasks.yml": TASKS})
    with scripted() as github, hub_on(github, tmp_path / "acme" / "api.git", home) as hub:
        for head in (HEAD, PUSHED):
            github.on("POST", f"{REPO}/statuses/{head}", Reply(201, text="{}"))
        hub.shows()
        yield hub


def request(kind: EventType, task: str | None = CONTRACT, reason: str = "") -> Request:
    """A request of ada, by her token."""
    return replace(new_request(kind, task, ADA, account=Account("ada", proof=Proof.token)), reason=reason)


def loses_write_meanwhile(hub: Hub) -> None:
    """Ada may write when her permission is looked up first, and only read from then on."""
    told = [Reply(200, {"permission": may, "user": None}) for may in ("write", "read")]
    hub.github.on("GET", f"{REPO}/collaborators/ada/permission", *told)


def refusal(outcome: Outcome) -> str:
    return outcome.answer.reason if isinstance(outcome.answer, Refusal) else ""


def test_who_lost_the_race_is_decided_on_what_the_journal_says_then(hub: Hub) -> None:
    before = hub.stage()
    hub.happened(EventType.claimed, "bo", lease_until="2999-01-01T00:00:00.000Z")
    hub.may(ada="write")
    assert "bo holds todo/contract" in refusal(transition(hub.site, before, request(EventType.claimed)))


def test_who_lost_the_race_is_decided_on_what_the_forge_says_then(hub: Hub) -> None:
    before = hub.stage()
    hub.happened(EventType.blocked, "bo", SCREEN, reason="no key")
    loses_write_meanwhile(hub)
    assert "ada has permission 'read'" in refusal(transition(hub.site, before, request(EventType.claimed)))
    assert hub.standing().status is Status.open


def test_so_is_who_pauses_a_project(hub: Hub) -> None:
    before = hub.stage()
    hub.happened(EventType.blocked, "bo", SCREEN, reason="no key")
    loses_write_meanwhile(hub)
    assert "ada" in refusal(hold(hub.site, before, request(EventType.paused, None, "wait")))
    assert hub.stage().state.hold is None


def test_so_is_what_reconcile_finds(hub: Hub) -> None:
    """It was approved at the commit that was handed in, and is pushed to while reconcile writes."""
    hub.submitted(by="bo")
    hub.happened(EventType.tests_passed, "bo", head=HEAD)
    before = hub.stage()
    hub.happened(EventType.blocked, "bo", SCREEN, reason="no key")
    hub.shows(proposed())
    hub.tip(PUSHED)
    hub.tip()
    hub.may(ada="write")
    hub.reviewed(5, ("ada", "APPROVED", HEAD))
    tips = [
        {"ref": f"refs/heads/{BRANCH}", "object": {"sha": head, "type": "commit", "url": "https://x/y"}}
        for head in (HEAD, PUSHED)
    ]
    hub.github.on("GET", f"{REPO}/git/ref/heads/{BRANCH}", *(Reply(200, tip) for tip in tips))
    for base in ("main", HEAD):
        compared = {"ahead_by": 1, "commits": [], "total_commits": 0, "files": []}
        hub.github.undescribed(f"{REPO}/compare/{base}...{PUSHED}", compared)
    reconcile(hub.site, before)
    assert hub.standing().status is not Status.approved


def test_reconcile_that_lost_the_race_looks_at_what_moved_meanwhile(hub: Hub) -> None:
    hub.happened(EventType.claimed, "bo", SCREEN, lease_until="2001-01-01T00:00:00.000Z")
    before = hub.stage()
    hub.submitted(by="bo")
    hub.happened(EventType.tests_passed, "bo", head=HEAD)
    hub.shows(proposed())
    hub.tip()
    hub.may(ada="write")
    hub.reviewed(5, ("ada", "APPROVED", HEAD))
    reconcile(hub.site, before)
    assert hub.standing(SCREEN).status is Status.open, "its lease was over, before and after"
    assert hub.standing().status is Status.approved


@pytest.mark.parametrize("kind", [EventType.claimed, EventType.started])
def test_a_refusal_brings_the_effects_that_a_run_which_was_killed_left_out(hub: Hub, kind: EventType) -> None:
    hub.submitted(by="bo")
    hub.shows(proposed())
    hub.tip()
    hub.may(ada="write")
    hub.github.on("POST", f"{REPO}/issues/5/labels", Reply(200, text="[]"))
    assert hub.github.writes() == [], "the journal says it, and nothing shows it"
    outcome = transition(hub.site, hub.stage(), request(kind))
    assert not isinstance(outcome.answer, Decision)
    written = {(verb, path) for verb, path, _ in hub.github.writes()}
    assert written == {("POST", "/issues/5/labels"), ("POST", f"/statuses/{HEAD}")}
