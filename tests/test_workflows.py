"""The rules that every shipped workflow keeps: who may do what, what is pinned, and what reaches a shell."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from kerrigan.load.documents import parse_yaml
from kerrigan.load.github.webhook import DISPATCHES

ROOT = Path(__file__).parents[1]
PATHS = {path.stem.removeprefix("kerrigan-"): path for path in sorted((ROOT / "workflows").glob("*.yml"))}
TEXTS = {name: path.read_text(encoding="utf-8") for name, path in PATHS.items()}
FLOWS: dict[str, Any] = {name: parse_yaml(name, text).data for name, text in TEXTS.items()}
JOBS = [pytest.param(flow, name, id=f"{flow}-{name}") for flow, data in FLOWS.items() for name in data["jobs"]]
STEPS = [
    pytest.param(step, id=f"{flow}-{name}-{number}")
    for flow, data in FLOWS.items()
    for name, job in data["jobs"].items()
    for number, step in enumerate(job["steps"])
]
REACHING = "${{ secrets.KERRIGAN_TOKEN }}"
AGENTS = "${{ vars.KERRIGAN_AGENT_COMMAND && 'command' || '' }}"
NODE_24 = {
    "actions/checkout": "3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1",
    "actions/setup-python": "5fda3b95a4ea91299a34e894583c3862153e4b97 # v7.0.0",
    "actions/upload-artifact": "bbbca2ddaa5d8feaa63e36b76fdaad77386f024f # v7.0.0",
    "actions/download-artifact": "3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c # v8.0.1",
}
"""GitHub's own actions that run on Node 24, at the commits of their tags: Node 20 is leaving the runners."""
READS = {"contents": "read"}
GATES = {"contents": "read", "pull-requests": "read", "checks": "read", "statuses": "write"}
STEERS = {
    "contents": "write", "pull-requests": "write", "issues": "write", "statuses": "write", "checks": "read",
    "actions": "read",
}  # fmt: skip


def commands(flow: str) -> list[str]:
    steps = [step for job in FLOWS[flow]["jobs"].values() for step in job["steps"]]
    return [step["with"]["command"] for step in steps if step.get("uses", "").startswith("kerrigan-dev/")]


def concurrencies(flow: str) -> Iterator[dict[str, Any]]:
    yield from (part["concurrency"] for part in (FLOWS[flow], *FLOWS[flow]["jobs"].values()) if "concurrency" in part)


def test_there_are_the_four_that_the_contract_names() -> None:
    assert list(PATHS) == ["check", "events", "reconcile", "work"]
    assert all(len(text.splitlines()) <= 140 for text in TEXTS.values())


@pytest.mark.parametrize(
    ("flow", "job", "permissions"),
    [
        ("check", "check", READS),
        ("check", "gate", GATES),
        ("events", "event", STEERS),
        ("reconcile", "reconcile", STEERS),
        ("work", "claim", STEERS.keys() - {"issues"}),
        ("work", "work", {"contents": "read"}),
        ("work", "submit", STEERS.keys() - {"issues"}),
    ],
)
def test_each_job_may_do_what_it_needs_and_no_more(flow: str, job: str, permissions: dict[str, str] | set[str]) -> None:
    assert FLOWS[flow]["permissions"] == {}
    found = FLOWS[flow]["jobs"][job]["permissions"]
    assert found == permissions if isinstance(permissions, dict) else found.keys() == permissions


@pytest.mark.parametrize(("flow", "job"), JOBS)
def test_each_job_is_told_apart_by_its_name_and_ends(flow: str, job: str) -> None:
    assert FLOWS[flow]["jobs"][job]["name"].startswith(f"kerrigan / {job}")
    assert FLOWS[flow]["jobs"][job]["timeout-minutes"] <= 120


@pytest.mark.parametrize("step", STEPS)
def test_nothing_moves_under_a_step_and_nothing_reaches_its_shell(step: dict[str, Any]) -> None:
    if "uses" in step:
        action, _, ref = step["uses"].partition("@")
        assert action == "kerrigan-dev/kerrigan" or re.fullmatch("[0-9a-f]{40}", ref)
    if step.get("uses", "").startswith("actions/checkout@"):
        assert step["with"]["persist-credentials"] is False
    assert "${{" not in step.get("run", "")


def test_githubs_own_actions_run_on_node_24_wherever_we_name_them() -> None:
    files = [*PATHS.values(), ROOT / "README.md", *(ROOT / ".github/workflows").glob("*.yml")]
    found = {use for file in files for use in re.findall(r"uses: (actions/\S+@.*)", file.read_text(encoding="utf-8"))}
    assert found == {f"{action}@{pin}" for action, pin in NODE_24.items()}


@pytest.mark.parametrize("flow", FLOWS)
def test_no_burst_is_dropped_and_no_strangers_code_gets_a_token(flow: str) -> None:
    events = FLOWS[flow]["on"]
    assert "pull_request_target" not in events
    for group in concurrencies(flow):
        assert not (group.get("queue") == "max" and group.get("cancel-in-progress"))
    if flow in {"events", "work"}:
        assert [group["queue"] for group in concurrencies(flow)] == ["max"]


