"""Jobs cost money: what starts how many, counted in the box and held against the page that says so."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from kerrigan.apply.setup.templates import HOURLY, OFTEN
from tests.box import OfflineGitHub
from tests.box.identities import BOT
from tests.e2e.counting import THREE, Counted, burst, pair, submitted, swarm
from tests.e2e.hub import API, ROOT, labels, logs

pytest_plugins = ["tests.box.plugin"]
pytestmark = [pytest.mark.box, pytest.mark.slow]

PAGE = (ROOT / "docs/costs-on-github.md").read_text(encoding="utf-8")
ROWS = {
    what: int(jobs)
    for what, jobs in re.findall(
        r"(?m)^\| ([^|]+) \| (\d+) \|", PAGE.partition("jobs: begin")[2].partition("jobs: end")[0]
    )
}
PLANNED, DISPATCHED, OPENED = (
    ROWS["a plan is pushed to the default branch"],
    ROWS["a task is dispatched to an agent"],
    ROWS["a pull request is opened"],
)
TESTED, REVIEWED, MERGED = (
    ROWS["the tests of a task's branch end"],
    ROWS["a task's pull request is reviewed"],
    ROWS["a task's pull request is merged or closed"],
)
ASKED = ROWS["a label that asks for something, or a `/kerrigan` comment"]
WORKED = DISPATCHED + OPENED + TESTED
ALL_COUNT = ("role:testing", "agent:go", "agent:sprint", "autonomy:override", "kerrigan:pause")


def counts(steps: list[Counted]) -> list[int]:
    return [len(step.jobs) for step in steps]


def test_a_pair_of_tasks_starts_no_more_jobs_than_the_page_says(offline_github: OfflineGitHub, tmp_path: Path) -> None:
    counter, ada = swarm(offline_github, tmp_path)
    pair(counter, ada)
    expected = [PLANNED + WORKED, REVIEWED, MERGED + WORKED, REVIEWED, MERGED]
    assert counts(counter.steps) == expected, [step.jobs for step in counter.steps]
    ready_to_done = counter.jobs - PLANNED
    assert ready_to_done == 2 * (WORKED + REVIEWED + MERGED) <= 20
    assert f"in another repository | {ready_to_done} |" in PAGE
    assert f"with one review | {ready_to_done // 2}, and" in PAGE
    own = [e for e in counter.box.events if e.actor in (BOT, "kerrigan-bot[bot]")]
    shown = [e for e in own if e.name in ("status", "issue_comment", "issues") or e.action in ("labeled", "unlabeled")]
    assert shown, "labels and statuses were set"
    started = {run.id: run.jobs for run in counter.box.runs}
    assert not [job for event in shown for number in event.runs for job in started[number]]
    assert len([e for e in counter.box.events if e.action == "kerrigan-task"]) == 2, "each dispatch was sent once"


def test_a_burst_of_labels_starts_one_job_each_and_loses_nothing(offline_github: OfflineGitHub, tmp_path: Path) -> None:
    counter, ada = swarm(offline_github, tmp_path, THREE)
    counter.box.variables.clear()
    tasks = [f"todo/t{number}" for number in range(3)]
    numbers = submitted(counter, ada, tasks)
    assert counts(counter.steps) == [OPENED + TESTED + ASKED] * 3, "the label of its role is ada's own"
    stormed = burst(counter, numbers, ALL_COUNT)
    assert len(stormed.jobs) == 15 * ASKED <= 15, stormed
    assert "at once | 15 |" in PAGE
    for task, number in zip(tasks, numbers, strict=True):
        heard = ada.history(task)
        assert (heard.count("granted"), heard.count("handed_off")) == (3, 1), logs(counter.box)
        assert labels(counter.box, API, number) >= {"status:open", "role:testing"}
    assert ada.json("status")["projects"][0]["hold"], "paused"


def test_tests_that_end_together_share_jobs_and_none_is_lost(offline_github: OfflineGitHub, tmp_path: Path) -> None:
    counter, ada = swarm(offline_github, tmp_path, THREE)
    box = counter.box
    box.variables.clear()
    counter.step("config", box.push, API, "main", {".github/kerrigan.yml": "tests: [slow]\n"}, "ada")
    tasks = [f"todo/t{number}" for number in range(3)]
    submitted(counter, ada, tasks)
    assert {ada.task(task)["status"] for task in tasks} == {"testing"}
    people = box.push(API, "people", {"people.md": "x"}, "ben")

    def report() -> None:
        for context in ("other", "slow"):
            for sha in (*(box.tip(API, f"kerrigan/{task}") for task in tasks), people):
                state = {"state": "success", "context": context}
                assert box.call("ada", "POST", f"/repos/{API}/statuses/{sha}", state).status == 201

    ended = counter.step("eight statuses, two of them for nobody", report)
    assert 0 < len(ended.jobs) <= 6 * TESTED, ended
    assert {ada.task(task)["status"] for task in tasks} == {"in_review"}, logs(box)
    ran = sorted((run.started, run.ended) for run in box.runs if run.event == "status" and run.jobs)
    assert all(before[1] <= after[0] for before, after in pairwise(ran)), "one at a time"
    assert [run for run in box.runs if run.event == "status" and run.conclusion == "cancelled"], "the newest is left"


def test_what_people_do_beside_starts_what_the_page_says(offline_github: OfflineGitHub, tmp_path: Path) -> None:
    counter, ada = swarm(offline_github, tmp_path, THREE)
    box = counter.box
    box.variables.clear()
    (number,) = submitted(counter, ada, ["todo/t0"])
    at, issue = f"/repos/{API}/pulls/{number}", f"/repos/{API}/issues/{number}"
    comments = f"{issue}/comments"

    def step(what: str, expected: int, *given: object, act: object = box.call) -> None:
        found = counter.step(what, act, *given)  # type: ignore[arg-type]
        assert len(found.jobs) == expected, (what, found, logs(box))

    edited = ROWS["the description of a pull request is edited"]
    step("edit", edited, "ada", "PATCH", at, {"body": "Kerrigan-Task: todo/t0\n\nMore words.\n"})
    nothing = ROWS["another label, comment or status; a review or the end of tests of no task"]
    step("label", nothing, "ben", API, number, "bug", "status:done", act=box.label)
    step("comment", nothing, "ben", "POST", comments, {"body": "Nice!"})
    step("remark", nothing, "ben", "POST", f"{at}/reviews", {"event": "COMMENT", "body": "Hm."})
    step("ask", ASKED, "eve", "POST", comments, {"body": "/kerrigan approve"})
    pushed = ROWS["the same, by a person onto a task's branch"]
    branch = "kerrigan/todo/t0"
    step("push", pushed + TESTED, API, branch, {"todo/t0.md": "y"}, "ben", act=box.push)
    assert ada.history("todo/t0").count("submitted") == 2
    pending = f"/repos/{API}/statuses/{box.tip(API, branch)}"
    step("begun", nothing, "ada", "POST", pending, {"state": "pending", "context": "other"})
    step("ended", TESTED, "ada", "POST", pending, {"state": "success", "context": "other"})
    other = "people"
    step("branch", nothing, API, other, {"people.md": "x"}, "ben", act=box.push)
    proposed = {"title": other, "head": other, "base": "main"}
    step("proposal", OPENED, "ben", "POST", f"/repos/{API}/pulls", proposed)
    step("more", ROWS["a push onto a pull request"], API, other, {"people.md": "y"}, "ben", act=box.push)
    merged = ROWS["another pull request is merged"]
    step("merge", merged, "ada", "PUT", f"/repos/{API}/pulls/{number + 1}/merge", {})
    step("close", MERGED, "ada", "PATCH", at, {"state": "closed"})
    step("reopen", ROWS["a task's pull request is reopened"], "ada", "PATCH", at, {"state": "open"})


@pytest.mark.parametrize(
    ("cron", "row"),
    [
        (OFTEN, r"at home \| (\d+): reconcile"),
        (HOURLY, r"in each satellite \| (\d+): reconcile"),
        ((ROOT / "workflows/kerrigan-check.yml").read_text(encoding="utf-8"), r"the gate alone \| (\d+): its gates"),
    ],
)
def test_the_days_of_the_page_are_those_of_the_schedules(cron: str, row: str) -> None:
    found = re.search(r"cron: (?:(\d+)|(\d+)-(\d+)/(\d+)) \* \* \* \*", cron)
    assert found
    minute, first, last, every = found.groups()
    an_hour = 1 if minute else len(range(int(first), int(last) + 1, int(every)))
    (said,) = re.findall(row, PAGE)
    assert int(said) == 24 * an_hour
