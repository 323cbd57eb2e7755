"""What people ask about tasks: who holds what, what stands still, what happened since, what everything waits for."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.e2e.desk import Desk, publish

PLAN = """\
kerrigan: 7
tasks:
  - {id: contract, title: Agree it, role: architect}
  - {id: screen, title: Show it, role: swe, depends_on: [contract]}
  - {id: ship, title: Ship it, role: swe, depends_on: [screen]}
  - {id: notes, title: Write it down, role: swe}
  - {id: stuck, title: Go on, role: swe}
"""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path, publish(tmp_path), "ada")
    desk.path.joinpath("specs/projects/todo/tasks.yml").write_text(PLAN)
    desk.git("commit", "-q", "-a", "-m", "Plan more")
    desk.git("push", "-q", "origin", "HEAD:main")
    for words in (("claim", "todo/notes"), ("claim", "todo/stuck"), ("block", "todo/stuck", "--reason", "no key")):
        asked = desk.kerrigan("task", *words)
        assert asked.returncode == 0, asked.stderr
    return desk


def asked(desk: Desk, *words: str) -> list[str]:
    """The names of the tasks that an answer lists."""
    return [task["id"].removeprefix("todo/") for task in desk.json("tasks", *words)["tasks"]]


def test_questions_about_people_and_obstacles(desk: Desk) -> None:
    assert asked(desk, "--holder", "Ada") == ["notes"]
    assert asked(desk, "--blocked") == ["screen", "ship", "stuck"]
    assert asked(desk, "--blocked", "--waiting-on", "todo/screen") == ["ship"]
    nobody = desk.kerrigan("tasks", "--holder", "eve")
    assert (nobody.returncode, nobody.stdout) == (0, "")
    assert nobody.stderr == "no task matches --holder eve: kerrigan tasks lists all 5 tasks\n"


def test_the_critical_path_is_what_is_left_of_the_longest_chain(desk: Desk) -> None:
    assert asked(desk, "--critical") == ["contract", "screen", "ship"]
    assert asked(desk, "--critical", "--ready") == ["contract"]
    for words in (("cancel", "todo/contract", "--reason", "bought"), ("cancel", "todo/ship", "--reason", "no")):
        assert desk.kerrigan("task", *words).returncode == 0
    assert len(asked(desk, "--critical")) == 1


def test_what_changed_after_a_time(desk: Desk) -> None:
    changed = {task["id"]: task["since"] for task in desk.json("tasks")["tasks"]}
    assert (changed["todo/contract"], changed["todo/screen"]) == (None, None)
    assert asked(desk, "--after", "2000-01-01") == ["notes", "stuck"]
    assert asked(desk, "--after", changed["todo/notes"]) == ["stuck"]
    assert asked(desk, "--after", datetime.max.replace(tzinfo=UTC).isoformat()) == []
    assert desk.kerrigan("tasks", "--after", "yesterday").returncode == 2


def test_a_project_of_milestones_1_to_6_says_how_its_tasks_come_over(desk: Desk) -> None:
    old = desk.path / "specs/projects/old"
    old.mkdir()
    (old / "spec.md").write_text("# Old\n")
    (old / "tasks.md").write_text("## Task: Look around\n")
    desk.git("add", ".")
    desk.git("commit", "-q", "-m", "An old one")
    desk.git("push", "-q", "origin", "HEAD:main")
    step = "kerrigan import kerrigan-md specs/projects/old"
    for words in (("tasks", "old"), ("task", "claim", "old/look-around")):
        assert step in desk.kerrigan(*words).stderr
    assert step in desk.kerrigan("status", "old").stdout
    assert step not in desk.kerrigan("tasks", "todo").stderr
    assert desk.kerrigan("tasks", "-q", "old").stderr == ""
    taken_over = desk.kerrigan(*step.split()[1:])
    assert (taken_over.returncode, "look-around" in (old / "tasks.yml").read_text()) == (0, True), taken_over.stderr
