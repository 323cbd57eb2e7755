"""What an agent's job packed, submitted: what is fine goes in, and of everything else nothing does."""

import json
import subprocess
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from kerrigan.git.bundle import BundleError, Handed, Limits, open_bundle
from kerrigan.git.remote import Remote
from kerrigan.git.repo import discover
from tests.e2e.desk import Desk, git, publish

BRANCH = "kerrigan/todo/contract"
CONFIG = """\
kerrigan: 7
roles:
  architect: {paths: ["docs/", "build/", ".github/workflows/"]}
gates: {forbidden: ["docs/secret/"], protected: [".github/workflows/"]}
"""
TASKS = """\
kerrigan: 7
tasks:
  - {id: contract, title: Agree the contract, role: architect, paths: [docs/]}
  - {id: pipeline, title: Build it, role: architect, paths: [build/, ".github/workflows/build.yml"]}
  - {id: anything, title: Whatever, role: swe}
"""


class Job:
    """An agent's job: a clone of its own, from which a bundle comes out and nothing else."""

    def __init__(self, root: Path, remote: Path, branch: str = BRANCH) -> None:
        self.path, self.bundle, self.branch = root / "job", root / "made.bundle", branch
        git("clone", "-q", str(remote), str(self.path), cwd=root)
        git("config", "user.name", "agent", cwd=self.path)
        git("config", "user.email", "agent@example.com", cwd=self.path)
        begun = git("branch", "-r", "--list", f"origin/{branch}", cwd=self.path)
        git("switch", "-q", *([] if begun else ["--create"]), branch, cwd=self.path)

    def commit(self, files: Mapping[str, str | None]) -> str:
        """Commit these files; None removes one."""
        for name, text in files.items():
            self.write(name, text)
        git("commit", "-q", "-m", "Do it", cwd=self.path)
        return git("rev-parse", "HEAD", cwd=self.path)

    def write(self, name: str, text: str | None) -> None:
        file = self.path / name
        if text is None:
            git("rm", "-q", name, cwd=self.path)
            return
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        git("add", name, cwd=self.path)

    def pack(self, *words: str) -> Path:
        git("bundle", "create", "-q", str(self.bundle), *(words or ("HEAD", "--not", "--remotes")), cwd=self.path)
        return self.bundle


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    bare = publish(tmp_path)
    founder = Desk(tmp_path, bare, "planner")
    (founder.path / "specs/projects/todo/tasks.yml").write_text(TASKS)
    (founder.path / ".github").mkdir()
    (founder.path / ".github/kerrigan.yml").write_text(CONFIG)
    git("add", ".", cwd=founder.path)
    git("commit", "-q", "-m", "Plan it anew", cwd=founder.path)
    git("push", "-q", "origin", "main", cwd=founder.path)
    return bare


@pytest.fixture
def ada(remote: Path, tmp_path: Path) -> Desk:
    """Somebody who has begun the contract: the claim has fence 1."""
    desk = Desk(tmp_path, remote, "ada")
    started(desk, "todo/contract")
    return desk


def started(desk: Desk, task: str) -> None:
    desk.json("task", "claim", task)
    desk.json("task", "start", task)


def refs(remote: Path) -> dict[str, str]:
    """What the remote has but for the journal."""
    rows = git("for-each-ref", "--format=%(refname) %(objectname)", cwd=remote).splitlines()
    return {name: sha for name, sha in map(str.split, rows) if "kerrigan-state" not in name}


def submit(desk: Desk, file: Path, task: str = "todo/contract", fence: int = 1) -> tuple[int, dict[str, Any]]:
    done = desk.kerrigan("task", "submit", task, "--fence", str(fence), "--bundle", str(file), "--json")
    assert "Traceback" not in done.stderr
    return done.returncode, json.loads(done.stdout)


def status(desk: Desk, task: str = "todo/contract") -> tuple[str, str]:
    """The task's status, and why it failed."""
    told = desk.json("show", task)["task"]
    return told["status"], (told.get("feedback") or {}).get("reason", "")


def test_what_is_in_the_tasks_paths_is_pushed_and_submitted(ada: Desk, remote: Path, tmp_path: Path) -> None:
    job = Job(tmp_path, remote)
    head = job.commit({"docs/one.md": "one"})
    code, answer = submit(ada, job.pack())
    assert (code, answer["event"]["type"], answer["event"]["data"]["head"]) == (0, "submitted", head)
    assert refs(remote)[f"refs/heads/{BRANCH}"] == head
    assert status(ada)[0] == "testing"


