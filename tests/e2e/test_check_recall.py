"""What a check recalls is what it would say: in the cases, in trees that change, with a cache that is broken."""

import json
import os
import random
import shutil
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from kerrigan import __version__
from kerrigan.cli.main import run
from tests.e2e.desk import SPEC, TASKS

CASES = sorted(path.parent for path in (Path(__file__).parents[1] / "cases").glob("*/expected.txt"))
PROBE = """\
import sys
from kerrigan.cli.main import run
code = run(sys.argv[1:])
print(code, *sorted({"kerrigan.check", "yaml", "hashlib"} & sys.modules.keys()))
"""

Asked = Callable[..., tuple[int, str, str]]


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KERRIGAN_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A tree with one project, where nothing is wrong."""
    folder = tmp_path / "tree/specs/projects/todo"
    folder.mkdir(parents=True)
    folder.joinpath("spec.md").write_text(SPEC)
    folder.joinpath("tasks.yml").write_text(TASKS)
    return tmp_path / "tree"


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str]) -> Asked:
    """A check's exit code and what it says on both streams."""

    def asked(root: Path, *words: str) -> tuple[int, str, str]:
        code = run(["check", str(root), *words])
        return (code, *capsys.readouterr())

    return asked


def afresh(ask: Asked, root: Path, *words: str) -> tuple[int, str, str]:
    """The same without anything to recall."""
    kept = os.environ.pop("KERRIGAN_CACHE")
    os.environ["KERRIGAN_CACHE"] = ""
    try:
        return ask(root, *words)
    finally:
        os.environ["KERRIGAN_CACHE"] = kept


def probe(root: Path, *words: str) -> str:
    """The exit code of a check, and what it imported of its parts."""
    command = [sys.executable, "-c", PROBE, "check", str(root), "-q", *words]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[-1]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_case_says_the_same_each_time(case: Path, tmp_path: Path, cache: Path, ask: Asked) -> None:
    shutil.copytree(case, tmp_path / "tree", symlinks=True)
    for words in ((), ("--json",), ("--strict", "-v")):
        answers = [afresh(ask, tmp_path / "tree", *words), *(ask(tmp_path / "tree", *words) for _ in range(3))]
        assert answers == answers[:1] * 4


def test_what_has_not_changed_is_recalled_without_the_check(tree: Path, cache: Path) -> None:
    assert probe(tree) == "0 hashlib kerrigan.check yaml"
    assert probe(tree) in ("0 hashlib", "0")  # a slow machine takes longer than the times of files are in doubt
    time.sleep(2.1)  # until the times of these files say for certain whether anyone touched them
    assert [probe(tree) in ("0 hashlib", "0"), probe(tree)] == [True, "0"]
    (tree / "specs/projects/todo/spec.md").touch()
    assert probe(tree) == "0 hashlib"


@pytest.mark.parametrize("path", ["specs/projects/todo/handoff.md", ".github/agents/handoff.md", "docs/handoff.md"])
def test_a_markdown_file_with_a_schema_is_judged_again_when_it_changed(
    tree: Path, cache: Path, ask: Asked, path: str
) -> None:
    (tree / path).parent.mkdir(parents=True, exist_ok=True)
    (tree / path).write_text("---\ntask: todo/screen\n---\n- [ ] It works\n")
    (tree / ".github").mkdir(exist_ok=True)
    entry = f'{{glob: "{path}", schema: "kerrigan:handoff"}}'
    (tree / ".github/kerrigan.yml").write_text(f"check: {{artifacts: [{entry}]}}\n")
    right = ask(tree)
    assert (right[0], ask(tree)) == (0, right)
    (tree / path).write_text("---\ntask: todo/screen\n---\n- [?] It works\n")
    code, said, _ = ask(tree)
    assert (code, f"{path}:1:1: error: no line is a check box" in said) == (1, True)
    assert afresh(ask, tree)[:2] == (code, said)


@pytest.mark.parametrize("words", [["--since", "HEAD"], ["--format", "github"], ["--output", "../said"]])
def test_what_depends_on_more_than_files_or_does_more_than_say_is_never_recalled(
    tree: Path, cache: Path, words: list[str]
) -> None:
    script = ["init -q", "add .", "-c user.name=a -c user.email=a commit -qm a"]
    for line in script:
        subprocess.run(["git", *line.split()], cwd=tree, check=True)
    assert ["kerrigan.check" in probe(tree, *words) for _ in range(2)] == [True, True]
    assert not list(cache.glob("*"))


def test_another_origin_is_another_question(tree: Path, cache: Path, tmp_path: Path) -> None:
    def git(line: str) -> None:
        subprocess.run(["git", *line.split()], cwd=tree, check=True)

    for line in ("init -q", "add .", "-c user.name=a -c user.email=a commit -qm a"):
        git(line)
    git(f"worktree add -q {tmp_path}/linked")
    for root in (tree, tmp_path / "linked"):
        assert ["kerrigan.check" in probe(root) for _ in range(2)] == [True, False]
        git(f"config remote.origin.url https://github.com/acme/{root.name}")
        assert ["kerrigan.check" in probe(root) for _ in range(2)] == [True, False]


def test_a_link_is_not_a_file_with_an_arrow_in_its_name(tree: Path, cache: Path, ask: Asked) -> None:
    project = tree / "specs/projects/todo"
    (project / "y").write_text('{"status": "nonsense"}')
    (project / "status.json -> y").touch()
    assert ask(tree)[0] == 0
    (project / "status.json -> y").unlink()
    (project / "status.json").symlink_to("y")
    assert ask(tree) == afresh(ask, tree)


