"""Two repositories on the offline GitHub, set up by `kerrigan init`, and the people who work in them."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Collection, Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.box import App, Box, OfflineGitHub
from tests.e2e.desk import git
from tests.warm import python

ROOT = Path(__file__).parents[2]
API, WEB = "acme/api", "acme/web"
SPEC = """\
---
kerrigan: 7
repositories:
  - name: api
    url: https://github.com/acme/api
  - name: web
    url: https://github.com/acme/web
---
# Todo

A list that two people share.
"""
TASKS = """\
kerrigan: 7
tasks:
  - id: contract
    title: Agree the API contract
    role: architect
    repository: api
    risk: medium
  - id: screen
    title: Show the list
    role: swe
    repository: web
    depends_on: [contract]
"""
TESTS = """\
name: ci
on: {pull_request: {types: [opened, synchronize]}}
permissions: {contents: read}
jobs:
  unit:
    runs-on: ubuntu-24.04
    steps:
      - run: "true"
"""
BOT = App({"contents": "write", "pull_requests": "write", "issues": "write", "statuses": "write", "checks": "read",
           "actions": "read", "metadata": "read"}, ("acme/api", "acme/web"))  # fmt: skip
AGENT = 'mkdir -p pages && echo "<ul></ul>" > pages/list.html'


def world(boot: OfflineGitHub, tmp_path: Path, tasks: str = TASKS) -> Box:
    """The two repositories with everything `kerrigan init` writes, an App's token as KERRIGAN_TOKEN, and an agent."""
    home = initialised(tmp_path / "api", "todo", "--repository", API, "--repository", WEB)
    plan = {"specs/projects/todo/spec.md": SPEC, "specs/projects/todo/tasks.yml": tasks}
    satellite = initialised(tmp_path / "web", "--home", API)
    tested = {".github/workflows/ci.yml": TESTS}
    box = prepared(boot, tmp_path, {API: home | plan | tested, WEB: satellite | tested})
    for slug in (API, WEB):
        box.secrets[slug] = {"KERRIGAN_TOKEN": lambda: box.app_token("kerrigan-bot")}
    box.variables[WEB] = {"KERRIGAN_AGENT_COMMAND": AGENT}
    return box


def prepared(boot: OfflineGitHub, tmp_path: Path, repositories: Mapping[str, Mapping[str, str]], **others: str) -> Box:
    """Repositories with these files, where the action as it is can be used, and the people who work in them."""
    box = boot(
        repositories,
        users={"ada": "admin", "ben": "write", "eve": "read", "tim": "triage"} | others,
        apps={"kerrigan-bot": BOT},
        actions={"kerrigan-dev/kerrigan": action(tmp_path / "action")},
    )
    box.environment["KERRIGAN_PYTHON"] = python()
    return box


def action(folder: Path) -> Path:
    """The action as it is, in a folder of its own; KERRIGAN_PYTHON names the interpreter that has its code."""
    folder.mkdir()
    shutil.copy(ROOT / "action.yml", folder)
    return folder


def initialised(folder: Path, *words: str) -> dict[str, str]:
    """What `kerrigan init` writes into an empty repository of the folder's name, by path."""
    return dict(_initialised(folder.name, words))


@cache
def _initialised(name: str, words: tuple[str, ...]) -> Mapping[str, str]:
    with TemporaryDirectory() as parent:
        folder = Path(parent, name)
        folder.mkdir()
        git("init", "-q", "-b", "main", cwd=folder)
        git("remote", "add", "origin", f"https://github.com/acme/{name}.git", cwd=folder)
        (folder / ".github/workflows").mkdir(parents=True)
        (folder / ".github/workflows/ci.yml").write_text(TESTS)
        subprocess.run([python(), "-m", "kerrigan", "init", *words], cwd=folder, check=True, capture_output=True)
        files = [path for path in folder.rglob("*") if path.is_file() and ".git" not in path.relative_to(folder).parts]
        return {path.relative_to(folder).as_posix(): path.read_text() for path in files}


class Person:
    """Somebody with a token and a clone, on a laptop of their own."""

    def __init__(self, box: Box, name: str, slug: str, folder: Path, token: str = "") -> None:
        self.box, self.name, self.slug, self.path = box, name, slug, folder / name / slug.partition("/")[2]
        self.token = token or box.token(name)
        self.run: dict[str, str] = {}
        self.path.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            ["git", "clone", "-q", f"{box.url}/{slug}.git", str(self.path)], check=True, env=self.environment()
        )
        git("config", "user.name", name, cwd=self.path)
        git("config", "user.email", f"{name}@users.noreply.github.com", cwd=self.path)

    def environment(self) -> dict[str, str]:
        """What GitHub's own address and token are here."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("GITHUB_", "GH_"))}
        server = {"GITHUB_SERVER_URL": self.box.url, "GITHUB_API_URL": self.box.api}
        git_access = self.box.git_environment(self.token)
        return clean | server | git_access | {"KERRIGAN_TOKEN": self.token} | self.run

    def kerrigan(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run one command in the clone."""
        command = [python(), "-m", "kerrigan", *words]
        return subprocess.run(
            command, cwd=self.path, env=self.environment(), capture_output=True, text=True, check=False
        )

    def json(self, *words: str) -> dict[str, Any]:
        """Run one command that has to succeed with --json."""
        done = self.kerrigan(*words, "--json")
        assert done.returncode == 0, f"{words}: {done.stderr}{done.stdout}"
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer

    def task(self, task: str = "todo/contract") -> dict[str, Any]:
        """A task as `show` tells it."""
        found: dict[str, Any] = self.json("show", task)["task"]
        return found

    def events(self, task: str, types: Collection[str]) -> list[dict[str, Any]]:
        """The events of a task that are of one of these types."""
        return [event for event in self.json("show", task)["history"] if event["type"] in types]

    def history(self, task: str = "todo/contract") -> list[str]:
        """The types of a task's events."""
        return [event["type"] for event in self.json("show", task)["history"]]

    def submit(self, task: str, files: Mapping[str, str]) -> int:
        """Claim, start, push and submit a task; the number of its pull request."""
        for verb in ("claim", "start"):
            self.json("task", verb, task)
        self.box.push(self.slug, f"kerrigan/{task}", files, self.name, "Do it")
        self.json("task", "submit", task)
        number: int = self.task(task)["pull_request"]["number"]
        return number


def gate(box: Box, slug: str, number: int) -> tuple[str, str]:
    """The commit status `kerrigan/gate` of a pull request: its state and description."""
    sha = box.call("ada", "GET", f"/repos/{slug}/pulls/{number}").body["head"]["sha"]
    found = box.call("ada", "GET", f"/repos/{slug}/commits/{sha}/status").body["statuses"]
    status = next((s for s in found if s["context"] == "kerrigan/gate"), None)
    return (status["state"], status["description"]) if status else ("none", "")


def labels(box: Box, slug: str, number: int) -> set[str]:
    """The labels of a pull request."""
    return {label["name"] for label in box.call("ada", "GET", f"/repos/{slug}/issues/{number}/labels").body}


def logs(box: Box) -> str:
    """What every run printed that did not succeed, for a test that fails."""
    return "\n".join(
        f"== {run.slug} {run.event} {run.name}: {run.conclusion}\n{run.log.read_text(errors='replace')[-3000:]}"
        for run in box.runs
        if run.conclusion not in {"success", "skipped"} and run.log
    )


def wait(box: Box, holds: Callable[[], bool]) -> None:
    """Settle; what was awaited has to hold then."""
    box.settle()
    assert holds(), logs(box)
