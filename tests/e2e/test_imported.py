"""From another tool's file to `tasks --ready`: an import with what is finished there, pushed, and written down."""

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from kerrigan.apply.state.identity import own_request
from kerrigan.apply.state.site import open_site
from kerrigan.apply.state.stage import read
from kerrigan.apply.tasks.imported import record
from kerrigan.model.event import EventType
from tests.e2e.desk import Desk, git, publish
from tests.e2e.test_outputs import assert_fits
from tests.unit.test_import_formats import SAMPLES

OLD = """\
# Tasks

## Milestone 1

- [x] Task: Setup
  - Done when: it starts
- [x] Task: Contract
  - Dependencies:
    - Setup
- [ ] Task: Screen
  - Dependencies:
    - Contract
"""
RULES = "agents: {claude: {roles: [swe]}}\npeople: {ada: admin, bo: write, eve: read}\n"


class Here:
    """A clone with a project of the old days on its default branch, imported but not written down yet."""

    def __init__(self, tmp_path: Path) -> None:
        self.root, self.remote = tmp_path, publish(tmp_path)
        self.ada = Desk(tmp_path, self.remote, "ada")

    def bring(self, form: str, source: str, project: str) -> list[str]:
        """Import, commit and push; the next steps that were told."""
        told = self.ada.json("import", form, source, "--project", project, "--with-finished")
        self.push()
        steps: list[str] = told["next"]
        return steps

    def push(self) -> None:
        """Everything that lies here, onto the default branch."""
        for words in (("add", "."), ("commit", "-q", "-m", "Import"), ("push", "-q", "origin", "main")):
            self.ada.git(*words)

    def old(self) -> tuple[str, ...]:
        """The old project; the words of the command that its import named as the last one."""
        folder = self.ada.path / "specs/projects/hello-api"
        folder.mkdir(parents=True)
        (folder / "tasks.md").write_text(OLD)
        (self.ada.path / ".github").mkdir()
        (self.ada.path / ".github/kerrigan.yml").write_text(RULES)
        steps = self.bring("kerrigan-md", "specs/projects/hello-api", "hello-api")
        assert steps[-2:] == [
            "git push",
            "kerrigan import kerrigan-md specs/projects/hello-api --project hello-api --record",
        ]
        return tuple(steps[-1].split()[1:])


@pytest.fixture
def here(tmp_path: Path) -> Here:
    return Here(tmp_path)


def events(desk: Desk, project: str = "hello-api") -> list[str]:
    return [json.loads(line)["type"] for line in desk.kerrigan("log", project, "--json").stdout.splitlines()]


def ready(desk: Desk, project: str) -> list[str]:
    return [task["id"] for task in desk.json("tasks", project, "--ready")["tasks"]]


def statuses(desk: Desk, project: str) -> dict[str, str]:
    return {task["id"].partition("/")[2]: task["status"] for task in desk.json("tasks", project)["tasks"]}


def test_an_old_project_goes_on_where_it_was(here: Here) -> None:
    words, ada = here.old(), here.ada
    assert ready(ada, "hello-api") == ["hello-api/setup"]
    would = ada.kerrigan(*words, "--dry-run")
    assert "nothing was written; it would say:\nproject      imported by ada from kerrigan-md" in would.stdout
    assert events(ada) == []
    said = ada.kerrigan(*words)
    assert said.stdout == "project      imported by ada from kerrigan-md, where 2 tasks were done: setup, contract\n"
    assert ready(ada, "hello-api") == ["hello-api/screen"]
    shown = ada.json("show", "hello-api/contract")
    assert (shown["task"]["status"], shown["task"]["attempts"]) == ("done", 0)
    assert [event["type"] for event in shown["history"]] == ["imported"]
    assert "2 of 3 done" in ada.kerrigan("status", "hello-api").stdout
    assert "imported" in ada.kerrigan("log", "hello-api", "--task", "setup").stdout
    assert ada.kerrigan("log", "hello-api", "--task", "screen").stdout == ""
    for check in (("check", "--state"), ("audit", "verify", "hello-api"), ("metrics", "hello-api")):
        assert ada.kerrigan(*check).returncode == 0
    ada.json("task", "claim", "hello-api/screen")


