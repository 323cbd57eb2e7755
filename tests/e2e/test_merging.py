"""What is handed in and does not merge any more: by the command line, with two repositories and a forge that logs."""

import json
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kerrigan.git.repo import discover
from kerrigan.git.worktree import task_worktree
from kerrigan.local.forge import LocalForge
from tests.e2e.desk import Desk, git

HOME, WEB = "acme/todo", "acme/web"
SPEC = f"""\
---
kerrigan: 7
repositories:
  - {{name: todo, url: "https://github.com/{HOME}"}}
  - {{name: web, url: "https://github.com/{WEB}"}}
---
# Todo

A list that two people share.
"""
NAMES = ("step-1", "step-12", "c", "d", "e", "f")
PLAN = (
    "kerrigan: 7\ntasks:\n"
    + "".join(f"  - {{id: {name}, title: Step, role: swe, repository: todo}}\n" for name in NAMES)
    + "  - {id: page, title: Page, role: swe, repository: web}\n"
)
FILES = {f"f{n}": "a\nb\nc\n" for n in range(6)}
LOG = '#!/bin/sh\necho "$1 $2 $3" >> "$GIT_DIR/pushes"\n'


@pytest.fixture
def forge(tmp_path: Path) -> LocalForge:
    """Two bare repositories with the same files, the home one with the plan; each logs every push."""
    found = LocalForge(tmp_path / "forge", HOME)
    plan = {"specs/projects/todo/spec.md": SPEC, "specs/projects/todo/tasks.yml": PLAN}
    for slug, files in ((HOME, FILES | plan), (WEB, FILES)):
        bare = tmp_path / "forge" / f"{slug}.git"
        git("init", "-q", "--bare", "-b", "main", str(bare), cwd=tmp_path)
        founder = Desk(tmp_path, bare, f"founder-{bare.stem}")
        commit(founder, "main", files)
        hook = bare / "hooks" / "update"
        hook.write_text(LOG)
        hook.chmod(0o755)
    return found


def desk_at(forge: LocalForge, name: str, slug: str = HOME) -> Desk:
    return Desk(forge.root.parent, forge.root / f"{slug}.git", name)


def commit(desk: Desk, branch: str, files: dict[str, str], onto: str = "") -> str:
    """Commit these files, on `onto` or where the desk stands, and push that to a branch, without force."""
    if onto:
        desk.git("fetch", "-q", "origin")
        desk.git("switch", "-q", "--detach", onto)
    for name, text in files.items():
        path = desk.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    desk.git("add", "--all")
    desk.git("commit", "-q", "-m", f"Write {', '.join(files)}")
    desk.git("push", "-q", "origin", f"HEAD:refs/heads/{branch}")
    return desk.git("rev-parse", "HEAD")


def begin(desk: Desk, task: str) -> None:
    for verb in ("claim", "start"):
        desk.json("task", verb, task)


def clash(desk: Desk, task: str, count: int = 1, *, picked: bool = False) -> str:
    """Begin a task whose branch changes the same lines as main does after it; the branch's tip comes back.

    Where it was `picked`, main has got the branch's own change before, so that replaying the branch merges.
    """
    begin(desk, f"todo/{task}")
    names = [f"f{n}" for n in range(count)]
    before = desk.git("rev-parse", "origin/main")
    shared = commit(desk, f"kerrigan/todo/{task}", dict.fromkeys(names, f"a\n{task}\nc\n"), "origin/main")
    head = commit(desk, f"kerrigan/todo/{task}", {f"{task}.txt": "own\n"})
    desk.git("switch", "-q", "--detach", before)
    if picked:
        desk.git("cherry-pick", "--no-commit", shared)
        desk.git("commit", "-q", "-m", "Picked")
    commit(desk, "main", dict.fromkeys(names, f"a\nnot {task}\nc\n"))
    desk.git("fetch", "-q", "origin")
    return head


def tip(forge: LocalForge, task: str, slug: str = HOME) -> str:
    return git("rev-parse", f"refs/heads/kerrigan/todo/{task}", cwd=forge.root / f"{slug}.git")


def forced(forge: LocalForge, slug: str = HOME) -> list[str]:
    """The pushes in the server's log that did not go on from what was there."""
    bare = forge.root / f"{slug}.git"
    rows = [line.split() for line in (bare / "pushes").read_text().splitlines()]
    moved = [(ref, old, new) for ref, old, new in rows if set(old) != {"0"}]
    assert moved
    ran = (
        subprocess.run(["git", "merge-base", "--is-ancestor", old, new], cwd=bare, check=False) for _, old, new in moved
    )
    return [ref for (ref, _, _), done in zip(moved, ran, strict=True) if done.returncode]


