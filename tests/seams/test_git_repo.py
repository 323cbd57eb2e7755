"""Finding the repository one stands in, and saying what git says in words a person can use."""

from collections.abc import Callable
from pathlib import Path

import pytest

from kerrigan.errors import UnreadableError
from kerrigan.git.remote import Remote
from kerrigan.git.repo import Batch, Clone, GitError, discover, git

CloneOf = Callable[..., Clone]


def test_a_clone_is_found_from_anywhere_inside(remote: Path, clone_of: CloneOf) -> None:
    clone = clone_of(remote, files={"docs/a.md": "words\n"})
    for place in (clone.root, clone.root / "docs", clone.root / ".git" / "refs"):
        assert discover(place).root == clone.root
    assert discover(remote / "refs").root == remote


def test_a_linked_worktree_is_a_root_and_shares_the_relative_remote(
    tmp_path: Path, remote: Path, clone_of: CloneOf
) -> None:
    clone = clone_of(remote, files={"a.md": "words\n"})
    git("remote", "set-url", "origin", "../remote.git", cwd=clone.root)
    git("worktree", "add", "-q", "--detach", str(tmp_path / "deep" / "linked"), cwd=clone.root)
    linked = discover(tmp_path / "deep" / "linked")
    assert linked.root == tmp_path / "deep" / "linked"
    assert linked.remote_url("origin") == str(remote) == discover(clone.root).remote_url("origin")
    assert linked.current_branch() is None


def test_a_hook_that_calls_kerrigan_does_not_point_it_elsewhere(
    tmp_path: Path, remote: Path, clone_of: CloneOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    clone = clone_of(remote, files={"a.md": "words\n"})
    for name in ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE", "GIT_OBJECT_DIRECTORY", "GIT_QUARANTINE_PATH"):
        monkeypatch.setenv(name, str(tmp_path / "elsewhere"))
    assert discover(clone.root).root == clone.root


def test_what_is_missing_is_named_with_the_command_that_adds_it(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError) as nowhere:
        discover(tmp_path)
    assert nowhere.value.kind == "no-repository"
    git("init", "-q", ".", cwd=tmp_path)
    clone = discover(tmp_path)
    assert clone.ref("HEAD") is None, "a repository without commits"
    with pytest.raises(UnreadableError) as no_remote:
        clone.remote_url("origin")
    assert (no_remote.value.kind, no_remote.value.next_step) == ("no-remote", "git remote add origin URL")
    with pytest.raises(UnreadableError) as nobody:
        clone.user()
    assert nobody.value.kind == "no-identity"


@pytest.mark.parametrize(
    ("stderr", "reason"),
    [
        ("remote: no entry\nTo /x\n ! [remote rejected] a -> b (pre-receive hook declined)\nerror: failed", "no entry"),
        ("fatal: Could not read.\n\nPlease make sure you have\nand the repository exists.", "fatal: Could not read."),
        ("error: failed to push\n ! [rejected] a -> b (stale info)", "! [rejected] a -> b (stale info)"),
        ("fatal: unable to access 'https://me:secret@host/x'", "fatal: unable to access 'https://host/x'"),
        ("remote: \x1b[31mred\x1b[0m", "[31mred[0m"),
        ("", "git did not say why"),
    ],
)
def test_the_reason_is_one_line_that_may_be_shown(stderr: str, reason: str) -> None:
    assert GitError(("push",), 1, stderr).reason == reason


def test_the_default_branch_is_what_head_means(tmp_path: Path, remote: Path, clone_of: CloneOf) -> None:
    clone = clone_of(remote, files={"a.md": "words\n"})
    tip = git("rev-parse", "HEAD", cwd=clone.root)
    seen = Remote(clone, str(remote)).listing()
    assert (seen.default, seen.tips[seen.default]) == ("refs/heads/main", tip)
    with_origin = Remote(clone, str(clone.root)).listing()
    assert with_origin.default == "refs/heads/main", "not the origin/HEAD of a remote that is a clone itself"
    git("checkout", "-q", "--detach", cwd=clone.root)
    assert Remote(clone, str(clone.root)).listing().default == "refs/heads/main", "nor where its own HEAD is detached"
    git("branch", "-m", "main", "trunk", cwd=remote)
    seen = Remote(clone, str(remote)).listing()
    assert (seen.default, seen.tips[seen.default]) == ("refs/heads/trunk", tip)


def test_a_batch_answers_for_what_is_there_and_for_what_is_not(remote: Path, clone_of: CloneOf) -> None:
    clone = clone_of(remote, files={"a b.md": "words\n", "empty": ""})
    with Batch(clone.root) as batch:
        assert batch.text("HEAD:a b.md") == "words\n"
        assert batch.text("HEAD:none") is None
        assert batch.text("HEAD:empty") == ""
        assert batch.text("HEAD:a\nHEAD:a b.md") is None
        assert batch.commit("HEAD") == git("rev-parse", "HEAD", cwd=clone.root)
