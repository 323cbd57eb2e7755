"""What Kerrigan asks of a forge. The local one answers from directories, GitHub's from its API."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Protocol

from kerrigan.model.checks.siblings import Entry
from kerrigan.model.forge.account import Account
from kerrigan.model.forge.facts import Commit, PullRequest, Review, Statement
from kerrigan.model.forge.health import Examination
from kerrigan.model.forge.issue import Create, Edit, Issue
from kerrigan.model.project import Permission
from kerrigan.model.visibility import Visibility


class Forge(Protocol):
    """Repositories by `owner/name` slug; every method raises UndecidedError when it could not look or write.

    `authenticates` says whether the forge vouches for the logins that it names.
    """

    authenticates: ClassVar[bool]

    def url(self, slug: str) -> str:
        """What git fetches from and pushes to. Raises UnreadableError for a repository that does not exist."""
        ...

    def visibility(self, slug: str) -> Visibility:
        """Who can read a repository."""
        ...

    def permission(self, slug: str, login: str) -> Permission:
        """What the forge lets this login do in the repository."""
        ...

    def branch(self, slug: str, branch: str) -> tuple[str, int] | None:
        """The tip of a branch and how many of its commits the default branch lacks; None when there is none."""
        ...

    def made(self, slug: str, head: str) -> Mapping[str, str]:
        """Each file that `head` changed since it left the default branch, with git's id of it; empty where removed."""
        ...

    def files(self, slug: str, branch: str) -> frozenset[str]:
        """The paths of all files on a branch; of the default branch where there is none of this name."""
        ...

    def tip(self, slug: str) -> str | None:
        """The commit at the tip of the default branch; None where there is none yet."""
        ...

    def entry(self, slug: str, commit: str, path: str) -> Entry | None:
        """What a commit has at a path; None for nothing."""
        ...

    def authors(self, slug: str, head: str, since: str | None) -> tuple[Account, ...]:
        """The authors of the commits that `head` has and neither the default branch nor `since` has, each once.

        An account without a login stands for those whom the forge does not name.
        """
        ...

    def delivered(self, slug: str, head: str) -> str | None:
        """The commit of the default branch that brings `head`: itself, or the merge of its pull request."""
        ...

    def on_default(self, slug: str, commit: str) -> str | None:
        """The full id of a commit, by its id or the beginning of it, if the default branch holds it; else None."""
        ...

    def recent(self, slug: str) -> tuple[Commit, ...]:
        """The last commits of the default branch, the newest first."""
        ...

    def merges(self, slug: str, heads: Mapping[str, str | None]) -> Mapping[str, str]:
        """Which of these branches were merged into the default branch, and the commit that brought each.

        `heads` has a commit of each branch that is known to be work, None where none is: then one that nothing was
        committed to counts as not merged.
        """
        ...

    def account(self) -> Account | None:
        """The account whose token this process has, under which what it writes appears; None on a forge without any."""
        ...

    def checks(self, slug: str, sha: str, names: tuple[str, ...] = ()) -> str | None:
        """`success`, `failure`, `pending` or `missing` over what was reported of a commit.

        None only where the forge runs no checks, and no one reported any.

        `names` are the checks and statuses that count; without any, all do but Kerrigan's own. A named one that was
        not reported yet is pending.
        """
        ...

    def reviews(self, slug: str, number: int) -> tuple[Review, ...]:
        """The last review of each reviewer that approves or rejects, with the commit it looked at."""
        ...

    def comment(self, slug: str, comment: int, told: Statement) -> Statement | None:
        """A comment by its id as it stands now, where an event told that it was `told`; None for none any more."""
        ...

    def review(self, slug: str, number: int, review: int, told: Statement) -> Statement | None:
        """A review of a pull request by its id as it stands now, where an event told that it was `told`."""
        ...

    def has_ended(self, slug: str, run: str) -> bool:
        """Whether a workflow run is over, by its id; False where the forge has no runs."""
        ...

    def pull_request(self, slug: str, number: int) -> PullRequest | None:
        """One pull request."""
        ...

    def pull_requests(self, slug: str) -> tuple[PullRequest, ...]:
        """The open ones, by number."""
        ...

    def changed(self, slug: str, number: int) -> tuple[str, ...]:
        """The paths of all files that a pull request changes, both names of a renamed one."""
        ...

    def open_pull_request(self, slug: str, branch: str, title: str, body: str, author: str) -> PullRequest:
        """The open pull request of a branch, made when there is none."""
        ...

    def issues_of(self, slug: str) -> "Issues":
        """The issues of a repository, to read and to write."""
        ...

    def set_labels(self, slug: str, number: int, labels: tuple[str, ...], prefixes: tuple[str, ...]) -> bool:
        """Make the labels under these prefixes exactly these; says whether anything had to change."""
        ...

    def set_status(self, slug: str, sha: str, context: str, state: str, description: str) -> bool:
        """Make a commit's status so; says whether anything had to change."""
        ...

    def tell(self, slug: str, number: int, marker: str, body: str) -> bool:
        """Make the one comment that bears `marker` say this; says whether anything had to change."""
        ...

    def react(self, slug: str, comment: int, reaction: str) -> None:
        """Answer a comment, by its id, with a reaction in GitHub's words (`+1`, `-1`, `eyes`)."""
        ...

    def dispatch(self, slug: str, kind: str, payload: Mapping[str, Any]) -> None:
        """Send a repository_dispatch. Coming back without an error means accepted, never delivered."""
        ...

    def rules(self, slug: str, branch: str) -> frozenset[str] | None:
        """The kinds of rules in force for a branch, in GitHub's words; None where the forge has none or hides them."""
        ...

    def examine(self, slugs: Sequence[str]) -> Examination:
        """How these repositories stand for anyone who runs this, by reading only; what cannot be seen is not known."""
        ...


class Issues(Protocol):
    """The issues of one repository; errors are those of the forge."""

    def all(self) -> tuple[Issue, ...]:
        """Every issue, open or closed, by number; without `blocked_by` where that costs another look."""
        ...

    def opened(self) -> tuple[Issue, ...]:
        """The open issues and pull requests, by number, in one listing; without `blocked_by`."""
        ...

    def latest(self) -> int:
        """The highest number that an issue or pull request has; 0 where there are none."""
        ...

    def one(self, number: int) -> Issue | None:
        """One issue; None where there is none of this number, or a pull request."""
        ...

    def blockers(self, number: int) -> frozenset[int] | None:
        """The ids of the issues that block one; None where the forge has no such thing."""
        ...

    def create(self, wanted: Create, author: str) -> Issue:
        """Open an issue."""
        ...

    def change(self, wanted: Edit, number: int) -> None:
        """Change an issue: everything but `create` and `warn`."""
        ...
