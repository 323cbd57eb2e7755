"""What nobody writes on purpose: each gets one diagnostic or one error, and the rest is checked all the same."""

import contextlib
import json
import os
import socket
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from kerrigan.apply.checks.run import check_tree
from kerrigan.apply.state.origin import slug_here
from kerrigan.cli.main import run
from kerrigan.files import MAX_BYTES
from tests.e2e.desk import SPEC, TASKS

REST = ("unknown-dependency", "specs/projects/rest/tasks.yml")
"""What is wrong with the project beside."""
WHERE = "specs/projects/bad/tasks.yml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A tree of two projects: one that lacks its tasks.yml, and one whose tasks wait for a task that is not there."""
    for name in ("bad", "rest"):
        (tmp_path / "specs/projects" / name).mkdir(parents=True)
        (tmp_path / "specs/projects" / name / "spec.md").write_text(SPEC)
    (tmp_path / REST[1]).write_text(TASKS.replace("[contract]", "[contact]"))
    return tmp_path


def found(root: Path) -> list[tuple[str, str]]:
    return [(d.code, d.path) for d in check_tree(root).diagnostics]


def bomb(name: str) -> str:
    rows = [f"{chr(97 + n)}: &{chr(97 + n)} [{', '.join([f'*{chr(96 + n)}'] * 9)}]" for n in range(1, 9)]
    return "\n".join(["a: &a [x, x]", *rows, f"{name}: *i"])


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"#" * (MAX_BYTES + 1), "unreadable"),
        (b"kerrigan: 7\ntasks: |\n" + b"  - {id: a}\n" * 100_000, "wrong-type"),
        (b"[" * 200 + b"]" * 200, "too-deep"),
        (b"{a: " * 200 + b"}" * 200, "too-deep"),
        ("".join(f"{' ' * n}a:\n" for n in range(200)).encode(), "too-deep"),
        (b"- " * 200 + b"a", "too-deep"),
        (b"[" * 1_000_000, "too-deep"),
        (bomb("tasks").encode(), "too-large"),
        (b"kerrigan: 7\n\0", "unreadable"),
        (TASKS.encode("utf-16"), "unreadable"),
        (TASKS.encode("utf-16-be"), "unreadable"),
        (b"kerrigan: 7 # \xff\n", "unreadable"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_once(root: Path, content: bytes, code: str) -> None:
    (root / WHERE).write_bytes(content)
    assert found(root) == [(code, WHERE), REST]


def test_ten_million_bytes_are_read(root: Path) -> None:
    (root / WHERE).write_bytes(TASKS.encode().ljust(MAX_BYTES, b"#"))
    assert found(root) == [REST]


def link_out(path: Path) -> None:
    path.symlink_to("/etc/hostname")


def link_in_a_circle(path: Path) -> None:
    path.symlink_to(path.name)


def link_to_nothing(path: Path) -> None:
    path.symlink_to("nothing.yml")


@pytest.mark.parametrize("make", [os.mkfifo, Path.mkdir, link_out, link_in_a_circle, link_to_nothing])
@pytest.mark.parametrize("where", [WHERE, "specs/projects/bad/status.json", ".github/kerrigan.yml"])
def test_what_is_no_file_is_told_once(root: Path, make: Callable[[Path], object], where: str) -> None:
    (root / WHERE).write_text(TASKS)
    (root / where).unlink(missing_ok=True)
    (root / where).parent.mkdir(exist_ok=True)
    make(root / where)
    assert found(root) == [("unreadable", where), REST]


def device(path: Path) -> None:
    try:
        os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, 5))  # the one that zeros come from, without end
    except PermissionError:
        pytest.skip("only root may make a device")


def socket_file(path: Path) -> None:
    with contextlib.chdir(path.parent), socket.socket(socket.AF_UNIX) as made:
        made.bind(path.name)  # which may not be long


@pytest.mark.parametrize("make", [device, socket_file])
def test_what_would_be_read_without_end_is_not_read(root: Path, make: Callable[[Path], object]) -> None:
    make(root / WHERE)
    assert found(root) == [("unreadable", WHERE), REST]


def forbid(path: Path, mode: int) -> None:
    path.chmod(mode)
    if os.access(path, os.R_OK if mode == 0 else os.X_OK):
        path.chmod(0o700)
        pytest.skip("root may read everything")


@pytest.mark.parametrize(
    ("path", "mode", "told"),
    [
        (WHERE, 0, [WHERE]),
        ("specs/projects/bad", 0, ["specs/projects/bad"]),
        ("specs/projects/bad", 0o400, ["specs/projects/bad/spec.md", WHERE]),
        (".git/config", 0, []),
        (".git", 0, []),
    ],
)
def test_what_may_not_be_read_is_told_once(root: Path, path: str, mode: int, told: list[str]) -> None:
    (root / WHERE).write_text(TASKS)
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    forbid(root / path, mode)
    try:
        assert found(root) == [*(("unreadable", one) for one in told), REST]
    finally:
        (root / path).chmod(0o700)


