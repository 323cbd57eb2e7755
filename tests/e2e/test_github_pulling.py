"""No token that writes in other repositories: everything still happens, by looking, only later."""

import json
from pathlib import Path

import pytest

from tests.box import App, OfflineGitHub
from tests.e2e.hub import API, SPEC, TASKS, WEB, Person, gate

pytest_plugins = ["tests.box.plugin"]
pytestmark = pytest.mark.box

READER = App({"contents": "read", "pull_requests": "read", "checks": "read", "statuses": "write", "metadata": "read"})
FREE = TASKS.replace("    depends_on: [contract]\n", "")


def test_a_satellite_that_may_not_write_home_is_found_by_homes_reconcile(
    offline_github: OfflineGitHub, tmp_path: Path
) -> None:
    plan = {"specs/projects/todo/spec.md": SPEC, "specs/projects/todo/tasks.yml": FREE}
    box = offline_github({API: plan, WEB: {".github/kerrigan.yml": f"home: {API}\n"}}, apps={"reader": READER})
    home, ada = Person(box, "ada", API, tmp_path), Person(box, "ada", WEB, tmp_path)
    number = ada.submit("todo/screen", {"list.html": "<ul></ul>\n"})
    assert box.call("ada", "PUT", f"/repos/{WEB}/pulls/{number}/merge", {}).ok
    box.settle()
    merged = next(e for e in box.events if e.name == "pull_request" and e.action == "closed")
    payload = tmp_path / "merged.json"
    payload.write_text(json.dumps(merged.payload))

    satellite = Person(box, "reader", WEB, tmp_path, box.app_token("reader"))
    done = satellite.kerrigan("event", "--name", "pull_request", "--payload", str(payload))
    assert (done.returncode, f"may not write to {API}" in done.stderr) == (0, True), done.stdout + done.stderr
    assert home.task("todo/screen")["status"] == "testing"
    assert "screen       done" in home.kerrigan("reconcile").stdout
    assert home.task("todo/screen")["status"] == "done"


def test_a_satellites_gate_turns_green_by_its_own_schedule(offline_github: OfflineGitHub, tmp_path: Path) -> None:
    plan = {"specs/projects/todo/spec.md": SPEC, "specs/projects/todo/tasks.yml": TASKS}
    box = offline_github({API: plan, WEB: {".github/kerrigan.yml": f"home: {API}\n"}}, apps={"reader": READER})
    home, ada = Person(box, "ada", API, tmp_path), Person(box, "ada", WEB, tmp_path)
    ada.json("task", "claim", "todo/screen", "--force", "--reason", "early")
    ada.json("task", "start", "todo/screen")
    box.push(WEB, "kerrigan/todo/screen", {"list.html": "<ul></ul>\n"}, "ada")
    ada.json("task", "submit", "todo/screen")
    ada.json("task", "pass-tests", "todo/screen", "--force", "--reason", "there are none")
    state, words = gate(box, WEB, 1)
    assert (state, "waits on todo/contract" in words) == ("failure", True)

    first = home.submit("todo/contract", {"openapi.yml": "openapi: 3.1.0\n"})
    assert box.call("ada", "PUT", f"/repos/{API}/pulls/{first}/merge", {}).ok
    home.json("task", "complete", "todo/contract")
    satellite = Person(box, "reader", WEB, tmp_path, box.app_token("reader"))
    done = satellite.kerrigan("reconcile")
    assert done.returncode == 0, done.stderr
    assert gate(box, WEB, 1)[0] == "success"
