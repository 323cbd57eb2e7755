"""A tree that was fine and changed a little gets the answer that a whole check gives, from a part of it."""

import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from kerrigan.apply.checks.cache_writes import refresh
from kerrigan.apply.checks.check_cache import cache_key, cached
from kerrigan.cli.main import run
from tests.e2e.desk import SPEC

NAMES = tuple(f"p{n}" for n in range(9))
Answer = tuple[int, str, str]


def tasks(*needs: str, first: str = "a") -> str:
    begin = f"kerrigan: 7\ntasks:\n  - {{id: {first}, title: A, role: swe}}\n"
    return f"{begin}  - {{id: b, title: B, role: swe, depends_on: [{', '.join(needs)}]}}\n"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fine tree of nine projects: p1 waits for p0, p2 for p1; the others for nothing but themselves."""
    monkeypatch.setenv("KERRIGAN_CACHE", str(tmp_path / "cache"))
    for name in NAMES:
        write(tmp_path / "tree", name, tasks("a"))
        (tmp_path / f"tree/specs/projects/{name}/spec.md").write_text(SPEC)
    write(tmp_path / "tree", "p1", tasks("p0/b"))
    write(tmp_path / "tree", "p2", tasks("p1/b", "~p0/a"))
    return tmp_path / "tree"


def write(root: Path, name: str, text: str) -> None:
    folder = root / "specs/projects" / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "tasks.yml").write_text(text)


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str]) -> Callable[..., Answer]:
    """A check's exit code and what it says on both streams."""

    def asked(root: Path, *words: str) -> Answer:
        code = run(["check", str(root), *words])
        return (code, *capsys.readouterr())

    return asked


def afresh(ask: Callable[..., Answer], root: Path, *words: str) -> Answer:
    kept = os.environ["KERRIGAN_CACHE"]
    os.environ["KERRIGAN_CACHE"] = ""
    try:
        return ask(root, *words)
    finally:
        os.environ["KERRIGAN_CACHE"] = kept


def looked_at(root: Path) -> list[str] | None:
    """The projects that the next check would read; None for the whole tree."""
    place = cache_key(root, [str(root), None, "text", False, False, False, False])
    kept = cached(place) if place else None
    assert kept
    renewed = refresh(root, kept)
    return renewed and [project.name for project in renewed.checked.tree.projects]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("p5", tasks("a") + "# a word\n", ["p5"]),
        ("p0", tasks("a") + "# a word\n", ["p0", "p1", "p2"]),
        ("p5", tasks(), ["p5"]),
        ("p2", tasks("a"), ["p0", "p1", "p2"]),
        ("p5", tasks("p6/a"), None),
        ("p5", tasks("~p6/a"), None),
        ("p5", tasks("p7/none"), None),
        ("p0", tasks("a", "b"), None),
        ("p0", "kerrigan: [", None),
        ("p1", tasks("p0/b", first="c"), ["p0", "p1", "p2"]),
    ],
)
def test_what_changed_and_what_hangs_together_with_it_is_read(
    root: Path, ask: Callable[..., Answer], name: str, text: str, expected: list[str] | None
) -> None:
    assert ask(root)[0] == 0
    write(root, name, text)
    assert looked_at(root) == expected
    assert ask(root) == ask(root) == afresh(ask, root)


def test_a_change_outside_of_the_projects_is_for_the_whole_tree(root: Path, ask: Callable[..., Answer]) -> None:
    (root / ".github").mkdir()
    (root / ".github/kerrigan.yml").write_text("limits: {attempts: 3}\n")
    assert ask(root)[0] == 0
    (root / ".github/kerrigan.yml").write_text("check: {rules: {no-such-rule: off}}\n")
    assert looked_at(root) is None
    assert ask(root) == afresh(ask, root)


