"""Agents in workflow runs: what fails is written down, and what disappears is found by its run having ended."""

from pathlib import Path

import pytest

from tests.box import Box, OfflineGitHub
from tests.e2e.hub import API, SPEC, WEB, Person, wait, world

pytest_plugins = ["tests.box.plugin"]
pytestmark = [pytest.mark.box, pytest.mark.slow]

FREE = """\
kerrigan: 7
tasks:
  - {id: contract, title: Agree the API contract, role: architect, repository: api}
  - {id: screen, title: Show the list, role: swe, repository: web, depends_on: [contract]}
"""
ENDS = """\
name: ends
on: {push: {branches: [main]}}
jobs: {ends: {runs-on: ubuntu-24.04, steps: [{run: "true"}]}}
"""


def woken(boot: OfflineGitHub, tmp_path: Path, agent: str) -> Person:
    """Somebody at home, after the task of the other repository was dispatched to this agent and its run has ended."""
    box = world(boot, tmp_path, FREE)
    box.variables[WEB] = {"KERRIGAN_AGENT_COMMAND": agent}
    ada = Person(box, "ada", API, tmp_path)
    number = ada.submit("todo/contract", {"openapi.yml": "openapi: 3.1.0\n"})
    box.settle()
    box.call("ada", "PUT", f"/repos/{API}/pulls/{number}/merge", {})
    wait(box, lambda: len(ada.history("todo/screen")) > 3)
    return ada


def runs(box: Box) -> list[tuple[str, str | None]]:
    return [(run.name, run.conclusion) for run in box.runs if run.slug == WEB]


def test_an_agent_that_fails_is_written_down_with_its_run(offline_github: OfflineGitHub, tmp_path: Path) -> None:
    ada = woken(offline_github, tmp_path, "echo no >&2; exit 3")
    assert ("Kerrigan work", "failure") in runs(ada.box)
    task = ada.task("todo/screen")
    assert (task["status"], task["attempts"]) == ("failed", 1)
    assert task["feedback"]["reason"].startswith("failure in run ")


def test_a_claim_ends_by_proof_when_its_run_has_ended(offline_github: OfflineGitHub, tmp_path: Path) -> None:
    plan = {"specs/projects/todo/spec.md": SPEC, "specs/projects/todo/tasks.yml": FREE}
    box = offline_github({API: plan | {".github/workflows/ends.yml": ENDS}, WEB: {}})
    box.push(API, "main", {"a.txt": "a"})
    box.settle()
    ada = Person(box, "ada", API, tmp_path)
    for run in (box.runs[0].id, 999_999):
        ada.run = {"GITHUB_REPOSITORY": API, "GITHUB_RUN_ID": str(run)}
        holder = ada.json("task", "claim", "todo/contract")["task"]["holder"]
        assert holder["run"] == f"{API}/{run}"
        ada.run = {}
        assert "its claim is over" in ada.kerrigan("reconcile").stdout
        assert ada.task()["status"] == "open"
    ada.json("task", "claim", "todo/contract")
    assert ada.kerrigan("reconcile").stdout.startswith("nothing to do"), "no run, so the lease alone ends it"
