"""What a forge says: read before deciding, recorded with the commit it holds for, never assumed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kerrigan.model.forge.account import Account
from kerrigan.model.project import Permission
from kerrigan.model.usage import Ledger, Prices


@dataclass(frozen=True, slots=True)
class Needs:
    """What `Depends-on:` lines name: `targets` as `owner/name#N`, and the pieces that name nothing readable.

    `cycle` are the pull requests from this one back to itself, where they depend on each other.
    """

    targets: tuple[str, ...] = ()
    unreadable: tuple[str, ...] = ()
    cycle: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PullRequest:
    """A pull request. `head` is the commit at the tip of `branch`; `labels` are names as the forge has them.

    `branch` is empty for one of a fork; `by_member` says whether the forge counts its author as a member of the
    repository, as everyone who can push a branch to it is. `trailer` and `needs` are what its `body` says in lines that
    mean something: the forge leaves them out, who reads the body fills them in. `delivers` says whether it goes to the
    default branch, `draft` whether it is one.
    `changed` are the paths of the files that it changes, both names of a renamed one; None where no one looked.
    `rejected_by` are those who may write and request changes of `head`, None where that could not be read.
    """

    repository: str
    number: int
    branch: str
    head: str
    author: str
    title: str = ""
    merged: bool = False
    open: bool = True
    labels: tuple[str, ...] = ()
    body: str = ""
    trailer: str | None = None
    needs: Needs = Needs()
    delivers: bool = True
    draft: bool = False
    changed: tuple[str, ...] | None = None
    by_member: bool = False
    rejected_by: tuple[str, ...] | None = ()

    @property
    def name(self) -> str:
        """`owner/name#N`."""
        return f"{self.repository}#{self.number}"


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit by its id, and its message."""

    id: str
    message: str


MET, NOT_MET, NOT_VERIFIED = "met", "not met", "not verified"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a reviewer says of one acceptance criterion: its number, from 1, met or not, and how that is known."""

    number: int
    verdict: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Review:
    """What an account says of a pull request at one commit: `state` is approved or changes_requested.

    `answers` are read off the body, and `permission` is what the account may do at home; the forge leaves both out.
    """

    account: Account
    state: str
    head: str
    body: str = ""
    answers: tuple[Answer, ...] = ()
    permission: Permission = Permission.none


@dataclass(frozen=True, slots=True)
class Statement:
    """A comment or a review as it stands now: whose it is, its words, and of a review its state and commit.

    `editor` is who changed the words last, empty where that is not known; None where no one did.
    """

    account: Account
    body: str
    editor: str | None = None
    state: str = ""
    head: str = ""

    @property
    def is_own(self) -> bool:
        """Whether the words are its author's."""
        return bool(self.account.login) and self.editor in (None, self.account.login)


@dataclass(frozen=True, slots=True)
class Merging:
    """What git says of merging a task's branch, at commit `head`, with the default branch `name`, at commit `base`.

    `base` is None where the default branch has no commit yet. `conflicts` are the paths that only a person can merge.
    `commit` is a merge of the two that git found all the same, by replaying the branch's commits; no one has it yet.
    """

    name: str
    head: str
    base: str | None = None
    conflicts: tuple[str, ...] = ()
    commit: str | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a decision needs to know of the world about one task.

    `head` is the tip of the task's branch, `ahead` how many commits the default branch lacks, `checks` the
    verdict of the submitted commit's checks (`success`, `failure`, `pending`, `missing` where none was reported yet) or
    None where the forge runs none and the actor's word counts; `delivered` is the commit on the default branch that
    brings the submission, or None, and `merged` the one at which its pull request was merged. `reviews` are those of
    the submitted commit. `satisfied` are dependencies outside of this journal that hold; `unknown` those that could not
    be read, with why. `merging` is None where no one tried. `unpushed` are commits that the task's branch has in the
    clone at hand only, `uncommitted` the files that were changed there since. `beside` says of flags whether they are
    so now, of those that were looked for: see `decide.beside`. `files` are the paths on the task's branch, None where
    no one looked. `run_ended` says that the run a claim is bound to is over. `tree` is the tree that the work stands
    at, empty where it cannot be seen; `authors` are the accounts that the forge names for the commits that were not
    handed in before, with an empty login where it names none, and None where no one looked; `made` what each file is
    that the branch changed: git's id of it, empty for one that is removed; looked up for what is handed in. `elsewhere`
    are the ledgers of the home repository's other projects, where kerrigan.yml limits them together, and `prices` those
    that Kerrigan ships; both are looked up only for what is decided on them. `home_starts_agents` says that the
    workflows of the home repository start an agent for a dispatch, which only a run of theirs knows.
    """

    permission: Permission = Permission.none
    head: str | None = None
    ahead: int = 0
    pull_request: PullRequest | None = None
    checks: str | None = None
    delivered: str | None = None
    merged: str | None = None
    satisfied: frozenset[str] = frozenset()
    unknown: Mapping[str, str] = field(default_factory=dict)
    run_ended: bool = False
    files: frozenset[str] | None = None
    elsewhere: tuple[Ledger, ...] = ()
    prices: Prices = field(default_factory=dict)
    reviews: tuple[Review, ...] = ()
    tree: str = ""
    made: Mapping[str, str] = field(default_factory=dict)
    merging: Merging | None = None
    authors: tuple[Account, ...] | None = None
    unpushed: int = 0
    uncommitted: tuple[str, ...] = ()
    home_starts_agents: bool = False
    beside: Mapping[str, bool] = field(default_factory=dict)

    def about(self, targets: Iterable[str]) -> "Facts":
        """What is known of these dependencies, and nothing else."""
        asked = frozenset(targets)
        unknown = {target: self.unknown[target] for target in asked & self.unknown.keys()}
        return Facts(satisfied=self.satisfied & asked, unknown=unknown)
