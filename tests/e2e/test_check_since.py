"""`kerrigan check --since`: what a change caused is told, wherever it broke something, and nothing else."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.desk import SPEC, TASKS, Desk, git, publish
from tests.unit.report_stage import assert_fits

FOLDER = "specs/projects/todo"
OLD = "  - id: old\n    title: It was wrong before\n    role: swe\n    depends_on: [nothing]\n"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A clone on a branch of its own; on main one finding stands already, and a project depends on another."""
    desk = Desk(tmp_path, publish(tmp_path), "ana")
    write(desk, f"{FOLDER}/tasks.yml", TASKS + OLD)
    write(desk, "specs/projects/shop/spec.md", SPEC)
    write(desk, "specs/projects/shop/tasks.yml", TASKS.replace("[contract]", "[todo/screen]"))
    commit(desk)
    desk.git("push", "-q", "origin", "HEAD:main")
    desk.git("checkout", "-q", "-b", "change")
    return desk


def write(desk: Desk, path: str, text: str) -> None:
    desk.path.joinpath(path).parent.mkdir(parents=True, exist_ok=True)
    desk.path.joinpath(path).write_bytes(text.encode())


def commit(desk: Desk) -> None:
    desk.git("add", "-A")
    desk.git("commit", "-q", "-m", "Change")


def since(desk: Desk, *words: str) -> tuple[int, list[tuple[Any, ...]]]:
    done = desk.kerrigan("check", "--since", "origin/main", "--json", *words)
    assert not done.stderr
    answer = json.loads(done.stdout)
    assert_fits("check", answer)
    return done.returncode, [(d["code"], d["path"], d["line"]) for d in answer["diagnostics"]]


def test_nothing_changed_is_nothing_new(desk: Desk) -> None:
    assert since(desk) == (0, [])
    said = desk.kerrigan("check", "--since", "origin/main").stdout
    assert "nothing new since origin/main (" in said
    assert said.rstrip().endswith("; 1 older not shown")


def test_what_breaks_in_a_file_that_was_not_touched_is_told(desk: Desk) -> None:
    write(desk, f"{FOLDER}/tasks.yml", (TASKS + OLD).replace("id: screen", "id: page"))
    commit(desk)
    assert since(desk) == (1, [("unknown-dependency", "specs/projects/shop/tasks.yml", 10)])


def test_what_is_not_committed_yet_counts_too(desk: Desk) -> None:
    write(desk, f"{FOLDER}/tasks.yml", TASKS + OLD + "    colour: red\n")
    assert since(desk) == (1, [("unknown-key", f"{FOLDER}/tasks.yml", 15)])


def test_a_line_that_moved_is_not_new_and_a_second_one_like_it_is(desk: Desk) -> None:
    write(desk, f"{FOLDER}/tasks.yml", "# moved\n# down\n" + TASKS + OLD)
    assert since(desk) == (0, [])
    write(desk, f"{FOLDER}/tasks.yml", TASKS + OLD + OLD.replace("id: old", "id: more"))
    assert since(desk) == (1, [("unknown-dependency", f"{FOLDER}/tasks.yml", 18)])


def test_what_main_has_become_meanwhile_is_not_the_changes_fault(desk: Desk) -> None:
    desk.git("checkout", "-q", "-b", "elsewhere", "origin/main")
    write(desk, f"{FOLDER}/tasks.yml", TASKS)
    commit(desk)
    desk.git("push", "-q", "origin", "HEAD:main")
    desk.git("checkout", "-q", "change")
    assert since(desk) == (0, [])


def test_a_part_and_a_project_can_be_named(desk: Desk) -> None:
    write(desk, f"{FOLDER}/tasks.yml", (TASKS + OLD).replace("id: screen", "id: page"))
    assert since(desk, "--project", "todo") == (0, [])
    assert since(desk, "specs/projects/shop")[0] == 1


def test_files_that_are_no_text_were_so_before(desk: Desk) -> None:
    desk.path.joinpath(FOLDER, "odd.md").write_bytes(b"\xff\xfea")
    desk.path.joinpath(FOLDER, "gone.md").symlink_to("/nowhere/at/all")
    desk.path.joinpath(FOLDER, "same.md").symlink_to("spec.md")
    commit(desk)
    assert [found[1] for found in since(desk)[1]] == [f"{FOLDER}/gone.md", f"{FOLDER}/odd.md"]
    desk.git("push", "-q", "origin", "HEAD:main")
    assert since(desk) == (0, [])


def check(folder: Path, ref: str) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "kerrigan", "check", "--since", ref]
    return subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)