def test_a_second_attempt_goes_on_from_the_first_and_may_merge_the_default_branch(
    ada: Desk, remote: Path, tmp_path: Path
) -> None:
    first = Job(tmp_path, remote)
    first.commit({"docs/one.md": "one"})
    git("push", "-q", "origin", BRANCH, cwd=first.path)
    planner = Desk(tmp_path, remote, "planner2")
    planner.work("main", "main.txt", "not the agent's")
    (tmp_path / "again").mkdir()
    second = Job(tmp_path / "again", remote)
    git("merge", "-q", "--no-edit", "origin/main", cwd=second.path)
    head = second.commit({"docs/two.md": "two"})
    assert submit(ada, second.pack())[0] == 0
    assert refs(remote)[f"refs/heads/{BRANCH}"] == head


def workflow(job: Job, remote: Path) -> Path:
    job.commit({"docs/one.md": "one"})
    job.commit({".github/workflows/evil.yml": "on: push"})
    return job.pack()


def outside(job: Job, remote: Path) -> Path:
    job.commit({"docs/one.md": "one", "src/evil.py": "import os"})
    return job.pack()


def forbidden(job: Job, remote: Path) -> Path:
    job.commit({"docs/secret/key.md": "mine"})
    return job.pack()


def taken_back(job: Job, remote: Path) -> Path:
    job.commit({"docs/one.md": "one", "src/evil.py": "in the history for ever"})
    job.commit({"src/evil.py": None})
    return job.pack()


def renamed(job: Job, remote: Path) -> Path:
    job.write("docs/plan.yml", (job.path / "specs/projects/todo/tasks.yml").read_text())
    git("rm", "-q", "specs/projects/todo/tasks.yml", cwd=job.path)
    git("commit", "-q", "-m", "Move it", cwd=job.path)
    return job.pack()


def evil_merge(job: Job, remote: Path) -> Path:
    job.commit({"docs/one.md": "one"})
    git("switch", "-q", "--detach", "origin/main", cwd=job.path)
    job.commit({"docs/two.md": "two"})
    git("merge", "-q", "--no-commit", "--no-ff", BRANCH, cwd=job.path)
    job.write("specs/projects/todo/tasks.yml", "kerrigan: 7\ntasks: []\n")
    git("commit", "-q", "-m", "Merge", cwd=job.path)
    return job.pack()


def merged_root(job: Job, remote: Path) -> Path:
    """A history of its own that is merged, without any of its files."""
    job.commit({"docs/one.md": "one"})
    blob = git("rev-parse", "HEAD:.github/kerrigan.yml", cwd=job.path)
    evil = made(job, "mktree", f"100644 blob {blob}\tevil.yml\n")
    root = made(job, "commit-tree", "", evil, "-m", "Begin elsewhere")
    merge = made(job, "commit-tree", "", "HEAD^{tree}", "-p", "HEAD", "-p", root, "-m", "Merge")
    git("reset", "-q", "--soft", merge, cwd=job.path)
    return job.pack()


def amended(job: Job, remote: Path) -> Path:
    job.commit({"docs/one.md": "one"})
    git("push", "-q", "origin", BRANCH, cwd=job.path)
    (job.path / "docs/one.md").write_text("another one")
    git("commit", "-qa", "--amend", "-m", "It was always so", cwd=job.path)
    return job.pack("HEAD", "--not", "origin/main")


def other_branch(job: Job, remote: Path) -> Path:
    job.commit({"docs/one.md": "one"})
    git("branch", "-f", "main", "HEAD", cwd=job.path)
    return job.pack("main", "--not", "--remotes")


def several(job: Job, remote: Path) -> Path:
    job.commit({"docs/one.md": "one"})
    git("update-ref", "refs/heads/kerrigan-state/todo", "HEAD", cwd=job.path)
    return job.pack("HEAD", "refs/heads/kerrigan-state/todo", "--not", "--remotes")


def unrelated(job: Job, remote: Path) -> Path:
    git("checkout", "-q", "--orphan", "elsewhere", cwd=job.path)
    git("rm", "-rqf", ".", cwd=job.path)
    job.commit({"docs/one.md": "one"})
    return job.pack("HEAD")


def nothing_new(job: Job, remote: Path) -> Path:
    return job.pack("HEAD")


def no_bundle(job: Job, remote: Path) -> Path:
    job.bundle.write_text("# v2 git bundle\nnot at all\n")
    return job.bundle


def cut_off(job: Job, remote: Path) -> Path:
    job.commit({"docs/one.md": "one" * 1000})
    packed = job.pack().read_bytes()
    job.bundle.write_bytes(packed[:-40])
    return job.bundle


