"""Budgets by the command line alone: what is reserved, reported, refused and told, over real clones of one remote."""

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.e2e.desk import Desk, publish
from tests.e2e.test_outputs import assert_fits

CONFIG = "kerrigan: 7\nbudget:\n"


def plan(desk: Desk, project: str, tasks: int, estimate: str, front: str = "") -> None:
    """A project with so many tasks that all can be claimed at once."""
    folder = desk.path / "specs" / "projects" / project
    folder.mkdir(parents=True, exist_ok=True)
    folder.joinpath("spec.md").write_text(f"---\nkerrigan: 7\n{front}---\n# {project}\n\nWork.\n")
    task = "  - {{id: t{n}, title: Task {n}, role: swe, estimate: {{usd: {usd}}}}}"
    entries = (task.format(n=n, usd=estimate) for n in range(tasks))
    folder.joinpath("tasks.yml").write_text("\n".join(["kerrigan: 7", "tasks:", *entries, ""]))


def configure(desk: Desk, budget: Sequence[str]) -> None:
    folder = desk.path / ".github"
    folder.mkdir(exist_ok=True)
    folder.joinpath("kerrigan.yml").write_text(CONFIG + "".join(f"  {line}\n" for line in budget))


def push(desk: Desk) -> None:
    desk.git("add", ".")
    desk.git("commit", "-q", "-m", "Budget")
    desk.git("push", "-q", "origin", "main")


def test_ten_at_once_on_one_dollar_with_half_a_dollar_each_and_exactly_two_start(tmp_path: Path) -> None:
    remote = publish(tmp_path)
    founder = Desk(tmp_path, remote, "ada")
    plan(founder, "race", 10, "0.5", "budget: {usd: 1}\n")
    push(founder)
    desks = [Desk(tmp_path, remote, f"agent{n}") for n in range(10)]
    with ThreadPoolExecutor(10) as pool:
        ran = list(
            pool.map(lambda pair: pair[1].kerrigan("task", "claim", f"race/t{pair[0]}", "--json"), enumerate(desks))
        )
    assert sorted(r.returncode for r in ran) == [0] * 2 + [5] * 8, [r.stderr for r in ran]
    for refused in (json.loads(r.stdout)["refused"] for r in ran if r.returncode == 5):
        assert "the budget 'project' of $1.00 has no room for $0.50: " in refused["reason"]
    board = founder.json("status", "race")["projects"][0]
    assert board["budget"] == {
        "spent": "0",
        "reserved": "1",
        "caps": [{"name": "project", "limit": "1", "spent": "0", "reserved": "1"}],
    }
    open_ = [task for task in board["tasks"] if task["status"] == "open"]
    assert len(open_) == 8
    assert {reason["kind"] for task in open_ for reason in task["reasons"]} == {"budget"}


