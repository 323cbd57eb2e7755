"""A branch tried against the default branch, with real git: what merges, what is replayed, what is a person's."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from kerrigan.errors import LostRaceError, UndecidedError, UnreadableError
from kerrigan.git.merging import FEW, MOST, push_merge, try_merge
from kerrigan.git.remote import Remote
from kerrigan.git.repo import Clone, git

CloneOf = Callable[..., Clone]
BRANCH = "kerrigan/todo/one"


@pytest.fixture
def clone(remote: Path, clone_of: CloneOf) -> Clone:
    """A clone whose main, published, has ten files of three lines."""
    return clone_of(remote, files={f"f{n}": "a\nb\nc\n" for n in range(10)})


def commit(clone: Clone, files: Mapping[str, str], message: str = "work") -> str:
    """Commit these files on what is checked out."""
    for name, text in files.items():
        (clone.root / name).write_text(text, encoding="utf-8")
    git("add", "--all", cwd=clone.root)
    git("commit", "-q", "-m", message, cwd=clone.root)
    return git("rev-parse", "HEAD", cwd=clone.root)


def publish(clone: Clone, branch: str) -> None:
    git("push", "-q", "origin", f"HEAD:refs/heads/{branch}", cwd=clone.root)


def diverge(clone: Clone, count: int, *, picked: bool) -> tuple[str, str]:
    """Main and the branch change the same line of `count` files; returns both tips, (main, branch).

    Where it was `picked`, main got the branch's change first and changed the line once more: git's merge sees two
    changes of one line, its rebase drops the one that is there already.
    """
    names = [f"f{n}" for n in range(count)]
    git("switch", "-q", "-C", "work", "origin/main", cwd=clone.root)
    shared = commit(clone, dict.fromkeys(names, "a\nB\nc\n"), "shared")
    head = commit(clone, {"own": "own\n"}, "own")
    publish(clone, BRANCH)
    git("switch", "-q", "-C", "main", "origin/main", cwd=clone.root)
    if picked:
        git("cherry-pick", "--no-commit", shared, cwd=clone.root)
        git("commit", "-q", "-m", "picked", cwd=clone.root)
    base = commit(clone, dict.fromkeys(names, "a\nother\nc\n"), "other")
    publish(clone, "main")
    return base, head


def to(clone: Clone) -> Remote:
    return Remote(clone, clone.remote_url("origin"))


def tip(remote: Path, branch: str = BRANCH) -> str:
    return git("rev-parse", f"refs/heads/{branch}", cwd=remote)


def standing(clone: Clone) -> list[str]:
    """Everything about a clone that a trial has to leave alone."""
    looks = ("for-each-ref",), ("status", "--porcelain", "--branch"), ("worktree", "list"), ("stash", "list")
    return [git(*words, cwd=clone.root) for words in looks]


def test_a_branch_that_is_only_behind_merges_as_it_is(clone: Clone, remote: Path) -> None:
    git("switch", "-q", "-C", "work", "origin/main", cwd=clone.root)
    head = commit(clone, {"own": "own\n"})
    publish(clone, BRANCH)
    git("switch", "-q", "main", cwd=clone.root)
    base = commit(clone, {"f1": "other\n"})
    publish(clone, "main")
    found = try_merge(to(clone), BRANCH)
    assert (found.name, found.head, found.base, found.conflicts, found.commit) == ("main", head, base, (), None)
    assert tip(remote) == head


def test_what_git_replays_becomes_a_merge_on_top_of_the_branch(clone: Clone, remote: Path) -> None:
    base, head = diverge(clone, FEW - 1, picked=True)
    before = standing(clone)
    found = try_merge(to(clone), BRANCH)
    assert found.conflicts == ()
    assert found.commit is not None
    assert tip(remote) == head, "a trial pushes nothing"
    push_merge(to(clone), BRANCH, found)
    assert tip(remote) == found.commit
    assert git("rev-parse", f"{BRANCH}^1", f"{BRANCH}^2", cwd=remote).split() == [head, base]
    assert git("diff", "--name-only", "main", BRANCH, cwd=remote) == "own"
    assert standing(clone) == before
    again = try_merge(to(clone), BRANCH)
    assert (again.conflicts, again.commit) == ((), None)


@pytest.mark.parametrize(("count", "picked"), [(1, False), (FEW - 1, False), (FEW, True), (6, True)])
def test_what_git_cannot_replay_and_what_is_much_is_a_persons(
    clone: Clone, remote: Path, count: int, picked: bool
) -> None:
    _, head = diverge(clone, count, picked=picked)
    before = standing(clone)
    found = try_merge(to(clone), BRANCH)
    assert (found.conflicts, found.commit) == (tuple(f"f{n}" for n in range(count)), None)
    assert tip(remote) == head
    assert standing(clone) == before


def test_a_merge_on_the_branch_is_never_replayed_away(clone: Clone) -> None:
    _, head = diverge(clone, 1, picked=True)
    git("switch", "-q", "-C", "side", f"{head}~1", cwd=clone.root)
    commit(clone, {"side": "side\n"})
    git("switch", "-q", "work", cwd=clone.root)
    git("merge", "-q", "--no-edit", "side", cwd=clone.root)
    publish(clone, BRANCH)
    assert try_merge(to(clone), BRANCH).conflicts == ("f0",)


def test_a_branch_of_very_many_commits_is_not_replayed(clone: Clone) -> None:
    _, head = diverge(clone, 1, picked=True)
    git("switch", "-q", "--detach", head, cwd=clone.root)
    for _ in range(MOST - 1):
        head = git("commit-tree", "-p", head, "-m", "more", f"{head}^{{tree}}", cwd=clone.root)
    git("switch", "-q", "--detach", head, cwd=clone.root)
    publish(clone, BRANCH)
    assert try_merge(to(clone), BRANCH).commit is not None
    head = git("commit-tree", "-p", head, "-m", "more", f"{head}^{{tree}}", cwd=clone.root)
    git("switch", "-q", "--detach", head, cwd=clone.root)
    publish(clone, BRANCH)
    assert try_merge(to(clone), BRANCH).conflicts == ("f0",)


def test_a_branch_that_would_bring_nothing_any_more_is_a_persons(clone: Clone) -> None:
    diverge(clone, 1, picked=True)
    git("switch", "-q", "-C", "work", "work~1", cwd=clone.root)
    git("push", "-q", "-f", "origin", f"HEAD:refs/heads/{BRANCH}", cwd=clone.root)
    assert try_merge(to(clone), BRANCH).conflicts == ("f0",)


def test_nothing_is_pushed_over_what_came_meanwhile(clone: Clone, remote: Path) -> None:
    diverge(clone, 1, picked=True)
    found = try_merge(to(clone), BRANCH)
    git("switch", "-q", "work", cwd=clone.root)
    newer = commit(clone, {"newer": "newer\n"})
    publish(clone, BRANCH)
    with pytest.raises(LostRaceError, match=r"kerrigan/todo/one of .* was pushed to in the meantime"):
        push_merge(to(clone), BRANCH, found)
    assert tip(remote) == newer


def test_nor_over_a_branch_that_was_taken_back_meanwhile(clone: Clone, remote: Path) -> None:
    _, head = diverge(clone, 1, picked=True)
    found = try_merge(to(clone), BRANCH)
    git("push", "-q", "-f", "origin", f"{head}~1:refs/heads/{BRANCH}", cwd=clone.root)
    with pytest.raises(LostRaceError):
        push_merge(to(clone), BRANCH, found)
    assert tip(remote) == git("rev-parse", f"{head}~1", cwd=clone.root)


def test_a_remote_that_takes_no_push_is_named_with_its_words(clone: Clone, remote: Path) -> None:
    _, head = diverge(clone, 1, picked=True)
    found = try_merge(to(clone), BRANCH)
    hook = remote / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\necho 'frozen until Monday' >&2\nexit 1\n")
    hook.chmod(0o755)
    with pytest.raises(UnreadableError, match="frozen until Monday"):
        push_merge(to(clone), BRANCH, found)
    assert tip(remote) == head


def test_a_shallow_clone_of_the_default_branch_finds_where_the_two_left_each_other(
    clone: Clone, remote: Path, tmp_path: Path, clone_of: CloneOf
) -> None:
    diverge(clone, 1, picked=False)
    shallow = tmp_path / "shallow"
    git("clone", "-q", "--depth=1", f"file://{remote}", str(shallow), cwd=tmp_path)
    there = Clone(shallow, shallow / ".git", {})
    assert try_merge(Remote(there, f"file://{remote}"), BRANCH).conflicts == ("f0",)


def test_a_clone_of_another_repository_will_do(clone: Clone, remote: Path, tmp_path: Path) -> None:
    base, head = diverge(clone, 1, picked=True)
    git("init", "-q", str(tmp_path / "other"), cwd=tmp_path)
    other = Clone(tmp_path / "other", tmp_path / "other" / ".git", {})
    found = try_merge(Remote(other, str(remote)), BRANCH)
    assert (found.base, found.head) == (base, head)
    push_merge(Remote(other, str(remote)), BRANCH, found)
    assert tip(remote) == found.commit
    assert git("for-each-ref", cwd=other.root) == ""


def test_a_commit_that_is_here_without_its_files_is_fetched_whole(clone: Clone, remote: Path, tmp_path: Path) -> None:
    tips = diverge(clone, 1, picked=False)
    git("init", "-q", str(tmp_path / "other"), cwd=tmp_path)
    other = Clone(tmp_path / "other", tmp_path / "other" / ".git", {})
    for commit_id in tips:
        raw = git("cat-file", "commit", commit_id, cwd=clone.root).encode() + b"\n"
        assert (
            git("hash-object", "-t", "commit", "-w", "--literally", "--stdin", cwd=other.root, stdin=raw) == commit_id
        )
    assert try_merge(Remote(other, str(remote)), BRANCH).conflicts == ("f0",)


def test_where_git_cannot_say_nothing_is_known(clone: Clone, remote: Path) -> None:
    diverge(clone, 1, picked=True)
    git("switch", "-q", "--orphan", "elsewhere", cwd=clone.root)
    commit(clone, {"alone": "alone\n"})
    git("push", "-q", "-f", "origin", f"HEAD:refs/heads/{BRANCH}", cwd=clone.root)
    with pytest.raises(UndecidedError, match=r"could not say whether kerrigan/todo/one .* unrelated histories"):
        try_merge(to(clone), BRANCH)
    with pytest.raises(UndecidedError, match="kerrigan/todo/two is gone"):
        try_merge(to(clone), "kerrigan/todo/two")


def test_an_object_that_is_damaged_is_no_conflict_and_no_merge(clone: Clone) -> None:
    _, head = diverge(clone, 1, picked=False)
    blob = git("rev-parse", f"{head}:f0", cwd=clone.root)
    file = clone.git_dir / "objects" / blob[:2] / blob[2:]
    file.chmod(0o644)
    file.write_bytes(b"damaged")
    with pytest.raises(UndecidedError, match="could not say"):
        try_merge(to(clone), BRANCH)


def test_an_empty_default_branch_conflicts_with_nothing(clone: Clone, tmp_path: Path) -> None:
    bare = tmp_path / "empty.git"
    git("init", "-q", "--bare", "-b", "main", str(bare), cwd=tmp_path)
    git("push", "-q", str(bare), f"HEAD:refs/heads/{BRANCH}", cwd=clone.root)
    found = try_merge(Remote(clone, str(bare)), BRANCH)
    assert (found.base, found.conflicts) == (None, ())
