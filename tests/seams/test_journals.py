"""Many journals at once against a real remote: few processes, whatever became of the branches meanwhile."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from kerrigan.errors import UnreadableError
from kerrigan.git.journal.journal import Append, Journal
from kerrigan.git.journal.journals import contents_of, tips_of
from kerrigan.git.journal.seen import recall
from kerrigan.git.repo import Clone, git

CloneOf = Callable[..., Clone]
COUNTER = '#!/bin/sh\necho "$@" >>"{log}"\nexec "{git}" "$@"\n'


def write(clone: Clone, remote: Path, project: str, line: str) -> str:
    """Append a line to a project's journal; the commit comes back."""
    tip = Journal(clone, str(remote), project).append(lambda seen: Append((line,), "w")).tip
    assert tip
    return tip


def read(clone: Clone, remote: Path) -> dict[str, tuple[str, ...]]:
    """The lines of every journal."""
    tips = tips_of(clone, str(remote))
    found = contents_of(clone, str(remote), tips)
    assert {project: journal.tip for project, journal in found.items()} == tips
    return {project: journal.lines for project, journal in found.items()}


def test_a_repository_without_journals_has_none(remote: Path, clone_of: CloneOf) -> None:
    assert read(clone_of(remote), remote) == {}


@pytest.mark.parametrize("count", [1, 12])
def test_as_many_processes_for_twelve_as_for_one(
    tmp_path: Path, remote: Path, clone_of: CloneOf, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    theirs, mine = clone_of(remote, "theirs"), clone_of(remote, "mine")
    for n in range(count):
        write(theirs, remote, f"p{n}", f"line {n}")
    log = tmp_path / "asked"
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "git").write_text(COUNTER.format(log=log, git=shutil.which("git")))
    (tmp_path / "bin" / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    assert read(mine, remote) == {f"p{n}": (f"line {n}",) for n in range(count)}
    assert [line.split()[0] for line in log.read_text().splitlines()] == ["ls-remote", "cat-file"]


def test_what_was_seen_of_each_is_remembered(remote: Path, clone_of: CloneOf) -> None:
    theirs, mine = clone_of(remote, "theirs"), clone_of(remote, "mine")
    for project in ("a", "b"):
        write(theirs, remote, project, "one")
    read(mine, remote)
    after = write(theirs, remote, "b", "two")
    assert read(mine, remote) == {"a": ("one",), "b": ("one", "two")}
    seen = recall(mine.git_dir / "kerrigan-cache/seen/b")
    assert seen is not None
    assert (seen.number, seen.commit) == (2, after)


def test_a_rewritten_journal_is_read_as_it_is_and_stays_noticed(remote: Path, clone_of: CloneOf) -> None:
    theirs, mine = clone_of(remote, "theirs"), clone_of(remote, "mine")
    for project in ("a", "b"):
        write(theirs, remote, project, "one")
    read(mine, remote)
    git("update-ref", "-d", "refs/heads/kerrigan-state/a", cwd=remote)
    write(clone_of(remote, "fresh"), remote, "a", "other")
    write(theirs, remote, "b", "two")
    assert read(mine, remote) == {"a": ("other",), "b": ("one", "two")}
    assert Journal(mine, str(remote), "a").look().rewritten


def test_a_journal_that_is_gone_by_then_is_not_read_as_empty(remote: Path, clone_of: CloneOf) -> None:
    theirs, mine = clone_of(remote, "theirs"), clone_of(remote, "mine")
    write(theirs, remote, "a", "one")
    tips = tips_of(mine, str(remote))
    git("update-ref", "-d", "refs/heads/kerrigan-state/a", cwd=remote)
    assert contents_of(mine, str(remote), tips)["a"].lines == ("one",)
    git("gc", "-q", "--prune=now", cwd=remote)
    with pytest.raises(UnreadableError, match="cannot be read"):
        contents_of(mine, str(remote), tips)
