"""Issues of the local forge: one JSON file each, `issues/<number>.json`, beside the pull requests."""

import hashlib
from dataclasses import dataclass, replace

from kerrigan.errors import UnreadableError
from kerrigan.local.pull import Pull
from kerrigan.local.store import Store, damaged
from kerrigan.model.forge.issue import PREFIXES, Block, Close, Create, Edit, Issue, Relabel, Reopen, Rewrite


@dataclass(frozen=True, slots=True)
class LocalIssues:
    """The issues of the repository `slug`, in its store."""

    slug: str
    store: Store

    def all(self) -> tuple[Issue, ...]:
        """Every issue, open or closed, by number."""
        return tuple(issue for number in self.store.numbers("issues") if (issue := self.one(number)))

    def opened(self) -> tuple[Issue, ...]:
        """The open issues and pull requests, by number."""
        pulls = (Pull.read(self.store, number) for number in self.store.numbers("pulls"))
        waiting = [_as_issue(self.slug, pull) for pull in pulls if pull and not pull.merged_as]
        return tuple(sorted((*waiting, *(i for i in self.all() if i.open)), key=lambda issue: issue.number))

    def latest(self) -> int:
        """The highest number that an issue or pull request has; 0 where there are none."""
        return max(self.store.numbers("pulls") + self.store.numbers("issues"), default=0)

    def one(self, number: int) -> Issue | None:
        """An issue by its number. Raises UnreadableError for a file that is damaged."""
        raw = self.store.read(_file(number))
        if raw is None:
            return None
        try:
            issue = Issue(
                repository=self.slug,
                number=number,
                id=_id(self.slug, number),
                title=raw["title"],
                body=raw["body"],
                open=raw["open"],
                labels=tuple(raw["labels"]),
                author=raw["author"],
                blocked_by=frozenset(raw["blocked_by"]),
            )
        except (KeyError, TypeError) as error:
            raise damaged(self.store.folder / _file(number), error) from error
        if not all(isinstance(text, str) for text in (issue.title, issue.body, issue.author, *issue.labels)):
            raise damaged(self.store.folder / _file(number), "a title, body, author or label is no text")
        return issue

    def blockers(self, number: int) -> frozenset[int] | None:
        """The ids of the issues that it is blocked by."""
        found = self.one(number)
        return found.blocked_by if found else frozenset()

    def create(self, wanted: Create, author: str) -> Issue:
        """Open an issue; it takes its number from where pull requests take theirs."""
        with self.store.locked():
            number = self.latest() + 1
            issue = Issue(self.slug, number, _id(self.slug, number), wanted.title, wanted.body, True, wanted.labels)
            self._write(replace(issue, author=author, blocked_by=frozenset()), "")
        return issue

    def change(self, wanted: Edit, number: int) -> None:
        """Make it so."""
        with self.store.locked():
            issue = self.one(number)
            if issue is None:
                raise UnreadableError(
                    f"{self.slug} has no issue #{number}", kind="no-issue", next_step="kerrigan issues sync --dry-run"
                )
            reason = "reopened" if isinstance(wanted, Reopen) else wanted.reason if isinstance(wanted, Close) else None
            self._write(_changed(issue, wanted), reason if reason is not None else self._reason(number))

    def _reason(self, number: int) -> str:
        return str((self.store.read(_file(number)) or {}).get("state_reason", ""))

    def _write(self, issue: Issue, reason: str) -> None:
        kept = {
            "title": issue.title,
            "body": issue.body,
            "open": issue.open,
            "state_reason": reason,
            "labels": list(issue.labels),
            "author": issue.author,
            "blocked_by": sorted(issue.blocked_by or ()),
        }
        self.store.write(_file(issue.number), kept)


def _changed(issue: Issue, wanted: Edit) -> Issue:
    match wanted:
        case Rewrite():
            return replace(issue, body=wanted.body)
        case Close():
            return replace(issue, open=False)
        case Reopen():
            return replace(issue, open=True)
        case Relabel():
            kept = (label for label in issue.labels if not label.casefold().startswith(PREFIXES))
            return replace(issue, labels=tuple(dict.fromkeys((*kept, *wanted.labels))))
        case Block():
            return replace(issue, blocked_by=(issue.blocked_by or frozenset()) | {wanted.blocker or 0})


def _as_issue(slug: str, pull: Pull) -> Issue:
    """A pull request as GitHub lists it among the issues."""
    return Issue(
        slug, pull.number, _id(slug, pull.number), pull.title, pull.body, labels=pull.labels, author=pull.author
    )


def _id(slug: str, number: int) -> int:
    """The same on every machine, and another one in every repository, as on GitHub."""
    return int.from_bytes(hashlib.sha256(f"{slug}#{number}".encode()).digest()[:6])


def _file(number: int) -> str:
    return f"issues/{number}.json"