def test_from_a_reservation_to_an_alert_to_the_table_of_costs(tmp_path: Path) -> None:
    ada = Desk(tmp_path, publish(tmp_path), "ada")
    plan(ada, "todo", 3, "4", "budget: {usd: 10}\n")
    configure(ada, ["per_day: 100", "roles: {swe: 40}", "agents: {ada: 50}", "prices: {tiny: {in: 1, out: 2}}"])
    push(ada)
    claimed = ada.json("task", "claim", "todo/t0")["event"]
    assert claimed["data"]["reserved_usd"] == "4"
    ada.json("task", "start", "todo/t0")

    tiny = ada.kerrigan(
        "spend", "todo/t0", "--model", "tiny", "--tokens-in", "1000000", "--tokens-out", "250000", "--json"
    )
    assert tiny.returncode == 0, tiny.stderr
    assert_fits("transition", tiny.stdout)
    assert json.loads(tiny.stdout)["event"]["data"]["usd"] == "1.5"
    assert ada.json("status", "todo")["projects"][0]["budget"]["reserved"] == "2.5"

    unknown = ada.kerrigan("spend", "todo/t0", "--model", "guess-9", "--tokens-in", "5", "--json")
    assert unknown.returncode == 5
    assert_fits("refused", unknown.stdout)
    assert "'guess-9' has no price" in json.loads(unknown.stdout)["refused"]["reason"]

    jump = ada.json("spend", "todo/t0", "--usd", "7.7", "--role", "review")
    told = [(e["type"], e["data"]["cap"], e["data"]["percent"]) for e in jump["caused"]]
    assert told == [("alerted", "project", percent) for percent in (50, 75, 90)]
    assert ada.json("spend", "todo/t0", "--usd", "0.1")["caused"] == []

    late = ada.kerrigan("task", "claim", "todo/t1")
    assert late.returncode == 5
    assert "$9.30 are spent and $0.00 reserved" in late.stderr
    ada.json("task", "release", "todo/t0")

    costs = ada.kerrigan("cost", "todo", "--by", "role", "--json")
    assert_fits("cost", costs.stdout)
    found = json.loads(costs.stdout)["projects"][0]
    assert [(row["key"], row["usd"]) for row in found["rows"]] == [("review", "7.7"), ("swe", "1.6")]
    assert found["total"] == {
        "key": "total", "usd": "9.3", "tokens_in": 1_000_000, "tokens_out": 250_000, "cached": 0, "reports": 3,
    }  # fmt: skip
    assert "project: $9.30 spent, $0.00 reserved of $10.00  ! over 90 %" in ada.kerrigan("status", "todo").stdout
    assert "90 % of the budget 'project' are spent: $9.20 of $10.00" in ada.kerrigan("log", "todo").stdout
    assert ada.kerrigan("audit", "verify", "todo").returncode == 0


def test_one_budget_over_two_projects(tmp_path: Path) -> None:
    ada = Desk(tmp_path, publish(tmp_path), "ada")
    for project in ("one", "two"):
        plan(ada, project, 2, "6")
    configure(ada, ["usd: 10"])
    push(ada)
    ada.json("task", "claim", "one/t0")
    refused = ada.kerrigan("task", "claim", "two/t0")
    assert refused.returncode == 5
    assert (
        "the budget 'all projects' of $10.00 has no room for $6.00: $0.00 are spent and $6.00 reserved"
        in refused.stderr
    )
    assert ada.json("tasks", "two", "--ready")["tasks"] == []
    ada.json("spend", "one/t0", "--usd", "2")
    ada.json("task", "release", "one/t0")
    ada.json("task", "claim", "two/t0")
    assert ada.json("spend", "two/t0", "--usd", "3.5")["caused"][0]["data"]["spent"] == "5.5"
    assert ada.json("spend", "one/t0", "--usd", "0.1")["caused"] == [], "told by the other project already"


def test_what_was_spent_is_written_down_after_an_emergency_stop_too(tmp_path: Path) -> None:
    ada = Desk(tmp_path, publish(tmp_path), "ada")
    ada.json("task", "claim", "todo/contract")
    ada.json("stop", "todo", "--reason", "fire")
    assert (
        ada.json("spend", "todo/contract", "--model", "claude-opus-5", "--tokens-in", "1")["event"]["data"]["usd"]
        == "0.000005"
    )


def test_nonsense_is_refused_in_a_sentence(tmp_path: Path) -> None:
    ada = Desk(tmp_path, publish(tmp_path), "ada")
    for words, code in [
        (["--usd", "-1"], 5), (["--usd", "NaN"], 5), (["--usd", "1e99"], 5), (["--usd", "lots"], 5), ([], 5),
        (["--model", "claude-opus-5"], 5), (["--model", "a b", "--usd", "1"], 5), (["--tokens-in", "-4"], 2),
        (["--model", "claude-opus-5", "--tokens-in", "9" * 20], 5),
    ]:  # fmt: skip
        done = ada.kerrigan("spend", "todo/contract", *words)
        assert done.returncode == code, words
        assert "Traceback" not in done.stderr
    assert ada.kerrigan("spend", "todo/nothing", "--usd", "1").returncode == 2
    assert ada.kerrigan("cost", "todo").stdout.startswith("todo: nothing was reported yet")
