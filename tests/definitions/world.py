"""A home with a task in every status, and a healthy project beside it, whose default branch holds any case at once.

The definitions are commits of a real repository. The journal and the forge are the same in each case and are held in
memory, where a command may write as it likes: no case meets what another one has left behind.
"""

import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from kerrigan.apply.state.site import Site
from kerrigan.decide.fold.state_json import dump
from kerrigan.errors import UnreadableError
from kerrigan.git.files_at import FilesAt
from kerrigan.git.journal.journal import Append
from kerrigan.git.journal.snapshot import JournalSnapshot
from kerrigan.git.reader import Reader
from kerrigan.git.repo import Batch, Clone, discover, git
from kerrigan.local.forge import LocalForge
from kerrigan.model.forge.facts import PullRequest
from kerrigan.model.forge.health import Examination, Examined
from kerrigan.model.forge.issue import Create, Edit, Issue
from kerrigan.model.names import is_slug
from kerrigan.model.project import Permission
from kerrigan.model.state import Holder, State, Status, Submission, TaskState
from tests.definitions.cases import RIGHT_CASE, STATUSES, Case, Entry, name_of, right

T = TypeVar("T")

HOME, WEB = "acme/todo", "acme/web"
HEAD, MERGE = "a" * 40, "b" * 40
NOW, LATER = "2026-11-30T06:00:00.000Z", "2999-01-01T00:00:00.000Z"
HANDED_IN = {"testing": 1, "in_review": 2, "approved": 3}
"""The tasks with an open pull request, by status, and its number."""

SHOP = {
    "specs/projects/shop/spec.md": ("100644", b"---\nkerrigan: 7\n---\n# Shop\n\nWhere it is sold.\n"),
    "specs/projects/shop/tasks.yml": ("100644", b"kerrigan: 7\ntasks:\n  - {id: sell, title: Sell it, role: swe}\n"),
}


def head_of(status: str) -> str:
    """The commit that was handed in for the task of a status."""
    return HEAD[:-1] + str(HANDED_IN.get(status, 9))


def standing(status: str) -> TaskState:
    """A task in a status, with everything that such a task has."""
    holder = Holder("ada", "person", None, LATER)
    known = TaskState(Status(status), None, holder, fence=1, attempts=1, author="ada", since=NOW)
    if status not in ("claimed", "working", *HANDED_IN):
        known = replace(known, holder=None)
    if status in (*HANDED_IN, "done"):
        known = replace(known, submission=Submission(HOME, HANDED_IN.get(status, 9), head_of(status)))
    return TaskState() if status == "open" else known


STATES = {
    "todo": State(tasks={f"todo/{name_of(status)}": standing(status) for status in STATUSES if status != "open"}),
    "shop": State(),
}
TEXTS = {project: dump(state, 0) for project, state in STATES.items()}


@dataclass(slots=True)
class MemoryJournal:
    """The journal of one project, as `Journal` is: each look sees the same, and an append is forgotten."""

    clone: Clone
    batch: Batch
    project: str
    commit: str
    wanted: Sequence[str]
    read: dict[tuple[str, tuple[str, ...]], Mapping[str, bytes | str]]

    def look(self) -> JournalSnapshot:
        """The state of the project, and the definition of the case."""
        state = TEXTS.get(self.project)
        wanted = self.commit, tuple(self.wanted)
        if wanted not in self.read:
            self.read[wanted] = FilesAt(Reader(self.batch), self.commit).read(self.wanted)
        return JournalSnapshot(None, "main", self.commit, state, files=self.read[wanted])

    def append(
        self, write: Callable[[JournalSnapshot], Append | None], seen: JournalSnapshot | None = None
    ) -> JournalSnapshot:
        """What the journal would be after an append."""
        snapshot = seen or self.look()
        addition = write(snapshot)
        return snapshot if addition is None else replace(snapshot, lines=snapshot.lines + addition.lines)

    def history(self, snapshot: JournalSnapshot) -> tuple[str, ...]:
        """Nothing: the state was there before the first event."""
        return ()