def moved(chance: random.Random, root: Path) -> str:
    """Do something to a file of a tree, so that it is a different tree or only looks like one; what was done."""
    files = sorted(path for path in root.rglob("*") if path.is_file() and not path.is_symlink())
    file = chance.choice(files)
    content, times = file.read_bytes(), file.stat()
    match chance.choice(["turn", "turn back", "touch", "delete", "copy", "rename", "link", "folder", "git"]):
        case "turn" | "turn back" as how if content:
            # The same size, and with `turn back` the same times.
            at = chance.randrange(len(content))
            file.write_bytes(content[:at] + bytes([chance.choice(b"\n :-#7\x00\xffz")]) + content[at + 1 :])
            if how == "turn back":
                os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
        case "delete" if len(files) > 1:
            file.unlink()
        case "copy":
            folder = root / "specs/projects" / f"copy-{chance.randrange(9)}"
            folder.mkdir(parents=True, exist_ok=True)
            (folder / file.name).write_bytes(content)
        case "rename":
            file.rename(file.with_name(chance.choice(["spec.md", "tasks.yml", "status.json", "x.txt"])))
        case "link":
            link = root / "specs/projects" / f"link-{chance.randrange(9)}"
            if not link.is_symlink():
                link.symlink_to(chance.choice([file.parent, Path("/"), link]))
        case "folder":
            (root / "specs/projects/new/tasks.yml").mkdir(parents=True, exist_ok=True)
        case "git":
            (root / ".git").mkdir(exist_ok=True)
            (root / ".git/config").write_text(f'[remote "origin"]\nurl = https://github.com/a/b{chance.random()}\n')
        case _:
            file.touch()
    return str(file)


@pytest.mark.parametrize("seed", range(24))
def test_a_tree_that_changes_is_never_told_what_it_was(seed: int, tmp_path: Path, cache: Path, ask: Asked) -> None:
    chance = random.Random(seed)
    root = tmp_path / "tree"
    shutil.copytree(CASES[seed % len(CASES)], root, symlinks=True)
    (root / "specs/projects").mkdir(parents=True, exist_ok=True)
    for _ in range(6):
        assert ask(root) == ask(root) == afresh(ask, root)
        moved(chance, root)


def entry_of(cache: Path) -> tuple[Path, dict[str, object]]:
    (file,) = cache.glob("*.json")
    return file, json.loads(file.read_text().partition("\n")[2])


def put(file: Path, entry: object) -> None:
    body = json.dumps(entry)
    file.write_text(f"{zlib.crc32(body.encode()):08x}\n{body}")


def test_an_entry_that_is_whole_is_believed(tree: Path, cache: Path, ask: Asked) -> None:
    ask(tree)
    file, entry = entry_of(cache)
    put(file, {**entry, "code": 1, "pieces": [["recalled", False]]})
    assert ask(tree) == (1, "recalled\n", "")


@pytest.mark.parametrize(
    "harm",
    [
        lambda file, entry: file.write_bytes(file.read_bytes()[:-9]),
        lambda file, entry: file.write_bytes(file.read_bytes().replace(b'"code": 0', b'"code": 1')),
        lambda file, entry: file.write_bytes(b"\xff\0"),
        lambda file, entry: put(file, [entry]),
        lambda file, entry: put(file, {**entry, "parts": None}),
        lambda file, entry: put(file, {**entry, "parts": {"specs/projects/todo/spec.md": []}}),
        lambda file, entry: put(file, {**entry, "parts": {"../../../../../dev/zero": ["0", [1]]}}),
        lambda file, entry: put(file, {**entry, "pieces": [1]}),
        lambda file, entry: put(file, {**entry, "code": "none"}),
        lambda file, entry: put(file, {**entry, "code": float("inf")}),
        lambda file, entry: file.write_text(f"{zlib.crc32(b'[' * 200_000):08x}\n{'[' * 200_000}"),
        lambda file, entry: put(file, {**entry, "at": None}),
        lambda file, entry: put(file, {**entry, "question": str(entry["question"]).replace(__version__, "0.0.9")}),
        lambda file, entry: (file.unlink(), file.mkdir()),
        lambda file, entry: file.parent.chmod(0o777),
    ],
)
def test_an_entry_that_is_odd_is_passed_over(
    tree: Path, cache: Path, ask: Asked, harm: Callable[[Path, dict[str, object]], object]
) -> None:
    right = ask(tree)
    file, entry = entry_of(cache)
    put(file, {**entry, "pieces": [["recalled", False]]})
    harm(*entry_of(cache))
    assert ask(tree) == right == afresh(ask, tree)


@pytest.mark.parametrize("where", ["", "relative", "{tree}/cache", "{tree}/specs/projects/todo/spec.md/x"])
def test_nothing_is_kept_in_the_tree_or_where_nothing_can_be(
    tree: Path, monkeypatch: pytest.MonkeyPatch, ask: Asked, where: str
) -> None:
    monkeypatch.chdir(tree)
    monkeypatch.setenv("KERRIGAN_CACHE", where.format(tree=tree))
    assert ask(tree)[0] == ask(tree)[0] == 0
    assert not [file for file in tree.rglob("*.json") if file.is_file()]


def test_many_checks_at_once_say_the_same(tree: Path, cache: Path) -> None:
    command = [sys.executable, "-m", "kerrigan", "check", str(tree)]
    checks = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    assert len({check.communicate()[0] for check in checks}) == 1
    assert [check.returncode for check in checks] == [0] * 4
    assert probe(tree) == "0 hashlib kerrigan.check yaml"  # another question: this one is quiet
    assert [len(list(cache.iterdir())), probe(tree) in ("0 hashlib", "0")] == [2, True]
