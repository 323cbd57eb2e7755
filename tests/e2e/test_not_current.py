"""What is not pushed, not pulled or not there: each is called what it is, with the command that ends it."""

from pathlib import Path

import pytest

from tests.e2e.desk import TASKS, Desk, publish

PLAN = "specs/projects/todo/tasks.yml"
LATER = TASKS + "  - {id: later, title: Later, role: swe}\n"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path, publish(tmp_path), "ada")


def elsewhere(desk: Desk, text: str) -> None:
    """Another person pushes another plan."""
    other = Desk(desk.path.parent, desk.path.parent / "forge/acme/todo.git", "bo")
    other.path.joinpath(PLAN).write_text(text)
    other.git("commit", "-q", "-a", "-m", "Plan more")
    other.git("push", "-q", "origin", "main")


def committed(desk: Desk, text: str) -> None:
    desk.path.joinpath(PLAN).write_text(text)
    desk.git("commit", "-q", "-a", "-m", "Plan otherwise")


def told(desk: Desk) -> str:
    """The one line about the difference."""
    (line,) = desk.kerrigan("tasks").stderr.splitlines()
    return line


def test_a_clone_that_is_merely_behind_is_told_to_pull(desk: Desk) -> None:
    elsewhere(desk, LATER)
    assert told(desk) == "specs/projects/todo is older than on origin/main, which Kerrigan uses: git pull (todo)"
    desk.git("pull", "-q")
    assert desk.kerrigan("tasks").stderr == ""


def test_a_branch_that_is_behind_is_told_what_brings_the_plan(desk: Desk) -> None:
    desk.git("checkout", "-q", "-b", "kerrigan/todo/contract")
    elsewhere(desk, LATER)
    assert told(desk).endswith("which Kerrigan uses: git pull origin main (todo)")


def test_commits_that_are_not_pushed_are_told_to_be_pushed(desk: Desk) -> None:
    committed(desk, LATER)
    words = "specs/projects/todo has commits that are not on origin/main yet, which Kerrigan uses"
    assert told(desk) == f"{words}: git push (todo)"
    desk.git("checkout", "-q", "-b", "plan")
    assert told(desk) == f"{words}: git push, and merge plan into main (todo)"
    desk.git("push", "-q", "origin", "plan:main")
    assert desk.kerrigan("tasks").stderr == ""


def test_both_sides_changed(desk: Desk) -> None:
    elsewhere(desk, LATER)
    committed(desk, TASKS.replace("Agree", "Write"))
    also = "origin/main has changes of it that are not here"
    assert told(desk) == (
        f"specs/projects/todo has commits that are not on origin/main yet, which Kerrigan uses, and {also}: "
        "git pull, then git push (todo)"
    )
    desk.path.joinpath(PLAN).write_text(LATER.replace("Show", "Draw"))
    assert told(desk).endswith(": commit them, then git pull, then git push (todo)")


def test_what_doctor_says_of_it_is_the_same(desk: Desk) -> None:
    elsewhere(desk, LATER)
    shown = desk.kerrigan("doctor", "-q").stdout
    assert "warning  specs/projects/todo is older than on origin/main, which Kerrigan uses [unpublished]" in shown
    assert shown.count("next: git pull\n") == 2
    assert "HEAD lacks 1 commit of origin/main" in shown


def why(desk: Desk, *words: str) -> str:
    """Why the list of ready tasks is empty."""
    done = desk.kerrigan("tasks", "--ready", *words)
    assert (done.returncode, done.stdout) == (0, "")
    return done.stderr.strip()


def test_no_task_is_ready_for_a_reason_that_a_command_ends(desk: Desk) -> None:
    desk.json("task", "claim", "todo/contract")
    assert why(desk) == "no task of todo is ready: 1 at work, 1 waiting (kerrigan tasks todo)"
    assert why(desk, "--role", "architect") == "no task of todo is ready: 1 at work (kerrigan status todo)"
    assert why(desk, "--holder", "eve") == "no task matches --holder eve: kerrigan tasks lists all 2 tasks"
    desk.json("task", "release", "todo/contract")
    desk.json("pause", "todo", "--reason", "lunch")
    assert why(desk) == "no task of todo is ready: todo is paused by ada: lunch (kerrigan resume todo --reason TEXT)"
    desk.json("resume", "todo", "--reason", "fed")
    for task in ("contract", "screen"):
        desk.json("task", "cancel", f"todo/{task}", "--reason", "no")
    assert why(desk) == "no task of todo is ready: 2 cancelled (kerrigan status todo)"


def test_a_project_without_tasks_and_a_home_without_projects(desk: Desk) -> None:
    committed(desk, "kerrigan: 7\ntasks: []\n")
    desk.git("push", "-q", "origin", "main")
    assert why(desk) == "no task of todo is ready: it has no tasks; write them into its tasks.yml, and push it"
    desk.git("rm", "-q", "-r", "specs")
    desk.git("commit", "-q", "-m", "Begin anew")
    desk.git("push", "-q", "origin", "main")
    assert why(desk).startswith("no project is on the default branch yet: write specs/projects/<project>/spec.md")
