"""`kerrigan doctor`: in a local project, and on a GitHub that is offline."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from kerrigan.apply.setup.doctor_files import contents_of
from kerrigan.files import shipped
from kerrigan.load.lockfile import uses_of
from tests.box import Box, OfflineGitHub
from tests.box.identities import ACTIONS
from tests.e2e.desk import SPEC, TASKS, Desk, git, publish
from tests.e2e.repository import Repository
from tests.e2e.test_outputs import assert_fits
from tests.warm import python

pytest_plugins = ["tests.box.plugin"]

HOME, WEB = "acme/todo", "acme/web"
FLOWS = ".github/workflows"
TWO = SPEC.replace("kerrigan: 7\n", f"kerrigan: 7\nrepositories:\n  - name: web\n    url: https://github.com/{WEB}\n")
CONFIG = ".github/kerrigan.yml"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path, publish(tmp_path), "ada")


def doctor(desk: Desk, code: int) -> dict[tuple[str, str], str]:
    """What is found: the level by about and code."""
    done = desk.kerrigan("doctor", "--json")
    assert done.returncode == code, done.stdout + done.stderr
    return levels(done.stdout)


def levels(text: str) -> dict[tuple[str, str], str]:
    assert_fits("doctor", text)
    return {(found["about"], found["code"]): found["level"] for found in json.loads(text)["findings"]}


def push(desk: Desk, files: dict[str, str]) -> None:
    """Commit files and push them to the default branch."""
    for name, text in files.items():
        (desk.path / name).parent.mkdir(parents=True, exist_ok=True)
        (desk.path / name).write_text(text)
    git("checkout", "-q", "-B", "main", cwd=desk.path)
    git("add", ".", cwd=desk.path)
    git("commit", "-q", "-m", "Change files", cwd=desk.path)
    git("push", "-q", "origin", "main", cwd=desk.path)


def test_the_smallest_project_is_healthy(desk: Desk) -> None:
    found = doctor(desk, 0)
    assert set(found.values()) == {"ok"}
    assert (HOME, "journal") in found
    assert desk.kerrigan("doctor", "-q").stdout == "no problems, no warnings, 0 not known\n"


def test_nothing_is_written(desk: Desk, tmp_path: Path) -> None:
    remote = tmp_path / "forge" / "acme" / "todo.git"

    def everything() -> tuple[str, ...]:
        refs = (git("for-each-ref", cwd=folder) for folder in (remote, desk.path))
        return (*refs, desk.git("status", "--porcelain"), desk.git("count-objects"))

    desk.json("task", "claim", "todo/contract")
    before = everything()
    doctor(desk, 0)
    assert everything() == before


def test_a_satellite_is_missing_then_has_no_home_then_is_fine(desk: Desk, tmp_path: Path) -> None:
    push(desk, {"specs/projects/todo/spec.md": TWO})
    assert doctor(desk, 1)[WEB, "repository"] == "problem"
    bare = tmp_path / "forge" / "acme" / "web.git"
    git("init", "-q", "--bare", "-b", "main", str(bare), cwd=tmp_path)
    assert doctor(desk, 1)[WEB, "home"] == "problem"
    web = Desk(tmp_path, bare, "wren")
    push(web, {CONFIG: "home: acme/other\n"})
    assert doctor(desk, 1)[WEB, "home"] == "problem"
    push(web, {CONFIG: f"home: {HOME}\n"})
    assert doctor(desk, 0)[WEB, "home"] == "ok"
    assert doctor(web, 0) == doctor(desk, 0)


def test_broken_files_are_problems_with_their_place(desk: Desk) -> None:
    push(desk, {CONFIG: "home: [\n"})
    found = doctor(desk, 1)
    codes = ("configuration", "definition", "project")
    assert [found[HOME, code] for code in codes] == ["problem"] * 3
    assert f"{CONFIG}:" in desk.kerrigan("doctor", "-q").stdout
    push(desk, {CONFIG: "", "specs/projects/todo/tasks.yml": "tasks: [\n"})
    assert doctor(desk, 1)[HOME, "project"] == "problem"


def test_what_is_not_pushed_does_not_decide(desk: Desk) -> None:
    (desk.path / "specs/projects/todo/tasks.yml").write_text(TASKS.replace("Agree", "Write"))
    assert doctor(desk, 0)[HOME, "unpublished"] == "warning"
    git("commit", "-q", "-a", "-m", "Reword", cwd=desk.path)
    assert doctor(desk, 0)["here", "work-tree"] == "warning"


def test_without_an_origin_that_is_the_problem(desk: Desk) -> None:
    desk.git("remote", "remove", "origin")
    assert doctor(desk, 1)["here", "origin"] == "problem"
    desk.git("remote", "add", "origin", "https://gitlab.example/acme/todo")
    assert doctor(desk, 1)["here", "origin"] == "problem"


def test_a_remote_that_is_gone_is_no_crash(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "forge").rename(tmp_path / "moved")
    assert doctor(desk, 1)[HOME, "repository"] == "problem"


def test_outside_of_a_repository_nothing_can_be_said(tmp_path: Path) -> None:
    command = [python(), "-m", "kerrigan", "doctor", "-C", str(tmp_path), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert_fits("error", done.stdout)


def test_what_init_writes_is_as_shipped_and_what_else_changes_is_told(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "web")
    repository.write(f"{FLOWS}/test.yml", "name: The tests\non: pull_request\njobs: {}\n")
    repository.init("--home", HOME, "--action", "acme/tool@0123456789abcdef0123456789abcdef01234567")
    texts = {name: repository.text(name) for name in repository.files()}
    found = contents_of(texts)
    assert set(found.workflows.values()) == {"same"}
    assert (found.home, found.queues, found.unpinned) == (HOME, True, ())
    work = f"{FLOWS}/kerrigan-work.yml"
    own = texts[work].replace("# ANTHROPIC_API_KEY", "ANTHROPIC_API_KEY").replace("\n", "\r\n")
    assert contents_of(texts | {work: own}).workflows["kerrigan-work.yml"] == "same"
    check = f"{FLOWS}/kerrigan-check.yml"
    weaker = texts[check].replace("  merge_group:\n", "")
    other = contents_of({check: weaker})
    assert (other.workflows["kerrigan-check.yml"], other.queues) == ("differs", False)
    moved = weaker.replace("acme/tool@0123456789abcdef0123456789abcdef01234567", "acme/tool@v1")
    assert contents_of({check: moved}).unpinned == ("acme/tool@v1",)
    assert "repository_dispatch" in found.events["kerrigan-work.yml"]
    assert other.workflows["kerrigan-work.yml"] == "missing"


def test_a_lockfile_is_held_against_the_workflows_that_are_there(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "web")
    repository.init("--home", HOME, "--action", "Acme/Tool@0123456789abcdef0123456789abcdef01234567")
    texts = {name: repository.text(name) for name in repository.files()}
    complete = lockfile({name: uses_of(text) for name, text in texts.items() if name.startswith(FLOWS)})
    found = contents_of(texts | {f"{FLOWS}/actions.lock": complete})
    assert (set(found.unlocked.values()), found.lock_unread) == ({()}, False)
    other = complete.replace("acme/tool@", "acme/other@")
    lacking = contents_of(texts | {f"{FLOWS}/actions.lock": other}).unlocked
    assert set(lacking.values()) == {("Acme/Tool@0123456789abcdef0123456789abcdef01234567",)}
    unlisted = contents_of(texts | {f"{FLOWS}/actions.lock": complete.replace("kerrigan-work", "work")}).unlocked
    assert [name for name, actions in unlisted.items() if actions is None] == ["kerrigan-work.yml"]
    for text in ("", "version: 3\n", "version: 'v9'\nworkflows: [x]\n", "{"):
        unread = contents_of(texts | {f"{FLOWS}/actions.lock": text})
        assert (dict(unread.unlocked), unread.lock_unread) == ({}, True)


def lockfile(uses: dict[str, list[str]]) -> str:
    """What `gh actions-lock` writes for workflows, by path, that use these actions."""
    pins = sorted({use.lower() for found in uses.values() for use in found})
    listed = "".join(f"    '{path}':\n" + "".join(f"        - '{use.lower()}'\n" for use in found)
                     for path, found in uses.items())  # fmt: skip
    known = "".join(
        f"    '{pin}':\n        ref: 'v1'\n        commit: 'sha1-{pin[-40:]}'\n        owner_id: 1\n" for pin in pins
    )
    return f"# This file is machine-generated.\nversion: 'v0.0.2'\nworkflows:\n{listed}dependencies:\n{known}"


def test_a_server_that_does_not_answer_is_no_answer(desk: Desk) -> None:
    server = "http://127.0.0.1:9"
    desk.git("remote", "set-url", "origin", f"{server}/{HOME}")
    found = ask(desk.path, 4, {"GITHUB_SERVER_URL": server, "GITHUB_TOKEN": "the-token-of-ada"})
    assert (found["here", "token"], found[HOME, "repository"]) == ("unknown", "unknown")


@pytest.mark.box
def test_on_github_the_token_and_each_repository_are_told(offline_github: OfflineGitHub, tmp_path: Path) -> None:
    home = {"specs/projects/todo/spec.md": TWO, "specs/projects/todo/tasks.yml": TASKS}
    flows = {f"{FLOWS}/{path.name}": path.read_text() for path in shipped("workflows").iterdir()}
    box = offline_github({HOME: home | flows, WEB: {CONFIG: f"home: {HOME}\n"}})
    own = box.app_token(ACTIONS, [HOME], {"contents": "write"})
    ada, run = (given(box, token) for token in (box.token("ada"), own))
    command = ["git", "clone", "-q", f"{box.url}/{HOME}", str(tmp_path / "clone")]
    subprocess.run(command, env=os.environ | ada, check=True)
    events = len(box.events)
    found = ask(tmp_path / "clone", 1, ada)
    assert list(dict.fromkeys(about for about, _ in found)) == ["here", HOME, WEB]
    assert (found["here", "token"], found[HOME, "project"], found[WEB, "home"]) == ("ok", "ok", "ok")
    assert (found[HOME, "repository"], found[WEB, "repository"]) == ("ok", "ok")
    assert (found[HOME, "workflow"], found[WEB, "workflow-missing"]) == ("ok", "problem")
    found = ask(tmp_path / "clone", 1, run)
    assert (found["here", "token"], found[HOME, "repository"], found[WEB, "repository"]) == ("unknown", "ok", "problem")
    box.settle()
    assert len(box.events) == events


def given(box: Box, token: str) -> dict[str, str]:
    """The environment of someone with this token."""
    return {"GITHUB_SERVER_URL": box.url, "GITHUB_TOKEN": token} | box.git_environment(token)


def ask(clone: Path, code: int, environment: dict[str, str]) -> dict[tuple[str, str], str]:
    """Run it with this environment besides; the level by about and code."""
    command = [python(), "-m", "kerrigan", "doctor", "--json"]
    given = os.environ | environment
    done = subprocess.run(command, cwd=clone, env=given, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    assert environment["GITHUB_TOKEN"] not in done.stdout + done.stderr
    return levels(done.stdout)
