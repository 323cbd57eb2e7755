"""Journals over HTTP: little is fetched, the user's clone stays as it was, and whatever breaks is fetched again."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from benchmarks.git_server import Server, serving
from kerrigan.errors import UndecidedError
from kerrigan.git.journal import cache as journal_cache
from kerrigan.git.journal.journal import Append, Journal
from kerrigan.git.journal.snapshot import SEGMENT, JournalSnapshot
from kerrigan.git.repo import Clone, discover, git

CloneOf = Callable[..., Clone]
TASKS, STATUS = "specs/projects/todo/tasks.yml", "specs/projects/todo/status.json"
PLAN = {TASKS: "kerrigan: 7\n", "src/big.txt": "x" * 100_000}
OPEN = f"seed {2 * SEGMENT}"
FETCHED = 5
"""Objects of a journal that a fresh clone needs: a commit, its two folders, state.json and the open segment."""

WRITER = """
import sys
from pathlib import Path
from kerrigan.git.journal.journal import Append, Journal
from kerrigan.git.repo import discover
journal = Journal(discover(Path(sys.argv[1])), sys.argv[2], "todo")
for number in range(int(sys.argv[4])):
    journal.append(lambda seen: Append((f"{sys.argv[3]} {number} after {seen.count}",), "w"))
"""


@pytest.fixture
def forge(tmp_path: Path, remote: Path, clone_of: CloneOf) -> Iterator[Server]:
    """A server that allows partial clones, with a definition, and a journal of two full segments and an open one."""
    git("config", "uploadpack.allowFilter", "true", cwd=remote)
    fill(Journal(clone_of(remote, "seed", PLAN), str(remote), "todo"), 2)
    with serving(Server(tmp_path)) as server:
        yield server


def fill(journal: Journal, full: int, who: str = "seed") -> JournalSnapshot:
    """So many more segments, and one line in the next. As in a journal, no two lines are the same."""

    def write(seen: JournalSnapshot) -> Append:
        room = SEGMENT - len(seen.lines)
        texts = tuple(f"{who} {seen.count + n} {'x' * 200}" for n in range(room + (full - 1) * SEGMENT))
        segments = tuple(texts[n : n + SEGMENT] for n in range(room, len(texts), SEGMENT))
        return Append(
            (f"{who} {seen.count + len(texts)}",),
            "fill",
            f'{{"segments": {seen.segment + full - 1}}}',
            segments,
            texts[:room],
        )

    return journal.append(write)


def url(forge: Server) -> str:
    return f"{forge.url}/remote.git"


def runner(forge: Server, folder: Path, name: str = "mine") -> Clone:
    """A clone as a runner has it."""
    git("clone", "-q", "--depth=1", url(forge), name, cwd=folder)
    forge.count.requests = forge.count.sent = 0
    return discover(folder / name)


def journal_in(forge: Server, clone: Clone) -> Journal:
    return Journal(clone, url(forge), "todo", (TASKS, STATUS))


def line(text: str) -> Callable[[JournalSnapshot], Append]:
    return lambda seen: Append((text,), "w")


def own(clone: Clone) -> Path:
    return clone.git_dir / "kerrigan-cache" / "journal.git"


def objects(repository: Path) -> list[str]:
    """The objects that a repository has itself."""
    asked = ("cat-file", "--batch-all-objects", "--batch-check=%(objecttype)")
    return git(f"--git-dir={repository}", *asked, cwd=repository).split()


def test_a_fresh_clone_fetches_as_little_of_a_long_journal_as_of_a_short_one(
    tmp_path: Path, remote: Path, forge: Server
) -> None:
    counts = []
    for name, more in (("short", 0), ("long", 60)):
        if more:
            fill(Journal(discover(tmp_path / "seed"), str(remote), "todo"), more)
        mine = runner(forge, tmp_path, name)
        seen = journal_in(forge, mine).look()
        assert (len(seen.lines), seen.files) == (1, {TASKS: b"kerrigan: 7\n"})
        counts.append((sorted(objects(own(mine))), forge.count.requests))
    assert counts == [(["blob", "blob", "commit", "tree", "tree"], 6)] * 2
    assert forge.count.sent < 20_000


def test_a_second_look_fetches_nothing_and_one_after_a_change_what_changed(tmp_path: Path, forge: Server) -> None:
    mine, theirs = runner(forge, tmp_path), runner(forge, tmp_path, "theirs")
    first = journal_in(forge, mine).look()
    forge.count.requests = 0
    assert journal_in(forge, mine).look() == first
    assert (forge.count.requests, len(objects(own(mine)))) == (2, FETCHED)
    journal_in(forge, theirs).append(line("theirs"))
    assert journal_in(forge, mine).look().lines == (OPEN, "theirs")
    assert len(objects(own(mine))) == FETCHED + 4, "state.json did not change"


def test_an_append_from_a_fresh_clone_is_one_push_and_read_by_all(tmp_path: Path, remote: Path, forge: Server) -> None:
    mine = runner(forge, tmp_path)
    seen = journal_in(forge, mine).look()
    forge.count.requests = 0
    after = journal_in(forge, mine).append(line("mine"), seen)
    assert forge.count.requests == 2, "what is there, and the push"
    assert after.lines == (OPEN, "mine")
    assert journal_in(forge, mine).look() == after == journal_in(forge, runner(forge, tmp_path, "theirs")).look()
    assert len(journal_in(forge, mine).history(after)) == 2 * SEGMENT + 2
    git("fsck", "--strict", "--no-dangling", cwd=remote)


def state_of(clone: Clone) -> dict[str, bytes]:
    """Every file of a clone's repository but those of Kerrigan."""
    files = (path for path in clone.git_dir.rglob("*") if path.is_file())
    named = {path.relative_to(clone.git_dir).as_posix(): path.read_bytes() for path in files}
    return {name: body for name, body in named.items() if not name.startswith("kerrigan-cache/")}


