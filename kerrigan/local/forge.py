"""A forge made of directories: `<root>/<owner>/<name>.git`, with pull requests and statuses beside the commits."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kerrigan.errors import UndecidedError, UnreadableError
from kerrigan.git.repo import GitError, git
from kerrigan.local.store import Store
from kerrigan.model.facts import PullRequest
from kerrigan.model.project import Permission

_SLUG = re.compile(r"(?!\.{1,2}/)[\w.-]+/(?!\.{1,2}$)[\w.-]+")
_KEYS, _BYTES = 10, 65_535
GATE = "kerrigan/"
"""Statuses below this name are Kerrigan's own, and no check of the work."""


@dataclass(frozen=True, slots=True)
class LocalForge:
    """All repositories below `root`; `slug` is the one that the clone at hand came from."""

    root: Path
    slug: str

    @classmethod
    def at(cls, origin: Path) -> "LocalForge":
        """The forge that a repository's path is part of."""
        folder = origin.resolve()
        folder = folder.parent if folder.name == ".git" else folder
        return cls(folder.parent.parent, f"{folder.parent.name}/{folder.name.removesuffix('.git')}")

    def path(self, slug: str) -> Path:
        """The git directory of a repository."""
        if _SLUG.fullmatch(slug):
            for name in (f"{slug}.git", slug):
                folder = self.root / name
                if (folder / "HEAD").is_file():
                    return folder
                if (folder / ".git" / "HEAD").is_file():
                    return folder / ".git"
        raise UnreadableError(
            f"repository '{slug}' is not below {self.root}",
            kind="no-repository",
            next_step=f"put a bare clone of it at {self.root / 'OWNER' / 'NAME'}.git",
        )

    def url(self, slug: str) -> str:
        """The path that git fetches from and pushes to."""
        return str(self.path(slug))

    def store(self, slug: str) -> Store:
        """The files that the forge keeps for a repository."""
        return Store(self.path(slug) / "kerrigan")

    def permission(self, slug: str, login: str) -> Permission:
        """Whoever reaches the directory can push, and so is an admin; `people:` in kerrigan.yml can say less."""
        return Permission.admin

    def branch(self, slug: str, branch: str) -> tuple[str, int] | None:
        """The tip of a branch and how many of its commits the default branch lacks."""
        head = self._commit(slug, f"refs/heads/{branch}")
        if head is None:
            return None
        base = self._commit(slug, "HEAD")
        count = self._git(slug, "rev-list", "--count", head, *([f"^{base}"] if base else []))
        return head, int(count)

    def delivered(self, slug: str, head: str) -> str | None:
        """The commit of the default branch that brings `head`: itself, or the merge of its pull request."""
        for commit in (head, *self._merges(slug, head)):
            if self._reachable(slug, commit):
                return commit
        return None

    def checks(self, slug: str, sha: str) -> str | None:
        """The verdict over all statuses of a commit but Kerrigan's own; None when nobody reported any."""
        reported = self.store(slug).read(f"statuses/{_hex(sha)}.json") or {}
        states = {entry["state"] for context, entry in reported.items() if not context.startswith(GATE)}
        if not states:
            return None
        if states & {"failure", "error"}:
            return "failure"
        return "pending" if "pending" in states else "success"

    def pull_request(self, slug: str, number: int) -> PullRequest | None:
        """One pull request."""
        raw = self.store(slug).read(f"pulls/{number}.json")
        return self._pull_request(slug, raw) if raw else None

    def pull_requests(self, slug: str) -> tuple[PullRequest, ...]:
        """The open ones, by number."""
        found = (self.pull_request(slug, number) for number in self.store(slug).numbers("pulls"))
        return tuple(p for p in found if p and p.open)

    def open_pull_request(self, slug: str, branch: str, title: str, body: str, author: str) -> PullRequest:
        """The open pull request of a branch, made when there is none."""
        store = self.store(slug)
        with store.locked():
            for pull_request in self.pull_requests(slug):
                if pull_request.branch == branch:
                    return pull_request
            number = max(store.numbers("pulls"), default=0) + 1
            raw = {"number": number, "branch": branch, "title": title, "body": body, "author": author, "labels": []}
            store.write(f"pulls/{number}.json", raw)
        return self._pull_request(slug, raw)

    def set_labels(self, slug: str, number: int, labels: tuple[str, ...], prefixes: tuple[str, ...]) -> bool:
        """Make the labels under these prefixes exactly these; says whether anything had to change."""
        store, name = self.store(slug), f"pulls/{number}.json"
        with store.locked():
            raw = store.read(name)
            if raw is None:
                return False
            wanted = [label for label in raw["labels"] if not label.startswith(prefixes)] + list(labels)
            if sorted(wanted) == sorted(raw["labels"]):
                return False
            store.write(name, raw | {"labels": wanted})
        return True

    def set_status(self, slug: str, sha: str, context: str, state: str, description: str) -> bool:
        """Make a commit's status so; says whether anything had to change."""
        store, name = self.store(slug), f"statuses/{_hex(sha)}.json"
        with store.locked():
            reported = store.read(name) or {}
            entry = {"state": state, "description": description}
            if reported.get(context) == entry:
                return False
            store.write(name, reported | {context: entry})
        return True

    def dispatch(self, slug: str, kind: str, payload: Mapping[str, Any]) -> None:
        """Lay the webhook of a repository_dispatch down for the receiver, within GitHub's limits."""
        if len(payload) > _KEYS or not 0 < len(kind) <= 100 or len(json.dumps(payload).encode()) > _BYTES:
            raise UndecidedError(
                f"a dispatch of {len(payload)} keys to {slug} is beyond what a forge takes",
                kind="dispatch-payload",
                next_step="report this: the payload is Kerrigan's own",
            )
        store = self.store(slug)
        with store.locked():
            numbers = store.numbers("dispatches") + store.numbers("dispatches/delivered")
            event = {
                "action": kind,
                "branch": self.default_branch(slug),
                "client_payload": dict(payload),
                "repository": {"full_name": slug, "default_branch": self.default_branch(slug)},
                "sender": {"login": "kerrigan", "type": "Bot"},
            }
            store.write(f"dispatches/{max(numbers, default=0) + 1}.json", event)

    def deliveries(self, slug: str) -> tuple[Path, ...]:
        """The payload files that wait for a receiver, oldest first."""
        store = self.store(slug)
        return tuple(store.folder / "dispatches" / f"{number}.json" for number in store.numbers("dispatches"))

    def take(self, delivery: Path) -> Path:
        """Mark a payload as delivered; returns where it lies now."""
        done = delivery.parent / "delivered" / delivery.name
        done.parent.mkdir(exist_ok=True)
        return delivery.rename(done)

    def default_branch(self, slug: str) -> str:
        """The branch that HEAD names."""
        return self._git(slug, "symbolic-ref", "--short", "HEAD")

    def _pull_request(self, slug: str, raw: Mapping[str, Any]) -> PullRequest:
        merge = raw.get("merged_as")
        head = raw.get("head") if merge else self._commit(slug, f"refs/heads/{raw['branch']}") or raw.get("head")
        merged = bool(merge) or (head is not None and self._reachable(slug, head))
        return PullRequest(
            repository=slug,
            number=raw["number"],
            branch=raw["branch"],
            head=head or "",
            author=raw["author"],
            title=raw["title"],
            merged=merged,
            open=not merged and head is not None,
            labels=tuple(raw["labels"]),
        )

    def _merges(self, slug: str, head: str) -> tuple[str, ...]:
        store = self.store(slug)
        found = (store.read(f"pulls/{number}.json") or {} for number in store.numbers("pulls"))
        return tuple(raw["merged_as"] for raw in found if raw.get("merged_as") and raw.get("head") == head)

    def _commit(self, slug: str, ref: str) -> str | None:
        try:
            return self._git(slug, "rev-parse", "-q", "--verify", f"{ref}^{{commit}}")
        except GitError:
            return None

    def _reachable(self, slug: str, commit: str) -> bool:
        try:
            self._git(slug, "merge-base", "--is-ancestor", _hex(commit), "HEAD")
        except GitError:
            return False
        return True

    def _git(self, slug: str, *words: str) -> str:
        return git(*words, cwd=self.path(slug))


def _hex(sha: str) -> str:
    if not re.fullmatch(r"[0-9a-f]{40,64}", sha):
        raise UnreadableError(f"'{sha[:80]}' is no commit id", kind="commit", next_step="name a full commit id")
    return sha
