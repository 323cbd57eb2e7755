"""A clone with a journal in real git, whose forge is a GitHub that follows a script."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from kerrigan.apply.append import append, new_request
from kerrigan.apply.site import Site
from kerrigan.apply.stage import Stage, read
from kerrigan.decide.recording import Recording
from kerrigan.git.repo import discover
from kerrigan.model.decision import Decision
from kerrigan.model.event import Actor, EventType
from kerrigan.model.state import TaskState
from tests.seams.github_script import GitHub, forge_on, pull

CONTRACT = "todo/contract"
BRANCH = f"kerrigan/{CONTRACT}"
SLUG = "acme/api"
REPO = f"/repos/{SLUG}"
PULLS = f"{REPO}/pulls"
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

    def happened(self, kind: EventType, actor: str = "ada", task: str = CONTRACT, **data: Any) -> None:
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
        rows = [{"user": {"login": w}, "state": s, "commit_id": sha, "body": "because"} for w, s, sha in said]
        self.github.undescribed(f"{PULLS}/{number}/reviews", rows)

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


@contextmanager
def hub_on(github: GitHub, remote: Path, clone: Path, **site: Any) -> Iterator[Hub]:
    """The site of a clone of `remote`, which lies at `.../acme/api.git`."""
    github.get(REPO, {"default_branch": "main"})
    told: list[str] = []
    with forge_on(github) as forge:
        made = Site(discover(clone), forge, SLUG, told.append, told.append, origin=str(remote))
        yield Hub(replace(made, **site), github, told)
