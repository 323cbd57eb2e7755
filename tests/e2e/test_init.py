"""`kerrigan init`: a repository is set up, checked, and never overwritten."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kerrigan.apply.checks.run import check_tree
from kerrigan.load.lockfile import uses_of
from tests.e2e.desk import git
from tests.e2e.repository import Repository
from tests.e2e.test_outputs import assert_fits
from tests.e2e.tools import githubs_parser_accepts, githubs_schema_accepts, zizmor_finds_nothing
from tests.warm import python

WORKFLOWS = [f".github/workflows/kerrigan-{name}.yml" for name in ("check", "events", "reconcile", "work")]
SHA = "0123456789abcdef0123456789abcdef01234567"
ROOT = Path(__file__).parents[2]
KERRIGAN = [python(), "-m", "kerrigan"]


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "Todo API", "https://github.com/acme/Todo.API.git")


def test_a_new_repository_gets_what_it_needs_and_it_is_all_fine(repository: Repository) -> None:
    states = repository.states()
    assert list(states) == [
        ".github/kerrigan.yml",
        "specs/projects/todo-api/spec.md",
        "specs/projects/todo-api/tasks.yml",
        *WORKFLOWS,
    ]
    assert set(states.values()) == {"written"}
    assert repository.files() == sorted(states)
    checked = check_tree(repository.path)
    assert not checked.diagnostics
    assert [(project.name, len(project.tasks)) for project in checked.tree.projects] == [("todo-api", 2)]


def test_the_second_time_nothing_changes(repository: Repository) -> None:
    repository.init("todo")
    before = {name: (repository.path / name).stat().st_mtime_ns for name in repository.files()}
    assert set(repository.states("todo").values()) == {"unchanged"}
    assert {name: (repository.path / name).stat().st_mtime_ns for name in repository.files()} == before


def test_every_file_is_shown_first_and_a_dry_run_writes_none(repository: Repository) -> None:
    told = repository.init("todo", "--dry-run").stdout
    assert repository.files() == []
    shown = repository.json("todo", "--dry-run")
    assert shown["dry_run"]
    for file in shown["files"]:
        assert f"new        {file['path']}" in told
        assert all(line in told for line in file["text"].splitlines())
    assert repository.init("todo").returncode == 0
    assert {name: repository.text(name) for name in repository.files()} == {
        file["path"]: file["text"] for file in shown["files"]
    }


def test_somebodys_file_is_kept_and_named_with_what_differs(repository: Repository) -> None:
    repository.init("todo")
    repository.write("specs/projects/todo/tasks.yml", repository.text("specs/projects/todo/tasks.yml") + "\n# mine\n")
    repository.write(WORKFLOWS[0], "name: mine\n")
    (repository.path / WORKFLOWS[1]).unlink()
    told = repository.init("todo")
    assert f"kept       {WORKFLOWS[0]}  (stays as it is; differs near line 1)" in told.stdout
    assert f"new        {WORKFLOWS[1]}" in told.stdout
    assert repository.text(WORKFLOWS[0]) == "name: mine\n"
    assert repository.text("specs/projects/todo/tasks.yml").endswith("# mine\n")
    kept = [file for file in repository.json("todo")["files"] if file["state"] == "kept"]
    assert [file["path"] for file in kept] == ["specs/projects/todo/tasks.yml", WORKFLOWS[0]]
    assert "-# mine" in kept[0]["differs"]
    assert "-name: mine" in repository.init("todo", "-v").stdout


def test_line_ends_of_another_system_are_no_difference(repository: Repository) -> None:
    repository.init("todo")
    for name in repository.files():
        (repository.path / name).write_bytes(repository.text(name).replace("\n", "\r\n").encode())
    assert set(repository.states("todo").values()) == {"unchanged"}


def test_a_project_over_several_repositories_names_each_once(repository: Repository) -> None:
    named = ["acme/Todo.Web", "acme/on", "other/on", "acme/on"]
    answer = repository.json("todo", *(word for slug in named for word in ("--repository", slug)))
    checked = check_tree(repository.path)
    assert not checked.diagnostics
    [project] = checked.tree.projects
    slugs = {name: found.slug for name, found in project.repositories.items() if found.slug != project.home}
    assert slugs == {"todo-web": "acme/Todo.Web", "on": "acme/on", "other-on": "other/on"}
    assert project.tasks["todo/first-version"].repository == "todo-web"
    assert sum("kerrigan init --home acme/Todo.API " in step for step in answer["next"]) == 3


@pytest.mark.parametrize(
    ("origin", "server"),
    [
        ("git@ghe.example.com:acme/api.git", "https://ghe.example.com"),
        ("ssh://git@ghe.example.com:22/acme/api", "https://ghe.example.com"),
        ("https://ghe.example.com/acme/api.git", "https://ghe.example.com"),
        ("../forge/acme/api.git", "https://github.com"),
        ("", "https://github.com"),
    ],
)
def test_the_other_repositories_are_where_this_one_is(tmp_path: Path, origin: str, server: str) -> None:
    repository = Repository(tmp_path / "api", origin)
    repository.init("--repository", "acme/web")
    assert f"    url: {server}/acme/web\n" in repository.text("specs/projects/api/spec.md")
    assert not check_tree(repository.path).diagnostics


def test_a_satellite_says_where_home_is_and_has_no_project(repository: Repository) -> None:
    states = repository.states("--home", "acme/todo")
    assert list(states) == [".github/kerrigan.yml", *WORKFLOWS]
    assert "\nhome: acme/todo\n" in repository.text(".github/kerrigan.yml")
    assert not check_tree(repository.path).diagnostics
    told = subprocess.run([*KERRIGAN, "check"], cwd=repository.path, capture_output=True, text=True, check=True).stderr
    assert told == "only .github/kerrigan.yml was checked: the projects are kept in acme/todo\n"
    assert set(repository.states().values()) == {"unchanged"}


def test_a_repository_with_a_configuration_learns_what_to_add_by_hand(repository: Repository) -> None:
    repository.write(".github/kerrigan.yml", "kerrigan: 7\nprojects: plans\n")
    assert "plans/todo/spec.md" in repository.states("todo")
    answer = repository.json("--home", "acme/todo")
    assert answer["next"][0] == "add to .github/kerrigan.yml: home: acme/todo"


def test_somebodys_own_project_gets_no_second_definition(repository: Repository) -> None:
    repository.write("specs/projects/old/spec.md", "# Goal\n\nOlder than this format.\n")
    assert list(repository.states()) == [".github/kerrigan.yml", *WORKFLOWS]
    assert repository.states("old")["specs/projects/old/spec.md"] == "kept"
    assert not (repository.path / "specs/projects/old/tasks.yml").exists()


@pytest.mark.parametrize(
    ("ref", "line"),
    [
        (f"acme/fork@{SHA}", f"uses: acme/fork@{SHA}\n"),
        (SHA, f"uses: kerrigan-dev/kerrigan@{SHA}\n"),
        ("v2", "uses: kerrigan-dev/kerrigan@v2 # zizmor: ignore[unpinned-uses]\n"),
        ("./", "uses: ./\n"),
    ],
)
def test_the_action_is_the_one_that_was_named(repository: Repository, ref: str, line: str) -> None:
    repository.init("--action", ref)
    assert repository.text(WORKFLOWS[0]).count(line) == 2
    assert "kerrigan@v1" not in "".join(map(repository.text, WORKFLOWS))


def test_an_action_that_can_move_is_never_written_in_silence(repository: Repository) -> None:
    for words in ((), ("--action", "v2")):
        (warning,) = repository.json("--dry-run", *words)["warnings"]
        assert "a name that can be moved to other code" in warning
        assert f"warning: {warning}" in repository.init("--dry-run", *words).stdout
    for ref in (SHA, f"acme/fork@{SHA}", "./"):
        assert repository.json("--dry-run", "--action", ref)["warnings"] == []


def test_a_release_pins_its_own_commit(repository: Repository, tmp_path: Path) -> None:
    release = tmp_path / "kerrigan"
    git("clone", "-q", str(ROOT), str(release), cwd=tmp_path)
    shutil.copytree(ROOT / "kerrigan", release / "kerrigan", dirs_exist_ok=True)
    shutil.copytree(ROOT / "workflows", release / "workflows", dirs_exist_ok=True)
    git("add", ".", cwd=release)
    git("-c", "user.name=ada", "commit", "-q", "--allow-empty", "-m", "Release", cwd=release)
    git("tag", "v0.2.0", cwd=release)
    git("remote", "set-url", "origin", "https://github.com/kerrigan-dev/kerrigan", cwd=release)
    done = subprocess.run(
        [sys.executable, "-m", "kerrigan", "init", "--json"],  # PYTHONPATH counts at the start of Python
        cwd=repository.path,
        env=os.environ | {"PYTHONPATH": str(release)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout)["warnings"] == []
    head = git("rev-parse", "HEAD", cwd=release)
    used = {line.strip() for name in WORKFLOWS for line in repository.text(name).splitlines() if "kerrigan-dev" in line}
    assert {line.partition("uses: ")[2] for line in used} == {f"kerrigan-dev/kerrigan@{head} # v0.2.0"}
    zizmor_finds_nothing([repository.path / name for name in WORKFLOWS])


def test_a_repository_that_locks_its_actions_learns_what_to_run(repository: Repository) -> None:
    lockfile = ".github/workflows/actions.lock"
    assert not any("actions-lock" in step for step in repository.json("--dry-run")["next"])
    repository.write(lockfile, "version: 'v0.0.2'\n")
    assert repository.json("--action", SHA)["next"][1] == f"gh actions-lock     # {lockfile} lacks these workflows"
    uses = {name: uses_of(repository.text(name)) for name in WORKFLOWS}
    listed = "".join(f"  {name}: {json.dumps(found)}\n" for name, found in uses.items())
    known = "".join(f"  {use}: {{}}\n" for use in {use for found in uses.values() for use in found})
    repository.write(lockfile, f"version: 'v0.0.2'\nworkflows:\n{listed}dependencies:\n{known}")
    assert not any("actions-lock" in step for step in repository.json("--action", SHA)["next"])


def test_gates_are_looked_at_again_by_one_workflow_and_a_satellite_looks_hourly(repository: Repository) -> None:
    repository.init("todo")
    check, reconcile = repository.text(WORKFLOWS[0]), repository.text(WORKFLOWS[2])
    assert "gate --all" not in check
    assert not {"schedule", "closed"} & set(re.findall(r"\w+", check.partition("jobs:")[0]))
    assert check.endswith("# sees private repositories that it depends on\n")
    assert "- cron: 7-59/30 * * * * #" in reconcile
    (repository.path / WORKFLOWS[2]).unlink()
    repository.write(".github/kerrigan.yml", "home: acme/todo\n")
    repository.init()
    assert "- cron: 37 * * * * #" in repository.text(WORKFLOWS[2])


def test_the_workflows_follow_the_folder_of_the_projects(repository: Repository) -> None:
    repository.write(".github/kerrigan.yml", "projects: plans of ours\n")
    repository.init("todo")
    for name in (WORKFLOWS[0], WORKFLOWS[2]):
        assert '    paths: [.github/kerrigan.yml, "plans of ours/**"] #' in repository.text(name)


def test_the_events_follow_the_default_branch_and_the_tests(repository: Repository) -> None:
    git("checkout", "-q", "-b", "1.0", cwd=repository.path)
    repository.write(".github/workflows/ci.yml", 'name: "CI: all"\non: [push, pull_request]\njobs: {}\n')
    repository.write(".github/workflows/lint.yaml", "on:\n  pull_request:\n    branches: [main]\njobs: {}\n")
    repository.write(".github/workflows/one.yml", "name: One\non: pull_request\njobs: {}\n")
    repository.write(".github/workflows/nightly.yml", "name: Nightly\non:\n  schedule: []\n")
    repository.write(".github/workflows/broken.yml", "on: [\n")
    repository.init()
    text = repository.text(WORKFLOWS[2])
    assert 'branches: ["1.0"] # the default branch' in text
    assert 'workflows: [Kerrigan work, "CI: all", ".github/workflows/lint.yaml", One]' in text


@pytest.mark.parametrize(
    ("words", "code", "kind"),
    [
        (["Todo List"], 2, "project-id"),
        (["../up"], 2, "project-id"),
        (["-C", "nowhere"], 3, "no-folder"),
        (["--repository", "web"], 2, "repository"),
        (["--repository", "a/b\nc: d"], 2, "repository"),
        (["--home", "https://github.com/acme/todo"], 2, "repository"),
        (["--home", "acme/Todo.API"], 2, "satellite"),
        (["todo", "--home", "acme/todo"], 2, "satellite"),
        (["--action", "x@y\n      evil: true"], 2, "action"),
        (["--action", "acme/../x@v1"], 2, "action"),
        (["--action", ""], 2, "action"),
    ],
)
def test_what_cannot_be_meant_is_said_and_nothing_is_written(
    repository: Repository, words: list[str], code: int, kind: str
) -> None:
    done = repository.init(*words, "--json")
    assert done.returncode == code
    assert_fits("error", done.stdout)
    assert json.loads(done.stdout)["error"]["kind"] == kind
    assert repository.files() == []


def test_without_a_work_tree_there_is_nothing_to_set_up(tmp_path: Path) -> None:
    nothing = tmp_path / "nothing"
    nothing.mkdir()
    command = [python(), "-m", "kerrigan", "init", "--json", "-C"]
    done = subprocess.run([*command, str(nothing)], capture_output=True, text=True, check=False)
    assert (done.returncode, json.loads(done.stdout)["error"]["kind"]) == (3, "no-repository")
    git("init", "-q", "--bare", "bare.git", cwd=tmp_path)
    done = subprocess.run([*command, str(tmp_path / "bare.git")], capture_output=True, text=True, check=False)
    assert (done.returncode, json.loads(done.stdout)["error"]["kind"]) == (3, "bare-repository")


def test_in_a_folder_of_the_repository_and_in_a_worktree_the_root_is_meant(repository: Repository) -> None:
    (repository.path / "src").mkdir()
    assert repository.init("todo", "-C", "src").returncode == 0
    assert (repository.path / ".github/kerrigan.yml").exists()
    git("-c", "user.name=ada", "commit", "-q", "--allow-empty", "-m", "Begin", cwd=repository.path)
    git("worktree", "add", "-q", "../other", cwd=repository.path)
    assert repository.init("todo", "-C", "../other").returncode == 0
    assert (repository.path.parent / "other/.github/kerrigan.yml").exists()


def test_what_is_in_the_way_is_named_and_nothing_is_written(repository: Repository) -> None:
    repository.write("specs", "a file")
    done = repository.init("todo")
    assert done.returncode == 3
    assert "specs is not a folder" in done.stderr
    assert repository.files() == ["specs"]
    (repository.path / "specs").unlink()
    (repository.path / WORKFLOWS[2]).mkdir(parents=True)
    done = repository.init("todo")
    assert done.returncode == 3
    assert WORKFLOWS[2] in done.stderr
    assert repository.files() == []


def test_no_link_leads_out_of_the_repository(repository: Repository, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (repository.path / ".github").symlink_to(outside)
    done = repository.init("todo")
    assert done.returncode == 3
    assert "symbolic link" in done.stderr
    assert list(outside.iterdir()) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_named(repository: Repository) -> None:
    repository.path.chmod(0o500)
    try:
        done = repository.init("todo")
    finally:
        repository.path.chmod(0o700)
    assert done.returncode == 3
    assert "nothing may be written" in done.stderr
    assert repository.files() == []


def generated(repository: Repository) -> list[Path]:
    repository.write(".github/workflows/ci.yml", "name: '\"CI\": [x]'\non: pull_request\n")
    repository.init("todo", "--repository", "acme/web", "--action", f"acme/fork@{SHA}")
    return [repository.path / name for name in WORKFLOWS]


def test_githubs_schema_accepts_what_is_written(repository: Repository) -> None:
    githubs_schema_accepts("vendor.github-workflows", generated(repository))


def test_zizmor_finds_nothing_in_what_is_written(repository: Repository) -> None:
    zizmor_finds_nothing(generated(repository))


@pytest.mark.node
def test_githubs_own_parser_accepts_what_is_written(repository: Repository) -> None:
    githubs_parser_accepts(generated(repository))
