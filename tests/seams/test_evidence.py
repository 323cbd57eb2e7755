"""What the commits of a journal's branch prove, on real repositories of both object formats."""

from pathlib import Path

import pytest

from kerrigan.git.journal.evidence import Loss, author, last_change, losses, segments_of, text_at, writer
from kerrigan.git.repo import Clone, discover, git

WHO = ("-c", "user.name=m", "-c", "user.email=m@x")
FIRST = "log/000001.jsonl"


@pytest.fixture(params=["sha1", "sha256"])
def clone(tmp_path: Path, request: pytest.FixtureRequest) -> Clone:
    git("init", "-q", f"--object-format={request.param}", str(tmp_path), cwd=tmp_path)
    return discover(tmp_path)


def commit(clone: Clone, text: str | None, path: str = FIRST) -> str:
    """Write a file, or take it away, and commit it on top of HEAD."""
    file = clone.root / path
    file.parent.mkdir(exist_ok=True)
    if text is None:
        file.unlink()
    else:
        file.write_text(text)
    git("add", "-A", cwd=clone.root)
    git(*WHO, "commit", "-q", "--allow-empty", "-m", "m", cwd=clone.root)
    return git("rev-parse", "HEAD", cwd=clone.root)


def found(clone: Clone, since: str | None = None) -> list[Loss]:
    tip = git("rev-parse", "HEAD", cwd=clone.root)
    return list(losses(clone, tip, since, segments_of(clone, tip)))


def test_lines_that_are_added_are_no_loss(clone: Clone) -> None:
    commit(clone, "one\n")
    commit(clone, "one\ntwo\n")
    tip = commit(clone, "one\ntwo\nthree\nfour\n")
    commit(clone, "five\n", "log/000002.jsonl")
    assert found(clone) == []
    assert segments_of(clone, "HEAD") == {1: ("one", "two", "three", "four"), 2: ("five",)}
    assert segments_of(clone, "HEAD", 2) == {2: ("five",)}
    assert writer(clone, "HEAD", 3) == tip
    assert last_change(clone, "HEAD", FIRST) == tip
    assert (author(clone, tip), text_at(clone, tip, FIRST)) == ("m", "one\ntwo\nthree\nfour\n")


@pytest.mark.parametrize(
    ("text", "line"),
    [("two\n", 1), ("one\n", 2), ("one\nto\n", 2), ("", 1), (None, 1), ("zero\none\ntwo\n", 1), ("one\ntwothree\n", 2)],
)
def test_the_commit_that_took_a_line_away_is_named(clone: Clone, text: str | None, line: int) -> None:
    before = commit(clone, "one\ntwo\n")
    bad = commit(clone, text)
    assert found(clone) == found(clone, before) == [Loss(bad, line)]
    commit(clone, "one\ntwo\n")
    assert found(clone)[0] == Loss(bad, line), "fixing it does not hide it"
    assert found(clone, git("rev-parse", "HEAD", cwd=clone.root)) == []


def test_lines_count_over_all_segments(clone: Clone) -> None:
    commit(clone, "x\n" * 128)
    commit(clone, "one\ntwo\n", "log/000002.jsonl")
    bad = commit(clone, "one\n", "log/000002.jsonl")
    assert found(clone) == [Loss(bad, 130)]


@pytest.mark.parametrize("keeps", [True, False])
def test_a_merge_has_to_keep_what_it_merges(clone: Clone, keeps: bool) -> None:
    root = commit(clone, "one\n")
    side = commit(clone, "one\ntwo\n")
    git("checkout", "-q", root, cwd=clone.root)
    commit(clone, "words\n", "README")
    # Kept or not, one side of the merge is as its parent: a simplified history would leave the other side out.
    words = () if keeps else ("-s", "ours")
    git(*WHO, "merge", "-q", *words, "-m", "merge", side, cwd=clone.root)
    assert found(clone) == ([] if keeps else [Loss(git("rev-parse", "HEAD", cwd=clone.root), 2)])


def test_the_users_settings_of_git_change_nothing(clone: Clone) -> None:
    for setting in ("color.ui=always", "log.showSignature=true", "diff.renames=copies", "log.diffMerges=off"):
        git("config", *setting.split("="), cwd=clone.root)
    commit(clone, "one\ntwo\n")
    bad = commit(clone, "two\n")
    assert found(clone) == [Loss(bad, 1)]
