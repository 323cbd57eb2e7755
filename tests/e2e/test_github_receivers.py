"""Receivers that do not answer: no workflow, no permission, archived, renamed, absent. Home says so, and goes on."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.box import Box, Fault, OfflineGitHub
from tests.e2e.chain import ALONE, SOON, arrived, hear, plain, types
from tests.e2e.hub import API, WEB, Person

pytest_plugins = ["tests.box.plugin"]
pytestmark = [pytest.mark.box, pytest.mark.slow]

TWICE = "dispatch: {acknowledge_within: 100ms, attempts: 2}\n"
PATH = f"/repos/{WEB}/dispatches$"


def without_workflow(box: Box) -> str:
    """It takes every dispatch, and nothing there hears it."""
    return "ada"


def out_of_reach(box: Box) -> str:
    """The token is an installation's that is narrowed to the home repository, as a workflow's own is."""
    box.app_token("kerrigan-bot", [API])
    return "kerrigan-bot[bot]"


def without_permission(box: Box) -> str:
    """The token may read there and not write."""
    return "ben"


def archived(box: Box) -> str:
    """Its owner has put it away."""
    box.plant(Fault("POST", PATH, 403, times=9, body={"message": "Repository was archived so is read-only."}))
    return "ada"


def absent(box: Box) -> str:
    """It was deleted."""
    gone = Fault("GET", f"/repos/{WEB}(/|$)", 404, times=99, body={"message": "Not Found"})
    box.plant(gone, replace(gone, method="POST"))
    return "ada"


LOST: dict[Callable[[Box], str], tuple[tuple[str, str], str]] = {
    without_workflow: (("dispatch_sent", "dispatch_resent"), "sent 2 times, not answered"),
    out_of_reach: (("dispatch_failed", "dispatch_failed"), "does not exist, is archived, or the token"),
    without_permission: (("dispatch_failed", "dispatch_failed"), "GitHub answered 403"),
    archived: (("dispatch_failed", "dispatch_failed"), "Repository was archived so is read-only"),
    absent: (("dispatch_failed", "dispatch_failed"), "does not exist, is archived, or the token"),
}


@pytest.mark.parametrize("receiver", LOST)
def test_a_receiver_that_does_not_answer_ends_as_a_dead_letter_that_status_tells(
    offline_github: OfflineGitHub, tmp_path: Path, receiver: Callable[[Box], str]
) -> None:
    box = plain(offline_github, ALONE, TWICE)
    box.who.set_role("ben", WEB, "read")
    schedule, ada = Person(box, receiver(box), API, tmp_path / "schedule"), Person(box, "ada", API, tmp_path)
    for _ in range(4):
        schedule.json("reconcile")
    tries, why = LOST[receiver]
    assert types(box, "todo/screen") == ("dispatch_requested", *tries, "dispatch_dead")
    assert len(arrived(box)) == (2 if receiver is without_workflow else 0)
    told = ada.kerrigan("status").stdout.partition("needs a person:")[2]
    assert "todo/screen to acme/web: " in told
    assert why in told
    assert ada.json("task", "claim", "todo/contract")["task"]["status"] == "claimed", "the rest goes on"


def test_a_renamed_receiver_is_reached_where_it_is_now(offline_github: OfflineGitHub, tmp_path: Path) -> None:
    box = plain(offline_github, ALONE)
    ada = Person(box, "ada", API, tmp_path)
    moved = {"location": f"{box.api}/repos/{WEB}/dispatches"}
    box.plant(Fault("POST", PATH, 307, body={"message": "Moved Permanently"}, headers=moved))
    ada.json("reconcile")
    assert (types(box, "todo/screen"), len(arrived(box))) == (("dispatch_requested", "dispatch_sent"), 1)


def test_a_lost_dispatch_is_sent_again_when_its_time_has_come_and_answered_once(
    offline_github: OfflineGitHub, tmp_path: Path
) -> None:
    box = plain(offline_github, ALONE, SOON)
    ada, web = (Person(box, "ada", slug, tmp_path) for slug in (API, WEB))
    for _ in range(2):
        ada.json("reconcile")
    first, second = arrived(box)
    assert first.payload["client_payload"]["key"] == second.payload["client_payload"]["key"]
    assert hear(web, (second, first)) == [0, 0]
    ada.json("reconcile")
    answered = ("dispatch_requested", "dispatch_sent", "dispatch_resent", "claimed", "dispatch_acknowledged")
    assert (types(box, "todo/screen"), len(arrived(box))) == (answered, 2)