def test_only_what_goes_to_other_repositories_has_the_token_for_them() -> None:
    for flow, text in TEXTS.items():
        used = re.findall(r"\$\{\{[^}]*secrets\.KERRIGAN_TOKEN[^}]*\}\}", text)
        assert set(used) == {REACHING}, flow
    steps = [step for data in FLOWS.values() for job in data["jobs"].values() for step in job["steps"]]
    given = [step["with"] for step in steps if "with" in step]
    assert not any("token" in inputs for inputs in given), "in its own repository a run writes with its own token"
    checked = next(s for s in FLOWS["check"]["jobs"]["check"]["steps"] if s.get("with", {}).get("command"))
    assert set(checked["with"]) == {"command"}, "what reads a pull request's own files has the run's token only"
    agent = next(s for s in FLOWS["work"]["jobs"]["work"]["steps"] if s.get("name") == "Run the agent")
    assert list(agent["env"]) == ["KERRIGAN_AGENT_COMMAND"]
    assert "KERRIGAN_SECRET" not in FLOWS["work"]["jobs"]["work"]["env"]
    assert "env" not in FLOWS["work"]


def test_the_gate_and_the_events_never_look_at_a_pull_requests_own_rules() -> None:
    gate, event = FLOWS["check"]["jobs"]["gate"]["steps"], FLOWS["events"]["jobs"]["event"]["steps"]
    assert gate[0]["with"]["ref"] == "${{ github.base_ref || github.event.merge_group.base_ref }}"
    assert event[0]["with"]["ref"] == "${{ github.event.repository.default_branch }}"


def test_every_dispatch_has_a_workflow_that_hears_it() -> None:
    heard = [kind for flow in FLOWS.values() for kind in flow["on"].get("repository_dispatch", {}).get("types", [])]
    assert sorted(heard) == sorted(DISPATCHES)


def test_the_workflows_call_the_commands_of_the_contract() -> None:
    assert commands("check")[0].startswith("check ")
    assert commands("check")[1].startswith("gate ")
    assert commands("events") == ["event"]
    (either,) = commands("reconcile")
    assert either.endswith("&& 'event' || 'reconcile' }}")
    assert [" ".join(command.split()[:2]) for command in commands("work")] == [
        "event", "task start", "task submit", "task fail",
    ]  # fmt: skip
    assert all(" --fence ${{ " in command for command in commands("work")[1:])


def test_who_may_start_agents_tells_the_journal_so_and_nobody_else_runs_one() -> None:
    jobs = {(flow, name): job for flow, data in FLOWS.items() for name, job in data["jobs"].items()}
    told = {key for key, job in jobs.items() if job.get("env", {}).get("KERRIGAN_AGENTS") == AGENTS}
    assert told == {("events", "event"), ("reconcile", "reconcile"), ("work", "claim"), ("work", "submit")}
    acting = {key for key, job in jobs.items() if job.get("env", {}).get("KERRIGAN_AGENT") == "command"}
    assert acting == {("work", "claim"), ("work", "submit")}
    running = {key for key, job in jobs.items() if "KERRIGAN_AGENT_COMMAND" in str(job["steps"])}
    assert running == {("work", "work")}


def test_what_waits_in_a_group_may_be_replaced_only_where_the_newest_sees_all_of_it() -> None:
    events, reconcile = FLOWS["events"], FLOWS["reconcile"]
    assert set(reconcile["on"]) & set(events["on"]) == {"pull_request"}
    # Of the job: a workflow's group is entered before it is known whether its job starts at all.
    assert "concurrency" not in reconcile | events
    group = reconcile["jobs"]["reconcile"]["concurrency"]
    assert group == {"group": "kerrigan-reconcile-${{ github.event_name }}", "cancel-in-progress": False}
    assert set(events["on"]) == {
        "pull_request", "pull_request_review", "issue_comment", "issues", "repository_dispatch",
    }  # fmt: skip


def test_a_payloads_words_are_values_only() -> None:
    # In an environment variable or the name of a group they are text; in a command they would be words.
    named = re.compile(r"client_payload|event\.inputs")
    for line in (line for text in TEXTS.values() for line in text.splitlines() if named.search(line)):
        assert re.match(r"\s+(?:[A-Z_]+|group): ", line), line
    assert not re.search(
        r"client_payload|github\.(head_ref|event\.(issue|comment|review))\b", str(list(map(commands, FLOWS)))
    )


def test_the_workflows_are_yaml_to_githubs_reader_and_to_ours() -> None:
    for name, text in TEXTS.items():
        usual = yaml.safe_load(text)
        assert usual.pop(True) == FLOWS[name]["on"]
        assert usual == {key: value for key, value in FLOWS[name].items() if key != "on"}
