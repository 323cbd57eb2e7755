"""A journal that somebody harmed with plain git: what is found, at which line, by which commit; and what goes on."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.branch import Meddler, copy_of, old_lines, publish_journal
from tests.e2e.desk import Desk
from tests.e2e.test_outputs import assert_fits

TOTAL = len(old_lines())


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("template")
    Desk(root, publish_journal(root), "ada")
    return root


@pytest.fixture
def desk(template: Path, tmp_path: Path) -> Desk:
    return copy_of(template, tmp_path)


@pytest.fixture
def eve(desk: Desk, tmp_path: Path) -> Meddler:
    return Meddler(tmp_path)


def verify(desk: Desk, *words: str) -> dict[str, Any]:
    """What `audit verify --json` finds; its exit code is what it says."""
    done = desk.kerrigan("audit", "verify", "todo", "--json", *words)
    assert_fits("audit", done.stdout)
    found: dict[str, Any] = json.loads(done.stdout)
    assert done.returncode == (0 if found["sound"] else 1), done.stderr
    return found


def test_what_was_verified_is_not_verified_again(desk: Desk) -> None:
    first = verify(desk)
    assert (first["events"], first["since"]) == (TOTAL, None)
    desk.json("task", "claim", "todo/screen", "--role", "design")
    tip = desk.git("rev-parse", "refs/kerrigan/verified/todo")
    assert (verify(desk)["events"], verify(desk, "--all")["since"]) == (TOTAL + 2, None)
    words = desk.kerrigan("audit", "verify", "todo").stdout
    assert f"{TOTAL + 2} events, every hash holds (verified up to" in words
    assert tip != desk.git("rev-parse", "refs/kerrigan/verified/todo"), "it is remembered each time"


def edited(lines: list[str]) -> list[str]:
    return [line.replace('"todo/', '"toda/') if n == 5 else line for n, line in enumerate(lines)]


HARM: dict[str, tuple[int, Callable[[list[str]], list[str]], int]] = {
    "a line edited": (1, edited, 6),
    "a line deleted": (1, lambda lines: lines[:9] + lines[10:], 10),
    "two lines swapped": (1, lambda lines: [lines[0], lines[2], lines[1], *lines[3:]], 2),
    "the last line taken away": (2, lambda lines: lines[:-1], TOTAL),
    "the segment emptied": (2, lambda lines: [], 129),
    "a line doubled": (2, lambda lines: [*lines, lines[-1]], TOTAL + 1),
    "a line that is no event": (2, lambda lines: [*lines, "hello"], TOTAL + 1),
    "a line put in between": (2, lambda lines: [lines[0], lines[0], *lines[1:]], 130),
}


@pytest.mark.parametrize("name", HARM)
def test_the_first_bad_line_and_its_commit_are_named(desk: Desk, eve: Meddler, name: str) -> None:
    segment, harm, line = HARM[name]
    assert verify(desk)["sound"]
    commit = eve.write(segment, harm(eve.lines(segment)))
    for words in ([], ["--all"]):
        found = verify(desk, *words)
        assert (found["line"], found["commit"]) == (line, commit), found
        assert f"{commit} of eve" in found["problem"]