def test_an_import_of_another_tool_is_written_down_once(here: Here, tmp_path: Path) -> None:
    source = tmp_path / "task-master"
    shutil.copytree(SAMPLES / "task-master", source)
    step = here.bring("task-master", str(source), "kiosk")[-1]
    assert step == f"kerrigan import task-master {source} --project kiosk --record"
    assert ready(here.ada, "kiosk") == ["kiosk/task-1-1", "kiosk/winter-2"]
    first = here.ada.kerrigan(*step.split()[1:], "--json")
    assert_fits("imported", first.stdout)
    told = json.loads(first.stdout)
    assert told["done"] == told["event"]["data"]["done"] == ["kiosk/task-1", "kiosk/task-1-1", "kiosk/task-1-2"]
    assert_fits("event", json.dumps(told["event"]))
    assert ready(here.ada, "kiosk") == ["kiosk/task-2-1", "kiosk/winter-2"]
    again = here.ada.kerrigan(*step.split()[1:], "--json")
    assert_fits("imported", again.stdout)
    assert (json.loads(again.stdout)["event"], again.returncode) == (None, 0)
    assert {skipped["reason"] for skipped in json.loads(again.stdout)["skipped"]} == {"it is done already"}
    assert "nothing was written: no task is left" in here.ada.kerrigan(*step.split()[1:]).stdout
    assert events(here.ada, "kiosk") == ["imported"]


def test_their_issues_are_closed(here: Here) -> None:
    words, ada = here.old(), here.ada
    opened = ada.json("issues", "sync", "hello-api")["changes"]
    assert [change["task"] for change in opened if change["kind"] == "create"] == [
        *("hello-api/setup", "hello-api/contract", "hello-api/screen"),
    ]
    ada.json(*words)
    closed = ada.json("issues", "sync", "hello-api")["changes"]
    assert [change["task"] for change in closed if change["kind"] == "close"] == [
        "hello-api/setup",
        "hello-api/contract",
    ]
    assert ada.json("issues", "sync", "hello-api")["changes"] == []


def test_a_done_task_is_opened_again_and_stays_so(here: Here) -> None:
    words = here.old()
    here.ada.json(*words)
    here.ada.json("task", "reopen", "hello-api/setup", "--reason", "it does not start")
    told = here.ada.json(*words)
    assert (told["event"], statuses(here.ada, "hello-api")["setup"]) == (None, "open")
    here.ada.json("task", "claim", "hello-api/setup")


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ("eve", "eve has permission 'read' in acme/todo, and this needs 'write'"),
        ("nobody", "nobody has permission 'read'"),
        ("claude", "only a person says what was done before the import, and claude is an agent"),
    ],
)
def test_strangers_and_agents_are_refused(here: Here, who: str, said: str) -> None:
    words = here.old()
    for rehearsed in ((), ("--dry-run",)):
        refused = here.ada.kerrigan(*words, "--as", who, *rehearsed)
        assert (refused.returncode, said in refused.stderr) == (5, True), refused.stderr
        as_json = here.ada.kerrigan(*words, "--as", who, "--json", *rehearsed)
        assert_fits("refused", as_json.stdout)
    assert events(here.ada) == []


def test_a_stop_refuses_it(here: Here) -> None:
    words = here.old()
    here.ada.json("stop", "hello-api", "--reason", "smoke")
    refused = here.ada.kerrigan(*words)
    assert (refused.returncode, "an admin: kerrigan resume hello-api" in refused.stderr) == (5, True)
    assert events(here.ada) == ["stopped"]


def test_who_is_beaten_to_it_decides_again(here: Here) -> None:
    here.old()
    site = open_site(here.ada.path, {}, "ada", say=print, detail=print)
    stage = read(site, "hello-api")
    Desk(here.root, here.remote, "bo").json("task", "claim", "hello-api/setup")
    done = ("hello-api/setup", "hello-api/contract")
    asked = own_request(site, stage, EventType.imported, None)
    outcome = record(site, stage, replace(asked, data={"from": "kerrigan-md", "done": done}))
    assert [event.imported for event in outcome.events] == [("hello-api/contract",)]
    assert statuses(here.ada, "hello-api") == {"setup": "claimed", "contract": "done", "screen": "open"}
    assert here.ada.kerrigan("audit", "verify", "hello-api").returncode == 0


