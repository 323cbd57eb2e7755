"""The box: an offline GitHub of several repositories, for one test.

    with Box(find(), {"acme/api": {"README.md": "..."}}, users={"ada": "admin", "ben": "read"}) as box:
        box.push("acme/api", "main", {"a.txt": "a"}, user="ada")
        box.settle()

git is at `<url>/<owner>/<name>`, the API at `<url>/api/v3`.
"""

import json
import shutil
import tempfile
import time
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol

from tests.box import replay
from tests.box.act import Act, Secret
from tests.box.activity import Activity, Event
from tests.box.client import Client, Files
from tests.box.commands import git
from tests.box.dispatches import Dispatches
from tests.box.edits import Edits
from tests.box.emulator import Emulator, installation, seed
from tests.box.events import Events
from tests.box.faults import Fault, Faults
from tests.box.git_http import GitHttp
from tests.box.identities import ACTIONS, KEEPER, App, Identities
from tests.box.job_checks import JobChecks
from tests.box.listing import Listing
from tests.box.messages import Answer, Request
from tests.box.origin import HOOK, Origin
from tests.box.people import People
from tests.box.pulls import Pulls
from tests.box.reactions import Reactions
from tests.box.repository import Repository
from tests.box.rest import Rest, remember
from tests.box.reviewing import Reviewing
from tests.box.runs import Run, Runs
from tests.box.statuses import Statuses
from tests.box.suites import Suites
from tests.box.tools import Tools
from tests.box.writes import Writes

QUIET_SECONDS = 0.3
"""The emulator's webhooks come when they come: so long without one counts as none."""


