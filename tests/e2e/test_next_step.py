"""Through the whole life of a task, what `show` offers to whom it is shown works, and a refusal names a way."""

import json
import shlex
from pathlib import Path

import pytest

from tests.e2e.desk import Desk, publish

TASK = "todo/contract"
AGENTS = "agents: {claude: {roles: [architect]}}\n"


@pytest.fixture
def desks(tmp_path: Path) -> dict[str, Desk]:
    """Clones of an agent, of a person, and of one who may only read."""
    remote = publish(tmp_path)
    found = {name: Desk(tmp_path, remote, name) for name in ("claude", "ada", "eve")}
    ada = found["ada"]
    ada.path.joinpath(".github").mkdir()
    rules = f"{AGENTS}people: {{ada: admin, claude: write, founder: admin}}\n"
    ada.path.joinpath(".github/kerrigan.yml").write_text(rules)
    ada.git("add", ".github")
    ada.git("commit", "-qm", "An agent")
    ada.git("push", "-q", "origin", "main")
    return found


def offered(desk: Desk) -> dict[str, str] | None:
    found: dict[str, str] | None = desk.json("show", TASK)["next"]
    return found


def follow(desks: dict[str, Desk]) -> str:
    """What is offered to each, taken by the first to whom it is; the verb."""
    for name, desk in desks.items():
        step = offered(desk)
        if step and not step["by"]:
            words = shlex.split(step["command"].replace("TEXT", "because"))
            done = desk.kerrigan(*words[1:])
            assert done.returncode == 0, (name, step, done.stderr)
            return f"{name} {words[2]}"
    raise AssertionError("nobody is offered anything")


def test_who_follows_what_is_offered_gets_a_task_to_its_merge(desks: dict[str, Desk]) -> None:
    claude, ada, eve = desks.values()
    assert follow(desks) == "claude claim"
    assert offered(ada) == {
        "command": "kerrigan task start todo/contract; or an admin frees it: "
        "kerrigan task release todo/contract --force --reason TEXT",
        "by": "claude, who holds it",
    }
    assert offered(claude) == {"command": "kerrigan task start todo/contract --fence 1", "by": ""}
    assert follow(desks) == "claude start"
    step = offered(claude)
    assert step is not None
    assert step["command"].startswith("git push origin kerrigan/todo/contract, then kerrigan task submit todo/contract")
    claude.work(f"kerrigan/{TASK}", "openapi.yml", "openapi: 3.1.0\n")
    assert follow(desks) == "claude submit"
    assert follow(desks) == "claude pass-tests"
    step = offered(claude)
    assert step is not None
    assert step["by"] == "someone other than claude, with write permission"
    assert follow(desks) == "ada approve"
    assert [offered(desk) for desk in desks.values()] == [
        {"command": "merge pull request #1 of acme/todo, then kerrigan reconcile todo", "by": ""}
    ] * 3
    for words in (
        ("merge", "-q", "--no-ff", "-m", "Merge", f"origin/kerrigan/{TASK}"),
        ("push", "-q", "origin", "main"),
    ):
        ada.git("fetch", "-q")
        ada.git(*words)
    assert follow(desks) == "claude complete"
    assert [offered(desk) for desk in desks.values()] == [None] * 3
    assert eve.kerrigan("show", TASK).returncode == 0


def test_a_refusal_says_who_can_and_how(desks: dict[str, Desk]) -> None:
    refused = desks["eve"].kerrigan("task", "claim", TASK)
    assert refused.returncode == 5
    assert refused.stderr.splitlines() == [
        f"refused: claim {TASK}: eve has permission 'read' in acme/todo, and this needs 'write'",
        f"  next: someone with write permission in acme/todo: kerrigan task claim {TASK}",
    ]
    told = json.loads(desks["eve"].kerrigan("task", "claim", TASK, "--json").stdout)["refused"]
    assert told["next"] == f"someone with write permission in acme/todo: kerrigan task claim {TASK}"
    assert told["allowed"] == []
    stopped = desks["ada"].kerrigan("stop", "todo", "--reason", "a leak")
    assert stopped.returncode == 0
    assert (
        "next: an admin: kerrigan resume todo --reason TEXT" in desks["claude"].kerrigan("task", "claim", TASK).stderr
    )
