"""The chain on the offline GitHub: the real workflows of two repositories, run by act, with the real action."""

from pathlib import Path

import pytest

from tests.box import OfflineGitHub
from tests.e2e.hub import API, WEB, Person, gate, labels, wait, world

pytest_plugins = ["tests.box.plugin"]
pytestmark = [pytest.mark.box, pytest.mark.slow]


def test_a_task_lives_from_claim_to_merge_and_wakes_the_other_repository(
    offline_github: OfflineGitHub, tmp_path: Path
) -> None:
    box = world(offline_github, tmp_path)
    ada = Person(box, "ada", API, tmp_path)
    number = ada.submit("todo/contract", {"docs/openapi.yml": "openapi: 3.1.0\n"})
    wait(box, lambda: ada.task()["status"] == "in_review")
    assert gate(box, API, number)[0] == "failure"
    assert labels(box, API, number) == {"status:in_review", "role:architect"}
    box.call("ben", "POST", f"/repos/{API}/pulls/{number}/reviews", {"event": "APPROVE"})
    wait(box, lambda: ada.task()["status"] == "approved")
    assert gate(box, API, number) == ("success", "todo/contract may merge")
    box.call("ada", "PUT", f"/repos/{API}/pulls/{number}/merge", {"merge_method": "squash"})
    wait(box, lambda: ada.task()["status"] == "done")
    screen = ada.task("todo/screen")
    worked = {"claimed", "started", "submitted"}
    by = {(e["actor"]["login"], e["actor"]["kind"], e["data"]["via"]) for e in ada.events("todo/screen", worked)}
    assert by == {("command", "agent", "app:kerrigan-bot")}, "the agent's, though a person's merge woke it"
    assert (screen["status"], screen["pull_request"]["repository"]) == ("in_review", WEB)
    assert ada.json("status")["projects"][0]["dispatches"] == [], "acknowledged"
    assert ada.json("audit", "verify")["sound"]


def test_one_repository_needs_no_token_but_the_runs_own(offline_github: OfflineGitHub, tmp_path: Path) -> None:
    box = world(offline_github, tmp_path)
    box.secrets.clear()
    ada = Person(box, "ada", API, tmp_path)
    number = ada.submit("todo/contract", {"docs/openapi.yml": "openapi: 3.1.0\n"})
    wait(box, lambda: ada.task()["status"] == "in_review")
    box.call("ben", "POST", f"/repos/{API}/issues/{number}/comments", {"body": "/kerrigan approve"})
    wait(box, lambda: ada.task()["status"] == "approved")
    box.call("ada", "PUT", f"/repos/{API}/pulls/{number}/merge", {"merge_method": "merge"})
    wait(box, lambda: ada.task()["status"] == "done")
    (lost,) = ada.json("status")["projects"][0]["dispatches"]
    assert (lost["to"], lost["status"], lost["sendings"]) == (WEB, "requested", 1), "that repository it cannot reach"
    assert ada.json("audit", "verify")["sound"]


def test_a_label_hands_over_and_one_that_lies_is_put_back(offline_github: OfflineGitHub, tmp_path: Path) -> None:
    box = world(offline_github, tmp_path)
    ada = Person(box, "ada", API, tmp_path)
    number = ada.submit("todo/contract", {"docs/openapi.yml": "openapi: 3.1.0\n"})
    wait(box, lambda: ada.task()["status"] == "in_review")
    box.label("tim", API, number, "status:done", "kerrigan:cancel")
    wait(box, lambda: labels(box, API, number) == {"status:in_review", "role:architect"})
    box.label("ben", API, number, "role:design")
    wait(box, lambda: ada.task()["status"] == "open")
    assert ada.history()[-1] == "handed_off"
    assert (ada.task()["role"], labels(box, API, number)) == ("design", {"status:open", "role:design"})
