"""Tasks as issues: what a forge says of one, and what may have to be changed."""

from dataclasses import dataclass

PREFIXES = ("status:", "role:", "kerrigan:")
"""Labels that begin so are Kerrigan's, on pull requests and on the issues of tasks; all others are people's."""

LONGEST_BODY = 65_536
"""Characters that GitHub takes in an issue's body."""


@dataclass(frozen=True, slots=True)
class Issue:
    """An issue. `id` is the forge's own for it, over all repositories; `by_app` says that no person opened it.

    `blocked_by` are the ids of the issues that it waits for: None where that was not read, or the forge has no such
    thing.
    """

    repository: str
    number: int
    id: int
    title: str
    body: str = ""
    open: bool = True
    labels: tuple[str, ...] = ()
    author: str = ""
    by_app: bool = False
    blocked_by: frozenset[int] | None = None

    @property
    def name(self) -> str:
        """`owner/name#N`."""
        return f"{self.repository}#{self.number}"


@dataclass(frozen=True, slots=True)
class OfTask:
    """What each change says: which task it is about, and which issue; `number` is None while there is none."""

    task: str
    repository: str
    number: int | None


@dataclass(frozen=True, slots=True)
class Create(OfTask):
    """Open an issue."""

    title: str
    body: str
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rewrite(OfTask):
    """Replace the body, in which only Kerrigan's part is another one; `before` is the body that it was made from."""

    before: str
    body: str


@dataclass(frozen=True, slots=True)
class Close(OfTask):
    """Close it; `reason` is completed or not_planned."""

    reason: str


@dataclass(frozen=True, slots=True)
class Reopen(OfTask):
    """Open it again."""


@dataclass(frozen=True, slots=True)
class Relabel(OfTask):
    """Make the labels under `PREFIXES` exactly these."""

    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Block(OfTask):
    """Mark it as blocked by the issue of the task `by`; `blocker` is that one's id, None while there is none."""

    by: str
    blocker: int | None


@dataclass(frozen=True, slots=True)
class Warn(OfTask):
    """Change nothing, and tell a person."""

    message: str
    next: str


Edit = Rewrite | Close | Reopen | Relabel | Block
"""A change of an issue that is there."""

Change = Create | Edit | Warn
"""One thing to do about a task's issue."""
