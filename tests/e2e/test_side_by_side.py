"""Clones side by side in one folder: one check and one graph over all of them."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.e2e.desk import SPEC, Desk, git
from tests.warm import python

TASK = "kerrigan: 7\ntasks:\n  - {{id: {}, title: Do it, role: swe, depends_on: [{}]}}\n"


@pytest.fixture
def clones(tmp_path: Path) -> Path:
    """Three clones in one folder, each with a project; two of them wait for each other."""
    for name, task, needs in (("api", "endpoint", "web/screen"), ("web", "screen", "api/endpoint"), ("ops", "go", "")):
        bare = tmp_path / "forge" / "acme" / f"{name}.git"
        git("init", "-q", "--bare", "-b", "main", str(bare), cwd=tmp_path)
        tmp_path.joinpath("clones").mkdir(exist_ok=True)
        folder = Desk(tmp_path / "clones", bare, name).path / "specs" / "projects" / name
        folder.mkdir(parents=True)
        folder.joinpath("spec.md").write_text(SPEC)
        folder.joinpath("tasks.yml").write_text(TASK.format(task, needs))
    return tmp_path / "clones"


def kerrigan(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run one command in a folder."""
    command = [python(), "-m", "kerrigan", *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_a_cycle_over_two_clones_is_told_once_with_both_places(clones: Path) -> None:
    done = kerrigan(clones, "check", ".", "--json")
    (found,) = json.loads(done.stdout)["diagnostics"]
    assert (done.returncode, found["code"]) == (1, "dependency-cycle")
    plans = {"api/specs/projects/api/tasks.yml", "web/specs/projects/web/tasks.yml"}
    assert {place["path"] for place in found["related"]} == plans
    assert kerrigan(clones, "check", ".", "--project", "ops").returncode == 0
    assert kerrigan(clones, "check", ".", "--project", "web").returncode == 1


def test_the_graph_draws_them_together(clones: Path) -> None:
    drawn = json.loads(kerrigan(clones, "graph", "--json").stdout)["projects"]
    edges = [(edge["from"], edge["to"]) for project in drawn for edge in project["edges"]]
    assert edges == [("web/screen", "api/endpoint"), ("api/endpoint", "web/screen")]
    assert [project["project"] for project in drawn] == ["api", "ops", "web"]