def test_a_repository_inside_has_a_history_of_its_own(desk: Desk) -> None:
    git("init", "-q", "inner", cwd=desk.path)
    write(desk, f"inner/{FOLDER}/spec.md", SPEC)
    write(desk, f"inner/{FOLDER}/tasks.yml", TASKS + OLD)
    assert f"inner/{FOLDER}/tasks.yml" in desk.kerrigan("check").stdout
    assert since(desk) == (0, [])


@pytest.mark.parametrize("ref", ["no-such-branch", "--all", "HEAD:specs", ""])
def test_a_ref_that_is_not_there_is_named(desk: Desk, ref: str) -> None:
    done = desk.kerrigan("check", f"--since={ref}")
    assert done.returncode == 2
    assert f"no commit that '{ref}' names" in done.stderr
    assert "known here: " in done.stderr
    assert "main" in done.stderr


def test_a_history_of_its_own_has_no_beginning(desk: Desk) -> None:
    desk.git("checkout", "-q", "--orphan", "fresh")
    done = desk.kerrigan("check", "--since", "main")
    assert (done.returncode, "HEAD has no commit yet" in done.stderr) == (2, True)
    commit(desk)
    done = desk.kerrigan("check", "--since", "main")
    assert (done.returncode, "no commit in common" in done.stderr) == (2, True)


def test_a_shallow_clone_says_how_to_get_the_rest(desk: Desk, tmp_path: Path) -> None:
    commit_twice(desk)
    url = desk.git("remote", "get-url", "origin")
    git("clone", "-q", "--depth=1", "--branch=change", "--no-single-branch", f"file://{url}", "shallow", cwd=tmp_path)
    done = check(tmp_path / "shallow", "origin/main")
    assert done.returncode == 4
    assert "shallow" in done.stderr
    assert "fetch-depth: 0" in done.stderr
    assert "fetch-depth: 0" in check(tmp_path / "shallow", "no-such").stderr


def commit_twice(desk: Desk) -> None:
    for number in (1, 2):
        write(desk, "notes.txt", f"{number}\n")
        commit(desk)
    desk.git("push", "-q", "origin", "HEAD")


def test_outside_of_a_repository_there_is_no_since(tmp_path: Path) -> None:
    folder = tmp_path / FOLDER
    folder.mkdir(parents=True)
    folder.joinpath("spec.md").write_text(SPEC)
    done = check(tmp_path, "main")
    assert (done.returncode, "is in no git repository" in done.stderr) == (3, True)


def main_has(desk: Desk, files: dict[str, str]) -> None:
    """Put files on main before the change begins."""
    for path, text in files.items():
        write(desk, path, text)
    commit(desk)
    desk.git("push", "-q", "origin", "HEAD:main")


TWICE = TASKS.replace("[contract]", "[contract, contract]")
DUPLICATE = "check: {rules: {duplicate-dependency: %s}}\n"


def test_what_became_worse_is_new(desk: Desk) -> None:
    main_has(desk, {f"{FOLDER}/tasks.yml": TWICE, ".github/kerrigan.yml": DUPLICATE % "warning"})
    assert since(desk) == (0, [])
    write(desk, ".github/kerrigan.yml", DUPLICATE % "error")
    code, new = since(desk)
    assert (code, {found[0] for found in new}) == (1, {"duplicate-dependency"})


def test_a_file_in_place_of_a_folder_is_new(desk: Desk) -> None:
    artifacts = 'check: {artifacts: [{glob: "docs/**", headings: [T]}]}\n'
    main_has(desk, {".github/kerrigan.yml": artifacts, "docs/x/a.md": "# T\n"})
    desk.git("rm", "-q", "-r", "docs/x")
    desk.path.joinpath("docs").mkdir(exist_ok=True)
    desk.path.joinpath("docs/x").write_bytes(b"caf\xe9\n")
    commit(desk)
    assert since(desk) == (1, [("unreadable", "docs/x", 1)])


def test_what_a_link_through_a_linked_folder_holds_is_no_news(desk: Desk) -> None:
    desk.path.joinpath("real").mkdir()
    desk.path.joinpath("docs").symlink_to("real")
    desk.path.joinpath("real/tasks.yml").write_text(TASKS + OLD)
    desk.path.joinpath(f"{FOLDER}/tasks.yml").unlink()
    desk.path.joinpath(f"{FOLDER}/tasks.yml").symlink_to("../../../docs/tasks.yml")
    main_has(desk, {"notes.txt": "one\n"})
    write(desk, "notes.txt", "two\n")
    commit(desk)
    assert since(desk) == (0, [])
