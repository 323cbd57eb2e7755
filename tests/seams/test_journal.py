"""The journal's branch against real bare remotes: nothing lost, nothing overwritten, whatever goes wrong."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kerrigan.errors import LostRaceError, UndecidedError, UnreadableError, UsageError
from kerrigan.git.journal.journal import Append, Journal
from kerrigan.git.journal.seen import recall
from kerrigan.git.journal.snapshot import SEGMENT, JournalSnapshot
from kerrigan.git.repo import discover, git

WRITER = """
import sys
from pathlib import Path
from kerrigan.git.journal.journal import Append, Journal
from kerrigan.git.journal.snapshot import SEGMENT, JournalSnapshot
from kerrigan.git.repo import discover
clone, name, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
journal = Journal(discover(clone), str(clone.parent / "remote.git"), "todo")
def write(seen: JournalSnapshot) -> Append:
    assert not seen.rewritten
    line = f"{name} {number} after {(seen.segment - 1) * SEGMENT + len(seen.lines)}"
    full = len(seen.lines) == SEGMENT
    return Append((line,), "w", '{"segments": %d}' % seen.segment if full else None)
for number in range(count):
    journal.append(write)
"""


def fake_git(folder: Path, instead: str, of: str = "push") -> str:
    """A PATH on which one command of git does something else; `$git` is the real one."""
    folder.mkdir()
    script = f'#!/bin/sh\ngit="{shutil.which("git")}"\ncase " $* " in *" {of} "*) {instead};; esac\nexec "$git" "$@"\n'
    (folder / "git").write_text(script)
    (folder / "git").chmod(0o755)
    return f"{folder}{os.pathsep}{os.environ['PATH']}"


def journal(tmp_path: Path, remote: Path, name: str = "clone", wanted: tuple[str, ...] = ()) -> Journal:
    clone = tmp_path / name
    if not clone.exists():
        git("clone", "-q", str(remote), str(clone), cwd=tmp_path)
    return Journal(discover(clone), str(remote), "todo", wanted)


def lines(*texts: str) -> Append:
    return Append(texts, "w")


def test_an_empty_remote_gets_its_first_line(tmp_path: Path, remote: Path) -> None:
    mine = journal(tmp_path, remote)
    assert mine.look().tip is None
    after = mine.append(lambda seen: lines("one"))
    theirs = journal(tmp_path, remote, "other").look()
    assert (theirs.tip, theirs.lines) == (after.tip, ("one",))


def test_a_line_may_hold_what_unicode_calls_a_line_end(tmp_path: Path, remote: Path) -> None:
    mine = journal(tmp_path, remote)
    mine.append(lambda seen: lines("a\u2028b\u0085c"))
    mine.append(lambda seen: lines("d"))
    assert mine.history(mine.look()) == ("a\u2028b\u0085c", "d")


def test_eight_writers_lose_nothing_also_across_segments(tmp_path: Path, remote: Path) -> None:
    for name in "abcdefgh":
        git("clone", "-q", str(remote), str(tmp_path / name), cwd=tmp_path)
    mine = journal(tmp_path, remote)
    before = mine.append(lambda seen: lines(*(f"m {n} after {n}" for n in range(SEGMENT - 20)))).lines
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path / name), name, "5"]) for name in "abcdefgh"]
    assert [writer.wait() for writer in writers] == [0] * 8
    found = mine.history(mine.look())
    told = [line.split(" after ")[0] for line in found[len(before) :]]
    assert sorted(told) == sorted(f"{name} {number}" for name in "abcdefgh" for number in range(5))
    assert [line.split(" after ")[1] for line in found] == [str(n) for n in range(len(before) + 40)], (
        "each was decided on the tip that it got"
    )
    assert len(mine.look().lines) == 20


def test_two_processes_in_one_clone(tmp_path: Path, remote: Path) -> None:
    mine = journal(tmp_path, remote)
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path / "clone"), name, "5"]) for name in "abcd"]
    assert [writer.wait() for writer in writers] == [0] * 4
    assert len(mine.history(mine.look())) == 20


def test_a_faster_process_of_the_same_clone_is_no_rewrite(
    tmp_path: Path, remote: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = journal(tmp_path, remote)
    mine.append(lambda seen: lines("one"))
    (tmp_path / "writer.py").write_text(WRITER)
    faster = f'PATH="{os.environ["PATH"]}" "{sys.executable}" "{tmp_path}/writer.py" "{tmp_path}/clone" faster 1'
    look = f'"$git" "$@" >"{tmp_path}/refs"; {faster}; cat "{tmp_path}/refs"; exit'
    with monkeypatch.context() as patched:
        patched.setenv("PATH", fake_git(tmp_path / "bin", look, of="ls-remote"))
        late = mine.look()
    assert (late.lines, late.rewritten) == (("one",), False)
    seen = recall(tmp_path / "clone/.git/kerrigan-cache/seen/todo")
    assert seen is not None
    assert (seen.number, seen.commit) == (2, mine.look().tip), "what is remembered does not go back"


def test_a_refusal_writes_nothing(tmp_path: Path, remote: Path) -> None:
    mine = journal(tmp_path, remote)
    before = mine.append(lambda seen: lines("one"))
    assert mine.append(lambda seen: None).tip == before.tip == mine.look().tip


def test_a_stale_snapshot_is_decided_again(tmp_path: Path, remote: Path) -> None:
    mine, theirs = journal(tmp_path, remote), journal(tmp_path, remote, "other")
    stale = mine.look()
    theirs.append(lambda seen: lines("theirs"))
    seen: list[tuple[str, ...]] = []

    def write(snapshot: JournalSnapshot) -> Append:
        seen.append(snapshot.lines)
        return lines("mine")

    mine.append(write, stale)
    assert seen == [(), ("theirs",)]
    assert mine.look().lines == ("theirs", "mine")


def test_a_full_segment_is_never_touched_again(tmp_path: Path, remote: Path) -> None:
    mine = journal(tmp_path, remote)
    mine.append(lambda seen: lines(*(str(n) for n in range(SEGMENT))))
    sealed = mine.append(lambda seen: Append(("next",), "w", '{"segments": 1}'))
    assert (sealed.segment, sealed.lines) == (2, ("next",))
    assert mine.look() == sealed
    assert mine.history(sealed) == (*(str(n) for n in range(SEGMENT)), "next")


def test_more_lines_than_a_segment_holds(tmp_path: Path, remote: Path) -> None:
    mine = journal(tmp_path, remote)
    mine.append(lambda seen: lines("first"))
    many = tuple(str(n) for n in range(SEGMENT))
    after = mine.append(lambda seen: Append(("last",), "w", '{"segments": 3}', full=(many, many)))
    assert (after.segment, after.lines) == (4, ("last",))
    assert mine.look() == after
    assert mine.history(after) == ("first", *many, *many, "last")


def test_a_push_whose_answer_is_lost_counts_once(tmp_path: Path, remote: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = journal(tmp_path, remote)
    monkeypatch.setenv("PATH", fake_git(tmp_path / "bin", '"$git" "$@"; exit 1'))
    mine.append(lambda seen: lines("one"))
    assert mine.look().lines == ("one",)


@pytest.mark.parametrize(
    ("at_push", "kept"), [("kill -9 $PPID; exit", ()), ('"$git" "$@"; kill -9 $PPID; exit', ("a 0",))]
)
def test_killed_around_the_push_the_next_append_goes_on(
    tmp_path: Path, remote: Path, at_push: str, kept: tuple[str, ...]
) -> None:
    mine = journal(tmp_path, remote)
    killed = [sys.executable, "-c", WRITER, str(tmp_path / "clone"), "a", "1"]
    environment = os.environ | {"PATH": fake_git(tmp_path / "bin", at_push)}
    assert subprocess.run(killed, env=environment, check=False).returncode == -9
    after = mine.append(lambda seen: lines("mine"))
    assert [line.partition(" after")[0] for line in after.lines] == [*kept, "mine"]
    assert git("for-each-ref", cwd=tmp_path / "clone/.git/kerrigan-cache/journal.git") == "", "nothing is left behind"


def test_a_refusing_remote_is_named_with_the_setting(tmp_path: Path, remote: Path) -> None:
    hook = remote / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\necho 'state branches are protected' >&2\nexit 1\n")
    hook.chmod(0o755)
    with pytest.raises(UnreadableError, match=r"refuses pushes to kerrigan-state/todo") as refused:
        journal(tmp_path, remote).append(lambda seen: lines("one"))
    assert refused.value.kind == "push-refused"
    assert "state branches are protected" in refused.value.message
    assert "protection" in refused.value.next_step


def test_where_a_rule_keeps_a_journal_to_another_token_that_one_writes_it(tmp_path: Path, remote: Path) -> None:
    hook = remote / "hooks" / "pre-receive"
    hook.write_text(
        "#!/bin/sh\n[ \"$MAY_WRITE\" ] || { echo 'GH013: Repository rule violations found' >&2; exit 1; }\n"
    )
    hook.chmod(0o755)
    clone = journal(tmp_path, remote).clone
    with pytest.raises(UnreadableError, match="refuses pushes"):
        Journal(clone, str(remote), "todo", access={"OTHER": "1"}).append(lambda seen: lines("one"))
    after = Journal(clone, str(remote), "todo", access={"MAY_WRITE": "1"}).append(lambda seen: lines("one"))
    assert [line.partition(" after")[0] for line in after.lines] == ["one"]
    assert git("rev-parse", "refs/heads/kerrigan-state/todo", cwd=remote) == after.tip


def test_a_remote_that_never_takes_a_push_is_no_race(
    tmp_path: Path, remote: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = journal(tmp_path, remote)
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    (remote / "refs" / "heads" / "kerrigan-state").write_text("in the way\n")
    with pytest.raises(UndecidedError, match="did not take a push to kerrigan-state/todo") as fault:
        mine.append(lambda seen: lines("one"))
    assert fault.value.kind == "push-failed"


def test_who_is_always_too_late_is_told_so(tmp_path: Path, remote: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mine, theirs = journal(tmp_path, remote), journal(tmp_path, remote, "other")
    monkeypatch.setattr("time.sleep", lambda seconds: None)

    def write(snapshot: JournalSnapshot) -> Append:
        theirs.append(lambda seen: lines("faster"))
        return lines("mine")

    with pytest.raises(LostRaceError, match="faster"):
        mine.append(write)
    assert set(mine.look().lines) == {"faster"}


def test_a_rewritten_branch_is_noticed(tmp_path: Path, remote: Path) -> None:
    mine = journal(tmp_path, remote)
    mine.append(lambda seen: lines("one"))
    mine.append(lambda seen: lines("two"))
    mine.look()
    other = journal(tmp_path, remote, "other")
    git("update-ref", "-d", "refs/heads/kerrigan-state/todo", cwd=remote)
    other.append(lambda seen: lines("other"))
    assert mine.look().rewritten
    assert mine.look().rewritten, "it stays noticed"
    assert not other.look().rewritten


def test_an_append_of_ones_own_that_was_dropped_is_noticed(tmp_path: Path, remote: Path) -> None:
    mine = journal(tmp_path, remote)
    before = mine.append(lambda seen: lines("one"))
    mine.append(lambda seen: lines("two"))
    git("update-ref", "refs/heads/kerrigan-state/todo", str(before.tip), cwd=remote)
    seen = mine.look()
    assert (seen.lines, seen.rewritten) == (("one",), True)
    assert mine.append(lambda seen: lines("three")).rewritten
    assert mine.look().rewritten, "an append on top does not hide it"


def test_wanted_files_come_from_the_default_branch(tmp_path: Path, remote: Path) -> None:
    mine = journal(tmp_path, remote, wanted=("a.txt", "none.txt"))
    clone = tmp_path / "clone"
    git("checkout", "-q", "-B", "main", cwd=clone)
    (clone / "a.txt").write_text("words\n")
    git("add", ".", cwd=clone)
    git("-c", "user.name=m", "-c", "user.email=m@x", "commit", "-qm", "words", cwd=clone)
    git("push", "-q", "origin", "main", cwd=clone)
    seen = mine.look()
    assert (seen.default_branch, seen.files) == ("main", {"a.txt": b"words\n"})


@pytest.mark.parametrize("name", ["", "..", "a/b", "a b", "UPPER", "x" * 64, "-a"])
def test_a_name_that_is_no_project(tmp_path: Path, remote: Path, name: str) -> None:
    with pytest.raises(UsageError):
        Journal(discover(_clone(tmp_path, remote)), str(remote), name)


def test_a_remote_that_is_gone_or_broken(tmp_path: Path, remote: Path) -> None:
    mine = journal(tmp_path, remote)
    remote.rename(tmp_path / "moved.git")
    with pytest.raises(UnreadableError, match="does not exist"):
        mine.look()
    remote.mkdir()
    with pytest.raises(UnreadableError, match="does not appear to be a git repository"):
        mine.look()
    with pytest.raises(UndecidedError, match="does not answer"):
        Journal(discover(tmp_path / "clone"), "http://x:secret@127.0.0.1:9/none.git", "todo").look()


def test_a_shallow_clone_writes_as_well(tmp_path: Path, remote: Path) -> None:
    journal(tmp_path, remote).append(lambda seen: lines("one"))
    git("clone", "-q", "--depth", "1", f"file://{remote}", str(tmp_path / "shallow"), cwd=tmp_path)
    journal(tmp_path, remote, "shallow").append(lambda seen: lines("two"))
    assert journal(tmp_path, remote).look().lines == ("one", "two")


def _clone(tmp_path: Path, remote: Path) -> Path:
    git("clone", "-q", str(remote), str(tmp_path / "clone"), cwd=tmp_path)
    return tmp_path / "clone"
