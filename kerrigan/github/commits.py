"""What GitHub says of commits: what the default branch lacks of them, what was reported of them."""

import re
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from kerrigan.errors import UndecidedError
from kerrigan.github.address import branch_ref, commit_id, part, repository
from kerrigan.github.client import Client
from kerrigan.github.response import Json, unread
from kerrigan.model.forge.account import Account, account_of
from kerrigan.model.forge.facts import Commit

_BEGINNING = re.compile("[0-9a-f]{7,64}")

KERRIGAN = "kerrigan"
"""Checks and statuses whose name begins so, in upper or lower case, are Kerrigan's own: no check of the work."""

ACTIONS = "github-actions"
"""The app whose suites are runs of workflows."""

DESCRIPTION = 140
"""As many characters of a status' description as GitHub takes."""

NO_ONE = Account("")
"""The author of commits whom GitHub does not name."""

_PASSED = {"success": "success", "neutral": "success", "skipped": "skipped"}
_STATES = {"success": "success", "pending": "pending"}


class Report(NamedTuple):
    """One check run or status of a commit: `state` is success, skipped, failure or pending, `suite` its suite's id."""

    name: str
    state: str
    suite: int = 0


class Status(NamedTuple):
    """The latest status of a context."""

    context: str
    state: str
    description: str


class Merge(NamedTuple):
    """A merged pull request: the tip that it had, and the commit that brought it to its base branch."""

    head: str
    commit: str


def tip(client: Client, slug: str, branch: str) -> str | None:
    """The commit at the tip of a branch."""
    path = f"{repository(slug)}/git/ref/{branch_ref(branch)}"
    return client.find(path, lambda raw: commit_id(raw["object"]["sha"]))


def files(client: Client, slug: str, commit: str) -> frozenset[str]:
    """The paths of all files of a commit. Raises UndecidedError where GitHub does not list them all."""

    def listed(raw: Json) -> tuple[bool, frozenset[str]]:
        return bool(raw["truncated"]), frozenset(str(row["path"]) for row in raw["tree"] if row["type"] == "blob")

    is_cut, found = client.get(f"{repository(slug)}/git/trees/{commit_id(commit)}", listed, recursive="1")
    if is_cut:
        raise UndecidedError(
            f"{slug} has more files than GitHub lists at once",
            kind="too-much",
            next_step="force the hand-off, with a reason",
        )
    return found


def lacking(client: Client, slug: str, base: str, head: str) -> int | None:
    """How many commits behind `head` are not behind `base`; None where one is unknown or they share nothing."""
    path = f"{repository(slug)}/compare/{part(f'{base}...{head}')}"
    return client.find(path, lambda raw: int(raw["ahead_by"]), per_page=1)


def made(client: Client, slug: str, base: str, head: str) -> Mapping[str, str]:
    """Each file that `head` changed since it left `base`, with git's id of it; empty where removed.

    GitHub lists 300 of them.
    """

    def listed(raw: Json) -> Mapping[str, str]:
        rows = raw.get("files") or []
        moved = {str(row["previous_filename"]): "" for row in rows if row["status"] == "renamed"}
        return moved | {str(row["filename"]): "" if row["status"] == "removed" else str(row["sha"]) for row in rows}

    path = f"{repository(slug)}/compare/{part(f'{base}...{commit_id(head)}')}"
    return client.find(path, listed, per_page=1) or {}


def authors(client: Client, slug: str, base: str, head: str, since: str | None) -> tuple[Account, ...]:
    """The accounts of the authors of the commits that `head` has and neither `base` nor `since` has, each once.

    An account without a login stands for an address that is no account's, and for commits that GitHub does not list.
    """
    rows, are_all = _new(client, slug, base, head)
    if since is not None:
        after, are_all_after = _new(client, slug, since, head)
        ids, are_all = {row["sha"] for row in after}, are_all and are_all_after
        rows = [row for row in rows if row["sha"] in ids]
    found = (account_of(str(who.get("login") or ""), who.get("type")) for who in (row["author"] or {} for row in rows))
    return tuple(dict.fromkeys((*found, *(() if are_all else (NO_ONE,)))))


def _new(client: Client, slug: str, base: str, head: str) -> tuple[list[Json], bool]:
    """The commits behind `head` and not behind `base`, and whether GitHub lists them all: of 250 at most."""
    path = f"{repository(slug)}/compare/{part(f'{base}...{commit_id(head)}')}"
    found = client.find(path, lambda raw: (list(raw["commits"]), int(raw["total_commits"])))
    rows, total = found or ([], 1)
    return rows, len(rows) >= total


def delivered(client: Client, slug: str, default: str, head: str) -> str | None:
    """The commit of the default branch that brings `head`: the merge of a pull request that had it, or itself."""
    is_there = lacking(client, slug, default, commit_id(head)) == 0
    for merge in _merges(client, slug, head):
        # GitHub lists a commit's pull requests; one that was pushed over is not part of what was merged.
        had = merge.head == head or lacking(client, slug, merge.head, head) == 0
        if had and lacking(client, slug, default, merge.commit) == 0:
            return merge.commit
    return head if is_there else None


