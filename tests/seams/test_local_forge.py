"""The forge made of directories: pull requests, labels, statuses and dispatches beside real commits."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock

from kerrigan.errors import LostRaceError, UndecidedError, UnreadableError
from kerrigan.git.repo import git
from kerrigan.load.github.webhook import read_event
from kerrigan.local.deliveries import take
from kerrigan.local.forge import LocalForge
from kerrigan.local.merge import merge, pull_request_payload
from kerrigan.local.store import Store
from kerrigan.model.forge.account import Account, Proof
from kerrigan.model.forge.facts import PullRequest

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


@pytest.fixture
def opened(forge: LocalForge) -> PullRequest:
    """Pull request 1, of `topic`."""
    return forge.open_pull_request(SLUG, "topic", "Two", "Two of them.", "ada")


def seen(forge: LocalForge, number: int = 1) -> PullRequest:
    found = forge.pull_request(SLUG, number)
    assert found is not None
    return found


def test_the_authors_of_what_is_new_are_whom_the_commits_name(
    forge: LocalForge, work: Path, opened: PullRequest
) -> None:
    before = opened.head
    git("checkout", "-q", "topic", cwd=work)
    for name in ("Ada O'Hara", "claude", "claude"):
        git("-c", f"user.name={name}", "commit", "-q", "--allow-empty", "-m", "More", cwd=work)
    head = git("rev-parse", "HEAD", cwd=work)
    git("push", "-q", "origin", "topic", cwd=work)
    named = tuple(Account(name, proof=Proof.none) for name in ("claude", "Ada O'Hara"))
    assert forge.authors(SLUG, head, before) == named
    assert set(forge.authors(SLUG, head, None)) > set(named)
    assert forge.authors(SLUG, head, "b" * 40) == forge.authors(SLUG, head, None), "a commit that is not here"


def test_it_knows_itself_and_its_neighbours(forge: LocalForge, tmp_path: Path) -> None:
    web = tmp_path / "forge" / "acme" / "web"
    git("init", "-q", "-b", "main", str(web), cwd=tmp_path)
    assert (forge.slug, forge.url(SLUG)) == (SLUG, str(tmp_path / "forge" / "acme" / "todo.git"))
    assert forge.url("acme/web") == str(web / ".git")
    with pytest.raises(UnreadableError, match=r"no git repository at .*/acme/none\.git"):
        forge.url("acme/none")


@pytest.mark.parametrize(
    "slug", ["../acme/todo", "acme/..", "acme/../todo", "acme", "a/b/c", "acme/to\0do", "a/" * 999]
)
def test_no_name_leads_out_of_it(forge: LocalForge, slug: str) -> None:
    with pytest.raises(UnreadableError, match="expected owner/name"):
        forge.url(slug)


@pytest.mark.parametrize(
    ("place", "slug"),
    [("my projects/…/todo list", "local/todo-list"), ("a/.b/c.git", "b/c"), ("work/tree/.git", "work/tree")],
)
def test_any_folder_can_be_an_origin(tmp_path: Path, place: str, slug: str) -> None:
    origin = tmp_path / place
    git("init", "-q", *([] if origin.name == ".git" else ["--bare"]), str(origin).removesuffix("/.git"), cwd=tmp_path)
    forge = LocalForge.at(origin)
    assert (forge.slug, forge.url(forge.slug)) == (slug, str(origin))


def test_a_branch_and_what_it_brings(forge: LocalForge, work: Path) -> None:
    head = git("rev-parse", "HEAD", cwd=work)
    assert forge.branch(SLUG, "topic") == (head, 1)
    assert forge.branch(SLUG, "main") == (git("rev-parse", "main", cwd=work), 0)
    assert forge.delivered(SLUG, head) is None
    assert forge.delivered(SLUG, "f" * 40) is None
    for name in ("none", "topic@{0}", "topi*", "to\0pic", ""):
        assert forge.branch(SLUG, name) is None, name
    with pytest.raises(UnreadableError, match="no commit id"):
        forge.delivered(SLUG, "--all")


def test_the_default_branch_is_one_that_exists(tmp_path: Path) -> None:
    bare = tmp_path / "acme" / "todo.git"
    git("init", "-q", "--bare", "-b", "trunk", str(bare), cwd=tmp_path)
    forge = LocalForge.at(bare)
    assert (forge.branches(SLUG).default, forge.pull_requests(SLUG)) == ("main", ()), "nothing is there yet"
    git("clone", "-q", str(bare), str(tmp_path / "work"), cwd=tmp_path)
    git("checkout", "-q", "-b", "master", cwd=tmp_path / "work")
    commit(tmp_path / "work", "master", "a.txt", "one\n")
    assert forge.branches(SLUG).default == "master"


def test_a_repository_that_git_cannot_read_decides_nothing(forge: LocalForge, work: Path) -> None:
    head = git("rev-parse", "HEAD", cwd=work)
    branches = forge.branches(SLUG)
    for file in (forge.path(SLUG) / "objects").rglob("??????*"):
        if file.is_file():
            file.chmod(0o644)
            file.write_bytes(b"")
    with pytest.raises(UndecidedError, match=r"todo\.git"):
        forge.delivered(SLUG, head)
    with pytest.raises(UndecidedError, match=r"todo\.git"):
        branches.contains(head)


def test_one_pull_request_a_branch(forge: LocalForge, opened: PullRequest) -> None:
    again = forge.open_pull_request(SLUG, "topic", "Two, again", "", "bo")
    assert (opened.number, again) == (1, opened)
    assert forge.pull_requests(SLUG) == (opened,)


@pytest.mark.parametrize("branch", ["main", "none"])
def test_nothing_to_merge_is_no_pull_request(forge: LocalForge, branch: str) -> None:
    with pytest.raises(UnreadableError, match="nothing to merge"):
        forge.open_pull_request(SLUG, branch, "Nothing", "", "ada")
    assert forge.pull_requests(SLUG) == ()


def test_a_push_moves_the_head(forge: LocalForge, work: Path, opened: PullRequest) -> None:
    head = commit(work, "topic", "b.txt", "three\n")
    assert (seen(forge).head, seen(forge).open) == (head, True)
    assert read_event("pull_request", pull_request_payload(forge, SLUG, 1, "synchronize", "ada")).head == head


def test_the_merge_button_is_a_real_merge(forge: LocalForge, work: Path, opened: PullRequest) -> None:
    payload = merge(forge, SLUG, 1, "ana", "Merge two")
    git("fetch", "-q", cwd=work)
    tip = git("log", "-1", "--format=%H %an %s|%P", "origin/main", cwd=work)
    commit_id = payload["pull_request"]["merge_commit_sha"]
    assert tip == f"{commit_id} ana Merge two|{git('rev-parse', 'main', 'topic', cwd=work).replace(chr(10), ' ')}"
    assert (seen(forge).merged, seen(forge).open, forge.pull_requests(SLUG)) == (True, False, ())
    assert forge.delivered(SLUG, opened.head) == commit_id, "the merge, not what it brought"
    hint = read_event("pull_request", payload)
    assert (hint.kind, hint.branch, hint.head, hint.sender.login) == ("merged", "topic", opened.head, "ana")
    with pytest.raises(UnreadableError, match="no open pull request"):
        merge(forge, SLUG, 1, "ana")


def test_merges_are_found_by_branch_and_a_new_branch_is_none(forge: LocalForge, work: Path) -> None:
    git("push", "-q", "origin", "main:fresh", cwd=work)
    heads: dict[str, str | None] = {"topic": None, "fresh": None, "none": None}
    assert forge.merges(SLUG, heads) == {}
    head = git("rev-parse", "topic", cwd=work)
    git("push", "-q", "origin", "topic:main", cwd=work)
    assert forge.merges(SLUG, heads) == {}, "a fast-forward looks like a branch that was made there"
    assert forge.merges(SLUG, {"topic": head}) == {"topic": head}
    git("push", "-q", "-f", "origin", "main:main", cwd=work)
    git("switch", "-q", "main", cwd=work)
    git(*WHO, "merge", "-q", "--no-ff", "-m", "Merge", "topic", cwd=work)
    git("push", "-q", "origin", "main", ":topic", cwd=work)
    merge_commit = git("rev-parse", "main", cwd=work)
    assert forge.merges(SLUG, heads) == {}, "nothing is left of it"
    assert forge.merges(SLUG, {"topic": head}) == {"topic": merge_commit}


def test_the_last_commits_and_which_are_on_the_default_branch(forge: LocalForge, work: Path) -> None:
    git("switch", "-q", "main", cwd=work)
    git(*WHO, "commit", "-q", "--allow-empty", "-m", "Two lines\n\nAnd a body.", cwd=work)
    git("push", "-q", "origin", "main", cwd=work)
    tip, first, topic = git("rev-parse", "main", "main~", "topic", cwd=work).split()
    found = forge.recent(SLUG)
    assert [(commit.id, commit.message.strip()) for commit in found] == [
        (tip, "Two lines\n\nAnd a body."),
        (first, "Write a.txt"),
    ]
    assert (forge.on_default(SLUG, first), forge.on_default(SLUG, tip[:8])) == (first, tip)
    for text in (topic, topic[:8], "f" * 40, "main", "HEAD", "--all", tip[:6], ""):
        assert forge.on_default(SLUG, text) is None, text


def test_a_merge_by_hand_counts(forge: LocalForge, work: Path, opened: PullRequest) -> None:
    git("push", "-q", "origin", "topic:main", ":topic", cwd=work)
    assert (seen(forge).merged, seen(forge).open, seen(forge).head) == (True, False, opened.head)


def test_a_merge_by_hand_is_noted_for_good(forge: LocalForge, work: Path, opened: PullRequest) -> None:
    git("push", "-q", "origin", "topic:main", cwd=work)
    assert not forge.set_labels(SLUG, 1, (), ("status:",))
    commit(work, "topic", "c.txt", "more work on the same branch\n")
    assert (seen(forge).merged, seen(forge).head) == (True, opened.head)
    assert forge.open_pull_request(SLUG, "topic", "Three", "", "ada").number == 2


def test_a_squash_that_was_noted_delivers(forge: LocalForge, work: Path, opened: PullRequest) -> None:
    git("checkout", "-q", "main", cwd=work)
    squash = commit(work, "main", "squash.txt", "two\n")
    path = forge.path(SLUG) / "kerrigan" / "pulls" / "1.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"merged_as": squash}))
    assert forge.delivered(SLUG, opened.head) == squash


def squashed(work: Path, *edits: tuple[str, str]) -> str:
    """Squash `topic` onto main by hand, edited where asked, and push it; the commit."""
    git("checkout", "-q", "main", cwd=work)
    git("merge", "-q", "--squash", "topic", cwd=work)
    for file, text in edits:
        (work / file).write_text(text)
    git("add", "--all", cwd=work)
    git(*WHO, "commit", "-q", "-m", "Squash", cwd=work)
    git("push", "-q", "origin", "main", cwd=work)
    return git("rev-parse", "main", cwd=work)


@pytest.mark.parametrize("deleted", [False, True])
def test_a_squash_by_hand_is_noticed_whatever_came_before_and_after_it(
    forge: LocalForge, work: Path, opened: PullRequest, deleted: bool
) -> None:
    head = commit(work, "topic", "c.txt", "three\n")
    assert seen(forge).head == head
    git("checkout", "-q", "main", cwd=work)
    commit(work, "main", "d.txt", "meanwhile\n")
    squash = squashed(work)
    commit(work, "main", "b.txt", "and later\n")
    if deleted:
        forge.set_labels(SLUG, 1, ("status:approved",), ("status:",))
        git("push", "-q", "origin", ":topic", cwd=work)
    assert forge.delivered(SLUG, head) == squash
    assert (seen(forge).merged, seen(forge).open, forge.pull_requests(SLUG)) == (True, False, ())


def test_a_rebase_by_hand_is_noticed_at_its_last_commit(forge: LocalForge, work: Path, opened: PullRequest) -> None:
    head = commit(work, "topic", "b.txt", "two\nthree\n")
    git("checkout", "-q", "main", cwd=work)
    commit(work, "main", "d.txt", "meanwhile\n")
    git(*WHO, "cherry-pick", "topic~", cwd=work)
    git("push", "-q", "origin", "main", cwd=work)
    assert forge.delivered(SLUG, head) is None, "half of it is not it"
    git(*WHO, "cherry-pick", "topic", cwd=work)
    git("push", "-q", "origin", "main", cwd=work)
    assert forge.delivered(SLUG, head) == git("rev-parse", "main", cwd=work)


def test_a_squash_onto_lines_that_changed_nearby_is_noticed(forge: LocalForge, work: Path) -> None:
    """The patch is another one then: its context changed. The tree is what merging gives."""
    git("checkout", "-q", "main", cwd=work)
    commit(work, "main", "a.txt", "1\n2\n3\n4\n5\n6\n")
    git("checkout", "-q", "-B", "topic", cwd=work)
    (work / "a.txt").write_text("1\n2\n3\n4\nfive\n6\n")
    git(*WHO, "commit", "-q", "-am", "Five", cwd=work)
    git("push", "-q", "-f", "origin", "topic", cwd=work)
    forge.open_pull_request(SLUG, "topic", "Five", "", "ada")
    git("checkout", "-q", "main", cwd=work)
    commit(work, "main", "a.txt", "1\n2\nthree\n4\n5\n6\n")
    squash = squashed(work)
    assert forge.delivered(SLUG, git("rev-parse", "topic", cwd=work)) == squash
    assert seen(forge).merged


def test_a_squash_that_was_edited_proves_nothing(forge: LocalForge, work: Path, opened: PullRequest) -> None:
    squashed(work, ("b.txt", "two, and better\n"))
    assert forge.delivered(SLUG, opened.head) is None
    assert seen(forge).open


def test_the_same_files_by_chance_and_an_empty_branch_are_no_squash(
    forge: LocalForge, work: Path, opened: PullRequest
) -> None:
    git("checkout", "-q", "-b", "empty", "main", cwd=work)
    git(*WHO, "commit", "-q", "--allow-empty", "-m", "Nothing", cwd=work)
    git("push", "-q", "origin", "empty", cwd=work)
    empty = git("rev-parse", "HEAD", cwd=work)
    git("checkout", "-q", "main", cwd=work)
    (work / "b.txt").write_text("two\n")
    commit(work, "main", "d.txt", "meanwhile\n")
    git(*WHO, "commit", "-q", "--allow-empty", "-m", "Nothing", cwd=work)
    commit(work, "main", "e.txt", "and more\n")
    assert forge.delivered(SLUG, empty) is None
    assert forge.delivered(SLUG, opened.head) is None


def test_a_branch_that_went_back_brought_nothing(forge: LocalForge, work: Path, opened: PullRequest) -> None:
    git("push", "-q", "-f", "origin", "main:topic", cwd=work)
    assert not seen(forge).merged
    assert forge.branch(SLUG, "topic") == (git("rev-parse", "main", cwd=work), 0)


def test_a_deleted_branch_closes_its_pull_request(forge: LocalForge, work: Path, opened: PullRequest) -> None:
    git("push", "-q", "origin", ":topic", cwd=work)
    assert (seen(forge).merged, seen(forge).open) == (False, False)
    with pytest.raises(UnreadableError, match="no open pull request"):
        merge(forge, SLUG, 1, "ana")


def test_a_conflict_names_the_files_and_changes_nothing(forge: LocalForge, work: Path, opened: PullRequest) -> None:
    git("checkout", "-q", "main", cwd=work)
    tip = commit(work, "main", "b.txt", "other\n")
    with pytest.raises(UnreadableError, match=r"conflicts with main in b\.txt"):
        merge(forge, SLUG, 1, "ana")
    assert git("rev-parse", "main", cwd=forge.path(SLUG)) == tip
    assert seen(forge).open


def test_a_merge_that_lost_the_race_says_so(forge: LocalForge, opened: PullRequest) -> None:
    lock = forge.path(SLUG) / "refs" / "heads" / "main.lock"
    lock.touch()
    with pytest.raises(LostRaceError, match="main of acme/todo"):
        merge(forge, SLUG, 1, "ana")
    lock.unlink()
    assert merge(forge, SLUG, 1, "ana")["pull_request"]["merged"]


def test_no_branch_moves_under_a_work_tree(tmp_path: Path, work: Path) -> None:
    tree = tmp_path / "forge" / "acme" / "tree"
    git("clone", "-q", "-b", "main", str(tmp_path / "forge" / SLUG), str(tree), cwd=tmp_path)
    git("branch", "topic", "origin/topic", cwd=tree)
    forge = LocalForge.at(tree)
    forge.open_pull_request("acme/tree", "topic", "Two", "", "ada")
    with pytest.raises(UnreadableError, match="work tree"):
        merge(forge, "acme/tree", 1, "ana")
    assert git("status", "--porcelain", cwd=tree) == ""


def test_labels_below_a_prefix_are_replaced_and_others_kept(forge: LocalForge, opened: PullRequest) -> None:
    view = ("status:", "role:")
    forge.set_labels(SLUG, 1, ("urgent", "restatus:x"), ())
    assert forge.set_labels(SLUG, 1, ("status:testing", "role:swe"), view)
    assert forge.set_labels(SLUG, 1, ("status:done", "role:swe"), view)
    assert not forge.set_labels(SLUG, 1, ("role:swe", "status:done"), view), "already so, in whatever order"
    assert sorted(seen(forge).labels) == ["restatus:x", "role:swe", "status:done", "urgent"]
    assert forge.set_labels(SLUG, 1, (), view)
    assert seen(forge).labels == ("urgent", "restatus:x")
    with pytest.raises(UnreadableError, match="#2"):
        forge.set_labels(SLUG, 2, (), view)


ADD_LABELS = """
import sys
from pathlib import Path
from kerrigan.local.forge import LocalForge
forge = LocalForge.at(Path(sys.argv[1]))
for n in range(5):
    name = f"{sys.argv[2]}{n}:"
    forge.set_labels("acme/todo", 1, (f"{name}x",), (name,))
