"""One budget over several projects, claimed from at the same moment: real clones, real processes, one remote."""

import json
import os
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kerrigan.git.journal.journals import BUDGET
from tests.e2e.desk import Desk, git, publish
from tests.e2e.test_budget import configure, plan, push
from tests.warm import python

AGENTS, ROUNDS = 10, 3


def founded(root: Path, projects: tuple[str, ...] = ("one", "two")) -> tuple[Path, Desk]:
    """A remote with projects of ten tasks for $0.50 each that share $1, and the desk of who wrote them."""
    remote = publish(root)
    founder = Desk(root, remote, "ada")
    for project in projects:
        plan(founder, project, AGENTS, "0.5")
    configure(founder, ["usd: 1"])
    push(founder)
    return remote, founder


def kerrigan(desk: Desk, at_push: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command whose git does something at each push of a journal; `$git` is the real one."""
    folder = desk.path.parent / f"bin-{desk.path.name}"
    folder.mkdir(exist_ok=True)
    case = f'case " $* " in *" push "*) {at_push};; esac'
    (folder / "git").write_text(f'#!/bin/sh\ngit="{shutil.which("git")}"\n{case}\nexec "$git" "$@"\n')
    (folder / "git").chmod(0o755)
    environment = os.environ | {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}
    command = [python(), "-m", "kerrigan", *words]
    return subprocess.run(command, cwd=desk.path, env=environment, capture_output=True, text=True, check=False)


def meanwhile(desk: Desk, *words: str) -> str:
    """What `at_push` has to be for another desk's command to be faster, once."""
    once = desk.path.parent / "once"
    command = " ".join((*words, "-C", str(desk.path)))
    run = f'PATH="{os.environ["PATH"]}" "{python()}" -m kerrigan {command} >"{once}" 2>&1'
    return f'[ -e "{once}" ] || {run} || exit 9'


def turnstile(remote: Path) -> str:
    """Where the turnstile of the budget is; empty where there is none."""
    return git("for-each-ref", "--format=%(objectname)", BUDGET, cwd=remote)


def reserved(desk: Desk) -> list[str]:
    """What is reserved of the limit over all projects, as each project's board says it."""
    caps = [cap for board in desk.json("status")["projects"] for cap in board["budget"]["caps"]]
    assert {(cap["name"], cap["limit"]) for cap in caps} == {("all projects", "1")}
    return [cap["reserved"] for cap in caps]


def task_of(n: int) -> str:
    """The task that an agent claims: half of them work on one project, half on the other."""
    return f"{('one', 'two')[n % 2]}/t{n}"


def claim_late(n: int, desk: Desk) -> subprocess.CompletedProcess[str]:
    """Claim, and be so slow at the push that everybody has decided by then."""
    return kerrigan(desk, "sleep 2", "task", "claim", task_of(n), "--json")


def test_ten_agents_over_two_projects_and_exactly_two_start(tmp_path: Path) -> None:
    remote, founder = founded(tmp_path)
    desks = [Desk(tmp_path, remote, f"agent{n}") for n in range(AGENTS)]
    for _ in range(ROUNDS):
        with ThreadPoolExecutor(AGENTS) as pool:
            ran = list(pool.map(claim_late, range(AGENTS), desks))
        assert sorted(r.returncode for r in ran) == [0] * 2 + [5] * (AGENTS - 2), [r.stderr for r in ran]
        for refused in (json.loads(r.stdout)["refused"] for r in ran if r.returncode == 5):
            assert "the budget 'all projects' of $1.00 has no room for $0.50: " in refused["reason"]
        assert reserved(founder) == ["1"] * 3
        for n, claimed in enumerate(ran):
            if claimed.returncode == 0:
                desks[n].json("task", "release", task_of(n))


def test_a_claim_in_another_project_between_decision_and_push(tmp_path: Path) -> None:
    remote, ada = founded(tmp_path)
    bo = Desk(tmp_path, remote, "bo")
    ada.json("task", "claim", "one/t0")
    late = kerrigan(ada, meanwhile(bo, "task", "claim", "two/t0"), "task", "claim", "one/t1")
    assert (late.returncode, late.stdout) == (5, ""), late.stderr
    assert "has no room for $0.50: $0.00 are spent and $1.00 reserved" in late.stderr
    assert reserved(ada) == ["1"] * 3
    assert turnstile(remote) == git("rev-parse", "kerrigan-state/two", cwd=remote)


def test_a_lost_race_for_the_turnstile_with_room_left_is_tried_again(tmp_path: Path) -> None:
    remote, ada = founded(tmp_path)
    bo = Desk(tmp_path, remote, "bo")
    first = kerrigan(ada, meanwhile(bo, "task", "claim", "two/t0"), "task", "claim", "one/t0")
    assert first.returncode == 0, first.stderr
    assert reserved(ada) == ["1"] * 3
    assert turnstile(remote) == git("rev-parse", "kerrigan-state/one", cwd=remote)


def test_only_what_reserves_moves_the_turnstile(tmp_path: Path) -> None:
    remote, ada = founded(tmp_path)
    assert turnstile(remote) == ""
    ada.json("task", "claim", "one/t0")
    claimed = turnstile(remote)
    ada.json("task", "start", "one/t0")
    bo = Desk(tmp_path, remote, "bo")
    spent = kerrigan(ada, meanwhile(bo, "task", "claim", "two/t0"), "spend", "one/t0", "--usd", "0.1")
    assert spent.returncode == 0, spent.stderr
    assert turnstile(remote) == git("rev-parse", "kerrigan-state/two", cwd=remote) != claimed
    ada.json("task", "release", "one/t0")
    assert turnstile(remote) == git("rev-parse", "kerrigan-state/two", cwd=remote)


@pytest.mark.parametrize(("moment", "status"), [("", "open"), ('"$git" "$@"; ', "claimed")])
def test_killed_around_the_push_the_next_claim_goes_on(tmp_path: Path, moment: str, status: str) -> None:
    remote, ada = founded(tmp_path)
    assert kerrigan(ada, f"{moment}kill -9 $PPID; exit", "task", "claim", "one/t0").returncode == -9
    assert ada.json("show", "one/t0")["task"]["status"] == status
    assert bool(turnstile(remote)) == (status == "claimed")
    bo = Desk(tmp_path, remote, "bo")
    bo.json("task", "claim", "two/t0")
    assert bo.kerrigan("task", "claim", "two/t1").returncode == (5 if status == "claimed" else 0)


def test_a_push_whose_answer_is_lost_counts_once(tmp_path: Path) -> None:
    remote, ada = founded(tmp_path)
    lost = kerrigan(ada, '"$git" "$@"; exit 1', "task", "claim", "one/t0", "--json")
    assert lost.returncode == 0, lost.stderr
    assert len(ada.json("show", "one/t0")["history"]) == 1
    assert reserved(ada) == ["0.5"] * 3
    assert turnstile(remote) == git("rev-parse", "kerrigan-state/one", cwd=remote)


def test_a_fresh_clone_and_a_journal_that_was_rewritten(tmp_path: Path) -> None:
    remote, ada = founded(tmp_path)
    ada.json("task", "claim", "one/t0")
    ada.json("task", "claim", "two/t0")
    tip = git("rev-parse", "kerrigan-state/two", cwd=remote)
    git("update-ref", "-d", "refs/heads/kerrigan-state/two", cwd=remote)
    bo = Desk(tmp_path, remote, "bo")
    bo.json("task", "claim", "two/t1")
    assert turnstile(remote) == git("rev-parse", "kerrigan-state/two", cwd=remote) != tip
    refused = ada.kerrigan("task", "claim", "one/t1")
    assert refused.returncode == 5, "what the clone remembers of the journal is not what counts"
    assert "$1.00 reserved" in refused.stderr


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        (("receive.advertiseAtomic", "false"), ("takes no push of several refs as one", "advertiseAtomic true")),
        (("receive.hideRefs", "refs/kerrigan"), ("and not the one to refs/kerrigan/budget", "hideRefs")),
    ],
)
def test_a_remote_that_cannot_move_both_is_named_with_the_setting(
    tmp_path: Path, setting: tuple[str, str], words: tuple[str, ...]
) -> None:
    remote, ada = founded(tmp_path)
    git("config", *setting, cwd=remote)
    claimed = ada.kerrigan("task", "claim", "one/t0")
    assert claimed.returncode == 3, claimed.stderr
    assert all(word in claimed.stderr for word in words), claimed.stderr