@pytest.mark.parametrize("options", [(), ("--depth=1",), ("--filter=blob:none",), ("--filter=tree:0",)])
def test_the_users_clone_stays_as_it_is(tmp_path: Path, forge: Server, options: tuple[str, ...]) -> None:
    git("clone", "-q", "--no-checkout", *options, url(forge), "mine", cwd=tmp_path)
    mine = discover(tmp_path / "mine")
    before = state_of(mine)
    after = journal_in(forge, mine).append(line("mine"))
    assert journal_in(forge, mine).look() == after
    assert len(journal_in(forge, mine).history(after)) == 2 * SEGMENT + 2
    assert state_of(mine) == before


def no_filter(server: Server) -> None:
    git("config", "uploadpack.allowFilter", "false", cwd=server.folder / "remote.git")


def advertised_only(server: Server) -> None:
    server.protocol = 0


def no_shallow(server: Server) -> None:
    server.advertise = lambda body: body.replace(b"shallow", b"?hallow")


@pytest.mark.parametrize("limits", [(no_filter,), (advertised_only,), (no_shallow,), (no_filter, advertised_only)])
def test_a_server_that_gives_less_costs_more_and_works(
    tmp_path: Path, forge: Server, limits: tuple[Callable[[Server], None], ...]
) -> None:
    mine, theirs = runner(forge, tmp_path), runner(forge, tmp_path, "theirs")
    for limit in limits:
        limit(forge)
    assert journal_in(forge, mine).look().files == {TASKS: b"kerrigan: 7\n"}
    journal_in(forge, theirs).append(line("theirs"))
    after = journal_in(forge, mine).append(line("mine"))
    assert after.lines == (OPEN, "theirs", "mine")
    assert len(journal_in(forge, theirs).history(journal_in(forge, theirs).look())) == 2 * SEGMENT + 3
    assert not (theirs.git_dir / "kerrigan-cache/history.git").exists() or no_shallow in limits


def deleted(clone: Clone) -> None:
    shutil.rmtree(clone.git_dir / "kerrigan-cache")


def half_deleted(clone: Clone) -> None:
    shutil.rmtree(own(clone) / "objects")


def garbage(pattern: str) -> Callable[[Clone], None]:
    def harm(clone: Clone) -> None:
        found = [path for path in own(clone).glob(pattern) if path.is_file()]
        assert found
        for path in found:
            path.chmod(0o644)
            path.write_bytes(b"garbage\n")

    return harm