def test_folders_may_be_nested_as_deep_as_a_path_is_long(root: Path) -> None:
    (root / WHERE).write_text(TASKS)
    here = Path.cwd()
    os.chdir(root)
    try:
        for _ in range(1_100):
            Path("d").mkdir()
            os.chdir("d")
        assert found(root) == [REST]
        assert run(["check", str(root)]) == 1
    finally:
        os.chdir(here)
        subprocess.run(["rm", "-r", str(root / "d")], check=True)  # Python's own rmtree goes down by recursion


def test_a_submodule_is_a_repository_beside(root: Path) -> None:
    (root / WHERE).write_text(TASKS)
    (root / ".git").mkdir()
    inner = root / "vendor/api"
    (inner / "specs/projects/inner").mkdir(parents=True)
    (inner / ".git").write_text("gitdir: ../../.git/modules/api\n")
    (inner / "specs/projects/inner/tasks.yml").write_text("kerrigan: 7\ntasks: [1]\n")
    told = [code for code, path in found(root) if path.startswith("vendor/api/")]
    assert told == ["incomplete-project", "wrong-type"]
    assert REST in found(root)


@pytest.mark.parametrize(
    ("options", "why"), [(["--bare"], "this repository has no work tree"), ([], "")], ids=["bare", "empty"]
)
def test_a_repository_without_files_has_nothing_to_check(
    tmp_path: Path, options: list[str], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    subprocess.run(["git", "init", "-q", *options, str(tmp_path)], check=True)
    assert run(["check", "-C", str(tmp_path)]) == 2
    assert capsys.readouterr().err.startswith(f"error: nothing to check: {why}")
    assert run(["check", str(tmp_path), "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["kind"] == "nothing-to-check"


def test_a_folder_that_no_project_is_in_is_not_called_fine(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / ".git").mkdir()
    (root / "docs").mkdir()
    assert run(["check", str(root / "docs")]) == 2
    step = "  next: kerrigan check specs/projects\n"
    assert capsys.readouterr() == ("", f"error: nothing to check: no project is below docs\n{step}")


def test_the_folder_to_write_projects_in_is_the_one_that_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".github").mkdir()
    (tmp_path / "docs").mkdir()
    (tmp_path / ".github" / "kerrigan.yml").write_text("projects: plans\n")
    assert run(["check", str(tmp_path / "docs")]) == 2
    assert capsys.readouterr().err.endswith("next: write plans/<project>/spec.md and tasks.yml\n")
    (tmp_path / "plans" / "todo").mkdir(parents=True)
    (tmp_path / "plans" / "todo" / "spec.md").write_bytes(b"\xff")
    assert [code for code, _ in found(tmp_path)] == ["unreadable"]


def git(*words: str, cwd: Path) -> None:
    subprocess.run(["git", *words], cwd=cwd, check=True)


def test_a_linked_work_tree_is_the_repository_that_it_belongs_to(root: Path) -> None:
    """What is the same in both: which repository it is, what is wrong there, and what is new since a commit."""
    (root / WHERE).write_text(TASKS)
    git("init", "-q", "-b", "main", cwd=root)
    git("remote", "add", "origin", "https://github.com/acme/todo.git", cwd=root)
    git("add", ".", cwd=root)
    git("commit", "-q", "-m", "Plan", cwd=root)
    linked = root.parent / f"{root.name}-linked"
    git("worktree", "add", "-q", "--detach", str(linked), cwd=root)
    assert slug_here(root) == slug_here(linked) == "acme/todo"
    assert found(root) == found(linked) == [REST]
    assert run(["check", "-C", str(linked), "--since", "main"]) == 0
    (linked / ".git").write_text("gitdir: /nowhere\n")
    assert slug_here(linked) == f"local/{linked.name}"
    assert found(linked) == [REST]


def test_inside_of_git_s_own_folder_the_repository_is_checked(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / WHERE).write_text(TASKS)
    git("init", "-q", cwd=root)
    assert run(["check", "-C", str(root / ".git/objects")]) == 1
    assert "unknown task 'contact'" in capsys.readouterr().out


def test_a_repository_without_a_commit_has_no_past(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    git("init", "-q", "-b", "main", cwd=root)
    for ref in ("main", "HEAD", "origin/main", "nothing"):
        assert run(["check", "-C", str(root), "--since", ref]) == 2
        assert capsys.readouterr().err.splitlines()[0] == "error: HEAD has no commit yet, so nothing has changed since"


def test_what_could_not_be_read_before_is_nothing_new(root: Path) -> None:
    (root / "specs/projects/linked").symlink_to("bad")
    (root / "specs/projects/bad/gone.md").symlink_to("nothing.md")
    (root / "specs/projects/bad/round.md").symlink_to("round.md")
    (root / "specs/projects/bad/out.md").symlink_to("/etc/hostname")
    (root / WHERE / "deep").mkdir(parents=True)
    (root / WHERE / "deep/file.txt").write_text("words\n")
    (root / "specs/projects/bad/wide.md").write_text("words\n", encoding="utf-16")
    (root / os.fsdecode(b"specs/projects/bad/\xe4.md")).write_text("words\n")
    git("init", "-q", "-b", "main", cwd=root)
    git("add", ".", cwd=root)
    git("commit", "-q", "-m", "Plan", cwd=root)
    assert [code for code, _ in found(root)].count("unreadable") == 7
    assert run(["check", "-C", str(root), "--since", "main"]) == 0
    (root / "specs/projects/bad/new.md").symlink_to("nothing.md")
    assert run(["check", "-C", str(root), "--since", "main"]) == 1


@pytest.mark.parametrize("words", [["-C", "{}/no"], ["{}/no"], ["{}/dangling"], ["{}/round"], ["-C", "{}/round"]])
def test_where_no_folder_is_nothing_is_checked(
    root: Path, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "dangling").symlink_to("nothing")
    (root / "round").symlink_to("round")
    assert run(["check", *(word.format(root) for word in words)]) == 3
    assert "there is no folder" in capsys.readouterr().err.splitlines()[0]


@pytest.mark.parametrize("words", [["check"], ["check", "--json"], ["tasks"], ["graph"], ["doctor"]])
def test_the_folder_that_one_stands_in_may_be_gone(
    tmp_path: Path, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "gone").mkdir()
    with contextlib.chdir(tmp_path):
        os.chdir("gone")
        Path("../gone").rmdir()
        assert run(words) == 3
        said = capsys.readouterr()
        assert "the folder that this command runs in is gone" in said.out + said.err


@pytest.mark.parametrize("words", [["-C", "{}"], ["{}"], ["-C", "{}/deep"]])
def test_a_file_is_no_place_to_work_on(root: Path, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", *(word.format(root / REST[1]) for word in words)]) == 3
    assert "no folder" in capsys.readouterr().err.splitlines()[0]


@pytest.mark.parametrize(("projects", "link"), [("plans", "plans"), ("plans/all", "plans"), ("plans/all", "plans/all")])
def test_a_link_in_place_of_a_folder_of_projects_is_told(root: Path, projects: str, link: str) -> None:
    (root / ".github").mkdir(exist_ok=True)
    (root / ".github/kerrigan.yml").write_text(f"projects: {projects}\n")
    (root / "real/all/todo").mkdir(parents=True)
    (root / link).parent.mkdir(exist_ok=True)
    (root / link).symlink_to(root / "real")
    assert ("unreadable", link) in found(root)


def test_a_workspace_file_of_another_name_is_told_but_not_that_of_an_example(root: Path) -> None:
    (root / ".git").mkdir()
    for folder in (root / ".github", root / "example/.github"):
        folder.mkdir(parents=True)
        (folder / "kerrigan.yaml").write_text("projects: plans\n")
    assert ("not-read", ".github/kerrigan.yaml") in found(root)
    assert not any(path.startswith("example") for _, path in found(root))


def test_a_link_with_the_name_of_what_is_passed_over_is_passed_over(root: Path) -> None:
    (root / ".github").mkdir()
    (root / ".github/kerrigan.yml").write_text('check: {artifacts: [{glob: "packages/**/*.md", headings: [Why]}]}\n')
    (root / "packages/web").mkdir(parents=True)
    for name in ("node_modules", ".cache"):
        (root / "packages/web" / name).symlink_to("/etc")
    assert [code for code, _ in found(root)] == ["incomplete-project", "unknown-dependency"]


def test_the_origin_is_read_as_git_reads_it(root: Path) -> None:
    (root / ".git").mkdir()
    other, own = '[Remote "Origin"]\n\turl = x/y\n', '[REMOTE "origin"]\n\tURL = https://github.com/acme/x\n'
    (root / ".git/config").write_text(other + own)
    assert slug_here(root) == "acme/x"


def test_outside_of_a_repository_the_folder_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "specs/projects/todo"
    folder.mkdir(parents=True)
    for words in ([], ["--json"]):
        monkeypatch.chdir(folder.parent)
        (folder / "tasks.yml").write_text(TASKS)
        assert run(["check", *words]) == 1  # specs/projects marks a repository, with git or without
    capsys.readouterr()
    monkeypatch.chdir(tmp_path.parent)
    assert run(["check"]) == 3
    assert "is in no repository, and has no specs/projects" in capsys.readouterr().err
    assert run(["check", str(tmp_path)]) == 1
    for root in ("/", "/tmp/.."):
        assert run(["check", root]) == 3
    assert "is the root of a file system" in capsys.readouterr().err