class MemoryIssues:
    """The issues of a repository: none, and one that is created is forgotten."""

    def __init__(self, slug: str) -> None:
        self.slug = slug

    def all(self) -> tuple[Issue, ...]:
        """None."""
        return ()

    opened = all

    def latest(self) -> int:
        """The last pull request."""
        return len(HANDED_IN)

    def one(self, number: int) -> Issue | None:
        """One without a task."""
        return Issue(self.slug, number, number, "An issue")

    def blockers(self, number: int) -> None:
        """Nothing is known of them."""

    def create(self, wanted: Create, author: str) -> Issue:
        """What it would be."""
        return Issue(self.slug, 99, 99, wanted.title, wanted.body)

    def change(self, wanted: Edit, number: int) -> None:
        """Take it."""


@dataclass(frozen=True, slots=True)
class MemoryForge(LocalForge):
    """A forge with one open pull request for each task that is handed in; it takes every write and forgets it."""

    statuses: dict[int, str] = field(default_factory=dict)
    """The state of `kerrigan/gate` that was last written, by pull request."""

    def path(self, slug: str) -> Path:
        """A folder that is never looked into. An address that is none would be a bug: nobody may ask for it."""
        assert is_slug(slug), f"the forge was asked for the repository {slug!r}"
        if slug not in (HOME, WEB):
            raise UnreadableError(f"there is no repository {slug}", kind="no-repository")
        return self.root

    def permission(self, slug: str, login: str) -> Permission:
        """Everybody is an admin."""
        self.path(slug)
        return Permission.admin

    def branch(self, slug: str, branch: str) -> tuple[str, int] | None:
        """The branches of what is handed in."""
        self.path(slug)
        found = {f"kerrigan/todo/{name_of(status)}": head_of(status) for status in HANDED_IN}
        return (found[branch], 1) if slug == HOME and branch in found else None

    def made(self, slug: str, head: str) -> Mapping[str, str]:
        """One file."""
        return {"src/a.py": HEAD}

    def files(self, slug: str, branch: str) -> frozenset[str]:
        """One file."""
        self.path(slug)
        return frozenset({"src/a.py"})

    def changed(self, slug: str, number: int) -> tuple[str, ...]:
        """One file, in the paths of its task."""
        return tuple(f"src/{status}/a.py" for status, own in HANDED_IN.items() if own == number)

    def delivered(self, slug: str, head: str) -> str | None:
        """Not yet."""
        self.path(slug)
        return None

    def checks(self, slug: str, sha: str, names: tuple[str, ...] = ()) -> str | None:
        """All green."""
        return "success"

    def pull_request(self, slug: str, number: int) -> PullRequest | None:
        """The one of this number."""
        return next((pull for pull in self.pull_requests(slug) if pull.number == number), None)

    def pull_requests(self, slug: str) -> tuple[PullRequest, ...]:
        """One for each task that is handed in, and one for no task."""
        self.path(slug)
        tasks = [
            PullRequest(HOME, number, f"kerrigan/todo/{name_of(status)}", head_of(status), "ada")
            for status, number in HANDED_IN.items()
        ]
        return (*tasks, PullRequest(HOME, 7, "fix", MERGE, "bo")) if slug == HOME else ()

    def issues_of(self, slug: str) -> Any:
        """Its issues."""
        self.path(slug)
        return MemoryIssues(slug)

    def open_pull_request(self, slug: str, branch: str, title: str, body: str, author: str) -> PullRequest:
        """What it would be."""
        self.path(slug)
        return PullRequest(slug, 8, branch, HEAD, author, title, body=body)

    def set_labels(self, slug: str, number: int, labels: tuple[str, ...], prefixes: tuple[str, ...]) -> bool:
        """Take them."""
        self.path(slug)
        return True

    def set_status(self, slug: str, sha: str, context: str, state: str, description: str) -> bool:
        """Take it, and remember the gate's."""
        self.path(slug)
        if sha[:-1] == HEAD[:-1] and sha != HEAD:
            self.statuses[int(sha[-1])] = state
        return True

    def tell(self, slug: str, number: int, marker: str, body: str) -> bool:
        """Take it."""
        self.path(slug)
        return True

    def dispatch(self, slug: str, kind: str, payload: Mapping[str, Any]) -> None:
        """Take it."""
        self.path(slug)

    def examine(self, slugs: Sequence[str]) -> Examination:
        """All are there but those that are not."""
        return Examination(None, tuple(Examined(slug, slug in (HOME, WEB), name=slug) for slug in slugs))