def test_a_tree_with_artifacts_of_its_own_is_always_read_whole(root: Path, ask: Callable[..., Answer]) -> None:
    (root / ".github").mkdir()
    (root / ".github/kerrigan.yml").write_text('check: {artifacts: [{glob: "docs/*.md", headings: [Why]}]}\n')
    assert ask(root)[0] == 0
    write(root, "p5", tasks())
    assert looked_at(root) is None


CHANGES: dict[str, Callable[[random.Random, str], str]] = {
    "a comment": lambda chance, text: f"{text}# {chance.random()}\n",
    "another need": lambda chance, _: tasks(f"{chance.choice(NAMES)}/{chance.choice('aab')}"),
    "a soft need": lambda chance, _: tasks(f"~{chance.choice(NAMES)}/b"),
    "no need": lambda chance, _: tasks(),
    "another id": lambda chance, _: tasks(first=chance.choice("acx")),
    "one task less": lambda chance, text: "\n".join(text.splitlines()[:-1]) + "\n",
    "a long chain": lambda chance, _: (
        "kerrigan: 7\ntasks:\n  - {id: a, title: A, role: swe}\n"
        + "".join(
            f"  - {{id: b{n}, title: B, role: swe, depends_on: [{f'b{n - 1}' if n else 'a'}]}}\n" for n in range(19)
        )
        + "  - {id: b, title: B, role: swe, depends_on: [b18]}\n"
    ),
    "a silent wrong": lambda chance, _: tasks("p9/a").replace(
        "[p9/a]}", "[p9/a]}  # kerrigan: ignore[unknown-dependency] later"
    ),
    "a wrong": lambda chance, text: text.replace("swe", chance.choice(["[", "1", "swe"]), 1),
}


@pytest.mark.parametrize("seed", range(12))
def test_whatever_changes_the_answer_is_that_of_a_whole_check(
    root: Path, ask: Callable[..., Answer], seed: int
) -> None:
    chance = random.Random(seed)
    words = chance.choice([(), ("--json",), ("-v",), ("--strict",)])
    for _ in range(12):
        assert ask(root, *words) == afresh(ask, root, *words)
        fine = {name: (root / f"specs/projects/{name}/tasks.yml").read_text() for name in NAMES}
        for name in chance.sample(NAMES, chance.choice([1, 1, 2])):
            write(root, name, CHANGES[chance.choice(list(CHANGES))](chance, fine[name]))
        if ask(root, *words)[0] and chance.random() < 0.7:
            for name, text in fine.items():
                write(root, name, text)


def test_names_that_clash_in_silence_tie_a_tree_together(root: Path, ask: Callable[..., Answer]) -> None:
    spec = SPEC.replace("kerrigan: 7", "# kerrigan: ignore[case-clash] nobody here has a Mac\nkerrigan: 7")
    for folder in ("API/specs/projects/x", "api/specs/projects/y"):
        (root / folder).mkdir(parents=True)
        (root / folder / "spec.md").write_text(spec if folder.startswith("api") else SPEC)
        (root / folder / "tasks.yml").write_text(tasks())
    assert ask(root)[0] == 0
    (root / "api/specs/projects/y/spec.md").write_text(SPEC)
    assert looked_at(root) is None
    assert ask(root) == afresh(ask, root)
    assert ask(root)[0] == 1


def test_a_repository_that_is_there_by_its_projects_alone_is_always_read(
    root: Path, ask: Callable[..., Answer]
) -> None:
    (root / ".github").mkdir()
    (root / ".github/kerrigan.yml").write_text("projects: a/b\ncheck: {rules: {self-dependency: off}}\n")
    for folder in ("a/specs/projects/q", "a/b/p", "a/b/r", "a/b/s"):
        (root / folder).mkdir(parents=True)
        (root / folder / "spec.md").write_text(SPEC)
        (root / folder / "tasks.yml").write_text(tasks())
    assert ask(root)[0] == 0
    (root / "a/b/p/tasks.yml").write_text(tasks("b"))
    assert looked_at(root) is None
    assert ask(root) == afresh(ask, root)
