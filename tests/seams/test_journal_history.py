"""The whole history beside a clone: it keeps what the remote has lost, and fetching it keeps no read waiting."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kerrigan.git.journal.cache import cache_of
from kerrigan.git.journal.history import open_history
from kerrigan.git.journal.journal import Append, Journal
from kerrigan.git.repo import discover, git
from tests.seams.test_journal import fake_git

BRANCH = "refs/heads/kerrigan-state/todo"
READ = """
import sys
from pathlib import Path
from kerrigan.git.journal.journal import Journal
from kerrigan.git.repo import discover
print(Journal(discover(Path(sys.argv[1])), sys.argv[2], "todo").look().lines)
"""


def journal_in(tmp_path: Path, remote: Path) -> Journal:
    git("clone", "-q", str(remote), "clone", cwd=tmp_path)
    return Journal(discover(tmp_path / "clone"), str(remote), "todo")


def appended(journal: Journal, text: str) -> str:
    return str(journal.append(lambda seen: Append((text,), "w")).tip)


@pytest.mark.parametrize("is_damaged", [False, True])
def test_a_fetch_that_fails_once_loses_nothing_that_the_remote_has_lost(
    tmp_path: Path, remote: Path, monkeypatch: pytest.MonkeyPatch, is_damaged: bool
) -> None:
    journal = journal_in(tmp_path, remote)
    first, second = appended(journal, "one"), appended(journal, "two")
    history = open_history(journal)
    history.fetch()
    history.vouch()
    if is_damaged:
        (history.clone.git_dir / BRANCH).write_text("garbage\n")
    git("update-ref", BRANCH, first, cwd=remote)
    git("reflog", "expire", "--expire=now", "--all", cwd=remote)
    git("prune", "--expire=now", cwd=remote)
    once = tmp_path / "once"
    with monkeypatch.context() as patched:
        script = f"[ -e {once} ] || {{ touch {once}; exit 128; }}"
        patched.setenv("PATH", fake_git(tmp_path / "bin", script, of="fetch"))
        open_history(journal).fetch()
    assert once.exists()
    assert history.clone.ref(BRANCH) == first
    assert (history.clone.ref(second) == second) is not is_damaged
    assert (history.clone.ref("refs/kerrigan/verified/todo") == second) is not is_damaged


def test_who_fetches_a_long_history_keeps_no_read_waiting(tmp_path: Path, remote: Path) -> None:
    journal = journal_in(tmp_path, remote)
    appended(journal, "one")
    with cache_of(journal.clone).history_lock():
        words = [sys.executable, "-c", READ, str(tmp_path / "clone"), str(remote)]
        read = subprocess.run(words, env=os.environ, capture_output=True, text=True, check=True, timeout=50)
    assert read.stdout == "('one',)\n"