def test_four_files_that_git_can_replay_are_merged_and_handed_in(forge: LocalForge) -> None:
    ada = desk_at(forge, "ada")
    head = clash(ada, "step-1", 4, picked=True)
    ada.git("switch", "-q", "--detach", head)
    before = ada.git("for-each-ref", "refs/heads"), ada.git("status", "--porcelain"), ada.git("worktree", "list")
    rehearsed = ada.kerrigan("task", "submit", "todo/step-1", "--dry-run")
    assert (rehearsed.returncode, "needs a person" in rehearsed.stdout) == (0, False)
    assert "kerrigan/todo/step-1 and main would be merged first" in rehearsed.stderr
    assert tip(forge, "step-1") == head
    answer = ada.json("task", "submit", "todo/step-1")
    merged = tip(forge, "step-1")
    assert (answer["task"]["status"], answer["caused"]) == ("testing", [])
    assert answer["event"]["data"]["head"] == answer["task"]["pull_request"]["head"] == merged != head
    main = git("rev-parse", "main", cwd=forge.root / f"{HOME}.git")
    assert git("rev-parse", f"{merged}^1", f"{merged}^2", cwd=forge.root / f"{HOME}.git").split() == [head, main]
    after = ada.git("for-each-ref", "refs/heads"), ada.git("status", "--porcelain"), ada.git("worktree", "list")
    assert after == before
    assert forced(forge) == []


def test_what_only_a_person_can_merge_goes_to_one_and_the_next_attempt_knows(forge: LocalForge) -> None:
    ada, ana = desk_at(forge, "ada"), desk_at(forge, "ana")
    head = clash(ada, "step-1", 4)
    assert "needs a person" in ada.kerrigan("task", "submit", "todo/step-1", "--dry-run").stdout
    answer = ada.json("task", "submit", "todo/step-1")
    [caused] = answer["caused"]
    assert (caused["type"], caused["data"]["conflicts"]) == ("escalated", ["f0", "f1", "f2", "f3"])
    assert (answer["task"]["status"], answer["task"]["conflicts"]) == ("escalated", 1)
    assert tip(forge, "step-1") == head
    assert ada.git("status", "--porcelain") == ""
    found = forge.pull_request(HOME, 1)
    assert found is not None
    assert "status:escalated" in found.labels
    assert "todo/step-1" in ana.kerrigan("status").stdout

    ana.json("task", "reopen", "todo/step-1", "--reason", "merge it")
    begin(ana, "todo/step-1")
    assert "conflicts with main in f0, f1, f2, f3" in ana.json("show", "todo/step-1")["task"]["feedback"]["reason"]
    ana.git("fetch", "-q", "origin")
    ana.git("switch", "-q", "--detach", "origin/kerrigan/todo/step-1")
    subprocess.run(["git", "merge", "-q", "origin/main"], cwd=ana.path, capture_output=True, check=False)
    commit(ana, "kerrigan/todo/step-1", dict.fromkeys(("f0", "f1", "f2", "f3"), "a\nboth\nc\n"))
    assert ana.json("task", "submit", "todo/step-1")["task"]["status"] == "testing"
    assert forced(forge) == []


def test_six_files_are_a_persons_whatever_git_could_do(forge: LocalForge) -> None:
    ada = desk_at(forge, "ada")
    head = clash(ada, "step-1", 6, picked=True)
    answer = ada.json("task", "submit", "todo/step-1")
    assert len(answer["caused"][0]["data"]["conflicts"]) == 6
    assert (answer["task"]["status"], tip(forge, "step-1")) == ("escalated", head)


def test_after_an_emergency_stop_nothing_is_pushed(forge: LocalForge) -> None:
    ada = desk_at(forge, "ada")
    head = clash(ada, "step-1", picked=True)
    ada.json("stop", "todo", "--reason", "fire")
    assert ada.kerrigan("task", "submit", "todo/step-1").returncode == 5
    assert tip(forge, "step-1") == head


def test_who_may_not_submit_pushes_nothing(forge: LocalForge) -> None:
    ada, eve = desk_at(forge, "ada"), desk_at(forge, "eve")
    head = clash(ada, "step-1", picked=True)
    assert eve.kerrigan("task", "submit", "todo/step-1").returncode == 5
    assert tip(forge, "step-1") == head


def test_a_merge_that_was_pushed_before_the_journal_could_say_so_is_handed_in_next_time(forge: LocalForge) -> None:
    ada = desk_at(forge, "ada")
    head = clash(ada, "step-1", picked=True)
    hook = forge.root / f"{HOME}.git" / "hooks" / "update"
    hook.write_text(f'{LOG}case "$1" in *kerrigan-state*) echo frozen >&2; exit 1;; esac\n')
    assert ada.kerrigan("task", "submit", "todo/step-1").returncode == 3
    merged = tip(forge, "step-1")
    assert merged != head
    hook.write_text(LOG)
    answer = ada.json("task", "submit", "todo/step-1")
    assert (answer["task"]["status"], answer["event"]["data"]["head"]) == ("testing", merged)
    assert tip(forge, "step-1") == merged