def broken_object(job: Job, remote: Path) -> Path:
    """A tree that names a folder `.git`: anyone who checks it out runs what is in it."""
    blob = git("rev-parse", "HEAD:.github/kerrigan.yml", cwd=job.path)
    tree = f"100644 blob {blob}\tconfig\n"
    inner = made(job, "mktree", tree)
    outer = made(job, "mktree", f"040000 tree {inner}\t.git\n")
    docs = made(job, "mktree", f"040000 tree {outer}\tdocs\n")
    commit = made(job, "commit-tree", "", docs, "-p", "HEAD", "-m", "Do it")
    git("reset", "-q", "--soft", commit, cwd=job.path)
    return job.pack()


def made(job: Job, command: str, stdin: str, *words: str) -> str:
    done = subprocess.run(
        ["git", command, *words], cwd=job.path, input=stdin, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


HOSTILE: dict[str, tuple[Callable[[Job, Path], Path], str]] = {
    "a workflow": (workflow, ".github/workflows/evil.yml, outside of the paths of todo/contract"),
    "a path outside": (outside, "src/evil.py, outside of the paths of todo/contract"),
    "a forbidden path": (forbidden, "docs/secret/key.md, which no task may"),
    "a path outside, taken back": (taken_back, "src/evil.py, outside of the paths"),
    "a plan, moved into the paths": (renamed, "specs/projects/todo/tasks.yml, outside"),
    "a merge that brings what neither side has": (evil_merge, "specs/projects/todo/tasks.yml, outside"),
    "a root commit that is merged": (merged_root, "evil.yml, outside of the paths"),
    "another history": (amended, "it rewrites the branch"),
    "another branch": (other_branch, "it holds the refs refs/heads/main"),
    "several refs": (several, "it holds the refs HEAD, refs/heads/kerrigan-state/todo"),
    "a history of its own": (unrelated, "shares no commit with the default branch"),
    "nothing new": (nothing_new, "brings no new commit"),
    "no bundle": (no_bundle, "git cannot read it"),
    "half a bundle": (cut_off, "git cannot read it"),
    "an object that git refuses": (broken_object, "git cannot read it"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_nothing_of_a_hostile_bundle_goes_in(
    case: str, ada: Desk, remote: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack, expected = HOSTILE[case]
    (tmp_path / "gitconfig").write_text("[log]\n\tshowRoot = false\n[diff]\n\trenames = copies\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    bundle = pack(Job(tmp_path, remote), remote)
    before, objects = refs(remote), git("count-objects", "-v", cwd=ada.path)
    code, answer = submit(ada, bundle)
    assert (code, expected in answer["refused"]["reason"]) == (5, True), answer
    assert refs(remote) == before
    assert status(ada) == ("failed", answer["refused"]["reason"])
    packs = [line for line in objects.splitlines() if line.startswith(("packs", "size-pack"))]
    assert [line for line in git("count-objects", "-v", cwd=ada.path).splitlines() if line in packs] == packs


@pytest.mark.parametrize("most", [Limits(bytes=100), Limits(commits=2), Limits(files=2)])
def test_what_is_huge_is_not_taken(most: Limits, ada: Desk, remote: Path, tmp_path: Path) -> None:
    job = Job(tmp_path, remote)
    for number in range(3):
        job.commit({f"docs/{number}.md": "x"})
    with pytest.raises(BundleError, match="at most"), opened(ada, remote, job.pack(), most):
        pass
    with opened(ada, remote, job.bundle, Limits(10_000, 3, 3)) as handed:
        assert handed.paths == ("docs/0.md", "docs/1.md", "docs/2.md")


def test_a_large_file_in_a_small_bundle_is_not_taken(ada: Desk, remote: Path, tmp_path: Path) -> None:
    job = Job(tmp_path, remote)
    job.commit({"docs/one.md": "0" * 1_000_000})
    assert job.pack().stat().st_size < 100_000
    with pytest.raises(BundleError, match="a file of more than"), opened(ada, remote, job.bundle, Limits(100_000)):
        pass


def opened(desk: Desk, remote: Path, file: Path, most: Limits) -> AbstractContextManager[Handed]:
    base = git("rev-parse", "main", cwd=remote)
    return open_bundle(Remote(discover(desk.path), str(remote)), file, BRANCH, None, base, most)


def test_github_runs_what_lies_below_dot_github_so_an_agent_needs_the_paths_and_an_admins_grant(
    ada: Desk, remote: Path, tmp_path: Path
) -> None:
    everything, named = "todo/anything", "todo/pipeline"
    started(ada, everything)
    job = Job(tmp_path, remote, f"kerrigan/{everything}")
    job.write(".github/workflows/build.yml", "on: push")
    job.commit({})
    code, answer = submit(ada, job.pack(), everything, fence=1)
    assert (code, "may only where the paths of todo/anything name it" in answer["refused"]["reason"]) == (5, True)
    (tmp_path / "named").mkdir()
    started(ada, named)
    job = Job(tmp_path / "named", remote, f"kerrigan/{named}")
    job.write(".github/workflows/build.yml", "on: push")
    job.commit({})
    assert submit(ada, job.pack(), named)[0] == 0
    planner = Desk(tmp_path, remote, "ben")
    planner.work("main", ".github/kerrigan.yml", CONFIG.replace('protected: [".github/workflows/"]', "protected: [x/]"))
    ada.json("task", "cancel", named, "--reason", "again")
    assert refs(remote)[f"refs/heads/kerrigan/{named}"]


def test_a_claim_that_is_over_pushes_nothing_and_fails_nobody(ada: Desk, remote: Path, tmp_path: Path) -> None:
    job = Job(tmp_path, remote)
    job.commit({"docs/one.md": "one"})
    ada.json("task", "release", "todo/contract", "--fence", "1")
    bo = Desk(tmp_path, remote, "bo")
    started(bo, "todo/contract")
    before = refs(remote)
    code, answer = submit(ada, job.pack())
    assert (code, answer["refused"]["verb"], refs(remote)) == (5, "submit", before)
    assert status(bo)[0] == "working"


def test_a_job_that_is_run_again_after_the_push_submits_what_was_pushed(
    ada: Desk, remote: Path, tmp_path: Path
) -> None:
    job = Job(tmp_path, remote)
    head = job.commit({"docs/one.md": "one"})
    git("push", "-q", "origin", BRANCH, cwd=job.path)
    code, answer = submit(ada, job.pack("HEAD", "--not", "origin/main"))
    assert (code, answer["event"]["data"]["head"]) == (0, head)


def test_a_push_meanwhile_is_never_pushed_over(ada: Desk, remote: Path, tmp_path: Path) -> None:
    hook = remote / "hooks/update"
    other = Job(tmp_path, remote)
    theirs = other.commit({"docs/two.md": "two"})
    git("push", "-q", "origin", f"{theirs}:refs/heads/kept", cwd=other.path)
    hook.write_text(
        f'#!/bin/sh\n[ "$1" = refs/heads/{BRANCH} ] && git update-ref refs/heads/{BRANCH} {theirs}; exit 0\n'
    )
    hook.chmod(0o755)
    (tmp_path / "mine").mkdir()
    job = Job(tmp_path / "mine", remote)
    job.commit({"docs/one.md": "one"})
    code, answer = submit(ada, job.pack())
    assert code == 5, answer
    assert "the branch was pushed to in the meantime" in answer["refused"]["reason"]
    assert refs(remote)[f"refs/heads/{BRANCH}"] == theirs


def test_the_option_is_for_submit_alone(ada: Desk, tmp_path: Path) -> None:
    for words in (("fail", "todo/contract"), ("submit", "todo/contract", "--dry-run")):
        assert ada.kerrigan("task", *words, "--bundle", str(tmp_path / "x")).returncode == 2
    assert ada.kerrigan("task", "submit", "todo/contract", "--bundle", str(tmp_path / "x")).returncode == 3
    assert status(ada)[0] == "working"
    (tmp_path / "link").symlink_to("/dev/zero")
    assert ada.kerrigan("task", "submit", "todo/contract", "--bundle", str(tmp_path / "link")).returncode == 3


@pytest.mark.parametrize(
    "wrong", ["gates: {forbidden: docs/secret}\n", "gates: {forbiden: [docs/secret/]}\n", "gates: [\n"]
)
def test_nothing_is_pushed_or_failed_while_a_rule_cannot_be_read(
    ada: Desk, remote: Path, tmp_path: Path, wrong: str
) -> None:
    job = Job(tmp_path, remote)
    job.commit({"docs/secret/key": "words\n"})
    file = job.pack()
    (ada.path / ".github/kerrigan.yml").write_text(wrong)
    ada.git("commit", "-q", "-a", "-m", "Change the rules")
    ada.git("push", "-q", "origin", "HEAD:main")
    before = refs(remote)
    code, told = submit(ada, file)
    assert (code, ".github/kerrigan.yml:" in told["refused"]["reason"]) == (5, True)
    assert (refs(remote), status(ada)) == (before, ("working", ""))
