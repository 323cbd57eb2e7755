"""`kerrigan check --repositories`: what the files name in other repositories, read from a folder of clones."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.desk import SPEC, git
from tests.unit.report_stage import assert_fits
from tests.warm import python

HOME = "---\nkerrigan: 7\nrepositories:\n  - {name: web, url: https://github.com/acme/web}\n---\n# Todo\n\n"
GUIDE = "Shown as the [guide](web:docs/guide.md#the-list) says.\n"
TASKS = "kerrigan: 7\ntasks:\n  - {{id: {}, title: Show it, role: swe, depends_on: [{}]}}\n"
PLAN = "specs/projects/todo/tasks.yml"


def write(folder: Path, files: dict[str, str]) -> Path:
    """A repository with these files on its default branch."""
    for path, text in files.items():
        folder.joinpath(path).parent.mkdir(parents=True, exist_ok=True)
        folder.joinpath(path).write_text(text, encoding="utf-8")
    git("init", "-q", "-b", "main", cwd=folder)
    git("add", ".", cwd=folder)
    git("-c", "user.name=ada", "commit", "-q", "-m", "Write files", cwd=folder)
    return folder


def web(folder: Path, origin: str = "https://github.com/acme/web", needs: str = "") -> Path:
    """A clone of acme/web, which has a project and a guide."""
    files = {"specs/projects/site/spec.md": SPEC, "specs/projects/site/tasks.yml": TASKS.format("page", needs)}
    write(folder, {**files, "docs/guide.md": "# Guide\n\nThe list\n--------\n"})
    if origin:
        git("remote", "add", "origin", origin, cwd=folder)
    return folder


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A repository whose project waits for one of acme/web, and refers to its guide."""
    folder = tmp_path / "home" / "specs" / "projects" / "todo"
    folder.mkdir(parents=True)
    folder.joinpath("spec.md").write_text(HOME + GUIDE, encoding="utf-8")
    folder.joinpath("tasks.yml").write_text(TASKS.format("screen", "site/page"), encoding="utf-8")
    (tmp_path / "clones").mkdir()
    return write(tmp_path / "home", {})


def check(home: Path, *words: str) -> list[dict[str, Any]]:
    done = kerrigan(home, "check", "--json", *words)
    answer = json.loads(done.stdout)
    assert_fits("check", answer)
    assert done.returncode == int(any(found["severity"] == "error" for found in answer["diagnostics"]))
    return list(answer["diagnostics"])


def beside(home: Path, *words: str) -> list[tuple[str, str]]:
    """The codes and messages of a check beside the folder of clones."""
    return [(found["code"], found["message"]) for found in check(home, "--repositories", "../clones", *words)]