def test_a_branch_that_is_only_behind_is_handed_in_as_it_is(forge: LocalForge) -> None:
    ada = desk_at(forge, "ada")
    begin(ada, "todo/c")
    head = commit(ada, "kerrigan/todo/c", {"c.txt": "own\n"}, "origin/main")
    commit(ada, "main", {"other": "other\n"}, "origin/main")
    assert ada.json("task", "submit", "todo/c")["event"]["data"]["head"] == tip(forge, "c") == head


def test_the_fourth_that_does_not_merge_stops_claims_until_one_is_taken_up_again(forge: LocalForge) -> None:
    ada = desk_at(forge, "ada")
    names = ("step-1", "step-12", "c", "d")
    for name in names:
        assert any(task["id"] == "todo/f" for task in ada.json("tasks", "--ready")["tasks"])
        clash(ada, name)
        ada.json("task", "submit", f"todo/{name}")
    refused = ada.kerrigan("task", "claim", "todo/f", "--json")
    assert refused.returncode == 5
    assert "4 tasks do not merge, and kerrigan.yml allows 3" in json.loads(refused.stdout)["refused"]["reason"]
    assert [r["kind"] for r in ada.json("show", "todo/f")["task"]["reasons"]] == ["conflicts"]
    assert ada.json("tasks", "--ready")["tasks"] == []

    ada.json("task", "reopen", "todo/d", "--reason", "merged by hand")
    assert ada.json("task", "claim", "todo/f")["task"]["status"] == "claimed"


def test_where_git_cannot_say_nothing_is_handed_in(forge: LocalForge) -> None:
    ada = desk_at(forge, "ada")
    begin(ada, "todo/c")
    ada.git("switch", "-q", "--orphan", "elsewhere")
    commit(ada, "kerrigan/todo/c", {"c.txt": "own\n"})
    done = ada.kerrigan("task", "submit", "todo/c", "--json")
    error = json.loads(done.stdout)["error"]
    assert (done.returncode, error["kind"]) == (4, "git")
    assert "could not say whether kerrigan/todo/c" in error["message"]
    assert ada.json("show", "todo/c")["task"]["status"] == "working"
    assert forge.pull_requests(HOME) == ()


@pytest.mark.parametrize(("picked", "status"), [(True, "testing"), (False, "escalated")])
def test_a_task_of_another_repository_is_tried_there(forge: LocalForge, picked: bool, status: str) -> None:
    wren, ada = desk_at(forge, "ada", WEB), desk_at(forge, "ada-home")
    commit(wren, "main", {".github/kerrigan.yml": f"home: {HOME}\n"})
    wren.git("fetch", "-q", "origin")
    head = clash(wren, "page", picked=picked)
    answer = ada.json("task", "submit", "todo/page", "--as", "ada")
    assert answer["task"]["status"] == status
    assert (tip(forge, "page", WEB) == head) is not picked
    assert ada.git("for-each-ref", "--format=%(refname)", "refs/kerrigan") == ""
    assert forced(forge, WEB) == []


def test_parallel_agents_share_a_clone_and_no_file_and_names_that_begin_alike_are_two(forge: LocalForge) -> None:
    ada = desk_at(forge, "ada")
    clone, names = discover(ada.path), ("step-1", "step-12", "c", "d")
    for name in names:
        begin(ada, f"todo/{name}")

    def work(name: str) -> None:
        with task_worktree(clone, f"kerrigan/todo/{name}", "origin/main") as tree:
            tree.folder.joinpath(f"{name}.txt").write_text("own\n")
            git("add", "--all", cwd=tree.folder)
            git("commit", "-q", "-m", name, cwd=tree.folder)
            tree.publish()

    with ThreadPoolExecutor(len(names)) as pool:
        list(pool.map(work, names))
    bare = forge.root / f"{HOME}.git"
    refs = git("for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads/kerrigan/", cwd=bare).splitlines()
    assert refs == sorted(f"kerrigan/todo/{name}" for name in names)
    for name in names:
        assert git("diff", "--name-only", f"main...kerrigan/todo/{name}", cwd=bare) == f"{name}.txt"
        ada.json("task", "submit", f"todo/{name}")
    heads = {p.branch: p.head for p in forge.pull_requests(HOME)}
    assert heads == {f"kerrigan/todo/{name}": tip(forge, name) for name in names}
    assert git("worktree", "list", cwd=ada.path).count("\n") == 0
