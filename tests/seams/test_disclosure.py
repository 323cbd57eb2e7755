"""What stands in a repository that few can read is written nowhere that more people read: a test for each way to write.

Each is played twice: where the other repository is as private as home everything is said, so no test passes by silence.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from kerrigan.apply.events.gate import judge
from kerrigan.apply.events.handle_event import handle_event
from kerrigan.apply.events.reconcile import reconcile
from kerrigan.apply.setup.issues import plan
from kerrigan.apply.state.effects import send, show, show_others
from kerrigan.apply.state.identity import own_request
from kerrigan.apply.tasks.checklist import post_checklist
from kerrigan.apply.tasks.transition import transition
from kerrigan.cli.action import act
from kerrigan.git.repo import git
from kerrigan.model.event import EventType, Run
from kerrigan.model.state import Status
from tests.seams.github_script import TOKEN, GitHub, Reply, pull, run, scripted
from tests.seams.site_on_github import HEAD, REPO, Hub, hub_on, publish, repository
from tests.unit import webhook_payloads as payloads

WEB = "/repos/acme/web"
SPEC = """\
---
kerrigan: 7
repositories:
  - {name: api, url: "https://github.com/acme/api"}
  - {name: web, url: "https://github.com/acme/web"}
---
# Todo

A list that two people share.
"""
TASKS = """\
kerrigan: 7
tasks:
  - {id: contract, title: Agree the contract, role: architect, repository: api}
  - id: screen
    title: Show Falcon to Megacorp
    description: They pay for it.
    acceptance: [Megacorp is happy]
    role: swe
    repository: web
    depends_on: [contract]
"""
CONFIG = 'home: acme/api\nroles:\n  swe: {produces: ["docs/falcon.md"]}\n'
PLAN = {".github/kerrigan.yml": CONFIG, "specs/projects/todo/spec.md": SPEC, "specs/projects/todo/tasks.yml": TASKS}
SECRETS = ("Falcon", "falcon", "Megacorp", "contract", "architect", "role:swe", "in_review", "testing", "ada")
"""What stands in home and in nothing that people wrote in the other repository."""
SCREEN = "todo/screen"
VISIBILITIES = pytest.mark.parametrize("web", ["private", "public"], indirect=True)


@dataclass
class Web:
    """The satellite acme/web of the private home acme/api, and who reads it."""

    home: Hub
    here: Hub
    visibility: str

    @property
    def github(self) -> GitHub:
        return self.home.github

    def shows(self, *pulls: dict[str, Any]) -> None:
        """The open pull requests of acme/web."""
        self.github.undescribed(f"{WEB}/pulls", list(pulls))
        for one in pulls:
            sha, number = one["head"]["sha"], one["number"]
            self.github.undescribed(f"{WEB}/pulls/{number}", one)
            self.github.get(f"{WEB}/commits/{sha}/status", {"state": "pending", "statuses": []})
            self.github.on("POST", f"{WEB}/statuses/{sha}", Reply(201, text="{}"))
            self.github.get(f"{WEB}/issues/{number}/comments", [])
            self.github.on("POST", f"{WEB}/issues/{number}/comments", Reply(201, text="{}"))
            for verb in ("POST", "PUT"):
                self.github.on(verb, f"{WEB}/issues/{number}/labels", Reply(200, text="[]"))
            self.github.get(f"{WEB}/issues/{number}/labels", [])

    def submitted(self) -> None:
        """The task of acme/web was handed in, though what it waits for is not done."""
        self.home.happened(EventType.claimed, "ada", SCREEN, lease_until="2999-01-01T00:00:00.000Z")
        self.home.happened(EventType.started, "ada", SCREEN)
        told = {"repository": "acme/web", "number": 5, "head": HEAD, "branch": f"kerrigan/{SCREEN}"}
        self.home.happened(EventType.submitted, "ada", SCREEN, **told)
        self.home.happened(EventType.tests_passed, "ada", SCREEN, head=HEAD)

    def written(self) -> dict[str, Any]:
        """What was written to acme/web, by path."""
        return {s.path.removeprefix(WEB): s.body for s in self.github.seen if s.verb != "GET" and WEB in s.path}

    def tells(self, *words: str) -> None:
        """Where the readers are the same the words are written there; where they are more, and no other secret, not."""
        text = json.dumps(self.written())
        if self.visibility == "private":
            assert [word for word in words if word not in text] == [], text
        else:
            assert [secret for secret in (*SECRETS, *words) if secret in text] == [], text


@pytest.fixture
def github() -> Iterator[GitHub]:
    with scripted() as github:
        yield github


@pytest.fixture
def web(request: pytest.FixtureRequest, github: GitHub, tmp_path: Path) -> Iterator[Web]:
    home, there = repository(tmp_path, "api", PLAN), repository(tmp_path, "web", {".github/kerrigan.yml": CONFIG})
    remotes = tmp_path / "acme"
    with hub_on(github, remotes / "api.git", home) as hub, hub_on(github, remotes / "web.git", there) as here:
        here.site = replace(here.site, here="acme/web", origin=str(remotes / "web.git"))
        github.get(REPO, {"default_branch": "main", "visibility": "private"})
        github.get(WEB, {"default_branch": "main", "visibility": request.param})
        github.get(f"{REPO}/collaborators/ada/permission", {"permission": "admin", "user": None})
        github.get("/user", {"login": "ada", "type": "User"})
        yield Web(hub, here, request.param)


def own(number: int = 5, **fields: Any) -> dict[str, Any]:
    """The pull request of the task in acme/web."""
    repo = {"id": 7, "full_name": "acme/web"}
    head, base = (
        {"ref": f"kerrigan/{SCREEN}", "sha": HEAD, "repo": repo},
        {"ref": "main", "sha": "2" * 40, "repo": repo},
    )
    return pull(number) | {"head": head, "base": base, "labels": []} | fields


def foreign(number: int, body: str) -> dict[str, Any]:
    """One of a stranger's fork."""
    fork = {"ref": "main", "sha": f"{number:040x}", "repo": {"id": 9, "full_name": "eve/web"}}
    return own(number) | {"head": fork, "body": body}


