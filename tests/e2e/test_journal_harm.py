"""A journal that someone harmed with plain git: what is found, at which line, by which commit; and what goes on."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from shlex import split
from typing import Any

import pytest

from kerrigan.apply.state.append import append, new_request
from kerrigan.apply.state.site import open_site
from kerrigan.apply.state.stage import read
from kerrigan.decide.step import step
from kerrigan.model.event import Actor, EventType, digest
from kerrigan.model.forge.facts import Facts
from kerrigan.model.project import Permission
from kerrigan.model.timestamp import later
from tests.e2e.branch import BRANCH, Meddler, copy_of, old_lines, publish_journal
from tests.e2e.desk import Desk, git
from tests.e2e.test_outputs import assert_fits

TOTAL = len(old_lines())
HISTORY = ("--git-dir", ".git/kerrigan-cache/history.git")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("template")
    Desk(root, publish_journal(root), "ada")
    return root


@pytest.fixture
def desk(template: Path, tmp_path: Path) -> Desk:
    return copy_of(template, tmp_path)


@pytest.fixture
def eve(desk: Desk, tmp_path: Path) -> Meddler:
    return Meddler(tmp_path)


def verify(desk: Desk, *words: str) -> dict[str, Any]:
    """What `audit verify --json` finds; its exit code is what it says."""
    done = desk.kerrigan("audit", "verify", "todo", "--json", *words)
    assert_fits("audit", done.stdout)
    found: dict[str, Any] = json.loads(done.stdout)
    assert done.returncode == (0 if found["sound"] else 1), done.stderr
    return found


def test_what_was_verified_is_not_verified_again(desk: Desk) -> None:
    first = verify(desk)
    assert (first["events"], first["since"]) == (TOTAL, None)
    desk.json("task", "claim", "todo/screen", "--role", "design")
    tip = desk.git(*HISTORY, "rev-parse", "refs/kerrigan/verified/todo")
    assert (verify(desk)["events"], verify(desk, "--all")["since"]) == (TOTAL + 2, None)
    words = desk.kerrigan("audit", "verify", "todo").stdout
    assert f"{TOTAL + 2} events, all hashes match (verified up to" in words
    assert tip != desk.git(*HISTORY, "rev-parse", "refs/kerrigan/verified/todo"), "it is remembered each time"


def edited(lines: list[str]) -> list[str]:
    return [line.replace('"todo/', '"toda/') if n == 5 else line for n, line in enumerate(lines)]


HARM: dict[str, tuple[int, Callable[[list[str]], list[str]], int]] = {
    "a line edited": (1, edited, 6),
    "a line deleted": (1, lambda lines: lines[:9] + lines[10:], 10),
    "two lines swapped": (1, lambda lines: [lines[0], lines[2], lines[1], *lines[3:]], 2),
    "the last line taken away": (2, lambda lines: lines[:-1], TOTAL),
    "the segment emptied": (2, lambda lines: [], 129),
    "a line doubled": (2, lambda lines: [*lines, lines[-1]], TOTAL + 1),
    "a line that is no event": (2, lambda lines: [*lines, "hello"], TOTAL + 1),
    "a line put in between": (2, lambda lines: [lines[0], lines[0], *lines[1:]], 130),
}


@pytest.mark.parametrize("name", HARM)
def test_the_first_bad_line_and_its_commit_are_named(desk: Desk, eve: Meddler, name: str) -> None:
    segment, harm, line = HARM[name]
    assert verify(desk)["sound"]
    commit = eve.write(segment, harm(eve.lines(segment)))
    for options in ([], ["--all"]):
        found = verify(desk, *options)
        assert (found["line"], found["commit"]) == (line, commit), found
        assert f"{commit} of eve" in found["problem"]
        words = split(found["next"])
        assert words[-2:] == ["show", commit]
        assert f"commit {commit}" in desk.git(*words[1:])


def test_where_the_clone_cannot_be_written_the_next_step_names_another(desk: Desk, eve: Meddler) -> None:
    (desk.path / ".git/kerrigan-cache").write_text("in the way")
    eve.write(2, ["hello"])
    found = verify(desk)
    assert (found["line"], found["next"]) == (129, "kerrigan audit verify todo, in a clone that can be written")


def test_a_branch_that_was_moved_back_can_be_put_back(desk: Desk, eve: Meddler) -> None:
    assert verify(desk)["sound"]
    seen = eve.tip()
    eve.git("push", "-q", "-f", "origin", f"HEAD~3:{BRANCH}")
    assert "was rewritten since this clone saw it" in desk.kerrigan("status").stderr
    found = verify(desk)
    assert (found["line"], found["commit"], found["since"]) == (TOTAL - 2, seen, None)
    assert "3 in all, is gone" in found["problem"]
    put_back = found["next"].removeprefix("put it back: ").split()
    desk.git(*put_back[1:])
    assert verify(desk)["events"] == TOTAL


def test_a_branch_that_went_on_from_an_older_tip_is_another_one(desk: Desk, eve: Meddler) -> None:
    desk.kerrigan("status")
    seen = eve.tip()
    eve.git("push", "-q", "-f", "origin", f"HEAD~3:{BRANCH}")
    other = Desk(eve.path.parent, eve.remote, "bo")
    other.json("pause", "todo", "--reason", "lunch")
    assert verify(other)["sound"], "a clone that saw nothing of it cannot know"
    found = verify(desk)
    assert (found["line"], found["commit"]) == (TOTAL - 2, seen)
    Path(found["next"].rpartition("if the branch is right, delete ")[2]).unlink()
    assert verify(desk)["sound"], "who says that it is right goes on"


def test_a_branch_that_was_deleted_is_kept_by_who_saw_it(desk: Desk, eve: Meddler) -> None:
    desk.kerrigan("status")
    seen = eve.tip()
    eve.git("push", "-q", "origin", f":{BRANCH}")
    found = verify(desk)
    assert (found["line"], found["commit"], found["events"]) == (1, seen, 0)
    assert f"{TOTAL} events" in found["problem"]
    desk.git(*found["next"].removeprefix("put it back: git ").split())
    assert verify(desk)["events"] == TOTAL


def lost_by_the_remote(eve: Meddler) -> None:
    """The commits that no branch names any more are gone there."""
    git("-c", "gc.reflogExpire=now", "gc", "-q", "--prune=now", cwd=eve.remote)


def test_what_was_verified_can_be_put_back_although_the_remote_lost_it(desk: Desk, eve: Meddler) -> None:
    assert verify(desk)["sound"]
    eve.git("push", "-q", "origin", f":{BRANCH}")
    lost_by_the_remote(eve)
    found = verify(desk)
    assert (found["line"], found["events"]) == (1, 0)
    desk.git(*found["next"].removeprefix("put it back: git ").split())
    assert verify(desk)["events"] == TOTAL


@pytest.mark.parametrize("kept", ["", "~3"])
def test_what_was_only_seen_and_the_remote_lost_is_named(desk: Desk, eve: Meddler, kept: str) -> None:
    desk.kerrigan("status")
    seen = eve.tip()
    eve.git("push", "-q", "-f", "origin", f"HEAD{kept}:{BRANCH}" if kept else f":{BRANCH}")
    lost_by_the_remote(eve)
    found = verify(desk)
    assert (found["line"], found["commit"]) == (TOTAL, seen)
    assert f"no longer has commit {seen}" in found["problem"]
    assert found["next"].startswith("in a clone that has it: git push")


def garbage(pattern: str) -> Callable[[Path], None]:
    def harm(history: Path) -> None:
        found = list(history.glob(pattern))
        assert found
        for path in found:
            path.chmod(0o644)
            path.write_text("garbage\n")

    return harm


HARMED: dict[str, Callable[[Path], None]] = {
    "deleted": shutil.rmtree,
    "without its objects": lambda history: shutil.rmtree(history / "objects"),
    "with packs of garbage": garbage("objects/pack/*.pack"),
    "with refs of garbage": garbage("refs/heads/*/*"),
    "with a lock that a killed git left": lambda history: (history / f"{BRANCH}.lock").touch(),
}


@pytest.mark.parametrize("harm", HARMED)
def test_a_history_that_is_harmed_here_accuses_nobody(desk: Desk, eve: Meddler, harm: str) -> None:
    assert verify(desk)["sound"]
    HARMED[harm](desk.path / ".git/kerrigan-cache/history.git")
    found = verify(desk)
    assert (found["sound"], found["events"]) == (True, TOTAL)
    eve.write(2, [*eve.lines(2)[:-1], "hello"])
    assert verify(desk)["line"] == TOTAL


def test_a_merge_by_hand_that_drops_lines_is_found(desk: Desk, eve: Meddler) -> None:
    desk.kerrigan("status")
    tip = eve.tip()
    eve.git("checkout", "-q", "HEAD~2")
    (eve.path / "README").write_text("mine\n")
    eve.git("add", "-A")
    eve.git("commit", "-q", "-m", "mine")
    eve.git("merge", "-q", "-s", "ours", "-m", "merge", tip)
    eve.git("push", "-q", "origin", f"HEAD:{BRANCH}")
    assert (verify(desk)["line"], verify(desk)["commit"]) == (TOTAL - 1, eve.tip())


LIES: dict[str, tuple[Callable[[dict[str, Any]], None], str]] = {
    "about a task": (
        lambda state: state["tasks"]["todo/launch"].update(status="done"),
        "todo/launch is done",
    ),
    "about the hold": (lambda state: state.update(hold={"kind": "paused", "by": "x", "reason": ""}), "not the fold"),
    "about a fence": (lambda state: state["tasks"]["todo/contract"].update(fence=1), "todo/contract"),
    "about the segments": (lambda state: state.update(segments=0), "0 segments are full, and there are 1"),
    "by being no state": (lambda state: state.clear(), "cannot be read"),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_state_json_that_lies_is_found(desk: Desk, eve: Meddler, lie: str) -> None:
    tell, words = LIES[lie]
    file = eve.path / "state.json"
    state = json.loads(file.read_text())
    tell(state)
    file.write_text(json.dumps(state))
    commit = eve.push("fix the state")
    found = verify(desk)
    assert (found["line"], found["commit"], words in found["problem"]) == (None, commit, True), found
    eve.git("revert", "--no-edit", "HEAD")
    eve.git("push", "-q", "origin", f"HEAD:{BRANCH}")
    assert verify(desk)["sound"], "no line was touched, so fixing the file fixes it all"


def test_other_commands_stop_at_a_line_that_does_not_hold(desk: Desk, eve: Meddler) -> None:
    eve.write(2, [*eve.lines(2)[:-1], "hello"])
    for words in (["status"], ["task", "claim", "todo/screen"], ["reconcile"], ["log"]):
        done = desk.kerrigan(*words)
        assert (done.returncode, f"line {TOTAL} of the journal is not an event" in done.stderr) == (3, True)
    assert desk.kerrigan("audit", "export").stdout.count("\n") == TOTAL - 1


READERS = (["status"], ["show", "todo/screen"], ["tasks"], ["log"], ["cost"])
WRITERS = (
    ["task", "claim", "todo/screen", "--role", "design"],
    ["task", "claim", "todo/screen", "--role", "design", "--dry-run"],
    ["pause", "todo", "--reason", "x"],
    ["reconcile"],
    ["issues", "sync", "todo"],
    ["spend", "todo/screen", "--usd", "1"],
)
"""What shows, and what writes, or decides what to write."""


def newer(eve: Meddler, **changes: object) -> str:
    """A line on top of the journal that a newer Kerrigan may have written."""
    last = eve.lines(2)[-1]
    event = json.loads(last)
    return json.dumps(event | {"seq": event["seq"] + 1, "prev": digest(last)} | changes)


@pytest.mark.parametrize(
    ("changes", "step"),
    [
        ({"type": "beamed", "needs": "9.1.0"}, "install Kerrigan 9.1.0 or newer"),
        ({"v": 3, "needs": "9.1.0"}, "install Kerrigan 9.1.0 or newer"),
        ({"v": 3}, "install a newer Kerrigan"),
    ],
    ids=["kind", "format", "without-needs"],
)
def test_what_a_newer_kerrigan_wrote_is_read_on_and_never_written_on(
    desk: Desk, eve: Meddler, changes: dict[str, object], step: str
) -> None:
    eve.write(2, [*eve.lines(2), newer(eve, **changes)])
    tip = eve.tip()
    for words in READERS:
        done = desk.kerrigan(*words)
        said = done.stdout + done.stderr
        assert (done.returncode, step in said) == (0, True), (words, said)
    counted = desk.kerrigan("metrics")
    assert (counted.returncode, "1 event is not counted" in counted.stderr) == (0, True)
    for words in WRITERS:
        done = desk.kerrigan(*words)
        assert (done.returncode, step in done.stderr) == (3, True), (words, done.stderr)
        assert "was changed" not in done.stderr, "nobody is accused"
    verified = desk.kerrigan("audit", "verify")
    assert (verified.returncode, f"{TOTAL + 1} events, all hashes match; line {TOTAL + 1}" in verified.stdout) == (
        3,
        True,
    )
    assert step in verified.stdout
    exported = desk.kerrigan("audit", "export", "todo").stdout.splitlines()
    assert exported[-1] == eve.lines(2)[-1], "what is not understood is exported as it is"
    assert git("rev-parse", BRANCH, cwd=eve.remote) == tip, "nothing was written"


def test_a_newer_line_that_does_not_hold_is_named_all_the_same(desk: Desk, eve: Meddler) -> None:
    eve.write(2, [*eve.lines(2), newer(eve, type="beamed", prev="0" * 64)])
    done = desk.kerrigan("audit", "verify")
    assert (done.returncode, f"line {TOTAL + 1} of the journal does not carry the hash" in done.stdout) == (1, True)


def test_a_newer_format_of_another_shape_stops_readers_and_accuses_nobody(desk: Desk, eve: Meddler) -> None:
    eve.write(2, [*eve.lines(2), '{"v":9,"needs":"9.9"}'])
    for words in (*READERS, *WRITERS, ["audit", "verify"]):
        done = desk.kerrigan(*words)
        assert (done.returncode, "install Kerrigan 9.9 or newer" in done.stderr) == (3, True), (words, done.stderr)


def test_a_key_of_state_json_that_is_not_known_is_read_over_and_never_written_over(desk: Desk, eve: Meddler) -> None:
    text = git("show", f"{BRANCH}:state.json", cwd=eve.remote)
    eve.state(json.dumps(json.loads(text) | {"needs": "9.1", "beams": {}}, indent=1) + "\n")
    assert "install Kerrigan 9.1 or newer" in desk.kerrigan("status").stderr
    done = desk.kerrigan(*WRITERS[0])
    assert (done.returncode, "the key 'beams', which this Kerrigan does not know" in done.stderr) == (3, True)
    assert desk.kerrigan("audit", "verify").returncode == 3


def redefine(desk: Desk, change: Callable[[str], str]) -> None:
    """Change tasks.yml on the default branch."""
    desk.git("checkout", "-q", "-B", "main", "origin/main")
    file = desk.path / "specs/projects/todo/tasks.yml"
    file.write_text(change(file.read_text()))
    desk.git("add", "-A")
    desk.git("commit", "-q", "-m", "Change the plan")
    desk.git("push", "-q", "origin", "main")


@pytest.mark.parametrize("now", ["", "  - {id: page, title: Show the list, role: swe, depends_on: [contract]}\n"])
def test_a_task_that_was_taken_out_or_renamed_while_claimed_is_kept_and_comes_back(desk: Desk, now: str) -> None:
    claim = desk.json("task", "claim", "todo/screen", "--role", "design")["task"]
    old = "  - {id: screen, title: Show the list, role: swe, depends_on: [contract]}\n"
    redefine(desk, lambda text: text.replace(old, now).replace("[screen, ", "["))
    for words in (["status"], ["tasks"], ["reconcile"], ["graph"], ["log", "--task", "screen"], ["audit", "verify"]):
        assert desk.kerrigan(*words).returncode == 0, words
    refused = desk.kerrigan("task", "start", "todo/screen")
    assert (refused.returncode, "has no task 'todo/screen'" in refused.stderr) == (2, True)
    if now:
        assert desk.json("show", "todo/page")["task"]["status"] == "open", "a new name is a new task"
    redefine(desk, lambda text: text.replace(now, "") + old)
    assert desk.json("show", "todo/screen")["task"]["holder"] == claim["holder"]
    desk.json("task", "start", "todo/screen")


def test_a_dependency_that_is_added_while_work_goes_on_does_not_take_the_claim_away(desk: Desk) -> None:
    desk.json("task", "claim", "todo/screen", "--role", "design")
    redefine(desk, lambda text: text.replace("[contract]", "[contract, 'external:the board']"))
    started = desk.json("task", "start", "todo/screen")["task"]
    assert (started["status"], started["depends_on"]) == ("working", ["todo/contract", "external:the board"])
    desk.json("task", "release", "todo/screen")
    refused = desk.kerrigan("task", "claim", "todo/screen", "--role", "design")
    assert (refused.returncode, "waits until a person confirms: the board" in refused.stderr) == (5, True)


def test_a_project_that_is_deleted_and_made_again_goes_on_where_it_was(desk: Desk) -> None:
    plan = (desk.path / "specs/projects/todo/tasks.yml").read_text()
    desk.git("rm", "-rq", "specs/projects/todo")
    desk.git("commit", "-q", "-m", "Give up")
    desk.git("push", "-q", "origin", "main")
    assert desk.kerrigan("status", "todo").returncode == 2
    assert desk.kerrigan("audit", "export", "todo").stdout.splitlines() == old_lines()
    (desk.path / "specs/projects/todo").mkdir(parents=True)
    (desk.path / "specs/projects/todo/spec.md").write_text("---\nkerrigan: 7\n---\n# Todo\n\nOnce more.\n")
    (desk.path / "specs/projects/todo/tasks.yml").write_text("kerrigan: 7\ntasks: []\n")
    redefine(desk, lambda text: plan)
    assert desk.json("show", "todo/contract")["task"]["status"] == "done"
    assert verify(desk)["sound"]


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_clock_that_is_an_hour_wrong_changes_no_order(desk: Desk, hours: int) -> None:
    site = open_site(desk.path, {}, "ada", say=print, detail=print)
    stage = read(site, "todo")
    right = new_request(EventType.claimed, "todo/screen", Actor("ada"))
    wrong = replace(right, at=later(right.at, hours * 3600))
    facts = Facts(Permission.admin)
    made = append(site, stage, lambda s: step(s.project, s.workspace, s.state, wrong, facts))
    holder = made.after.state.task("todo/screen").holder
    assert holder is not None
    assert holder.lease_until == later(right.at, (8 + hours) * 3600), "a lease counts from the clock of who claims"
    desk.json("task", "start", "todo/screen")
    told = [json.loads(line) for line in desk.kerrigan("log", "--json").stdout.splitlines()]
    assert [event["seq"] for event in told] == list(range(1, len(told) + 1))
    assert [event["type"] for event in told[TOTAL:]] == ["claimed", "dispatch_acknowledged", "started"]
    assert verify(desk)["sound"]
