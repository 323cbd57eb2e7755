"""Task branches in folders of their own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kerrigan.errors import UndecidedError, UnreadableError
from kerrigan.git.repo import Clone, git
from kerrigan.git.worktree import Worktree, task_worktree, tree_of

CloneOf = Callable[..., Clone]


def work(tree: Worktree, file: str) -> None:
    (tree.folder / file).write_text("work\n", encoding="utf-8")
    git("add", file, cwd=tree.folder)
    git("commit", "-q", "-m", file, cwd=tree.folder)


def test_two_tasks_share_no_file_and_leave_nothing_behind(remote: Path, clone_of: CloneOf) -> None:
    clone = clone_of(remote, files={"a.md": "words\n"})
    before = git("status", "--porcelain", "--branch", cwd=clone.root)
    with (
        task_worktree(clone, "kerrigan/todo/one", "main") as one,
        task_worktree(clone, "kerrigan/todo/two", "main") as two,
    ):
        work(one, "one.md")
        work(two, "two.md")
        assert not (two.folder / "one.md").exists()
        commits = one.publish(), two.publish()
    refs = git("for-each-ref", "--format=%(objectname)", "refs/heads/kerrigan/todo", cwd=remote)
    assert tuple(refs.split()) == commits
    assert len(git("worktree", "list", cwd=clone.root).splitlines()) == 1
    assert not one.folder.parent.exists()
    assert git("status", "--porcelain", "--branch", cwd=clone.root) == before


def test_many_begin_and_end_in_one_clone_at_the_same_moment(remote: Path, clone_of: CloneOf) -> None:
    clone = clone_of(remote, files={"a.md": "words\n"})

    def one(name: str) -> str:
        with task_worktree(clone, f"kerrigan/todo/{name}", "main") as tree:
            work(tree, f"{name}.md")
            return tree.publish()

    names = [f"t{n}" for n in range(16)]
    with ThreadPoolExecutor(8) as pool:
        commits = list(pool.map(one, names))
    for name, commit in zip(names, commits, strict=True):
        assert git("rev-parse", f"kerrigan/todo/{name}", cwd=remote) == commit
        assert git("diff", "--name-only", f"main..{commit}", cwd=remote) == f"{name}.md"
    assert len(git("worktree", "list", cwd=clone.root).splitlines()) == 1


def test_work_goes_on_where_another_clone_left_it(remote: Path, clone_of: CloneOf) -> None:
    first = clone_of(remote, "first", files={"a.md": "words\n"})
    second = clone_of(remote, "second")
    with task_worktree(first, "kerrigan/todo/one", "main") as tree:
        work(tree, "one.md")
        tree.publish()
    with task_worktree(second, "kerrigan/todo/one", "main") as tree:
        assert (tree.folder / "one.md").exists()


def test_nobody_elses_commits_are_pushed_over(remote: Path, clone_of: CloneOf) -> None:
    clone = clone_of(remote, files={"a.md": "words\n"})
    with (
        task_worktree(clone, "kerrigan/todo/one", "main") as slow,
        task_worktree(clone, "kerrigan/todo/one", "main") as fast,
    ):
        work(fast, "fast.md")
        taken = fast.publish()
        work(slow, "slow.md")
        with pytest.raises(UnreadableError, match="does not take kerrigan/todo/one"):
            slow.publish()
    assert git("rev-parse", "kerrigan/todo/one", cwd=remote) == taken


def test_a_folder_is_cleaned_up_after_an_error_and_without_a_base(remote: Path, clone_of: CloneOf) -> None:
    clone = clone_of(remote, files={"a.md": "words\n"})
    with pytest.raises(KeyError), task_worktree(clone, "kerrigan/todo/one", "main"):
        raise KeyError
    with pytest.raises(UnreadableError, match="no work tree"), task_worktree(clone, "kerrigan/todo/one", "none"):
        pass
    assert len(git("worktree", "list", cwd=clone.root).splitlines()) == 1


def test_the_tree_of_the_files_is_seen_and_nothing_is_kept(remote: Path, clone_of: CloneOf) -> None:
    clone = clone_of(remote, files={"a.md": "words\n"})
    before = git("count-objects", cwd=clone.root)
    committed = git("rev-parse", "HEAD^{tree}", cwd=clone.root)
    assert tree_of(clone) == committed
    clone.root.joinpath(".git/info").mkdir(exist_ok=True)
    clone.root.joinpath(".git/info/exclude").write_text("*.log\n")
    clone.root.joinpath("noise.log").write_text("no work\n")
    assert tree_of(clone) == committed
    clone.root.joinpath("new.txt").write_text("work\n")
    assert tree_of(clone) not in {committed, ""}
    assert git("status", "--porcelain", cwd=clone.root) == "?? new.txt"
    assert git("count-objects", cwd=clone.root) == before


def test_where_git_cannot_say_what_the_files_are_it_is_undecided(remote: Path, clone_of: CloneOf) -> None:
    clone = clone_of(remote, files={"a.md": "words\n"})
    clone.root.joinpath(".git/index").write_bytes(b"no index")
    with pytest.raises(UndecidedError, match="cannot say what the files of"):
        tree_of(clone)


def test_looking_at_the_files_runs_no_hook_and_asks_for_no_line_ends(remote: Path, clone_of: CloneOf) -> None:
    clone = clone_of(remote, files={"a.md": "words\n"})
    ran = clone.root.parent / "ran"
    for name in ("post-index-change", "watch"):
        hook = clone.root / ".git/hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\ntouch '{ran}'\n")
        hook.chmod(0o755)
    for key, value in (
        ("core.fsmonitor", ".git/hooks/watch"), ("core.autocrlf", "input"), ("core.safecrlf", "true")
    ):  # fmt: skip
        git("config", key, value, cwd=clone.root)
    clone.root.joinpath("dos.txt").write_bytes(b"work\r\n")
    assert tree_of(clone)
    assert not ran.exists()