def commented(web: Web, body: str, by: str) -> dict[str, Any]:
    """The webhook of a comment on the task's pull request, which stands there still."""
    made, path, at = payloads.comment(body), f"{WEB}/issues/comments/492700400", "2026-11-30T06:00:00Z"
    known = {"id": 492700400, "node_id": "C_1", "user": {"login": by}, "body": body, "created_at": at, "updated_at": at}
    web.github.undescribed(path, known)
    web.github.edited(("C_1", None))
    web.github.on("POST", f"{path}/reactions", Reply(201, text="{}"))
    issue = made["issue"] | {"number": 5, "pull_request": {"url": "…"}}
    where = {"full_name": "acme/web", "default_branch": "main"}
    return made | {"issue": issue, "repository": where, "sender": {"login": by, "type": "User"}}


@VISIBILITIES
def test_a_commit_status(web: Web) -> None:
    web.submitted()
    web.shows(own())
    show(web.here.site, web.home.stage())
    web.tells("todo/contract")
    assert web.written()[f"/statuses/{HEAD}"]["state"] == "failure"


@VISIBILITIES
def test_labels(web: Web) -> None:
    web.submitted()
    web.shows(own())
    show(web.here.site, web.home.stage())
    web.tells("status:in_review", "role:swe")


@VISIBILITIES
def test_a_fork_that_names_a_task_learns_nothing_not_even_whether_there_is_one(web: Web) -> None:
    web.submitted()
    named = [foreign(8, f"Kerrigan-Task: {SCREEN}"), foreign(9, "Kerrigan-Task: todo/none")]
    web.shows(*named)
    site = replace(web.here.site, run=Run("acme/web/1", 1))
    show(site, web.home.stage())
    show_others(site)
    judged = [replace(judge(site, number), task=None).to_json() for number in (8, 9)]
    web.tells("todo/screen was submitted")
    assert (judged[0] == judged[1]) == (web.visibility == "public")


@VISIBILITIES
def test_a_comment(web: Web) -> None:
    web.submitted()
    web.shows(own())
    web.github.get(f"{REPO}/collaborators/eve/permission", {"permission": "none", "user": None})
    handle_event(web.here.site, "issue_comment", commented(web, "/kerrigan retry", "eve"))
    web.tells("in_review")
    assert "` eve `: this was refused" in web.written()["/issues/5/comments"]["body"]


@VISIBILITIES
def test_the_checklist_of_a_hand_off(web: Web) -> None:
    web.shows(own())
    tree = {"sha": HEAD, "url": "https://x/y", "truncated": False, "tree": []}
    ref = {"ref": f"refs/heads/kerrigan/{SCREEN}", "object": {"sha": HEAD, "type": "commit", "url": "https://x/y"}}
    web.github.undescribed(f"{WEB}/git/ref/heads/kerrigan/{SCREEN}", ref)
    web.github.undescribed(f"{WEB}/git/trees/{HEAD}", tree)
    stage = web.home.stage()
    post_checklist(web.here.site, stage, stage.task(SCREEN))
    web.tells("docs/falcon.md")


