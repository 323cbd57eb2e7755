"""The offline GitHub of a walk: two repositories, whose workflows are commands that run in this process.

Nothing carries out workflow files here: `heard` says of each event which command they would run, as their `if:` does.
An event arrives at once, twice, later than others, or never; and the API may fail meanwhile.
"""

import io
import json
import os
import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kerrigan.cli.action_run import inherited
from kerrigan.cli.main import run
from tests.box import App, Box, Fault
from tests.box.activity import Event
from tests.box.commands import git
from tests.box.identities import ACTIONS, BOT, granted
from tests.box.tools import find

API, WEB = "acme/api", "acme/web"
REPOSITORIES = (API, WEB)
PEOPLE = {"ada": "admin", "ben": "write", "tim": "triage", "eve": "read"}
WRITERS = ("ada", "ben")
ROBOT = "kerrigan-bot"

FINE = (0, 5)
"""Exit codes of commands that nothing keeps from their work: done, or refused."""
FAILED = (*FINE, 3, 4)
"""Exit codes where the API fails: unreadable and undecided, besides."""

SPEC = """\
---
kerrigan: 7
repositories:
  - {name: api, url: https://github.com/acme/api}
  - {name: web, url: https://github.com/acme/web}
---
# Todo

A list that two people share.
"""
TASKS = """\
kerrigan: 7
tasks:
  - {id: contract, title: Agree the API contract, role: architect, repository: api, risk: medium}
  - {id: server, title: Serve the list, role: swe, repository: api, depends_on: [contract]}
  - {id: notes, title: Write the notes, role: docs, repository: api}
  - {id: screen, title: Show the list, role: swe, repository: web, risk: medium, depends_on: [contract]}
"""
REPOSITORY_OF = {"todo/contract": API, "todo/server": API, "todo/notes": API, "todo/screen": WEB}
REVIEWED = ("todo/contract", "todo/screen")
"""The tasks that are merged after a review only; the others are of low risk."""
CONFIG = "dispatch: {acknowledge_within: 1s}\nlimits: {retry_after: 0s}\n"

PERMISSIONS = granted([{"contents": "write", "pull-requests": "write", "issues": "write", "statuses": "write",
                        "checks": "read", "actions": "read"}])  # fmt: skip
DISPATCHES = ("kerrigan-event", "kerrigan-recheck", "kerrigan-task")
ASKING = ("role:", "kerrigan:", "agent:", "autonomy:")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command printed, on which stream, and how it ended."""

    code: int
    out: str
    err: str

    def json(self) -> dict[str, Any]:
        """What it printed with --json."""
        found: dict[str, Any] = json.loads(self.out)
        return found


@dataclass
class World:
    """The box, the clones, and the events that are still to arrive. `trace` says what has happened, for people.

    `agents` are the repositories whose workflows have one, `asked` the comments that arrived, by repository and id.
    """

    box: Box
    folder: Path
    chance: random.Random
    trace: list[str] = field(default_factory=list)
    pending: list[Event] = field(default_factory=list)
    agents: tuple[str, ...] = (WEB,)
    asked: list[tuple[str, int]] = field(default_factory=list)
    _seen: int = 0
    _runs: int = 5000
    _tokens: dict[str, str] = field(default_factory=dict)

    def say(self, text: str) -> None:
        """Put a line into the trace."""
        self.trace.append(text)

    def clone(self, slug: str, who: str) -> Path:
        """The clone of a repository that someone works in; made when it is needed first."""
        path = self.folder / who / slug.partition("/")[2]
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            token = self.box.token(who) if who in PEOPLE else self._robot()
            access = self.box.git_environment(token)
            git("clone", "-q", f"{self.box.url}/{slug}.git", str(path), at=self.folder, env=access)
            git("config", "user.name", who, at=path)
        return path

    def _robot(self) -> str:
        if ROBOT not in self._tokens:
            self._tokens[ROBOT] = self.box.app_token(ROBOT)
        return self._tokens[ROBOT]

    def _own(self, slug: str) -> str:
        if slug not in self._tokens:
            self._tokens[slug] = self.box.app_token(ACTIONS, [slug], PERMISSIONS)
        return self._tokens[slug]

    def person(self, who: str, slug: str, *words: str, codes: tuple[int, ...] = FINE) -> Answer:
        """Run a command as a person, on a laptop."""
        token = self.box.token(who)
        environment = self._server() | self.box.git_environment(token) | {"KERRIGAN_TOKEN": token}
        return self._run(environment, self.clone(slug, who), words, codes)

    def workflow(self, slug: str, *words: str, run_id: int = 0, codes: tuple[int, ...] = FINE, **more: str) -> Answer:
        """Run a command as the workflows of a repository do: with the run's own token, and the App's for others."""
        self._runs += not run_id
        named = {"GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": slug, "GITHUB_RUN_ID": str(run_id or self._runs)}
        agents = {"KERRIGAN_AGENTS": "command"} if slug in self.agents else {}
        environment = inherited(self._own(slug), self._server() | named | agents | more, self._robot())
        return self._run(environment, self.clone(slug, "workflows"), words, codes)

    def _server(self) -> dict[str, str]:
        return {"GITHUB_SERVER_URL": self.box.url, "GITHUB_API_URL": self.box.api}

    def _run(
        self, environment: Mapping[str, str], folder: Path, words: tuple[str, ...], codes: tuple[int, ...]
    ) -> Answer:
        out, err = io.StringIO(), io.StringIO()
        with surroundings(environment), redirect_stdout(out), redirect_stderr(err):
            code = run([*words, "-C", str(folder)])
        answer = Answer(code, out.getvalue(), err.getvalue())
        assert code in codes, f"kerrigan {' '.join(words)} ends with {code}: {answer.err}{answer.out}"
        return answer

    def listen(self) -> list[Event]:
        """What was announced since the last time and a workflow hears, once nothing more comes."""
        self.box.settle()
        events, self._seen = self.box.events[self._seen :], len(self.box.events)
        return [event for event in events if heard(event)]

    def arrive(self, event: Event, codes: tuple[int, ...] = FINE) -> None:
        """Let an event arrive: the workflow that hears it runs."""
        if heard(event) == "reconcile":
            self.workflow(event.slug, "reconcile", codes=codes)
            return
        file = self.folder / "event.json"
        file.write_text(json.dumps(event.payload))
        words = ("event", "--name", event.name, "--payload", str(file), "--json")
        if event.action == "kerrigan-task":
            self._work(event, words, codes)
        else:
            self.workflow(event.slug, *words, codes=codes)
        if event.name == "issue_comment" and codes == FINE:
            self.asked.append((event.slug, event.payload["comment"]["id"]))

    def _work(self, event: Event, words: tuple[str, ...], codes: tuple[int, ...]) -> None:
        """What kerrigan-work.yml does; its run may end after any of its steps."""
        if event.slug not in self.agents:
            return
        self._runs += 1
        number, named = self._runs, {"KERRIGAN_AGENT": "command"}
        claimed = self.workflow(event.slug, *words, run_id=number, codes=codes, **named)
        made = [e for e in claimed.json().get("events", []) if e["type"] == "claimed"] if claimed.code == 0 else []
        for event_ in made:
            task, fence = event_["task"], str(event_["expect"]["fence"] + 1)
            steps = self.chance.choice((0, 1, 2, 3, 3, 3))
            self.say(f"  the agent takes {task} and gets through {steps} of 3 steps")
            asked = [("task", verb, task, "--fence", fence) for verb in ("start", "submit")]
            if steps > 0:
                self.workflow(event.slug, *asked[0], run_id=number, codes=codes, **named)
            if steps > 1:
                self.robot_pushes(event.slug, f"kerrigan/{task}", f"{fence}\n")
            if steps > 2:
                self.workflow(event.slug, *asked[1], run_id=number, codes=codes, **named)

    def robot_pushes(self, slug: str, branch: str, text: str) -> None:
        """Push a commit with the App's token."""
        files = {f"made/{branch.rpartition('/')[2]}.txt": text}
        self.box.push(slug, branch, files, ROBOT, "Work", token=self._robot())

    @contextmanager
    def fault(self, fault: Fault) -> Iterator[None]:
        """Let a fault wait for its request meanwhile."""
        self.box.plant(fault)
        try:
            yield
        finally:
            self.box.calm()


