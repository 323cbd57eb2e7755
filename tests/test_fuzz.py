"""Any bytes at all: no traceback, an exit code of 0 or 1, an answer that prints, and work that grows with the text."""

import random
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kerrigan.apply.checks.run import check_tree
from kerrigan.cli.main import run
from kerrigan.report.findings.diagnostics import FORMATS

CASES = Path(__file__).parent / "cases"
CORPUS = Path(__file__).parents[2] / "shared" / "corpus"
READ = (".md", ".yml", ".json")
FILES = ("spec.md", "tasks.yml", "status.json", "tasks.md", "plan.md")
SPEC = b"---\nkerrigan: 7\n---\n# A\n\nText.\n"

BYTES = st.binary(max_size=60)
PIECES = ["kerrigan: 7", "tasks:", "  - ", "id: a", "depends_on: [a, '#1']", "# kerrigan: ignore[x] y", "%YAML 1.1\n"]
MARKS = [
    "\n",
    "\n  ",
    "&a ",
    "*a",
    "? ",
    ": ",
    "!!x ",
    "|",
    ">-",
    "---\n",
    "...\n",
    "{",
    "}",
    "[",
    "]",
    ",",
    "'",
    '"',
    "\\",
]
ODD = ["\t", "\r\n", "\u0085", "\u2028", "\ufeff", "<<: ", "~", "1e999", "\x00", "\U0001f600"]
YAML = st.lists(st.sampled_from(PIECES + MARKS + ODD), max_size=25).map(lambda parts: "".join(parts).encode())
JSON = st.lists(
    st.sampled_from(["{", "}", "[", "]", '"status": ', '"active"', ",", "NaN", "1e999", '"\\ud800"', "null", " ", "0"]),
    max_size=15,
).map(lambda parts: "".join(parts).encode())
MARKDOWN = st.lists(
    st.sampled_from(
        ["---\n", "kerrigan: 7\n", "# A\n", "```\n", "~~~\n", "<!--", "-->", "- [ ] T1 x\n", "    ", "\n", "#"]
    ),
    max_size=20,
).map(lambda parts: "".join(parts).encode())


def answers(root: Path) -> None:
    """A check of the folder ends, and its answer can be written in every form."""
    checked = check_tree(root)
    for form in FORMATS.values():
        form(checked).encode()


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(spec=BYTES | MARKDOWN | st.just(SPEC), tasks=BYTES | YAML, status=BYTES | JSON, config=BYTES | YAML)
def test_any_bytes_get_an_answer(tmp_path: Path, spec: bytes, tasks: bytes, status: bytes, config: bytes) -> None:
    folder = tmp_path / "specs/projects/todo"
    folder.mkdir(parents=True, exist_ok=True)
    (tmp_path / ".github").mkdir(exist_ok=True)
    files = {"spec.md": spec, "tasks.yml": tasks, "status.json": status, "tasks.md": spec, "plan.md": tasks}
    for name, content in files.items():
        (folder / name).write_bytes(content)
    (tmp_path / ".github/kerrigan.yml").write_bytes(config)
    answers(tmp_path)


def mutated(chance: random.Random, content: bytes) -> bytes:
    """The same with a few bytes or lines turned, doubled, swapped or taken out."""
    for _ in range(chance.randint(1, 4)):
        at, length = chance.randrange(len(content) + 1), chance.choice([1, 1, 8, 200])
        piece = content[at : at + length]
        other = chance.choice(
            [b"", piece * 2, piece[::-1], chance.randbytes(1), b"\n", b"  ", b'"', b"- ", b": ", b"{"]
        )
        content = content[:at] + other + content[at + length :]
    return content


def sources() -> list[Path]:
    """The files to mutate: those of the cases, and of the corpora beside this repository, as far as they are there."""
    own = [path for path in CASES.rglob("*") if path.suffix in READ and path.is_file()]
    found = [path for path in CORPUS.rglob("*") if path.suffix in READ and path.is_file()] if CORPUS.is_dir() else []
    return [*sorted(own), *sorted(found)[::100]]


def test_mutated_files_get_an_answer(tmp_path: Path) -> None:
    chance = random.Random(6)
    for start in range(0, len(found := sources()), 20):
        root = tmp_path / str(start)
        for number, source in enumerate(found[start : start + 20]):
            folder = root / "specs/projects" / f"p{number}"
            folder.mkdir(parents=True)
            for name in FILES:
                if name == source.name or Path(name).suffix == source.suffix:
                    (folder / name).write_bytes(mutated(chance, source.read_bytes()))
        assert run(["check", str(root), "-q"]) in (0, 1)


def calls(work: Callable[[], object]) -> int:
    """How many functions are called, in Python and in C."""
    count = 0

    def seen(_frame: FrameType, event: str, _arg: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(seen)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def tasks(n: int, entry: str) -> str:
    return "kerrigan: 7\ntasks:\n" + "".join(entry.format(n=i, back=max(0, i - 1), last=n - 1) for i in range(n))


GROWING: dict[str, Callable[[int], str]] = {
    "chain": lambda n: tasks(n, "  - {{id: t{n}, title: A, role: swe, depends_on: [t{back}]}}\n"),
    "fan": lambda n: tasks(n, "  - {{id: t{n}, title: A, role: swe, depends_on: [t0, t{last}]}}\n"),
    "one id": lambda n: tasks(n, "  - {{id: t, title: A, role: swe}}\n"),
    "wrong": lambda n: tasks(n, "  - {{id: T{n}, titel: 7, role: [swe]}}\n"),
    "unknown": lambda n: tasks(n, "  - {{id: t{n}, title: A, role: swe, depends_on: [u{n}, '#x']}}\n"),
    "keys": lambda n: "kerrigan: 7\n" + "".join(f"k{i % 9}: 1\n" for i in range(n)),
    "anchors": lambda n: "kerrigan: 7\na: &a [1]\ntasks: [" + "*a, " * n + "]\n",
    "comments": lambda n: tasks(1, "  - {{id: t, title: A, role: swe}}\n") + "# kerrigan: ignore[syntax] a\n" * n,
    "text": lambda n: "kerrigan: 7\ntasks: |\n" + "  text\n" * n,
    "quotes": lambda n: 'kerrigan: 7\ntasks: "' + "\\x41\n  " * n + '"\n',
    "brackets": lambda n: "kerrigan: 7\ntasks: [" + "[], {}, " * n + "]\n",
}


@pytest.mark.parametrize("shape", GROWING)
def test_the_work_grows_with_the_text(shape: str, tmp_path: Path) -> None:
    folder = tmp_path / "specs/projects/todo"
    folder.mkdir(parents=True)
    (folder / "spec.md").write_bytes(SPEC)
    counted = []
    for n in (10, 100, 400):
        (folder / "tasks.yml").write_text(GROWING[shape](n), encoding="utf-8")
        counted.append(calls(lambda: answers(tmp_path)))
    assert counted[2] - counted[1] < 6 * (counted[1] - counted[0]) + 2_000