@VISIBILITIES
def test_a_pull_request(web: Web) -> None:
    web.home.happened(EventType.claimed, "ada", SCREEN, lease_until="2999-01-01T00:00:00.000Z")
    web.home.happened(EventType.started, "ada", SCREEN)
    web.shows()
    git_head(web)
    web.github.on("POST", f"{WEB}/pulls", Reply(201, text=json.dumps(own())))
    site, stage = web.here.site, web.home.stage()
    request = replace(own_request(site, stage, EventType.submitted, SCREEN), fence=1)
    transition(site, stage, request)
    web.tells("Show Falcon to Megacorp", "They pay for it.")
    assert f"Kerrigan-Task: {SCREEN}" in web.written()["/pulls"]["body"]


def git_head(web: Web) -> None:
    """A task branch of acme/web with a commit, in git and on GitHub."""
    clone = web.here.site.clone.root
    git("checkout", "-q", "-b", f"kerrigan/{SCREEN}", cwd=clone)
    git("commit", "-q", "--allow-empty", "-m", "Work", cwd=clone)
    git("push", "-q", "origin", f"kerrigan/{SCREEN}", cwd=clone)
    head = git("rev-parse", "HEAD", cwd=clone).strip()
    ref = {"ref": f"refs/heads/kerrigan/{SCREEN}", "object": {"sha": head, "type": "commit", "url": "https://x/y"}}
    web.github.undescribed(f"{WEB}/git/ref/heads/kerrigan/{SCREEN}", ref)
    more = {"ahead_by": 1, "commits": [], "total_commits": 1, "files": []}
    web.github.undescribed(f"{WEB}/compare/main...{head}", more)


@VISIBILITIES
def test_a_dispatch(web: Web) -> None:
    """Gates are to look again because of another task; who works on a task has to be told which."""
    key = "0123456789abcdef"
    web.home.happened(EventType.dispatch_requested, key=key, kind="kerrigan-recheck", to="acme/web", fence=0)
    web.github.on("POST", f"{WEB}/dispatches", Reply(204))
    send(web.home.site, web.home.stage())
    assert web.written()["/dispatches"]["client_payload"]["task"] == (
        "todo/contract" if web.visibility == "private" else None
    )


@VISIBILITIES
def test_issues(web: Web) -> None:
    web.github.get(f"{WEB}/issues", [])
    web.github.get(f"{REPO}/issues", [])
    changes = plan(web.home.site, web.home.stage()).changes
    assert "acme/api" in {change.repository for change in changes}
    assert ("acme/web" in {change.repository for change in changes}) == (web.visibility == "private")
    assert any(line.startswith("no issues in acme/web") for line in web.home.told) == (web.visibility == "public")


@pytest.mark.parametrize("web", ["private"], indirect=True)
@pytest.mark.parametrize("home", ["private", "public"])
def test_words_of_a_review_in_the_journal(web: Web, github: GitHub, home: str) -> None:
    """The other way round: the journal is read by more people than the pull request."""
    github.get(REPO, {"default_branch": "main", "visibility": home})
    publish(web.home.site.clone.root, {"specs/projects/todo/tasks.yml": TASKS.replace("[contract]", "[]")})
    web.submitted()
    web.shows(own())
    git_head(web)
    review = {"user": {"login": "ben"}, "state": "CHANGES_REQUESTED", "commit_id": HEAD, "body": "Falcon leaks"} | {
        "node_id": "R_1"
    }
    github.undescribed(f"{WEB}/pulls/5/reviews", [review])
    github.edited(("R_1", None))
    github.get(f"{REPO}/collaborators/ben/permission", {"permission": "write", "user": None})
    github.get(f"{WEB}/commits/{HEAD}/check-runs", {"total_count": 1, "check_runs": [run("unit", "success")]})
    github.undescribed(f"{WEB}/compare/main...{HEAD}", {"ahead_by": 1})
    github.undescribed(f"{WEB}/commits/{HEAD}/pulls", [])
    ref = {"ref": f"refs/heads/kerrigan/{SCREEN}", "object": {"sha": HEAD, "type": "commit", "url": "https://x/y"}}
    github.undescribed(f"{WEB}/git/ref/heads/kerrigan/{SCREEN}", ref)
    reconcile(web.here.site, web.home.stage())
    standing = web.home.standing(SCREEN)
    assert standing.status is Status.open, web.here.told
    assert standing.feedback is not None
    assert standing.feedback.reason == ("Falcon leaks" if home == "private" else "see acme/web#5")


@pytest.mark.parametrize("web", ["private"], indirect=True)
@pytest.mark.parametrize("home", ["private", "public"])
def test_words_of_a_comment_in_the_journal(web: Web, github: GitHub, home: str) -> None:
    github.get(REPO, {"default_branch": "main", "visibility": home})
    web.submitted()
    web.shows(own())
    github.get(f"{REPO}/collaborators/ben/permission", {"permission": "write", "user": None})
    handle_event(web.here.site, "issue_comment", commented(web, "/kerrigan block Falcon leaks", "ben"))
    standing = web.home.standing(SCREEN)
    assert standing.status is Status.blocked
    log = git("log", "-1", "-p", "origin/kerrigan-state/todo", cwd=fetched(web))
    assert ("Falcon leaks" in log, "see acme/web#5" in log) == (home == "private", home == "public")