def kerrigan(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [python(), "-m", "kerrigan", *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def reasons(home: Path) -> set[str]:
    """Why a check is undecided about everything that it says."""
    found = beside(home)
    assert {code for code, _ in found} == {"undecided"}
    assert len(found) == 2
    return {message.partition(": ")[2] for _, message in found}


def test_a_plain_check_looks_nowhere_else(home: Path, tmp_path: Path) -> None:
    web(tmp_path / "clones" / "web")
    assert [found["code"] for found in check(home)] == ["unknown-dependency"]


@pytest.mark.parametrize("origin", ["https://github.com/acme/web", "git@github.com:Acme/Web.git", ""])
def test_a_clone_is_known_by_its_origin_else_by_its_folder(home: Path, tmp_path: Path, origin: str) -> None:
    web(tmp_path / "clones" / ("other" if origin else "Web"), origin)
    assert beside(home) == []


def test_clones_may_lie_in_a_folder_for_each_owner_and_be_links(home: Path, tmp_path: Path) -> None:
    (tmp_path / "clones" / "acme").mkdir()
    (tmp_path / "clones" / "acme" / "web").symlink_to(web(tmp_path / "far" / "away"))
    assert beside(home) == []


def test_a_bare_clone_is_read_from_its_default_branch(home: Path, tmp_path: Path) -> None:
    source = web(tmp_path / "source")
    git("checkout", "-q", "-b", "next", cwd=source)
    git("rm", "-q", "-r", "docs", cwd=source)
    git("-c", "user.name=ada", "commit", "-q", "-m", "Remove the guide", cwd=source)
    git("clone", "-q", "--bare", str(source), str(tmp_path / "clones" / "web.git"), cwd=tmp_path)
    bare = tmp_path / "clones" / "web.git"
    git("symbolic-ref", "HEAD", "refs/heads/main", cwd=bare)
    before = sorted(path for path in bare.rglob("*"))
    assert beside(home) == []
    git("symbolic-ref", "HEAD", "refs/heads/next", cwd=bare)
    assert beside(home) == [("broken-reference", "acme/web has no docs/guide.md")]
    assert sorted(path for path in bare.rglob("*")) == before


def test_a_clone_without_its_files_is_read_from_its_default_branch(home: Path, tmp_path: Path) -> None:
    source, clone = web(tmp_path / "acme" / "web"), tmp_path / "clones" / "web"
    git("clone", "-q", "--no-checkout", str(source), str(clone), cwd=tmp_path)
    assert beside(home) == []
    assert [path.name for path in clone.iterdir()] == [".git"]


def test_a_work_tree_is_read_as_it_is(home: Path, tmp_path: Path) -> None:
    clone = web(tmp_path / "clones" / "web")
    (clone / "docs" / "guide.md").write_text("# Guide\n\n## Other lists\n")
    (clone / "specs" / "projects" / "site" / "tasks.yml").write_text(TASKS.format("pages", ""))
    assert beside(home) == [
        ("broken-reference", "docs/guide.md of acme/web has no heading '#the-list'"),
        ("unknown-dependency", "unknown task 'site/page'"),
    ]


def test_a_cycle_over_repositories_is_told_once_and_here(home: Path, tmp_path: Path) -> None:
    web(tmp_path / "clones" / "web", needs="todo/screen, nobody")
    (found,) = check(home, "--repositories", "../clones")
    assert (found["code"], found["path"], found["line"]) == ("dependency-cycle", PLAN, 3)
    places = {(place["path"], place["line"]) for place in found["related"]}
    assert places == {(PLAN, 3), ("../clones/web/specs/projects/site/tasks.yml", 3)}
    assert all((home / path).is_file() for path, _ in places)


def test_what_is_not_there_is_undecided_with_the_reason(home: Path, tmp_path: Path) -> None:
    write(tmp_path / "clones" / "other", {"README.md": "# Other\n"})
    assert reasons(home) == {"acme/web is not in the folder ../clones"}


def test_a_clone_of_another_repository_is_not_taken_for_this_one(home: Path, tmp_path: Path) -> None:
    clone = web(tmp_path / "clones" / "web", "https://github.com/eve/web")
    shutil.rmtree(clone / "specs")
    said = "acme/web is not in the folder ../clones: ../clones/web is a clone of eve/web"
    assert reasons(home) == {said}


def test_a_broken_clone_is_undecided_also_inside_of_another_repository(home: Path, tmp_path: Path) -> None:
    git("init", "-q", cwd=tmp_path)
    clone = web(tmp_path / "clones" / "web")
    shutil.rmtree(clone / ".git")
    (clone / ".git").mkdir()
    assert reasons(home) == {"../clones/web cannot be read: its .git is no repository"}
    (clone / ".git").rmdir()
    (clone / ".git").write_text("gitdir: /nowhere\n")
    (reason,) = reasons(home)
    assert "is in no git repository that can be read" in reason


def test_an_empty_bare_repository_is_undecided(home: Path, tmp_path: Path) -> None:
    git("init", "-q", "--bare", str(tmp_path / "clones" / "web.git"), cwd=tmp_path)
    (reason,) = reasons(home)
    assert reason.endswith("clones/web.git has no commit yet")


def test_objects_that_are_lost_are_undecided(home: Path, tmp_path: Path) -> None:
    git("clone", "-q", "--bare", str(web(tmp_path / "acme" / "web")), "clones/web.git", cwd=tmp_path)
    bare = tmp_path / "clones" / "web.git"
    for name in ("HEAD:docs/guide.md", "HEAD:specs/projects/site/tasks.yml"):
        blob = git("rev-parse", name, cwd=bare)
        (bare / "objects" / blob[:2] / blob[2:]).unlink()
    assert len(reasons(home)) == 2


def test_links_that_lead_out_of_a_clone_or_in_a_circle_are_undecided(home: Path, tmp_path: Path) -> None:
    clone = web(tmp_path / "clones" / "web")
    guide, plan = clone / "docs" / "guide.md", clone / "specs" / "projects" / "site" / "tasks.yml"
    guide.unlink()
    guide.symlink_to("/etc/passwd")
    plan.unlink()
    plan.symlink_to("tasks.yml")
    assert len(reasons(home)) == 2


def test_what_is_no_repository_is_passed_over(home: Path, tmp_path: Path) -> None:
    clones = tmp_path / "clones"
    clones.joinpath("notes.txt").write_text("web\n")
    clones.joinpath("web").mkdir()
    clones.joinpath("loop").symlink_to("loop")
    write(clones / "other", {"README.md": "# Other\n"})
    assert reasons(home) == {"acme/web is not in the folder ../clones"}


def test_a_project_that_no_repository_could_have_is_unknown(home: Path, tmp_path: Path) -> None:
    web(tmp_path / "clones" / "web")
    (home / PLAN).write_text(TASKS.format("screen", "sight/page"))
    assert beside(home) == [("unknown-dependency", "unknown project 'sight'")]


def test_this_repository_is_read_here_and_not_from_another_clone_of_it(home: Path, tmp_path: Path) -> None:
    git("remote", "add", "origin", "https://github.com/acme/todo", cwd=home)
    older = write(tmp_path / "clones" / "todo", {"specs/projects/gone/tasks.yml": TASKS.format("old", "")})
    git("remote", "add", "origin", "git@github.com:acme/todo.git", cwd=older)
    web(tmp_path / "clones" / "web")
    (home / PLAN).write_text(TASKS.format("screen", "gone/old"))
    spec = home / "specs" / "projects" / "todo" / "spec.md"
    spec.write_text(f"{HOME}See [here](acme/todo:{PLAN}) and [there](todo:specs/projects/gone).\n")
    assert beside(home) == [
        ("broken-reference", "acme/todo has no specs/projects/gone"),
        ("unknown-dependency", "unknown project 'gone'"),
    ]


def test_only_what_is_new_is_told_with_since(home: Path, tmp_path: Path) -> None:
    web(tmp_path / "clones" / "web")
    (home / PLAN).write_text(TASKS.format("screen", "site/page, site/other"))
    git("-c", "user.name=ada", "commit", "-q", "-a", "-m", "Wait for more", cwd=home)
    assert beside(home, "--since", "HEAD") == []
    assert beside(home, "--since", "HEAD~") == [("unknown-dependency", "unknown task 'site/other'")]


def test_a_project_of_milestones_1_to_6_refers_by_its_short_names(home: Path, tmp_path: Path) -> None:
    web(tmp_path / "clones" / "web")
    folder = home / "specs" / "projects" / "old"
    folder.mkdir()
    front = "---\nrepositories:\n  - {name: web, url: https://github.com/acme/web, role: frontend}\n---\n# Old\n"
    folder.joinpath("spec.md").write_text(front)
    folder.joinpath("tasks.md").write_text("# Tasks\n\n- Handoff to: web:tasks.md#start\n- Artifacts: web:docs\n")
    found = [message for code, message in beside(home) if code == "broken-reference"]
    assert found == ["acme/web has no tasks.md"]


def test_the_folder_has_to_be_there(home: Path) -> None:
    done = kerrigan(home, "check", "--repositories", "../nowhere")
    assert done.returncode == 2
    assert "there is no folder ../nowhere" in done.stderr


@pytest.mark.parametrize(
    ("folder", "what", "which"),
    [("../clones", "", ""), ("../web", ", which is a repository itself", ": the one above it"),
     (".", ", which is a repository itself", ": the one above it")],
)  # fmt: skip
def test_a_folder_without_clones_is_refused(home: Path, tmp_path: Path, folder: str, what: str, which: str) -> None:
    web(tmp_path / "web")
    done = kerrigan(home, "check", "--repositories", folder)
    said = f"error: no clone is in {folder}{what}\n  next: name the folder that your clones are in{which}\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", said)


def test_what_nobody_could_tell_is_counted(home: Path, tmp_path: Path) -> None:
    web(tmp_path / "clones" / "web")
    (home / PLAN).write_text(TASKS.format("screen", "acme/web#4"))
    done = kerrigan(home, "check", "--repositories", "../clones")
    assert done.returncode == 0
    assert done.stdout.endswith("1 project, 1 task: all fine; 1 undecided\n")
    assert "issues and pull requests are in no clone; --online looks them up" in done.stdout
    assert json.loads(kerrigan(home, "check", "--repositories", "../clones", "--json").stdout)["summary"] == {
        "projects": 1, "tasks": 1, "errors": 0, "warnings": 0, "undecided": 1
    }  # fmt: skip


def test_the_issues_of_a_repository_that_is_not_there_need_no_clone(home: Path, tmp_path: Path) -> None:
    web(tmp_path / "clones" / "web")
    (home / PLAN).write_text(TASKS.format("screen", "acme/other#3"))
    (found,) = check(home, "--repositories", "../clones")
    said = "cannot tell whether there is acme/other#3: issues and pull requests are in no clone; --online looks them up"
    assert found["message"] == said


def test_the_folder_is_named_from_where_the_check_runs(home: Path, tmp_path: Path) -> None:
    web(tmp_path / "clones" / "web")
    done = kerrigan(tmp_path, "check", "-C", "home", "--repositories", "../clones")
    assert (done.returncode, done.stdout) == (0, "1 project, 1 task: all fine\n")


def test_clones_that_are_checked_themselves_are_read_once(home: Path, tmp_path: Path) -> None:
    git("remote", "add", "origin", "https://github.com/acme/todo", cwd=home)
    web(tmp_path / "web", needs="todo/screen")
    done = kerrigan(tmp_path, "check", ".", "--repositories", ".", "--json")
    assert [found["code"] for found in json.loads(done.stdout)["diagnostics"]] == ["dependency-cycle"]
    [only] = check(home, "--repositories", "..")
    assert (only["code"], only["path"]) == ("dependency-cycle", PLAN)


def test_a_repository_inside_of_the_tree_is_read_there(home: Path, tmp_path: Path) -> None:
    shutil.rmtree(home)
    clone = web(tmp_path / "clones" / "web", needs="nobody/knows")
    spec = clone / "specs" / "projects" / "site" / "spec.md"
    spec.write_text(f"{SPEC}\n[a](web:docs/guide.md) [b](web:docs/lost.md)\n")
    write(tmp_path / "others" / "other", {"README.md": "# Other\n"})
    done = kerrigan(tmp_path, "check", "clones", "--repositories", "others", "--json")
    assert [(found["code"], found["message"]) for found in json.loads(done.stdout)["diagnostics"]] == [
        ("broken-reference", "local/web has no docs/lost.md"),
        ("unknown-dependency", "unknown project 'nobody'"),
    ]


def test_an_answer_that_is_kept_for_the_files_alone_is_not_told(home: Path, tmp_path: Path) -> None:
    clone = web(tmp_path / "clones" / "web")
    for _ in range(2):
        assert [found["code"] for found in check(home)] == ["unknown-dependency"]
        assert beside(home) == []
    (clone / "docs" / "guide.md").unlink()
    assert beside(home) == [("broken-reference", "acme/web has no docs/guide.md")]
    assert [found["code"] for found in check(home)] == ["unknown-dependency"]