@contextmanager
def surroundings(environment: Mapping[str, str]) -> Iterator[None]:
    """The variables of this process, with these among them meanwhile."""
    before = dict(os.environ)
    os.environ.update(environment)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def heard(event: Event) -> str:
    """Which command the workflows run for an event: `event`, `reconcile`, or none (empty)."""
    payload, action = event.payload, event.action
    if event.name == "repository_dispatch":
        return "event" if action in DISPATCHES else ""
    if event.actor == BOT:
        return ""
    is_app = event.actor.endswith("[bot]")
    pull, branch = (
        payload.get("pull_request") or {},
        str((payload.get("pull_request") or {}).get("head", {}).get("ref")),
    )
    match event.name:
        case "issue_comment":
            is_new = action == "created" and payload["comment"]["body"].startswith("/kerrigan")
            return "event" if is_new and not is_app else ""
        case "pull_request" | "issues" if action == "labeled":
            return "event" if payload["label"]["name"].startswith(ASKING) and not is_app else ""
        case "pull_request":
            return _about_pull_request(action or "", branch, pull, payload, is_app)
        case "pull_request_review":
            is_told = action == "dismissed" or (action == "submitted" and payload["review"]["state"] != "commented")
            return "event" if is_told and branch.startswith("kerrigan/") else ""
        case "status":
            names = [branch["name"] for branch in payload["branches"]]
            is_test = payload["state"] != "pending" and not payload["context"].startswith("kerrigan/")
            return "event" if is_test and any(name.startswith("kerrigan/") for name in names) else ""
        case _:
            return ""


def _about_pull_request(
    action: str, branch: str, pull: Mapping[str, Any], payload: Mapping[str, Any], is_app: bool
) -> str:
    if not branch.startswith("kerrigan/"):
        return "reconcile" if action == "closed" and pull.get("merged") else ""
    is_based = action == "edited" and "base" in payload.get("changes", {})
    changes = ("closed", "reopened", "converted_to_draft", "ready_for_review")
    return "event" if action in changes or is_based or (action == "synchronize" and not is_app) else ""


@contextmanager
def world(folder: Path, seed: int) -> Iterator[World]:
    """A box that is up, for one walk. Raises MissingToolError where the machine lacks what it needs."""
    home = {"specs/projects/todo/spec.md": SPEC, "specs/projects/todo/tasks.yml": TASKS, ".github/kerrigan.yml": CONFIG}
    files = {API: home, WEB: {".github/kerrigan.yml": f"home: {API}\n"}}
    robot = {ROBOT: App(PERMISSIONS, REPOSITORIES)}
    with Box(find(), files, users=PEOPLE, apps=robot) as box:
        for slug in REPOSITORIES:
            box.push(slug, "release", {"release.md": "1.0\n"}, "ada", "Release")
        chance = random.Random(seed)
        made = World(box, folder, chance, agents=chance.choice([(WEB,), (WEB,), REPOSITORIES, ()]))
        made.listen()
        yield made
