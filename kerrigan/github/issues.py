"""The issues of one repository on GitHub: all read at once, and changed one by one."""

from collections.abc import Mapping
from dataclasses import dataclass

from kerrigan.errors import UnreadableError
from kerrigan.github import conversation
from kerrigan.github.address import repository
from kerrigan.github.client import Client
from kerrigan.github.response import Json, unread
from kerrigan.model.forge.account import account_of
from kerrigan.model.forge.issue import PREFIXES, Block, Close, Create, Edit, Issue, Relabel, Reopen, Rewrite


@dataclass(frozen=True, slots=True)
class GitHubIssues:
    """The issues of the repository `slug`."""

    client: Client
    slug: str

    def all(self) -> tuple[Issue, ...]:
        """Every issue, open or closed, by number. GitHub lists pull requests among them; those are left out."""
        # In the order of creation: one that is opened while we read comes last and moves no other to the next page.
        query = {"state": "all", "sort": "created", "direction": "asc"}
        found = self.client.pages(self._path, self._issue, **query)
        return tuple(sorted(filter(None, found), key=lambda issue: issue.number))

    def opened(self) -> tuple[Issue, ...]:
        """The open issues and pull requests, by number."""
        found = self.client.pages(self._path, self._own, state="open", sort="created", direction="asc")
        return tuple(sorted(found, key=lambda issue: issue.number))

    def latest(self) -> int:
        """The highest number that an issue or pull request has; 0 where there are none."""
        found = self.client.get(self._path, _numbers, state="all", sort="created", direction="desc", per_page=1)
        return max(found, default=0)

    def one(self, number: int) -> Issue | None:
        """An issue by its number; None for none, and for a pull request."""
        return self.client.find(f"{self._path}/{number}", self._issue)

    def blockers(self, number: int) -> frozenset[int] | None:
        """The ids of the issues that it is blocked by; None where this GitHub has no such thing."""
        path = f"{self._path}/{number}/dependencies/blocked_by"
        try:
            return frozenset(self.client.pages(path, lambda raw: int(raw["id"])))
        except UnreadableError as error:
            if error.kind == "not-found":
                return None
            raise

    def create(self, wanted: Create, author: str) -> Issue:
        """Open an issue. Its author is the account of the token."""
        conversation.check_labels(wanted.labels)
        body = {"title": wanted.title, "body": wanted.body, "labels": list(wanted.labels)}
        return self.client.post(self._path, body, read=self._own)

    def change(self, wanted: Edit, number: int) -> None:
        """Make it so."""
        match wanted:
            case Rewrite():
                self._edit(number, {"body": wanted.body})
            case Close():
                self._edit(number, {"state": "closed", "state_reason": wanted.reason})
            case Reopen():
                self._edit(number, {"state": "open"})
            case Relabel():
                conversation.set_labels(self.client, self.slug, number, wanted.labels, PREFIXES)
            case Block():
                path = f"{self._path}/{number}/dependencies/blocked_by"
                self.client.post(path, {"issue_id": wanted.blocker}, read=unread)

    @property
    def _path(self) -> str:
        return f"{repository(self.slug)}/issues"

    def _edit(self, number: int, fields: Mapping[str, str]) -> None:
        self.client.patch(f"{self._path}/{number}", fields)

    def _issue(self, raw: Json) -> Issue | None:
        return None if raw.get("pull_request") else self._own(raw)

    def _own(self, raw: Json) -> Issue:
        user = raw["user"] or {}
        return Issue(
            repository=self.slug,
            number=int(raw["number"]),
            id=int(raw["id"]),
            title=raw["title"] or "",
            body=raw["body"] or "",
            open=raw["state"] == "open",
            labels=tuple(str(each if isinstance(each, str) else each["name"]) for each in raw["labels"]),
            author=str(user.get("login") or ""),
            by_app=account_of(str(user.get("login") or ""), user.get("type")).is_app,
        )


def _numbers(raw: Json) -> list[int]:
    return [int(each["number"]) for each in raw]
