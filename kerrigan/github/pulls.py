"""Pull requests as GitHub tells them: read, reviewed, opened once."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from kerrigan.errors import UndecidedError, UnreadableError
from kerrigan.github.address import commit_id, repository
from kerrigan.github.client import Client
from kerrigan.github.conversation import MEMBERS
from kerrigan.github.response import Json
from kerrigan.github.statements import editors
from kerrigan.model.forge.account import Account, account_of
from kerrigan.model.forge.facts import PullRequest, Review

_LONGEST_TITLE, _LONGEST_BODY = 256, 65_536
_MOST_FILES = 3_000
"""Files that GitHub lists of a pull request at most."""
_BEFORE = {"rate-limit", "token"}
"""Kinds of errors that are sure to have come before any effect."""
_DECISIVE = {"APPROVED": "approved", "CHANGES_REQUESTED": "changes_requested"}


def one(client: Client, slug: str, number: int) -> PullRequest | None:
    """A pull request by its number."""
    return client.find(f"{repository(slug)}/pulls/{number}", lambda raw: _pull_request(slug, raw))


def opened(client: Client, slug: str, branch: str = "") -> tuple[PullRequest, ...]:
    """The open ones by number, of one branch or of all."""
    # In the order of creation: one that is opened while we read comes last and moves no other to the next page.
    query = {"state": "open", "sort": "created", "direction": "asc"}
    if branch:
        query["head"] = f"{slug.partition('/')[0]}:{branch}"
    found = client.pages(f"{repository(slug)}/pulls", lambda raw: _pull_request(slug, raw), **query)
    # GitHub leaves the filter out where a repository was renamed, and then lists all.
    return tuple(sorted((p for p in found if branch in ("", p.branch)), key=lambda p: p.number))


def ensure(client: Client, slug: str, branch: str, base: str, title: str, body: str) -> PullRequest:
    """The open pull request of a branch, made when there is none.

    GitHub refuses a second one of the same branch, so after an answer that was lost a look says how it ended.
    """
    found = _delivering(client, slug, branch)
    if found:
        return found[0]
    wanted = {"title": title[:_LONGEST_TITLE], "body": body[:_LONGEST_BODY], "head": branch, "base": base}
    try:
        return client.post(f"{repository(slug)}/pulls", wanted, read=lambda raw: _pull_request(slug, raw))
    except UndecidedError as error:
        found = () if error.kind in _BEFORE else _delivering(client, slug, branch)
        if not found:
            raise
    except UnreadableError as error:
        found = _delivering(client, slug, branch) if "already exists" in error.message else ()
        if not found:
            raise _not_opened(slug, branch, base, error) from error
    return found[0]


def merged(client: Client, slug: str, branches: Collection[str]) -> Mapping[str, str]:
    """Which branches were merged into the default one by the pull requests closed last, and by what commit."""
    if not branches:
        return {}

    def read(raw: Json) -> dict[str, str]:
        found = [(_pull_request(slug, row), row["merge_commit_sha"]) for row in reversed(raw)]
        ours = [(p.branch, sha) for p, sha in found if p.merged and p.delivers and p.branch in branches]
        return {branch: commit_id(sha) for branch, sha in ours}

    path = f"{repository(slug)}/pulls"
    return client.get(path, read, state="closed", sort="updated", direction="desc", per_page=100)


def _delivering(client: Client, slug: str, branch: str) -> tuple[PullRequest, ...]:
    # One of the same branch to another base is not Kerrigan's: its merge brings nothing to the default branch.
    return tuple(p for p in opened(client, slug, branch) if p.delivers)


def _not_opened(slug: str, branch: str, base: str, error: UnreadableError) -> UnreadableError:
    if "No commits between" in error.message or "head invalid" in error.message:
        return UnreadableError(
            f"{slug} has nothing to merge: branch {branch[:80]!a} brings no commit to {base}",
            kind="no-commits",
            next_step=f"commit to the branch, then git push origin {branch}",
        )
    if "not permitted to create" in error.message:
        error.next_step = "allow it under Settings, Actions, Workflow permissions, or use an app's token"
    return error


def reviews(client: Client, slug: str, number: int) -> tuple[Review, ...]:
    """The last decisive review of each person. A dismissed one counts for nothing, and neither do those before it.

    Of one whose words someone else has changed, the words are left out: only its author says approved or not.
    """
    last: dict[str, tuple[Review, str]] = {}
    for review, node in client.pages(f"{repository(slug)}/pulls/{number}/reviews", _review):
        login = review.account.login
        if review.state == "DISMISSED":
            last.pop(login, None)
        elif login and review.state in _DECISIVE:
            last[login] = replace(review, state=_DECISIVE[review.state]), node
    by = editors(client, (node for review, node in last.values() if review.body))
    return tuple(
        review if by.get(node) in (None, login) else replace(review, body="") for login, (review, node) in last.items()
    )


def changed(client: Client, slug: str, number: int) -> tuple[str, ...]:
    """The paths of all files that a pull request changes. Raises UndecidedError where GitHub does not tell them all."""
    found = tuple(client.pages(f"{repository(slug)}/pulls/{number}/files", _names))
    if len(found) >= _MOST_FILES:
        raise UndecidedError(
            f"{slug}#{number} changes {_MOST_FILES} files or more, and GitHub tells no more of them",
            kind="too-much",
            next_step="split the pull request",
        )
    return tuple(dict.fromkeys(name for names in found for name in names))


def _names(raw: Json) -> tuple[str, ...]:
    before = raw.get("previous_filename")
    return (str(raw["filename"]), *([str(before)] if before else []))


def _review(raw: Json) -> tuple[Review, str]:
    state, head, body = str(raw["state"]), raw["commit_id"] or "", raw["body"] or ""
    return Review(_account(raw["user"]), state, head, body), raw["node_id"]


def _pull_request(slug: str, raw: Json) -> PullRequest:
    head, base = raw["head"], raw["base"]
    # By id: a repository that was renamed has another name than the one we asked for, and a deleted fork has none.
    own = head["repo"] is not None and head["repo"]["id"] == base["repo"]["id"]
    return PullRequest(
        repository=slug,
        number=int(raw["number"]),
        branch=str(head["ref"]) if own else "",
        head=str(head["sha"]),
        author=_login(raw["user"]),
        title=raw["title"] or "",
        merged=raw["merged_at"] is not None,
        open=raw["state"] == "open",
        labels=tuple(str(label["name"]) for label in raw["labels"]),
        body=raw["body"] or "",
        delivers=base["ref"] == base["repo"].get("default_branch", base["ref"]),
        by_member=own or raw.get("author_association") in MEMBERS,
        draft=raw.get("draft") is True,
    )


def _account(user: Json) -> Account:
    """The account, with an empty login for one that was deleted."""
    return account_of(_login(user), user.get("type") if user else None)


def _login(user: Json) -> str:
    """Empty for an account that was deleted."""
    return str(user["login"]) if user else ""