class Box:
    """An offline GitHub. It is up inside a `with`; afterwards nothing of it is left."""

    def __init__(
        self,
        tools: Tools,
        repositories: Mapping[str, Files],
        users: Mapping[str, str] | None = None,
        apps: Mapping[str, App] | None = None,
        actions: Mapping[str, Path] | None = None,
    ) -> None:
        """Repositories by slug, with the files of their first commit; users with their role; Apps by slug.

        `actions` are folders that stand in for foreign actions, by `owner/name`. The owners of repositories are
        organizations.
        """
        self._root = Path(tempfile.mkdtemp(prefix="box-"))
        self._files = repositories
        self.repositories = {slug: Repository(slug, self._root / "git" / f"{slug}.git") for slug in repositories}
        self.who = Identities(users or {"ada": "admin"}, apps or {})
        self.activity, self._faults, self.edits = Activity(), Faults(), Edits()
        self._origin = Origin(self.who, self._faults, self.activity)
        self.url = self._origin.url
        self._emulator = Emulator(tools, self._root, self.url)
        self._act = Act(
            tools.act, self.url, self._root / "runs", self.repositories, self._job_token, self.who.revoke,
            dict(actions or {}),
        )  # fmt: skip
        self._checks = JobChecks(self._emulator, self.url)
        self._runs = Runs(tools.node, self.activity, self._carry_out, self._run_ended)
        self._client = Client(self.url)
        self.api = self._client.api
        self._connect()

    def _connect(self) -> None:
        pulls = Pulls(self.repositories, self._emulator)
        self._events = Events(self.repositories, self._emulator, pulls, self._runs, self.activity)
        writes = Writes(self._emulator, self._events, self.activity)
        reviewing = Reviewing(pulls, self._emulator, self._events, writes)
        dispatches = Dispatches(self._events, self._runs, self.url)
        statuses, reactions = Statuses(self._events, self.url), Reactions(self._emulator)
        listing = Listing(self._emulator, pulls, self.url)
        suites = Suites(self._emulator)
        parts = (reviewing, dispatches, statuses, reactions, listing, suites, People(self.who))
        routes = [route for part in parts for route in part.routes()]

        def for_issues(app: str, slug: str) -> str:
            return self.app_token(app, [slug], {"issues": "write"})

        rest = Rest(
            self.repositories, self.who, self._emulator, pulls, writes, reviewing, self.edits, routes, for_issues
        )
        git_http = GitHttp(self._root / "git", self.repositories, self.who, writes)
        self._origin.answer = lambda request: _first(git_http, rest, request)
        self._origin.hear = lambda name, text: self._events.heard(name, json.loads(self._emulator.public(text)))

    def __enter__(self) -> "Box":
        with ExitStack() as undo:
            undo.callback(self.close)
            self._boot()
            undo.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _boot(self) -> None:
        self._origin.start()
        self._emulator.start(seed(self.repositories, self.who))
        for slug, repo in self.repositories.items():
            repo.create()
            self.push(slug, "main", self._files[slug] or {"README.md": slug + "\n"}, user=KEEPER, message="Begin")
            hook = {"config": {"url": self.url + HOOK, "content_type": "json"}, "events": ["*"]}
            self._emulator.ask("POST", f"/repos/{slug}/hooks", hook)
        self._events.live = True

    def close(self) -> None:
        """End everything that runs, and remove every file."""
        self._events.live = False
        self._runs.close()
        self._client.close()
        self._emulator.stop()
        self._origin.stop()
        shutil.rmtree(self._root, ignore_errors=True)

    def _carry_out(self, run: Run) -> int:
        begun = self._checks.begin(run)
        try:
            return self._act.carry_out(run)
        finally:
            self._checks.end(run, begun)

    def _run_ended(self, run: Run) -> None:
        self._events.run_ended(run, self.url)

    def _job_token(self, slug: str, permissions: dict[str, str]) -> str:
        return self.app_token(ACTIONS, [slug], permissions)

    @property
    def runs(self) -> list[Run]:
        """The runs, oldest first."""
        return self._runs.all

    @property
    def events(self) -> list[Event]:
        """The events that were announced, oldest first."""
        return self.activity.events

    @property
    def secrets(self) -> dict[str, dict[str, Secret]]:
        """What runs find in `secrets`, by repository and name; a callable makes a new one for each run."""
        return self._act.secrets

    @property
    def variables(self) -> dict[str, dict[str, str]]:
        """What runs find in `vars`, by repository and name."""
        return self._act.variables

    @property
    def environment(self) -> dict[str, str]:
        """What the steps of every run find in their environment besides."""
        return self._act.environment

    def plant(self, *faults: Fault) -> None:
        """Let these faults happen."""
        self._faults.plant(*faults)

    def calm(self) -> None:
        """Let no planted fault happen any more."""
        self._faults.clear()

    def faults_left(self) -> int:
        """How many planted faults nobody ran into yet."""
        return len(self._faults)

    def token(self, user: str) -> str:
        """The token of a user."""
        return self.who.token(user)

    def app_token(self, slug: str, repos: Iterable[str] = (), permissions: Mapping[str, str] | None = None) -> str:
        """A new token of an App, narrowed to these repositories and permissions; by default to what it has."""
        chosen = list(repos)
        owners = sorted({repo.owner for repo in self.repositories.values()})
        owner = (chosen or list(self.repositories))[0].split("/")[0]
        where = installation(self.who.app_ids[slug], owners.index(owner))
        body: dict[str, Any] = {"repositories": [repo.split("/")[1] for repo in chosen]} if chosen else {}
        if permissions is not None:
            body["permissions"] = {**permissions, "metadata": "read"}
        path = f"/app/installations/{where}/access_tokens"
        answer = self._emulator.ask("POST", path, body, token=self.who.app_assertion(slug))
        if answer.status != 201:
            raise RuntimeError(f"no token for {slug}: {answer.status} {answer.body}")
        return remember(self.who, slug, answer.body)

    def call(self, user: str, method: str, path: str, body: object = None) -> Answer:
        """One request to the API by a user."""
        return self.ask(self.token(user), method, path, body)

    def ask(self, token: str, method: str, path: str, body: object = None) -> Answer:
        """One request to the API with any token."""
        return self._client.ask(token, method, path, body)

    def label(self, user: str, slug: str, number: int, *labels: str) -> None:
        """Put labels on an issue or a pull request."""
        answer = self.call(user, "POST", f"/repos/{slug}/issues/{number}/labels", {"labels": labels})
        assert answer.ok, answer

    def push(
        self, slug: str, branch: str, files: Files, user: str = "ada", message: str = "Change files", token: str = ""
    ) -> str:
        """Commit files onto a branch and push it over HTTP as a user; the commit comes back. Raises CommandError.

        With a `token` it is pushed by anyone who that belongs to.
        """
        return self._client.push(token or self.token(user), slug, branch, files, user, message)

    def git_environment(self, token: str) -> dict[str, str]:
        """What lets git reach the box with a token."""
        return self._client.git_environment(token)

    def tag(self, slug: str, name: str, ref: str = "main") -> None:
        """Tag a commit; the emulator never learns of tags."""
        git("tag", "-f", name, ref, at=self.repositories[slug].path)

    def heads(self, slug: str) -> dict[str, str]:
        """The tips of the branches, by full reference."""
        return self.repositories[slug].heads()

    def tip(self, slug: str, branch: str = "main") -> str:
        """The tip of a branch that is there."""
        return self.heads(slug)[f"refs/heads/{branch}"]

    def file(self, slug: str, path: str, ref: str = "main") -> str | None:
        """The text of a file; None when it is not there."""
        return self.repositories[slug].file(path, ref)

    def schedule(self, slug: str, cron: str | None = None) -> None:
        """Let the clock strike for the workflows with this cron line; without one for all."""
        self._events.announce(slug, "schedule", {"schedule": cron}, "github")

    def settle(self, seconds: float = 300) -> None:
        """Wait until every run is over and nothing is written any more. Raises AssertionError on a box's problem."""
        end = time.monotonic() + seconds
        while not self._is_at_rest():
            if time.monotonic() > end:
                waiting = [(run.slug, run.name, run.status) for run in self.runs if run.status != "completed"]
                raise TimeoutError(f"the box did not come to rest; runs: {waiting}")
            time.sleep(0.02)
        assert self.activity.problems == [], "\n".join(self.activity.problems)

    def _is_at_rest(self) -> bool:
        for _ in range(3):  # the emulator gets turns to send what it still has, on the busiest machine
            if not (self.activity.is_quiet(QUIET_SECONDS) and self._runs.is_idle()):
                return False
            self._emulator.ask("GET", "/meta")
        return True

    def assert_in_step(self) -> None:
        """Both stores hold the same branches."""
        for slug, repo in self.repositories.items():
            assert repo.heads() == replay.known_heads(repo, self._emulator), slug


def _first(git_http: GitHttp, rest: Rest, request: Request) -> Answer:
    return git_http.answer(request) or rest.answer(request)


class OfflineGitHub(Protocol):
    """Boots a box with these repositories; it is gone when the test is over."""

    def __call__(
        self,
        repositories: Mapping[str, Files],
        users: Mapping[str, str] | None = None,
        apps: Mapping[str, App] | None = None,
        actions: Mapping[str, Path] | None = None,
    ) -> Box:
        """A box that is up."""
        ...