def cut_short(clone: Clone) -> None:
    for path in own(clone).glob("objects/pack/*.pack"):
        path.chmod(0o644)
        path.write_bytes(path.read_bytes()[:40])


def locked(clone: Clone) -> None:
    (own(clone) / "shallow.lock").touch()


HARM = {
    "deleted": deleted,
    "half deleted": half_deleted,
    "its packs are garbage": garbage("objects/pack/*.pack"),
    "its indexes are garbage": garbage("objects/pack/*.idx"),
    "its packs are cut short": cut_short,
    "its own objects are garbage": garbage("objects/??/*"),
    "its list of shallow commits is garbage": garbage("shallow"),
    "its configuration is garbage": garbage("config"),
    "its HEAD is garbage": garbage("HEAD"),
    "a killed git left a lock": locked,
}


@pytest.mark.parametrize("name", HARM)
def test_a_cache_that_is_harmed_is_made_again(tmp_path: Path, forge: Server, name: str) -> None:
    mine, theirs = runner(forge, tmp_path), runner(forge, tmp_path, "theirs")
    journal = journal_in(forge, mine)
    journal.append(line("one"))
    HARM[name](mine)
    assert journal.look().lines == (OPEN, "one")
    HARM[name](mine) if name != "its own objects are garbage" else None
    journal_in(forge, theirs).append(line("two"))
    assert journal.look().lines == (OPEN, "one", "two")


@pytest.mark.parametrize("name", [name for name in HARM if "objects" not in name])
def test_a_cache_that_is_harmed_between_a_read_and_its_append_loses_nothing(
    tmp_path: Path, forge: Server, name: str
) -> None:
    mine = runner(forge, tmp_path)
    journal = journal_in(forge, mine)
    seen = journal.look()
    decided = []

    def write(snapshot: JournalSnapshot) -> Append:
        decided.append(snapshot.count)
        return Append(("mine",), "w")

    HARM[name](mine)
    assert journal.append(write, seen).lines == (OPEN, "mine")
    assert journal_in(forge, runner(forge, tmp_path, "theirs")).look().lines == (OPEN, "mine")
    assert set(decided) == {seen.count}


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_process_that_is_killed_at_a_fetch_is_in_nobodys_way(tmp_path: Path, forge: Server, when: str) -> None:
    mine = runner(forge, tmp_path)
    (tmp_path / "bin").mkdir()
    ways = {"before": "kill -9 $PPID; exit", "after": f'"{shutil.which("git")}" "$@"; kill -9 $PPID; exit'}
    script = f'#!/bin/sh\ncase " $* " in *" fetch "*) {ways[when]};; esac\nexec "{shutil.which("git")}" "$@"\n'
    (tmp_path / "bin/git").write_text(script)
    (tmp_path / "bin/git").chmod(0o755)
    words = [sys.executable, "-c", WRITER, str(mine.root), url(forge), "a", "1"]
    environment = os.environ | {"PATH": f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}"}
    assert subprocess.run(words, env=environment, check=False).returncode == -9
    assert journal_in(forge, mine).append(line("mine")).lines == (OPEN, "mine")


def test_processes_of_one_fresh_clone_at_the_same_time_lose_nothing(tmp_path: Path, forge: Server) -> None:
    mine = runner(forge, tmp_path)
    words = [sys.executable, "-c", WRITER, str(mine.root), url(forge)]
    writers = [subprocess.Popen([*words, name, "4"]) for name in "abcd"]
    assert [writer.wait() for writer in writers] == [0] * 4
    found = journal_in(forge, mine).look().lines
    first = 2 * SEGMENT + 1
    assert [text.split(" after ")[1] for text in found[1:]] == [str(n) for n in range(first, first + 16)]
    assert sorted(text.split(" after ")[0] for text in found[1:]) == sorted(
        f"{w} {n}" for w in "abcd" for n in range(4)
    )


