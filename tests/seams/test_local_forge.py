"""The forge made of directories: pull requests, labels, statuses and dispatches beside real commits."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kerrigan.errors import UndecidedError, UnreadableError
from kerrigan.git.repo import git
from kerrigan.load.webhook import read_event
from kerrigan.local.forge import LocalForge
from kerrigan.local.merge import merge

SLUG = "acme/todo"
WHO = ("-c", "user.name=ada", "-c", "user.email=ada@example.com")


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A clone with one commit on main, and one more on the branch `topic`, both pushed."""
    bare = tmp_path / "forge" / "acme" / "todo.git"
    git("init", "-q", "--bare", "-b", "main", str(bare), cwd=tmp_path)
    git("clone", "-q", str(bare), str(tmp_path / "work"), cwd=tmp_path)
    clone = tmp_path / "work"
    git("checkout", "-q", "-B", "main", cwd=clone)
    commit(clone, "main", "a.txt", "one\n")
    git("checkout", "-q", "-b", "topic", cwd=clone)
    commit(clone, "topic", "b.txt", "two\n")
    return clone


def commit(clone: Path, branch: str, file: str, text: str) -> str:
    (clone / file).write_text(text)
    git("add", file, cwd=clone)
    git(*WHO, "commit", "-q", "-m", f"Write {file}", cwd=clone)
    git("push", "-q", "origin", branch, cwd=clone)
    return git("rev-parse", "HEAD", cwd=clone)


@pytest.fixture
def forge(work: Path) -> LocalForge:
    return LocalForge.at(work.parent / "forge" / "acme" / "todo.git")


def test_it_knows_itself_and_its_neighbours(forge: LocalForge) -> None:
    assert forge.slug == SLUG
    assert forge.url(SLUG).endswith("forge/acme/todo.git")
    for slug in ("acme/none", "../acme/todo", "acme/../todo", "acme", "a/b/c", "acme/to\0do"):
        with pytest.raises(UnreadableError):
            forge.url(slug)


def test_a_branch_and_what_it_brings(forge: LocalForge, work: Path) -> None:
    head = git("rev-parse", "HEAD", cwd=work)
    assert forge.branch(SLUG, "topic") == (head, 1)
    assert forge.branch(SLUG, "none") is None
    assert forge.delivered(SLUG, head) is None


def test_one_pull_request_a_branch(forge: LocalForge) -> None:
    first = forge.open_pull_request(SLUG, "topic", "Two", "", "ada")
    again = forge.open_pull_request(SLUG, "topic", "Two, again", "", "bo")
    assert (first.number, again.number, again.author) == (1, 1, "ada")
    assert forge.pull_requests(SLUG) == (first,)


def test_a_push_moves_the_head(forge: LocalForge, work: Path) -> None:
    forge.open_pull_request(SLUG, "topic", "Two", "", "ada")
    head = commit(work, "topic", "b.txt", "three\n")
    found = forge.pull_request(SLUG, 1)
    assert found is not None
    assert found.head == head


def test_the_merge_button_is_a_real_merge(forge: LocalForge) -> None:
    before = forge.open_pull_request(SLUG, "topic", "Two", "", "ada")
    payload = merge(forge, SLUG, 1, "ana")
    after = forge.pull_request(SLUG, 1)
    assert after is not None
    assert (after.merged, after.open, forge.pull_requests(SLUG)) == (True, False, ())
    assert forge.delivered(SLUG, before.head) == before.head
    hint = read_event("pull_request", payload)
    assert (hint.kind, hint.branch, hint.head, hint.actor.login) == ("merged", "topic", before.head, "ana")
    with pytest.raises(UnreadableError, match="no open pull request"):
        merge(forge, SLUG, 1, "ana")


def test_a_merge_by_hand_counts(forge: LocalForge, work: Path) -> None:
    forge.open_pull_request(SLUG, "topic", "Two", "", "ada")
    git("push", "-q", "origin", "topic:main", cwd=work)
    found = forge.pull_request(SLUG, 1)
    assert found is not None
    assert found.merged


def test_a_conflict_changes_nothing(forge: LocalForge, work: Path) -> None:
    forge.open_pull_request(SLUG, "topic", "Two", "", "ada")
    git("checkout", "-q", "main", cwd=work)
    commit(work, "main", "b.txt", "other\n")
    tip = git("rev-parse", "main", cwd=forge.path(SLUG))
    with pytest.raises(UnreadableError, match="conflicts with main"):
        merge(forge, SLUG, 1, "ana")
    assert git("rev-parse", "main", cwd=forge.path(SLUG)) == tip


def test_labels_below_a_prefix_are_replaced_and_others_kept(forge: LocalForge) -> None:
    forge.open_pull_request(SLUG, "topic", "Two", "", "ada")
    forge.set_labels(SLUG, 1, ("urgent",), ("urgent",))
    assert forge.set_labels(SLUG, 1, ("status:testing", "role:swe"), ("status:", "role:"))
    assert forge.set_labels(SLUG, 1, ("status:done", "role:swe"), ("status:", "role:"))
    assert not forge.set_labels(SLUG, 1, ("status:done", "role:swe"), ("status:", "role:")), "already so"
    found = forge.pull_request(SLUG, 1)
    assert found is not None
    assert set(found.labels) == {"urgent", "status:done", "role:swe"}


def test_writers_at_the_same_time_lose_no_label(forge: LocalForge) -> None:
    forge.open_pull_request(SLUG, "topic", "Two", "", "ada")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: forge.set_labels(SLUG, 1, (f"l{n}:x",), (f"l{n}:",)), range(8)))
    found = forge.pull_request(SLUG, 1)
    assert found is not None
    assert set(found.labels) == {f"l{n}:x" for n in range(8)}


def test_checks_are_all_statuses_but_our_own(forge: LocalForge, work: Path) -> None:
    head = git("rev-parse", "HEAD", cwd=work)
    forge.set_status(SLUG, head, "kerrigan/gate", "failure", "no")
    assert forge.checks(SLUG, head) is None
    for state, verdict in (("pending", "pending"), ("success", "success"), ("error", "failure")):
        forge.set_status(SLUG, head, "ci", state, "")
        assert forge.checks(SLUG, head) == verdict


def test_dispatches_wait_for_a_receiver_in_order(forge: LocalForge) -> None:
    for number in range(11):
        forge.dispatch(SLUG, "kerrigan-task", {"key": str(number)})
    first, *rest = forge.deliveries(SLUG)
    assert len(rest) == 10
    forge.take(first)
    assert forge.deliveries(SLUG) == tuple(rest)
    forge.dispatch(SLUG, "kerrigan-task", {"key": "11"})
    assert len(forge.deliveries(SLUG)) == 11
    with pytest.raises(UndecidedError):
        forge.dispatch(SLUG, "kerrigan-task", {str(n): n for n in range(11)})


def test_a_damaged_file_is_named(forge: LocalForge) -> None:
    forge.open_pull_request(SLUG, "topic", "Two", "", "ada")
    path = forge.path(SLUG) / "kerrigan" / "pulls" / "1.json"
    path.write_text("{")
    with pytest.raises(UnreadableError, match=r"pulls/1\.json is damaged"):
        forge.pull_request(SLUG, 1)
