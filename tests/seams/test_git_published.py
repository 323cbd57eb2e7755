"""Which commit of a checkout others can fetch."""

from pathlib import Path

import pytest

from kerrigan.git.published import published_commit
from tests.e2e.desk import git

REPOSITORY = "kerrigan-dev/kerrigan"


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone of the action's repository, as far as its configuration says."""
    git("init", "-q", "-b", "main", str(tmp_path / "there"), cwd=tmp_path)
    (tmp_path / "there/a.txt").write_text("a")
    git("add", ".", cwd=tmp_path / "there")
    git("-c", "user.name=ada", "commit", "-q", "-m", "Begin", cwd=tmp_path / "there")
    git("clone", "-q", "there", "here", cwd=tmp_path)
    git("remote", "set-url", "origin", f"https://github.com/{REPOSITORY}.git", cwd=tmp_path / "here")
    return tmp_path / "here"


def test_a_commit_that_was_fetched_is_there_for_others(clone: Path) -> None:
    head = git("rev-parse", "HEAD", cwd=clone)
    assert published_commit(clone, REPOSITORY) == head
    git("tag", "v1", cwd=clone)
    git("tag", "v1.2.0", cwd=clone)
    assert published_commit(clone, REPOSITORY) == f"{head} v1.2.0"
    (clone / "new.txt").write_text("not part of it")
    assert published_commit(clone, REPOSITORY) == f"{head} v1.2.0"


def test_a_checkout_of_a_tag_alone_knows_it(clone: Path) -> None:
    git("tag", "v1.2.0", cwd=clone)
    git("update-ref", "-d", "refs/remotes/origin/main", cwd=clone)
    assert (published_commit(clone, REPOSITORY) or "").endswith(" v1.2.0")


def test_what_only_this_machine_has_is_nothing_for_others(clone: Path, tmp_path: Path) -> None:
    assert published_commit(clone, "somebody/else") is None
    assert published_commit(tmp_path / "there", REPOSITORY) is None
    assert published_commit(tmp_path, REPOSITORY) is None
    (clone / "a.txt").write_text("b")
    assert published_commit(clone, REPOSITORY) is None
    git("-c", "user.name=ada", "commit", "-qam", "Change it", cwd=clone)
    assert published_commit(clone, REPOSITORY) is None
    assert published_commit(clone / ".git", REPOSITORY) is None


def test_a_folder_inside_of_a_clone_is_not_the_clone(clone: Path) -> None:
    (clone / "vendored").mkdir()
    assert published_commit(clone / "vendored", REPOSITORY) is None
