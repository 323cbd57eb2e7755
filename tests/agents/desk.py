"""A work tree and a mock model for one agent, and one attempt on them as Kerrigan makes it."""

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from kerrigan.agents.prepare import Request, prepare
from kerrigan.agents.process import Invocation, Limits
from kerrigan.agents.profile import Profile
from kerrigan.agents.profiles import PROFILES
from kerrigan.agents.run import Run, read, run
from kerrigan.agents.tree import marked
from kerrigan.git.repo import git
from kerrigan.model.attempt import AttemptRecord, Outcome, Purpose
from tests.agents.clis import SETUPS, search_path
from tests.agents.mock_model import MockModel

LIMITS = Limits(seconds=170.0)


@dataclass(frozen=True)
class Attempted:
    """An attempt that has ended: its record, the run, where it worked, and how long from the first request on."""

    record: AttemptRecord
    run: Run
    tree: Path
    marker: str
    requests: int
    waited: float


class Desk:
    """One CLI, a HOME of its own, and the mock."""

    def __init__(self, folder: Path, name: str, model: MockModel, profile: Profile | None = None) -> None:
        self.profile = profile or PROFILES[name]
        self.model, self.folder, self.setup = model, folder, SETUPS[name]
        self.home = folder / "home"
        self._number = 0
        for path, text in self.setup.files(model.url).items():
            file = self.home / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")

    def tree(self) -> Path:
        """A new linked work tree of a repository with one file."""
        self._number += 1
        root = self.folder / f"repository-{self._number}"
        root.mkdir(parents=True)
        git("init", "-q", "-b", "main", cwd=root)
        (root / "README.md").write_text("# A small repository\n", encoding="utf-8")
        git("add", ".", cwd=root)
        git("-c", "user.name=ada", "-c", "user.email=ada@example.com", "commit", "-q", "-m", "Start", cwd=root)
        git("worktree", "add", "-q", "--detach", str(self.folder / f"tree-{self._number}"), cwd=root)
        return self.folder / f"tree-{self._number}"

    def attempt(
        self,
        behaviour: str,
        *,
        purpose: Purpose = Purpose.implement,
        tree: Path | None = None,
        limits: Limits = LIMITS,
        stop: Callable[[], Outcome | None] = lambda: None,
        turns: int | None = None,
        usd: Decimal | None = None,
        prompt: str = "Write hello.txt, and say when it is done.",
        nonce: str = "",
        change: Callable[[Invocation], Invocation] = lambda same: same,
    ) -> Attempted:
        """One attempt with a model that behaves so."""
        tree = tree or self.tree()
        self.model.be(behaviour, folder=str(tree))
        own = self.folder / f"attempt-{uuid.uuid4().hex[:8]}"
        own.mkdir()
        (own / "prompt.md").write_text(prompt, encoding="utf-8")
        variables = self.setup.variables(self.model.url)
        environment = {"PATH": search_path(), "LANG": "C.UTF-8", "TERM": "dumb", "HOME": "/nowhere", **variables}
        request = Request(
            purpose,
            tree,
            own,
            own / "prompt.md",
            environment,
            names=tuple(variables),
            home=self.home,
            model=self.setup.model,
            turns=turns,
            usd=usd,
        )
        invocation = change(prepare(self.profile, request))
        first = _FirstRequest(self.model)
        finished = run(self.profile, invocation, limits, own / "log", lambda: first.then(stop))
        record = read(self.profile, finished, nonce=nonce)
        waited = time.monotonic() - (first.at or time.monotonic())
        return Attempted(record, finished, tree, invocation.marker, self.model.requests, waited)

    def stopped(self, after: float = 1.0, behaviour: str = "sleep") -> Attempted:
        """An attempt that is stopped in the middle of a tool, `after` seconds after its tool or request appeared."""
        since: list[float] = []

        def stop() -> Outcome | None:
            if self.model.requests and not since:
                since.append(time.monotonic())
            return Outcome.stopped if since and time.monotonic() - since[0] > after else None

        return self.attempt(behaviour, stop=stop)


class _FirstRequest:
    """Remembers when the mock got its first request."""

    def __init__(self, model: MockModel) -> None:
        self._model, self.at = model, 0.0

    def then(self, stop: Callable[[], Outcome | None]) -> Outcome | None:
        """Look, and answer as `stop` does."""
        if self._model.requests and not self.at:
            self.at = time.monotonic()
        return stop()


def left(attempted: Attempted) -> list[int]:
    """The processes of an attempt that are still there."""
    return marked(attempted.marker)