def recent(client: Client, slug: str, default: str) -> tuple[Commit, ...]:
    """The last hundred commits of the default branch, the newest first; none where it has none."""

    def listed(raw: Json) -> tuple[Commit, ...]:
        return tuple(Commit(commit_id(row["sha"]), str(row["commit"]["message"])) for row in raw)

    return client.find(f"{repository(slug)}/commits", listed, sha=default, per_page=100) or ()


def on_default(client: Client, slug: str, default: str, commit: str) -> str | None:
    """The full id of a commit, by its id or the beginning of it, if the default branch holds it; else None."""
    if not _BEGINNING.fullmatch(commit):
        return None
    path = f"{repository(slug)}/compare/{part(f'{default}...{commit}')}"

    def found(raw: Json) -> str | None:
        # The base of what is contained is that commit itself.
        return commit_id(raw["merge_base_commit"]["sha"]) if raw["ahead_by"] == 0 else None

    return client.find(path, found, per_page=1)


def _merges(client: Client, slug: str, head: str) -> list[Merge]:
    def merged(raw: Json) -> list[Merge]:
        return [Merge(pull["head"]["sha"], commit_id(pull["merge_commit_sha"])) for pull in raw if pull["merged_at"]]

    return client.find(f"{repository(slug)}/commits/{head}/pulls", merged, per_page=100) or []


def verdict(client: Client, slug: str, sha: str, names: tuple[str, ...]) -> str | None:
    """`success`, `failure` or `pending` over the named checks and statuses, or over all that are not Kerrigan's.

    A check that was skipped passes where it was named; where no one said what counts, it has tested nothing.
    """
    reports = [*_check_runs(client, slug, commit_id(sha)), *(_report(status) for status in statuses(client, slug, sha))]
    if names:
        wanted = {name.casefold() for name in names}
        missing = wanted - {report.name.casefold() for report in reports}
        states = {report.state for report in reports if report.name.casefold() in wanted}
        passed = {"success"} if "skipped" in states else set()
        return _over(states | passed | ({"pending"} if missing else set()))
    found = _over(report.state for report in reports if not _is_own(report))
    own = frozenset(report.suite for report in reports if _is_own(report))
    return "pending" if found == "success" and _is_running(client, slug, sha, own) else found


def _is_own(report: Report) -> bool:
    return report.name.casefold().startswith(KERRIGAN)


def _is_running(client: Client, slug: str, sha: str, own: Collection[int]) -> bool:
    """Whether a suite of checks of a commit is not completed: jobs that wait for others have no check run yet.

    Kerrigan's own do not count. Nor does one that has no check run at all, unless it is of Actions: GitHub makes such a
    suite for every app that may write checks, and most never do.
    """

    def runs(raw: Json) -> bool:
        has_runs = raw["latest_check_runs_count"] > 0 or (raw["app"] or {}).get("slug") == ACTIONS
        return raw["status"] != "completed" and has_runs and raw["id"] not in own

    path = f"{repository(slug)}/commits/{sha}/check-suites"
    return any(client.pages(path, runs, key="check_suites"))


def _over(states: Iterable[str]) -> str | None:
    found = set(states)
    return next((state for state in ("failure", "pending", "success") if state in found), None)


def _check_runs(client: Client, slug: str, sha: str) -> Iterable[Report]:
    path = f"{repository(slug)}/commits/{sha}/check-runs"
    return client.pages(path, _run, key="check_runs", filter="latest")


def _run(raw: Json) -> Report:
    suite = int((raw.get("check_suite") or {}).get("id") or 0)
    if raw["status"] != "completed" or raw["conclusion"] is None:
        return Report(str(raw["name"]), "pending", suite)
    return Report(str(raw["name"]), _PASSED.get(raw["conclusion"], "failure"), suite)


def _report(status: Status) -> Report:
    return Report(status.context, _STATES.get(status.state, "failure"))


def statuses(client: Client, slug: str, sha: str) -> Iterable[Status]:
    """The latest status of each context of a commit."""
    path = f"{repository(slug)}/commits/{commit_id(sha)}/status"
    return client.pages(path, _status, key="statuses")


def _status(raw: Json) -> Status:
    return Status(str(raw["context"]), str(raw["state"]), raw["description"] or "")


def set_status(client: Client, slug: str, sha: str, wanted: Status) -> bool:
    """Make the latest status of a context so, in one read and at most one write."""
    wanted = wanted._replace(description=_cut(wanted.description))
    context = wanted.context.casefold()
    standing = next((s for s in statuses(client, slug, sha) if s.context.casefold() == context), None)
    if standing and standing[1:] == wanted[1:]:
        return False
    client.post(f"{repository(slug)}/statuses/{sha}", wanted._asdict(), read=unread)
    return True


def _cut(text: str) -> str:
    return text if len(text) <= DESCRIPTION else f"{text[: DESCRIPTION - 1]}…"