def fetched(web: Web) -> Path:
    """The clone of home, with the journal as it is now."""
    root = web.home.site.clone.root
    git("fetch", "-q", "origin", "+refs/heads/*:refs/remotes/origin/*", cwd=root)
    return root


@pytest.mark.parametrize("web", ["public"], indirect=True)
def test_what_a_fork_depends_on_is_read_only_where_everyone_may(web: Web, github: GitHub) -> None:
    github.get("/repos/acme/secret", {"default_branch": "main", "visibility": "private"})
    github.undescribed("/repos/acme/secret/pulls/7", pull(7, state="closed", merged_at="2026-11-01T00:00:00Z"))
    github.undescribed("/repos/acme/secret/pulls/8", pull(8))
    needs = {8: "acme/secret#7", 9: "acme/secret#8", 10: "acme/none#1", 11: "acme/web#404"}
    web.shows(*(foreign(number, f"Depends-on: {target}") for number, target in needs.items()))
    show_others(web.here.site)
    words = [web.written()[f"/statuses/{number:040x}"] for number in needs]
    assert len({(each["state"], each["description"].partition(", which ")[2]) for each in words}) == 1
    assert not [seen.path for seen in github.seen if seen.path.startswith("/repos/acme/secret/")]


@pytest.mark.parametrize("web", ["public"], indirect=True)
def test_what_a_member_depends_on_opens_the_gate_and_is_not_seen_before(web: Web, github: GitHub) -> None:
    github.get("/repos/acme/secret", {"default_branch": "main", "visibility": "private"})
    github.undescribed("/repos/acme/secret/pulls/7", pull(7, state="closed", merged_at="2026-11-01T00:00:00Z"))
    github.undescribed("/repos/acme/secret/pulls/8", pull(8))
    branches = {7: "done", 8: "open", 9: "none"}
    for number, branch in branches.items():
        head = own()["head"] | {"ref": branch, "sha": f"{number:040x}"}
        web.shows(own(number, head=head, body=f"Depends-on: acme/secret#{number}"))
        show_others(web.here.site)
    found = {number: web.written()[f"/statuses/{number:040x}"] for number in branches}
    assert found[7]["state"] == "success"
    assert found[8]["description"].partition(", which ")[2] == found[9]["description"].partition(", which ")[2]
    assert (found[8]["state"], found[9]["state"]) == ("pending", "pending")


@VISIBILITIES
@pytest.mark.parametrize(
    ("command", "word"), [("status", "Megacorp"), ("event", "blocked"), ("show todo/nothing", "has no task")]
)
def test_the_log_the_annotations_and_the_summary_of_a_run(
    web: Web, tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str, word: str
) -> None:
    web.submitted()
    web.shows(own())
    web.github.get(f"{REPO}/collaborators/ben/permission", {"permission": "write", "user": None})
    files = {name: tmp_path / name for name in ("summary", "output", "event.json")}
    files["event.json"].write_text(json.dumps(commented(web, "/kerrigan block", "ben")))
    code = act(in_a_run(web, tmp_path, files) | {"KERRIGAN_INPUT_COMMAND": command})
    text = capsys.readouterr().out + files["summary"].read_text()
    assert (word in text) == (web.visibility == "private"), text
    assert ("more people read this log than acme/api" in text) == (web.visibility == "public")
    if web.visibility == "public":
        assert [secret for secret in SECRETS if secret in text + files["output"].read_text()] == []
    assert code == (2 if "nothing" in command else 0)


def in_a_run(web: Web, folder: Path, files: dict[str, Path]) -> dict[str, str]:
    """The environment of a step in a workflow run of acme/web."""
    server, clone = "https://github.example", web.here.site.clone.root
    git("remote", "set-url", "origin", f"{server}/acme/web.git", cwd=clone)
    git("config", f"url.{folder}/acme/.insteadOf", f"{server}/acme/", cwd=clone)
    return dict(os.environ) | {
        "GITHUB_ACTIONS": "true",
        "GITHUB_SERVER_URL": server,
        "GITHUB_API_URL": web.github.url,
        "GITHUB_REPOSITORY": "acme/web",
        "GITHUB_RUN_ID": "1",
        "GITHUB_EVENT_NAME": "issue_comment",
        "GITHUB_EVENT_PATH": str(files["event.json"]),
        "GITHUB_STEP_SUMMARY": str(files["summary"]),
        "GITHUB_OUTPUT": str(files["output"]),
        "KERRIGAN_INPUT_TOKEN": TOKEN,
        "KERRIGAN_INPUT_WORKING_DIRECTORY": str(clone),
    }