class MemorySite(Site):
    """A site whose journals are in memory, and whose default branch is a commit of the case's."""

    batch: Batch
    commit: str
    read: dict[tuple[str, tuple[str, ...]], Mapping[str, bytes | str]]

    def journal(self, home: str, project: str, wanted: Sequence[str]) -> Any:
        """The journal, together with the files of the case."""
        if home != HOME:
            raise UnreadableError(f"there is no repository {home}", kind="no-repository")
        return MemoryJournal(self.clone, self.batch, project, self.commit, wanted, self.read)

    def journals(self, home: str, wanted: Mapping[str, Sequence[str]]) -> Mapping[str, JournalSnapshot]:
        """The journals of these projects."""
        return {project: self.journal(home, project, files).look() for project, files in wanted.items()}

    def read_files(self, home: str, snapshot: JournalSnapshot, reading: Callable[[FilesAt], T]) -> T:
        """What is read of the files of the case."""
        return reading(FilesAt(Reader(self.batch), self.commit))


@dataclass(slots=True)
class World:
    """The clone with every case as a commit, by the case's name, and one git that reads them."""

    clone: Clone
    batch: Batch
    commits: Mapping[str, str]
    read: dict[tuple[str, tuple[str, ...]], Mapping[str, bytes | str]] = field(default_factory=dict)

    def site(self, case: str, say: Callable[[str], None]) -> MemorySite:
        """The home as it is while the default branch holds a case."""
        site = MemorySite(self.clone, MemoryForge(self.clone.root, HOME), HOME, say, lambda text: None, "ada")
        site.batch, site.commit, site.read = self.batch, self.commits[case], self.read
        return site


@contextmanager
def world(folder: Path, cases: Iterable[Case]) -> Iterator[World]:
    """The world of these cases, and of the right definition."""
    git("init", "-q", "--bare", "-b", "main", "todo.git", cwd=folder)
    root = folder / "todo.git"
    git("config", "remote.origin.url", str(root), cwd=root)
    git("config", "user.name", "ada", cwd=root)
    every = [RIGHT_CASE, *cases]
    stream = b"".join(_commit(number, case) for number, case in enumerate(every, 1))
    subprocess.run(["git", "fast-import", "--quiet"], cwd=root, input=stream, check=True)
    listed = git("for-each-ref", "--format=%(refname:lstrip=2) %(objectname)", "refs/cases", cwd=root).split("\n")
    ids = dict(line.split(" ") for line in listed)
    with Batch(root) as batch:
        yield World(discover(root), batch, {case.name: ids[str(n)] for n, case in enumerate(every, 1)})


def _commit(number: int, case: Case) -> bytes:
    files: dict[str, Entry | None] = {**right(), **SHOP, **case.changes}
    # Written shallow first: what stands in the place of a folder goes before what is gone from it.
    listed = sorted((path, entry) for path, entry in files.items() if entry is not None)
    head = f"commit refs/cases/{number}\ncommitter ada <ada@example.com> 1 +0000\ndata 0\n".encode()
    return head + b"".join(_file(path, *entry) for path, entry in listed) + b"\n"


def _file(path: str, mode: str, content: bytes) -> bytes:
    if mode == "160000":
        return f"M {mode} {'1' * 40} {path}\n".encode()
    return f"M {mode} inline {path}\ndata {len(content)}\n".encode() + content + b"\n"
