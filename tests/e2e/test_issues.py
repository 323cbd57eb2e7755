"""`kerrigan issues sync` on a real clone: tasks become issues, once, and people keep their words."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.desk import Desk, publish
from tests.e2e.test_outputs import assert_fits


class IssueDesk(Desk):
    """A desk, and the issues of its forge as files."""

    def __init__(self, root: Path) -> None:
        self.bare = publish(root)
        super().__init__(root, self.bare, "ada")

    def sync(self, *words: str) -> list[dict[str, Any]]:
        done = self.kerrigan("issues", "sync", *words, "--json")
        assert done.returncode == 0, done.stderr + done.stdout
        assert_fits("issues", done.stdout)
        changes: list[dict[str, Any]] = json.loads(done.stdout)["changes"]
        return changes

    def kinds(self, *words: str) -> list[str]:
        return [f"{change['kind']} {change['task']}" for change in self.sync(*words)]

    def issues(self) -> dict[str, bytes]:
        return {file.stem: file.read_bytes() for file in sorted((self.bare / "kerrigan" / "issues").glob("*.json"))}

    def issue(self, number: int) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.issues()[str(number)])
        return found

    def edit(self, number: int, **fields: Any) -> None:
        """What a person does."""
        file = self.bare / "kerrigan" / "issues" / f"{number}.json"
        file.write_text(json.dumps(self.issue(number) | fields))


@pytest.fixture
def desk(tmp_path: Path) -> IssueDesk:
    return IssueDesk(tmp_path)


def test_a_dry_run_tells_and_writes_nothing(desk: IssueDesk) -> None:
    done = desk.kerrigan("issues", "sync", "todo", "--dry-run")
    assert done.returncode == 0
    assert done.stdout.splitlines() == [
        "create   acme/todo  todo/contract  open an issue 'Agree the API contract'",
        "create   acme/todo  todo/screen  open an issue 'Show the list'",
        "block    acme/todo  todo/screen  mark it as blocked by todo/contract",
    ]
    assert "nothing was written" in done.stderr
    assert desk.issues() == {}
    assert json.loads(desk.kerrigan("issues", "sync", "--dry-run", "--json").stdout)["dry_run"] is True


def test_a_second_sync_changes_nothing(desk: IssueDesk) -> None:
    assert [change["number"] for change in desk.sync()] == [1, 2, 2]
    made = desk.issues()
    assert desk.issue(1)["body"].startswith("<!-- kerrigan:task todo/contract -->\n")
    assert desk.sync() == []
    assert desk.issues() == made
    assert desk.kerrigan("issues", "sync").stdout == "nothing to do: tasks and issues agree\n"


def test_an_issue_follows_its_task_and_pull_requests_count_on(desk: IssueDesk) -> None:
    desk.sync()
    desk.json("task", "claim", "todo/contract")
    desk.json("task", "start", "todo/contract")
    assert desk.kinds() == ["relabel todo/contract"]
    assert desk.issue(1)["labels"] == ["status:working", "role:architect"]
    desk.work("kerrigan/todo/contract", "openapi.yml", "openapi: 3.1.0\n")
    assert desk.json("task", "submit", "todo/contract")["task"]["pull_request"]["number"] == 3
    desk.git("push", "-q", "origin", "kerrigan/todo/contract:main")
    desk.kerrigan("reconcile")
    assert desk.json("show", "todo/contract")["task"]["status"] == "done"
    assert desk.kinds() == ["close todo/contract", "relabel todo/contract"]
    assert (desk.issue(1)["open"], desk.issue(1)["state_reason"]) == (False, "completed")
    desk.json("task", "reopen", "todo/contract", "--reason", "it was wrong")
    assert desk.kinds() == ["reopen todo/contract", "relabel todo/contract"]
    assert desk.sync() == []


def test_a_cancelled_task_is_not_planned(desk: IssueDesk) -> None:
    desk.sync()
    desk.json("task", "cancel", "todo/screen", "--reason", "nobody wants it")
    desk.sync()
    assert (desk.issue(2)["open"], desk.issue(2)["state_reason"]) == (False, "not_planned")


def test_people_keep_their_words(desk: IssueDesk) -> None:
    desk.sync()
    body = desk.issue(1)["body"]
    desk.edit(1, title="Contract!", body=f"Mine, above.\r\n{body}Mine, below.")
    assert desk.sync() == []
    tasks = desk.path / "specs" / "projects" / "todo" / "tasks.yml"
    tasks.write_text(tasks.read_text().replace("    risk: medium", '    description: fixes "#1" for @bo <!-- x -->'))
    desk.git("commit", "-qam", "Say more")
    desk.git("push", "-q", "origin", "main")
    assert desk.kinds() == ["rewrite todo/contract"]
    now = desk.issue(1)
    assert now["title"] == "Contract!"
    assert now["body"].startswith("Mine, above.\r\n<!-- kerrigan:task todo/contract -->")
    assert now["body"].endswith("<!-- kerrigan:end -->\nMine, below.")
    assert "@bo" not in now["body"]
    assert "<!-- x" not in now["body"]
    desk.edit(1, body=now["body"].replace("fixes", "never fixes"))
    assert desk.kinds() == ["warn todo/contract"]


def test_a_closed_issue_is_told_and_moves_no_task(desk: IssueDesk) -> None:
    desk.sync()
    desk.edit(1, open=False)
    done = desk.kerrigan("issues", "sync")
    assert done.returncode == 0
    assert "kerrigan task cancel todo/contract" in done.stdout
    assert desk.json("show", "todo/contract")["task"]["status"] == "open"
    assert desk.issue(1)["open"] is False


def test_an_issue_of_somebody_who_may_not_write_is_not_believed(desk: IssueDesk) -> None:
    desk.sync()
    config = desk.path / ".github" / "kerrigan.yml"
    config.parent.mkdir(exist_ok=True)
    config.write_text("people:\n  ada: admin\n")
    desk.git("add", ".")
    desk.git("commit", "-qm", "Say who may what")
    desk.git("push", "-q", "origin", "main")
    desk.edit(1, author="mallory")
    (warning,) = desk.sync()
    assert (warning["kind"], warning["number"]) == ("warn", 1)
    assert "mallory" in warning["message"]


def test_a_damaged_file_is_named(desk: IssueDesk) -> None:
    desk.sync()
    desk.edit(2, body=None)
    done = desk.kerrigan("issues", "sync")
    assert done.returncode == 3
    assert "2.json is damaged" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unknown_project_is_a_mistake(desk: IssueDesk) -> None:
    done = desk.kerrigan("issues", "sync", "tobo")
    assert done.returncode == 2
    assert "did you mean 'todo'" in done.stderr


def test_labels_and_comments_on_an_issue_steer_its_task(desk: IssueDesk) -> None:
    desk.sync()
    about = {
        "repository": {"full_name": "acme/todo", "default_branch": "main"},
        "sender": {"login": "bo", "type": "User"},
        "issue": {"number": 1},
    }
    label = {"action": "labeled", "label": {"name": "agent:go"}, **about}
    comment = {
        "action": "created",
        "comment": {"id": 5, "body": "/kerrigan cancel it is not needed", "user": {"type": "User"}},
        **about,
    }
    for name, payload in (("issues", label), ("issue_comment", comment)):
        file = desk.path.parent / "payload.json"
        file.write_text(json.dumps(payload))
        done = desk.kerrigan("event", "--name", name, "--payload", str(file))
        assert done.returncode == 0, done.stderr
    events = [(event["type"], event["actor"]["login"]) for event in desk.json("show", "todo/contract")["history"]]
    assert events == [("granted", "bo"), ("cancelled", "bo")]


def test_what_waits_for_an_issue_is_ready_when_it_is_closed(desk: IssueDesk) -> None:
    desk.sync()
    plan = desk.path / "specs/projects/todo/tasks.yml"
    plan.write_text(plan.read_text() + "  - {id: later, title: Later, role: swe, depends_on: ['#1']}\n")
    desk.git("commit", "-q", "-a", "-m", "Plan more")
    desk.git("push", "-q", "origin", "HEAD:main")
    assert "todo/later" not in desk.kerrigan("tasks", "--ready").stdout
    desk.edit(1, open=False)
    assert "todo/later" in desk.kerrigan("tasks", "--ready").stdout
