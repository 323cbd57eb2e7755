"""The forge interface on GitHub: reads are looks at this moment, writes happen only where something differs."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from kerrigan.errors import UndecidedError, UnreadableError
from kerrigan.github import commits, contents, conversation, pulls, statements
from kerrigan.github.address import part, repository
from kerrigan.github.client import Client
from kerrigan.github.examine import branch_rules, examine
from kerrigan.github.issues import GitHubIssues
from kerrigan.github.response import Json, unread
from kerrigan.model.checks.siblings import Entry
from kerrigan.model.forge.account import Account, Proof, account_of
from kerrigan.model.forge.facts import Commit, PullRequest, Review, Statement
from kerrigan.model.forge.health import Examination
from kerrigan.model.project import Permission
from kerrigan.model.visibility import Visibility

_ROLES = {
    "admin": Permission.admin,
    "maintain": Permission.write,
    "write": Permission.write,
    "triage": Permission.read,
    "read": Permission.read,
}

_MOST_KEYS, _MOST_BYTES, _LONGEST_TYPE = 10, 65_535, 100
"""What GitHub takes in one repository_dispatch."""


@dataclass(slots=True)
class GitHubForge:
    """Repositories on the server at `server`; `slug` is the one that the clone at hand came from.

    `client` asks about that one, and about all others unless there is one `beyond`: in a workflow the run's own token
    reaches no other repository, and what it writes starts no workflow. `variable` is where the token stood that reaches
    furthest. Names of default branches, who can read a repository, and the token's account are asked for once a run.
    """

    authenticates: ClassVar[bool] = True

    client: Client
    server: str
    slug: str
    variable: str = ""
    beyond: Client | None = None
    _descriptions: dict[str, tuple[str, Visibility]] = field(default_factory=dict, repr=False)
    _account: Account | None = field(default=None, repr=False)

    def url(self, slug: str) -> str:
        """What git fetches from and pushes to, without credentials. Whether it exists, git finds out."""
        return f"{self.server.rstrip('/')}/{repository(slug).removeprefix('/repos/')}.git"

    def account(self) -> Account:
        """The account of the token that reaches furthest: a user, or the app whose installation it is for."""
        if self._account is None:
            self._account = self._user() or self._app()
        return self._account

    def _user(self) -> Account | None:
        try:
            return self._furthest.get("/user", lambda raw: _token_of(raw["login"], raw.get("type")))
        except UndecidedError as error:
            if error.kind == "permission":
                return None
            raise

    def _app(self) -> Account:
        # REST refuses to tell an installation's token whose it is; GraphQL does, with the login of the app's account.
        return self._furthest.query("query { viewer { login } }", lambda raw: _token_of(raw["viewer"]["login"]))

    def visibility(self, slug: str) -> Visibility:
        """Who can read a repository. Raises UnreadableError for one that is not there, or hidden from the token."""
        return self._described(slug)[1]

    def permission(self, slug: str, login: str) -> Permission:
        """What GitHub lets this login do; nothing for an app, which is no collaborator."""
        path = f"{repository(slug)}/collaborators/{part(login)}/permission"
        found = self._at(slug).find(path, _permission)
        if found is None:
            self._default(slug)
        return found or Permission.none

    def branch(self, slug: str, branch: str) -> tuple[str, int] | None:
        """The tip of a branch and how many of its commits the default branch lacks; None when there is none."""
        default = self._default(slug)
        head = commits.tip(self._at(slug), slug, branch)
        if head is None:
            return None
        ahead = commits.lacking(self._at(slug), slug, default, head)
        if ahead is None:
            raise UnreadableError(
                f"branch {branch[:80]!a} of {slug} shares no commit with {default}",
                kind="unrelated-branch",
                next_step=f"begin the branch at {default}",
            )
        return head, ahead

    def made(self, slug: str, head: str) -> Mapping[str, str]:
        """Each file that `head` changed since it left the default branch, with git's id of it; empty where removed."""
        return commits.made(self._at(slug), slug, self._default(slug), head)

    def files(self, slug: str, branch: str) -> frozenset[str]:
        """The paths of all files on a branch; of the default branch where there is none of this name."""
        head = commits.tip(self._at(slug), slug, branch) or commits.tip(self._at(slug), slug, self._default(slug))
        return commits.files(self._at(slug), slug, head) if head else frozenset()

    def tip(self, slug: str) -> str | None:
        """The commit at the tip of the default branch; None where there is none yet."""
        return commits.tip(self._at(slug), slug, self._default(slug))

    def entry(self, slug: str, commit: str, path: str) -> Entry | None:
        """What a commit has at a path; None for nothing."""
        return contents.entry(self._at(slug), slug, commit, path)

    def authors(self, slug: str, head: str, since: str | None) -> tuple[Account, ...]:
        """The authors of the commits that `head` has and neither the default branch nor `since` has, each once.

        An account without a login stands for those whom GitHub does not name.
        """
        return commits.authors(self._at(slug), slug, self._default(slug), head, since)

    def delivered(self, slug: str, head: str) -> str | None:
        """The commit of the default branch that brings `head`: the merge of its pull request, or itself."""
        return commits.delivered(self._at(slug), slug, self._default(slug), head)

    def on_default(self, slug: str, commit: str) -> str | None:
        """The full id of a commit, by its id or the beginning of it, if the default branch holds it; else None."""
        return commits.on_default(self._at(slug), slug, self._default(slug), commit)

    def recent(self, slug: str) -> tuple[Commit, ...]:
        """The last hundred commits of the default branch, the newest first."""
        return commits.recent(self._at(slug), slug, self._default(slug))

    def merges(self, slug: str, heads: Mapping[str, str | None]) -> Mapping[str, str]:
        """Which of these branches were merged by one of the pull requests closed last, and the commit that did it."""
        return pulls.merged(self._at(slug), slug, heads)

    def checks(self, slug: str, sha: str, names: tuple[str, ...] = ()) -> str:
        """The verdict over check runs and statuses of a commit: those named, or all but Kerrigan's own."""
        return commits.verdict(self._at(slug), slug, sha, names) or "missing"

    def changed(self, slug: str, number: int) -> tuple[str, ...]:
        """The paths of all files that a pull request changes, both names of a renamed one."""
        return pulls.changed(self._at(slug), slug, number)

    def reviews(self, slug: str, number: int) -> tuple[Review, ...]:
        """The last review of each person that approves or rejects, with the commit it looked at."""
        return pulls.reviews(self._at(slug), slug, number)

    def comment(self, slug: str, comment: int, told: Statement) -> Statement | None:
        """A comment by its id as it stands now, whatever an event told; None where it was deleted."""
        return statements.comment(self._at(slug), slug, comment)

    def review(self, slug: str, number: int, review: int, told: Statement) -> Statement | None:
        """A review of a pull request by its id as it stands now, whatever an event told."""
        return statements.review(self._at(slug), slug, number, review)

    def has_ended(self, slug: str, run: str) -> bool:
        """Whether a workflow run is over. One that GitHub does not know any more in a repository it shows, is."""
        if not (run.isascii() and run.isdigit()):
            return False
        status = self._at(slug).find(f"{repository(slug)}/actions/runs/{run}", lambda raw: str(raw["status"]))
        if status is None:
            self._default(slug)
        return status in {None, "completed"}

    def pull_request(self, slug: str, number: int) -> PullRequest | None:
        """One pull request; None where the repository can be read and has none of this number."""
        found = pulls.one(self._at(slug), slug, number)
        if found is None:
            self._default(slug)
        return found

    def pull_requests(self, slug: str) -> tuple[PullRequest, ...]:
        """The open ones, by number. Those of forks have no `branch`, so they never are a task's."""
        return pulls.opened(self._at(slug), slug)

    def open_pull_request(self, slug: str, branch: str, title: str, body: str, author: str) -> PullRequest:
        """The open pull request of a branch, made when there is none. Its author is the account of the token.

        What a run's own token opens waits for approval of its tests, so the other one is used where there is one.
        """
        return pulls.ensure(self._furthest, slug, branch, self._default(slug), title, body)

    def issues_of(self, slug: str) -> GitHubIssues:
        """The issues of a repository."""
        return GitHubIssues(self._at(slug), slug)

    def set_labels(self, slug: str, number: int, labels: tuple[str, ...], prefixes: tuple[str, ...]) -> bool:
        """Make the labels under these prefixes exactly these; says whether anything had to change."""
        return conversation.set_labels(self._at(slug), slug, number, labels, prefixes)

    def set_status(self, slug: str, sha: str, context: str, state: str, description: str) -> bool:
        """Make a commit's status so; says whether anything had to change."""
        return commits.set_status(self._at(slug), slug, sha, commits.Status(context, state, description))

    def tell(self, slug: str, number: int, marker: str, body: str) -> bool:
        """Make the one comment that bears `marker` say this; says whether anything had to change."""
        return conversation.tell(self._at(slug), slug, number, marker, body)

    def react(self, slug: str, comment: int, reaction: str) -> None:
        """Answer a comment, by its id, with a reaction in GitHub's words."""
        conversation.react(self._at(slug), slug, comment, reaction)

    def dispatch(self, slug: str, kind: str, payload: Mapping[str, Any]) -> None:
        """Send a repository_dispatch, once. Coming back without an error means accepted, never delivered."""
        size = len(json.dumps(payload))
        if len(payload) > _MOST_KEYS or size > _MOST_BYTES or not 0 < len(kind) <= _LONGEST_TYPE:
            raise UnreadableError(
                f"a dispatch to {slug} has {len(payload)} keys and {size} bytes; GitHub takes {_MOST_KEYS} keys, "
                f"{_MOST_BYTES} bytes and a type of 1 to {_LONGEST_TYPE} characters",
                kind="dispatch-payload",
                next_step="send references instead of content",
            )
        body = {"event_type": kind, "client_payload": dict(payload)}
        try:
            self._at(slug).post(f"{repository(slug)}/dispatches", body, read=unread)
        except UnreadableError as error:
            raise _unreached(slug, error) from error

    def rules(self, slug: str, branch: str) -> frozenset[str] | None:
        """The kinds of rules in force for a branch, whether there is one of this name or not; None where hidden."""
        return branch_rules(self._furthest, slug, branch)

    def examine(self, slugs: Sequence[str]) -> Examination:
        """What the token is, and how these repositories are set, as far as it may see that. Writes nothing."""
        return examine(self._furthest, self.variable, slugs)

    @property
    def _furthest(self) -> Client:
        return self.beyond or self.client

    def _at(self, slug: str) -> Client:
        """Who asks about a repository: the run's own token about its own."""
        return self.client if slug.casefold() == self.slug.casefold() else self._furthest

    def _default(self, slug: str) -> str:
        """The default branch. Raises UnreadableError for a repository that is not there, or hidden from the token."""
        return self._described(slug)[0]

    def _described(self, slug: str) -> tuple[str, Visibility]:
        if slug not in self._descriptions:
            self._descriptions[slug] = self._at(slug).get(repository(slug), _description)
        return self._descriptions[slug]


def _token_of(login: Json, kind: Json = None) -> Account:
    return account_of(str(login), kind, Proof.token)


def _description(raw: Json) -> tuple[str, Visibility]:
    told = raw.get("visibility") or ("private" if raw.get("private", True) else "public")
    return str(raw["default_branch"]), Visibility.__members__.get(str(told), Visibility.private)


def _permission(raw: Json) -> Permission:
    return _ROLES.get(str(raw["permission"]), Permission.none)


def _unreached(slug: str, error: UnreadableError) -> UnreadableError:
    if error.kind != "not-found":
        return error
    return UnreadableError(
        f"GitHub took no dispatch to {slug}: it does not exist, is archived, or the token does not reach it",
        kind="not-found",
        next_step="give KERRIGAN_TOKEN 'contents: write' there; a workflow's own token reaches no other repository",
    )
