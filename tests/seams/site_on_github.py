"""A clone with a journal in real git, whose forge is a GitHub that follows a script."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from kerrigan.apply.state.append import append, new_request
from kerrigan.apply.state.site import Site
from kerrigan.apply.state.stage import Stage, read
from kerrigan.decide.fold.recording import Recording
from kerrigan.git.repo import discover, git
from kerrigan.model.decision import Decision
from kerrigan.model.event import Actor, EventType
from kerrigan.model.state import TaskState
from tests.seams.github_script import NOT_FOUND, GitHub, Reply, forge_on, pull

CONTRACT = "todo/contract"
BRANCH = f"kerrigan/{CONTRACT}"
SLUG = "acme/api"
REPO = f"/repos/{SLUG}"
PULLS = f"{REPO}/pulls"
COMMENT = 492700400
HEAD, PUSHED, MERGE = "a" * 40, "b" * 40, "c" * 40
SPEC = "---\nkerrigan: 7\n---\n# Todo\n\nA list that two people share.\n"
TASKS = """\
kerrigan: 7
tasks:
  - {id: contract, title: Agree the API contract, role: architect, risk: medium}
  - {id: screen, title: Show the list, role: swe, depends_on: [contract]}
"""


@dataclass
class Hub:
    """The site, what it said, and a journal that a test writes into."""

    site: Site
    github: GitHub
    told: list[str] = field(default_factory=list)

    def stage(self) -> Stage:
        return read(self.site, "todo")

    def standing(self, task: str = CONTRACT) -> TaskState:
        return self.stage().state.task(task)

    def happened(self, kind: EventType, actor: str = "ada", task: str = CONTRACT, /, **data: Any) -> None:
        """Write one event down, whatever the guards would say to it."""
        request = new_request(kind, task, Actor(actor))

        def decide(stage: Stage) -> Decision | None:
            recording = Recording(stage.state, request)
            recording.add(kind, task, request.actor, data)
            return recording.decision()

        append(self.site, self.stage(), decide)

    def submitted(self, by: str = "ada", head: str = HEAD, number: int = 5) -> None:
        """A task that was claimed, started and handed in."""
        self.happened(EventType.claimed, by, lease_until="2999-01-01T00:00:00.000Z")
        self.happened(EventType.started, by)
        self.happened(EventType.submitted, by, repository=SLUG, number=number, head=head, branch=BRANCH)

    def shows(self, *pulls: dict[str, Any]) -> None:
        """The pull requests that are open, and everything that is asked about them."""
        self.github.undescribed(PULLS, list(pulls))
        for one in pulls:
            self.github.undescribed(f"{PULLS}/{one['number']}", one)
            self.github.get(f"{REPO}/issues/{one['number']}/labels", [])
            self.github.get(f"{REPO}/issues/{one['number']}/comments", [])
            self.github.get(f"{REPO}/commits/{one['head']['sha']}/status", {"state": "pending", "statuses": []})

    def tip(self, head: str = HEAD, delivered: bool = False) -> None:
        """Where the task's branch ends, and whether the default branch brings that commit."""
        ref = {"ref": f"refs/heads/{BRANCH}", "object": {"sha": head, "type": "commit", "url": "https://x/y"}}
        self.github.undescribed(f"{REPO}/git/ref/heads/{BRANCH}", ref)
        self.github.undescribed(f"{REPO}/compare/main...{head}", {"ahead_by": 0 if delivered else 1})
        self.github.undescribed(f"{REPO}/commits/{head}/pulls", [])

    def reviewed(self, number: int, *said: tuple[str, str, str]) -> None:
        """The reviews of a pull request: login, state and commit of each."""
        rows: list[dict[str, Any]] = [
            {"user": {"login": w}, "node_id": f"R_{w}", "state": s, "commit_id": sha, "body": "because"}
            for w, s, sha in said
        ]
        self.github.undescribed(f"{PULLS}/{number}/reviews", rows)
        self.github.edited(*((row["node_id"], None) for row in rows))

    def comment(self, body: str | None, by: str = "ben", editor: str | None = None, number: int = COMMENT) -> None:
        """A comment as it stands now, None for one that was deleted, and what may be answered to it."""
        path, at = f"{REPO}/issues/comments/{number}", "2026-11-30T06:00:00Z"
        known = {"id": number, "node_id": f"C_{number}", "user": {"login": by}, "body": body, "created_at": at}
        reply = Reply(200, text=json.dumps({**known, "updated_at": "" if editor else at}))
        self.github.on("GET", path, reply if body is not None else NOT_FOUND)
        self.github.edited((f"C_{number}", editor))
        self.github.on("POST", f"{path}/reactions", Reply(201, text="{}"))
        self.github.on("POST", f"{REPO}/issues/5/comments", Reply(201, text="{}"))

    def said(self) -> list[str]:
        """What was written into pull request 5, oldest first."""
        return [body["body"] for _, path, body in self.github.writes() if path == "/issues/5/comments"]

    def may(self, **permissions: str) -> None:
        """What GitHub lets these people do."""
        for login, permission in permissions.items():
            self.github.get(f"{REPO}/collaborators/{login}/permission", {"permission": permission, "user": None})


def proposed(number: int = 5, head: str = HEAD, branch: str = BRANCH, **fields: Any) -> dict[str, Any]:
    """A pull request of this repository."""
    whole = pull(number, branch, **fields)
    return whole | {"head": whole["head"] | {"sha": head}}


def from_fork(number: int = 6, head: str = HEAD, **fields: Any) -> dict[str, Any]:
    """A pull request of a stranger's fork, from a branch that bears the name of the task's."""
    whole = proposed(number, head, **fields)
    return whole | {"head": whole["head"] | {"repo": {"id": 2, "full_name": "eve/api"}}}


def repository(folder: Path, name: str, files: Mapping[str, str]) -> Path:
    """A clone of `acme/<name>.git`, made in the folder with these files on its default branch."""
    folder.joinpath("acme").mkdir(exist_ok=True)
    git("init", "-q", "--bare", "-b", "main", f"acme/{name}.git", cwd=folder)
    git("clone", "-q", f"acme/{name}.git", name, cwd=folder)
    git("config", "user.name", "ada", cwd=folder / name)
    git("checkout", "-q", "-B", "main", cwd=folder / name)
    publish(folder / name, files)
    return folder / name


def publish(clone: Path, files: Mapping[str, str]) -> None:
    """Commit files to the default branch and push it."""
    for path, text in files.items():
        clone.joinpath(path).parent.mkdir(parents=True, exist_ok=True)
        clone.joinpath(path).write_text(text)
    git("add", ".", cwd=clone)
    git("commit", "-q", "-m", "Write files", cwd=clone)
    git("push", "-q", "origin", "main", cwd=clone)


@contextmanager
def hub_on(github: GitHub, remote: Path, clone: Path, **site: Any) -> Iterator[Hub]:
    """The site of a clone of `remote`, which lies at `.../acme/api.git`."""
    github.get(REPO, {"default_branch": "main"})
    told: list[str] = []
    with forge_on(github) as forge:
        made = Site(discover(clone), forge, SLUG, told.append, told.append, origin=str(remote))
        yield Hub(replace(made, **site), github, told)