def test_a_hook_that_wants_branches_only_is_named(tmp_path: Path) -> None:
    remote, ada = founded(tmp_path)
    hook = remote / "hooks" / "update"
    hook.write_text('#!/bin/sh\ncase $1 in refs/heads/*) ;; *) echo "branches only" >&2; exit 1 ;; esac\n')
    hook.chmod(0o755)
    claimed = ada.kerrigan("task", "claim", "one/t0")
    assert claimed.returncode == 3
    assert "refuses pushes to kerrigan-state/one and refs/kerrigan/budget: branches only" in claimed.stderr
    assert ada.json("show", "one/t0")["task"]["status"] == "open"
    ada.json("pause", "one", "--reason", "the others need no turnstile")


def test_a_broken_journal_of_another_project_is_named(tmp_path: Path) -> None:
    _, ada = founded(tmp_path)
    ada.json("task", "claim", "two/t0")
    ada.git("fetch", "-q", "origin", "kerrigan-state/two")
    ada.git("checkout", "-q", "--detach", "FETCH_HEAD")
    (ada.path / "log" / "000001.jsonl").write_text("{}\n")
    ada.git("commit", "-q", "-a", "-m", "Break it")
    ada.git("push", "-q", "origin", "HEAD:kerrigan-state/two")
    claimed = ada.kerrigan("task", "claim", "one/t0")
    assert claimed.returncode == 3
    assert "the journal of two, which shares the budget, cannot be read: line 1 of the journal" in claimed.stderr
