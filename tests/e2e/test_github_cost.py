"""What Kerrigan costs on GitHub, in requests: little where something happens, next to nothing where nothing does."""

from pathlib import Path

import pytest

from tests.box import Box, OfflineGitHub
from tests.e2e.hub import API, SPEC, TASKS, WEB, Person

pytest_plugins = ["tests.box.plugin"]
pytestmark = pytest.mark.box

REPOSITORIES = [f"acme/r{number}" for number in range(10)]
READS = {"GET", "HEAD"}


def requests(box: Box, before: int) -> tuple[int, int]:
    """How many requests to the API there were since, and how many of them wrote; git's are not the API's."""
    verbs = [r.method for r in box.activity.requests[before:] if ".git/" not in r.target]
    return len(verbs), len([verb for verb in verbs if verb not in READS])


def test_ten_repositories_of_fifty_tasks_where_nothing_is_to_do(offline_github: OfflineGitHub, tmp_path: Path) -> None:
    places = "".join(f"  - {{name: r{n}, url: 'https://github.com/{slug}'}}\n" for n, slug in enumerate(REPOSITORIES))
    tasks = "".join(
        f"  - {{id: t{n}-{task}, title: T, role: swe, repository: r{n}, depends_on: [first]}}\n"
        for n in range(10)
        for task in range(50)
    )
    plan = {
        "specs/projects/big/spec.md": f"---\nkerrigan: 7\nrepositories:\n{places}---\n# Big\n\nMany tasks.\n",
        "specs/projects/big/tasks.yml": "kerrigan: 7\ntasks:\n"
        f"  - {{id: first, title: First, role: swe, repository: r0}}\n{tasks}",
    }
    box = offline_github({slug: plan if slug == "acme/r0" else {} for slug in REPOSITORIES})
    ada = Person(box, "ada", "acme/r0", tmp_path)
    ada.submit("big/first", {"first.txt": "first"})
    assert ada.kerrigan("reconcile").returncode == 0
    before = len(box.activity.requests)
    done = ada.kerrigan("reconcile")
    assert done.stdout.startswith("nothing to do"), done.stderr
    asked, wrote = requests(box, before)
    assert wrote == 0
    listed = [r.target for r in box.activity.requests[before:] if "state=closed" in r.target]
    assert len(listed) == len(REPOSITORIES), "once a repository, whether someone merged what was never handed in"
    assert 0 < asked - len(listed) <= 15, f"{asked} requests, and one pull request is open"


def test_a_hand_off_costs_three_writes(offline_github: OfflineGitHub, tmp_path: Path) -> None:
    plan = {"specs/projects/todo/spec.md": SPEC, "specs/projects/todo/tasks.yml": TASKS}
    box = offline_github({API: plan, WEB: {".github/kerrigan.yml": f"home: {API}\n"}})
    ada = Person(box, "ada", API, tmp_path)
    number = ada.submit("todo/contract", {"openapi.yml": "openapi: 3.1.0\n"})
    before = len(box.activity.requests)
    ada.json("task", "pass-tests", "todo/contract", "--force", "--reason", "there are none")
    assert 0 < requests(box, before)[1] <= 2
    box.call("ada", "PUT", f"/repos/{API}/pulls/{number}/merge", {})
    box.settle()
    before = len(box.activity.requests)
    ada.json("task", "complete", "todo/contract")
    assert [d["status"] for d in ada.json("status")["projects"][0]["dispatches"]] == ["sent"]
    assert 0 < requests(box, before)[1] <= 3


def test_a_gate_with_nothing_new_to_say_writes_nothing(offline_github: OfflineGitHub, tmp_path: Path) -> None:
    plan = {"specs/projects/todo/spec.md": SPEC, "specs/projects/todo/tasks.yml": TASKS}
    box = offline_github({API: plan, WEB: {}})
    ada = Person(box, "ada", API, tmp_path)
    number = ada.submit("todo/contract", {"openapi.yml": "openapi: 3.1.0\n"})
    assert ada.kerrigan("gate", "--pr", str(number)).returncode == 1
    before = len(box.activity.requests)
    assert ada.kerrigan("gate", "--pr", str(number)).returncode == 1
    asked, wrote = requests(box, before)
    assert (asked > 0, wrote) == (True, 0)
