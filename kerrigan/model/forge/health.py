"""What an examination finds of the token, of each repository, of the clone one stands in. Nothing of it is secret."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from kerrigan.model.checks.source import Diagnostic


class Level(StrEnum):
    """How a thing stands: `unknown` is neither good nor bad, it could not be looked at."""

    ok = "ok"
    warning = "warning"
    problem = "problem"
    unknown = "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: `about` is a repository or `here`, `next` the setting or command that fixes it."""

    level: Level
    about: str
    code: str
    message: str
    next: str = ""

    def to_json(self) -> dict[str, str]:
        """The finding for machines."""
        return {
            "level": self.level.value,
            "about": self.about,
            "code": self.code,
            "message": self.message,
            "next": self.next,
        }


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why something could not be read: `undecided` when it could not be looked at, else it is broken."""

    message: str
    next: str = ""
    undecided: bool = False


@dataclass(frozen=True, slots=True)
class Token:
    """A token: `variable` is where it stands.

    `kind` is none, refused, user, installation (of an app, and every workflow's own), or unknown. `scopes` are told
    of classic tokens only, `reaches` (how many repositories) of installations only.
    """

    kind: str
    variable: str = ""
    login: str = ""
    scopes: frozenset[str] | None = None
    reaches: int | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class ActionsPolicy:
    """What a repository allows of Actions: `allowed` is all, local_only, selected, or empty where it is not told."""

    enabled: bool
    allowed: str = ""
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class ExecutionPolicy:
    """An Actions policy that is enforced: which events, and by which actors, may start which workflows.

    `included` and `excluded` are patterns of workflow files; nothing included means all. `events` and `actors` are what
    is allowed, None where it allows all; an actor is `(type, id)` in GitHub's words. `other` are rules of other kinds.
    """

    name: str
    source: str
    included: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    events: frozenset[str] | None = None
    actors: frozenset[tuple[str, int]] | None = None
    other: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Examined:
    """A repository as the forge shows it. None stands for what the token may not see.

    `reached` is False where there is no such repository or it is hidden, None where no one answered; `why` says more.
    `name` is what it is called now, `push` whether the token's owner may. `workflows` are states by file name,
    `required` the checks without which nothing is merged, as far as `all_rules_seen`. `secret` says whether its
    workflows have a KERRIGAN_TOKEN, `proposes` whether they may open pull requests without one. `policies` are the
    Actions policies that are enforced here, inherited ones too.
    """

    slug: str
    reached: bool | None
    why: str = ""
    name: str = ""
    archived: bool = False
    private: bool = False
    push: bool | None = None
    workflows: Mapping[str, str] | None = None
    required: frozenset[str] = frozenset()
    all_rules_seen: bool = False
    queue: bool | None = None
    actions: ActionsPolicy | None = None
    proposes: bool | None = None
    secret: bool | None = None
    policies: tuple[ExecutionPolicy, ...] | None = None


@dataclass(frozen=True, slots=True)
class Examination:
    """What a forge shows of some repositories. `token` is None where a forge has no tokens, rules and workflows."""

    token: Token | None
    repositories: tuple[Examined, ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """What the default branch of a repository holds of Kerrigan's. `trouble` says why that could not be read.

    `configured` says whether there is a kerrigan.yml, `home` what it names. `workflows` are `same`, `differs` or
    `missing` by file name, `events` what starts them; `queues` whether the check runs in a merge queue. `unpinned` are
    actions that are not named by a commit. `unlocked` are, by file name, the actions that `actions.lock` lacks, None
    for a workflow that it does not list, empty without such a file; `lock_unread` says that it cannot be read.
    """

    trouble: Trouble | None = None
    configured: bool = False
    home: str | None = None
    workflows: Mapping[str, str] = field(default_factory=dict)
    events: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    queues: bool = False
    unpinned: tuple[str, ...] = ()
    unlocked: Mapping[str, tuple[str, ...] | None] = field(default_factory=dict)
    lock_unread: bool = False


@dataclass(frozen=True, slots=True)
class DefinitionHealth:
    """What the check finds on the default branch of home; `where` says where that is: `on origin/main`."""

    where: str
    diagnostics: tuple[Diagnostic, ...] = ()
    projects: int = 0
    tasks: int = 0


@dataclass(frozen=True, slots=True)
class ProjectHealth:
    """One project as it can be read. `events` is how long its journal is, `tests` are the checks that count.
    `rules` are the kinds of rules in force for the journal's branch, None where they are not seen.

    Problems in its definition stop `stopped` of its tasks, or all where `is_stopped`. `unpublished` says how its files
    differ in the work tree, `publish` what ends that.
    """

    name: str
    trouble: Trouble | None = None
    tasks: int = 0
    events: int = 0
    rewritten: bool = False
    unpublished: str = ""
    publish: str = ""
    stopped: int = 0
    is_stopped: bool = False
    tests: tuple[str, ...] = ()
    rules: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Here:
    """The clone: git's version, who git says it is, where its origin is, and how far it is from there.

    `ahead` and `behind` count commits between HEAD and the default branch; None on another branch.
    """

    git: tuple[int, ...]
    name: str
    email: str
    slug: str
    server: str
    branch: str = ""
    default: str = ""
    ahead: int | None = None
    behind: int | None = None


@dataclass(frozen=True, slots=True)
class Checkup:
    """Everything that was looked at. `home` is where the projects are kept, `contents` stands by repository.

    `trouble` says why the projects could not be listed, `definition` what the check finds in what defines them, and
    `lost` which journals have no project any more.
    """

    here: Here
    home: str
    projects: tuple[ProjectHealth, ...]
    examination: Examination
    contents: Mapping[str, Contents]
    trouble: Trouble | None = None
    definition: DefinitionHealth | Trouble | None = None
    lost: tuple[str, ...] = ()