def test_two_who_say_it_at_once_write_it_once(here: Here) -> None:
    words = here.old()
    desks = [here.ada, Desk(here.root, here.remote, "bo")]
    with ThreadPoolExecutor(2) as pool:
        ran = list(pool.map(lambda desk: desk.kerrigan(*words, "--json"), desks))
    assert [r.returncode for r in ran] == [0, 0], [r.stderr for r in ran]
    assert sorted(json.loads(r.stdout)["event"] is None for r in ran) == [False, True]
    assert events(here.ada) == ["imported"]


def test_a_source_with_thousands_of_finished_tasks_that_nobody_imported(here: Here) -> None:
    words = here.old()
    more = "".join(f"- [x] Task: Strange {n}\n" for n in range(5000))
    (here.ada.path / "specs/projects/hello-api/tasks.md").write_text(OLD + more)
    said = here.ada.kerrigan(*words)
    assert (said.returncode, len(said.stdout) < 2000) == (0, True), said.stderr
    assert "and 4,990 more, all of them with --json: no such task on the default branch" in said.stdout
    assert [task for task, status in statuses(here.ada, "hello-api").items() if status == "done"] == [
        "setup",
        "contract",
    ]
    assert len(here.ada.json(*words)["skipped"]) == 5002


def test_thousands_of_finished_tasks_are_one_line(here: Here) -> None:
    issues = [{"id": f"t{n}", "title": f"Task {n}", "status": "closed"} for n in range(3000)]
    (here.root / "issues.jsonl").write_text("\n".join(map(json.dumps, issues)))
    here.bring("beads", str(here.root / "issues.jsonl"), "big")
    told = here.ada.json("import", "beads", str(here.root / "issues.jsonl"), "--project", "big", "--record")
    assert (len(told["done"]), told["caused"], told["skipped"]) == (3000, [], [])
    assert events(here.ada, "big") == ["imported"]
    assert here.ada.json("tasks", "big", "--ready")["tasks"] == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--record", "--with-finished"), "--record does not go with --with-finished"),
        (("--record", "--role", "swe"), "--record does not go with --role"),
        (("--as", "ada"), "only --record makes a request in someone's name"),
        (("--record", "--project", "elsewhere"), "no project 'elsewhere' on main"),
    ],
)
def test_words_that_cannot_be_meant(here: Here, words: tuple[str, ...], said: str) -> None:
    done = here.ada.kerrigan("import", "task-master", str(SAMPLES / "task-master"), *words)
    assert (done.returncode, said in done.stderr) == (2, True), done.stderr
    assert here.ada.git("status", "--short") == ""


def test_before_the_push_it_says_what_is_missing(here: Here) -> None:
    words = ("import", "task-master", str(SAMPLES / "task-master"), "--project", "kiosk")
    here.ada.json(*words, "--with-finished")
    early = here.ada.kerrigan(*words, "--record")
    assert (early.returncode, "commit specs/projects/kiosk and push it to main" in early.stderr) == (2, True)


def test_what_waits_in_another_repository_is_woken(here: Here) -> None:
    git("init", "-q", "--bare", "-b", "main", str(here.remote.parent / "web.git"), cwd=here.root)
    folder = here.ada.path / "specs/projects/pair"
    folder.mkdir()
    (folder / "spec.md").write_text(
        "---\nkerrigan: 7\nrepositories:\n  - name: web\n    url: https://github.com/acme/web\n---\n# Pair\n\nTwo.\n"
    )
    old = "- [x] Task: Contract\n- [ ] Task: Screen\n  - Repository: web\n  - Dependencies:\n    - Contract\n"
    (folder / "tasks.md").write_text(f"# Tasks\n\n{old}")
    here.bring("kerrigan-md", "specs/projects/pair", "pair")
    told = here.ada.json("import", "kerrigan-md", "specs/projects/pair", "--record")
    assert [(event["type"], event["task"]) for event in told["caused"]] == [("dispatch_requested", "pair/screen")]
    assert told["caused"][0]["data"]["to"] == "acme/web"
    assert "dispatch_sent" in events(here.ada, "pair")
    here.ada.kerrigan("reconcile", "pair")
    assert events(here.ada, "pair").count("dispatch_requested") == 1