def test_a_clone_that_cannot_be_written_is_read_and_appended_to(tmp_path: Path, forge: Server) -> None:
    mine = runner(forge, tmp_path)
    (mine.git_dir / "kerrigan-cache").write_text("in the way")
    assert journal_in(forge, mine).append(line("mine")).lines == (OPEN, "mine")
    assert journal_in(forge, mine).look().lines == (OPEN, "mine")
    assert journal_cache.cache_of(mine).folder.parent != mine.git_dir
    assert (mine.git_dir / "kerrigan-cache").read_text() == "in the way"


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() == 0, reason="root may write everywhere")
def test_a_clone_on_a_read_only_disk_is_read_and_appended_to(tmp_path: Path, forge: Server) -> None:
    mine = runner(forge, tmp_path)
    mine.git_dir.chmod(0o555)
    try:
        assert journal_in(forge, mine).append(line("mine")).lines == (OPEN, "mine")
    finally:
        mine.git_dir.chmod(0o755)


def test_linked_work_trees_share_what_was_fetched(tmp_path: Path, forge: Server) -> None:
    mine = runner(forge, tmp_path)
    seen = journal_in(forge, mine).look()
    git("worktree", "add", "-q", "--detach", str(tmp_path / "linked"), cwd=mine.root)
    forge.count.requests = 0
    assert journal_in(forge, discover(tmp_path / "linked")).look() == seen
    assert forge.count.requests == 2


def test_a_cache_that_has_grown_is_begun_anew(tmp_path: Path, forge: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal_cache, "PACKS", 4)
    monkeypatch.setattr(journal_cache, "LOOSE", 0)
    mine, theirs = runner(forge, tmp_path), runner(forge, tmp_path, "theirs")
    for number in range(6):
        journal_in(forge, theirs).append(line(f"theirs {number}"))
        assert journal_in(forge, mine).append(line(f"mine {number}")).count == 2 * SEGMENT + 3 + 2 * number
    assert len(list(own(mine).glob("objects/pack/*.pack"))) <= 6
    assert sorted(path.name for path in (mine.git_dir / "kerrigan-cache").iterdir()) == ["journal.git", "lock", "seen"]


@pytest.mark.parametrize("segments", [0, 1, 3])
def test_a_journal_that_was_rewritten_is_noticed_in_whatever_segment_it_was_seen(
    tmp_path: Path, remote: Path, forge: Server, segments: int
) -> None:
    mine, seed = runner(forge, tmp_path), Journal(discover(tmp_path / "seed"), str(remote), "todo")
    seen = journal_in(forge, mine).append(line("mine"))
    if segments:
        fill(seed, 2 + segments)
    assert not journal_in(forge, mine).look().rewritten
    other = Journal(discover(git_clone(tmp_path, remote)), str(remote), "todo")
    git("update-ref", "-d", "refs/heads/kerrigan-state/todo", cwd=remote)
    other.append(line("other"))
    fill(other, 4 + segments, "other")
    assert other.look().count > seen.count
    assert journal_in(forge, mine).look().rewritten
    assert journal_in(forge, mine).append(line("on top")).rewritten
    assert journal_in(forge, mine).look().rewritten, "an append on top does not hide it"


def git_clone(folder: Path, remote: Path) -> Path:
    git("clone", "-q", str(remote), "other", cwd=folder)
    return folder / "other"


def test_the_clones_own_settings_reach_the_remote(
    tmp_path: Path, forge: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A checkout keeps its token in the clone's configuration; what the caller sets for one command comes after it."""
    mine = runner(forge, tmp_path)
    forge.header = ("x-token", "right")
    with pytest.raises(UndecidedError):
        journal_in(forge, mine).look()
    git("config", "http.extraHeader", "x-token: wrong", cwd=mine.root)
    monkeypatch.setenv("GIT_CONFIG_COUNT", "2")
    for number, value in enumerate(("", "x-token: right")):
        monkeypatch.setenv(f"GIT_CONFIG_KEY_{number}", "http.extraHeader")
        monkeypatch.setenv(f"GIT_CONFIG_VALUE_{number}", value)
    assert journal_in(forge, discover(mine.root)).append(line("mine")).lines == (OPEN, "mine")
    monkeypatch.delenv("GIT_CONFIG_COUNT")
    git("config", "http.extraHeader", "x-token: right", cwd=mine.root)
    shutil.rmtree(own(mine))
    assert journal_in(forge, discover(mine.root)).append(line("again")).lines == (OPEN, "mine", "again")