"""


def test_processes_that_write_at_the_same_time_lose_no_label(forge: LocalForge, opened: PullRequest) -> None:
    writers = [subprocess.Popen([sys.executable, "-c", ADD_LABELS, forge.url(SLUG), name]) for name in "abcd"]
    assert [writer.wait() for writer in writers] == [0, 0, 0, 0]
    assert sorted(seen(forge).labels) == [f"{name}{n}:x" for name in "abcd" for n in range(5)]


def test_a_lock_that_is_not_to_be_had(tmp_path: Path) -> None:
    with FileLock(tmp_path / "lock"), pytest.raises(UndecidedError, match="locked by another"):
        Store(tmp_path, patience=0.01).locked().__enter__()


def test_checks_are_all_statuses_but_our_own(forge: LocalForge, opened: PullRequest) -> None:
    head = opened.head
    assert forge.set_status(SLUG, head, "kerrigan/gate", "failure", "no")
    assert not forge.set_status(SLUG, head, "kerrigan/gate", "failure", "no")
    assert forge.checks(SLUG, head) is None
    for state, verdict in (("pending", "pending"), ("success", "success"), ("error", "failure")):
        forge.set_status(SLUG, head, "ci", state, "")
        assert forge.checks(SLUG, head) == verdict
    forge.set_status(SLUG, head, "lint", "success", "")
    assert forge.checks(SLUG, head) == "failure", "one that failed is enough"


def test_dispatches_wait_for_a_receiver_in_order(forge: LocalForge) -> None:
    for number in range(11):
        forge.dispatch(SLUG, "kerrigan-task", {"key": str(number)})
    first, *rest = forge.deliveries(SLUG)
    event = json.loads(take(first).read_text())
    assert (event["action"], event["branch"], event["client_payload"]) == ("kerrigan-task", "main", {"key": "0"})
    assert forge.deliveries(SLUG) == tuple(rest)
    forge.dispatch(SLUG, "kerrigan-task", {"key": "11"})
    assert [path.stem for path in forge.deliveries(SLUG)] == [str(n) for n in range(2, 13)]
    with pytest.raises(UnreadableError, match="cannot be taken"):
        take(first)


@pytest.mark.parametrize(
    ("kind", "payload"),
    [("", {}), ("k" * 101, {}), ("k", {str(n): n for n in range(11)}), ("k", {"text": "x" * 65_536})],
)
def test_a_dispatch_beyond_githubs_limits_is_not_sent(forge: LocalForge, kind: str, payload: dict[str, object]) -> None:
    with pytest.raises(UnreadableError) as raised:
        forge.dispatch(SLUG, kind, payload)
    assert (raised.value.kind, forge.deliveries(SLUG)) == ("dispatch-payload", ())


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"branch": 1}', "\0", "[" * 100_000, None])
def test_a_damaged_pull_request_is_named(forge: LocalForge, opened: PullRequest, text: str | None) -> None:
    path = forge.path(SLUG) / "kerrigan" / "pulls" / "1.json"
    whole = path.read_text()
    path.write_text(whole.replace('"labels": []', '"labels": "x"') if text is None else text)
    with pytest.raises(UnreadableError, match=r"pulls/1\.json is damaged"):
        forge.pull_requests(SLUG)


def test_a_damaged_status_is_named(forge: LocalForge, opened: PullRequest) -> None:
    forge.set_status(SLUG, opened.head, "ci", "success", "")
    (forge.path(SLUG) / "kerrigan" / "statuses" / f"{opened.head}.json").write_text('{"ci": "success"}')
    with pytest.raises(UnreadableError, match=rf"{opened.head}\.json is damaged"):
        forge.checks(SLUG, opened.head)


def test_a_title_of_any_bytes_survives(forge: LocalForge) -> None:
    title = "Zwei — zwei \udcff"
    forge.open_pull_request(SLUG, "topic", title, "", "ada")
    assert seen(forge).title == title


def test_changed_files_are_those_of_the_branch_alone_and_a_renamed_one_counts_twice(
    work: Path, forge: LocalForge, opened: PullRequest
) -> None:
    assert forge.changed(SLUG, 1) == ("b.txt",)
    git("mv", "a.txt", "naïve name.txt", cwd=work)
    commit(work, "topic", "b.txt", "three\n")
    git("checkout", "-q", "main", cwd=work)
    commit(work, "main", "c.txt", "elsewhere\n")
    assert sorted(forge.changed(SLUG, 1)) == ["a.txt", "b.txt", "naïve name.txt"]
    assert forge.changed(SLUG, 99) == ()


def test_a_branch_of_its_own_history_changes_every_file_it_has(work: Path, forge: LocalForge) -> None:
    git("checkout", "-q", "--orphan", "alone", cwd=work)
    commit(work, "alone", "d.txt", "four\n")
    alone = forge.open_pull_request(SLUG, "alone", "Four", "", "ada")
    assert forge.changed(SLUG, alone.number) == ("a.txt", "b.txt", "d.txt")


def test_what_a_branch_made_is_told_by_gits_ids_whatever_the_base_does(
    work: Path, forge: LocalForge, opened: PullRequest
) -> None:
    first = git("rev-parse", "topic:b.txt", cwd=work)
    assert forge.made(SLUG, opened.head) == {"b.txt": first}
    git("mv", "a.txt", "naïve name.txt", cwd=work)
    head = commit(work, "topic", "b.txt", "three\n")
    git("checkout", "-q", "main", cwd=work)
    commit(work, "main", "c.txt", "elsewhere\n")
    ids = {path: git("rev-parse", f"{head}:{path}", cwd=work) for path in ("b.txt", "naïve name.txt")}
    assert forge.made(SLUG, head) == {"a.txt": "", **ids}


def test_what_a_branch_of_its_own_history_made_is_not_known(work: Path, forge: LocalForge) -> None:
    git("checkout", "-q", "--orphan", "alone", cwd=work)
    assert forge.made(SLUG, commit(work, "alone", "d.txt", "four\n")) == {}
