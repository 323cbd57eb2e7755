"""What nobody writes on purpose: each gets one diagnostic or one error, and the rest is checked all the same."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from kerrigan.apply.check import check_tree
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


@pytest.mark.skipif(os.getuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_told_once(root: Path) -> None:
    (root / WHERE).write_text(TASKS)
    (root / WHERE).chmod(0)
    assert found(root) == [("unreadable", WHERE), REST]


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


@pytest.mark.parametrize("options", [["--bare"], []], ids=["bare", "empty"])
def test_a_repository_without_files_has_nothing_to_check(
    tmp_path: Path, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    subprocess.run(["git", "init", "-q", *options, str(tmp_path)], check=True)
    assert run(["check", "-C", str(tmp_path)]) == 0
    assert capsys.readouterr().err.startswith("nothing to check: ")


@pytest.mark.parametrize("words", [["-C", "{}"], ["{}"], ["-C", "{}/deep"]])
def test_a_file_is_no_place_to_work_on(root: Path, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", *(word.format(root / REST[1]) for word in words)]) == 3
    assert "no folder" in capsys.readouterr().err.splitlines()[0]
