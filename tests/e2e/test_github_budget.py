"""A budget over two projects on the offline GitHub: the turnstile moves over HTTP, and a lost race is noticed."""

from pathlib import Path

import pytest

from kerrigan.git.journal.journals import BUDGET
from tests.box import Box, Fault, OfflineGitHub
from tests.e2e.desk import git
from tests.e2e.hub import API, Person

pytest_plugins = ["tests.box.plugin"]
pytestmark = [pytest.mark.box, pytest.mark.slow]

SPEC = "---\nkerrigan: 7\n---\n# Work\n\nIt costs.\n"
TASKS = """\
kerrigan: 7
tasks:
  - {id: t0, title: First, role: swe, estimate: {usd: 0.5}}
  - {id: t1, title: Second, role: swe, estimate: {usd: 0.5}}
"""


def home(boot: OfflineGitHub) -> Box:
    """One repository with two projects that share a dollar."""
    plans = {f"specs/projects/{p}/{n}": t for p in ("one", "two") for n, t in (("spec.md", SPEC), ("tasks.yml", TASKS))}
    files = {".github/kerrigan.yml": "kerrigan: 7\nbudget: {usd: 1}\n", **plans}
    return boot({API: files}, users={"ada": "admin", "ben": "write"})


def turnstile(box: Box) -> str:
    """Where the turnstile is."""
    return git("for-each-ref", "--format=%(objectname)", BUDGET, cwd=box.repositories[API].path)


def test_the_guard_moves_with_the_claim_and_a_claim_beside_it_is_counted(
    offline_github: OfflineGitHub, tmp_path: Path
) -> None:
    box = home(offline_github)
    ada, ben = (Person(box, name, API, tmp_path) for name in ("ada", "ben"))
    ada.json("task", "claim", "one/t0")
    assert turnstile(box) == box.tip(API, "kerrigan-state/one")
    box.plant(Fault("POST", "/git-receive-pack$", when="beside", then=lambda: ben.json("task", "claim", "two/t0")))
    late = ada.kerrigan("task", "claim", "one/t1")
    assert late.returncode == 5, late.stderr
    assert "has no room for $0.50: $0.00 are spent and $1.00 reserved" in late.stderr
    assert turnstile(box) == box.tip(API, "kerrigan-state/two")
    assert box.faults_left() == 0


def test_a_push_that_landed_and_was_not_answered_moved_both(offline_github: OfflineGitHub, tmp_path: Path) -> None:
    box = home(offline_github)
    ada = Person(box, "ada", API, tmp_path)
    box.plant(Fault("POST", "/git-receive-pack$", when="after", status=502))
    ada.json("task", "claim", "one/t0")
    assert ada.history("one/t0") == ["claimed"]
    assert turnstile(box) == box.tip(API, "kerrigan-state/one")
    assert box.faults_left() == 0
