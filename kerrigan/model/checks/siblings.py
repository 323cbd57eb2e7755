"""What was found outside of a tree: other repositories, issues and pull requests, where the question asked for them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kerrigan.model.checks.source import Span
from kerrigan.model.project import Project

LONGEST = 100
"""Characters of a name that someone wrote, in a message."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """Whether something is there, None where no one could look; `why` says what is missing, or what was in the way."""

    there: bool | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a commit has at a path: `kind` is `file`, `folder`, or `outside` for what leads out of the repository.

    `content` is a file's, None where that is more than the forge hands out; `folders` are the names of those in a
    folder.
    """

    kind: str
    content: bytes | None = None
    folders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """A link or hand-off, at a place in the document `path`, that names a file or folder of a repository by its slug.

    `anchor` is what stands behind a `#`: a heading, as GitHub writes it in an address.
    """

    path: str
    span: Span
    repository: str
    file: str
    anchor: str = ""

    @property
    def shown(self) -> str:
        """The file as a message names it."""
        return self.file[:LONGEST]


@dataclass(frozen=True, slots=True)
class LabelledTask:
    """What the `status:` labels of an open issue or pull request say of its task, and the command that fixes it.

    `name` is `owner/name#N`; `statuses` are in lower case, as the labels have them.
    """

    task: str
    name: str
    statuses: tuple[str, ...]
    fix: str


@dataclass(frozen=True, slots=True)
class Siblings:
    """What a tree names outside of itself, as far as it was looked for.

    `projects` are those of other repositories, and yield to the tree's own of the same name; their paths lead there
    from the tree, as in `../web/specs/...`, or are on the forge, as in `acme/web:specs/...`. `unread` says by a
    project's name why its tasks are not known, `absent` by the slug of a repository, in lower case, why it was not
    looked into, and `broken` the same of clones that may be anything. `issues` are issues and pull requests by the
    target of a dependency. `shown` are labels to compare with the journals, and `unlisted` says by the slug of a
    repository why those in it are not known.
    """

    projects: tuple[Project, ...] = ()
    unread: Mapping[str, str] = field(default_factory=dict)
    absent: Mapping[str, str] = field(default_factory=dict)
    broken: tuple[str, ...] = ()
    issues: Mapping[str, Resolution] = field(default_factory=dict)
    references: Mapping[Reference, Resolution] = field(default_factory=dict)
    shown: tuple[LabelledTask, ...] = ()
    unlisted: Mapping[str, str] = field(default_factory=dict)
