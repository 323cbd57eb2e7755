"""A forge made of directories: `<root>/<owner>/<name>.git`, with pull requests and statuses beside the commits."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

from kerrigan.errors import UnreadableError
from kerrigan.local import contents
from kerrigan.local.branches import Branches
from kerrigan.local.deliveries import lay_down, waiting
from kerrigan.local.issues import LocalIssues
from kerrigan.local.pull import Pull
from kerrigan.local.statuses import status_file, statuses, verdict
from kerrigan.local.store import Store
from kerrigan.model.checks.siblings import Entry
from kerrigan.model.forge.account import Account, Proof
from kerrigan.model.forge.facts import Commit, PullRequest, Review, Statement
from kerrigan.model.forge.health import Examination, Examined
from kerrigan.model.project import Permission
from kerrigan.model.visibility import Visibility

_PART = "[A-Za-z0-9_][A-Za-z0-9_.-]{0,199}"
_SLUG = re.compile(f"{_PART}/{_PART}")
_UNFIT = re.compile("[^A-Za-z0-9_.-]+")

"""Statuses below this name are Kerrigan's own, and no check of the work."""


@dataclass(frozen=True, slots=True)
class LocalForge:
    """All repositories below `root`; `slug` is the one that the clone at hand came from, `origin` where that lies."""

    authenticates: ClassVar[bool] = False

    root: Path
    slug: str
    origin: Path | None = None

    @classmethod
    def at(cls, origin: Path) -> "LocalForge":
        """The forge that a repository's path is part of: its folder's folder is the owner's."""
        folder = origin.resolve()
        folder = folder.parent if folder.name == ".git" else folder
        slug = f"{_fit(folder.parent.name)}/{_fit(folder.name.removesuffix('.git'))}"
        return cls(folder.parent.parent, slug, folder)

    def path(self, slug: str) -> Path:
        """The git directory of a repository, bare or inside of a work tree. Raises UnreadableError for none."""
        if not _SLUG.fullmatch(slug):
            raise UnreadableError(
                f"{slug[:80]!a} is no repository: expected owner/name",
                kind="no-repository",
                next_step="correct its address under 'repositories' in spec.md",
            )
        own = [self.origin] if self.origin and slug == self.slug else []
        places = [*own, self.root / f"{slug}.git", self.root / slug]
        for folder in (folder for place in places for folder in (place / ".git", place)):
            if _is_repository(folder):
                return folder
        raise UnreadableError(
            f"there is no git repository at {places[0]}",
            kind="no-repository",
            next_step=f"git init --bare -b main {places[0]}, or correct the address of {slug}",
        )

    def url(self, slug: str) -> str:
        """The path that git fetches from and pushes to."""
        return str(self.path(slug))

    def store(self, slug: str) -> Store:
        """The files that the forge keeps for a repository."""
        return Store(self.path(slug) / "kerrigan")

    def branches(self, slug: str) -> Branches:
        """The repository's branches as they are now."""
        return Branches.of(self.path(slug))

    def visibility(self, slug: str) -> Visibility:
        """Private, as all of them are: who reaches one directory reaches the others."""
        return Visibility.private

    def permission(self, slug: str, login: str) -> Permission:
        """Anyone who reaches the directory can push, and so is an admin; `people:` in kerrigan.yml can say less."""
        return Permission.admin

    def branch(self, slug: str, branch: str) -> tuple[str, int] | None:
        """The tip of a branch and how many of its commits the default branch lacks; None when there is none."""
        branches = self.branches(slug)
        head = branches.tips.get(branch)
        return (head, branches.ahead(head)) if head else None

    def made(self, slug: str, head: str) -> Mapping[str, str]:
        """Each file that `head` changed since it left the default branch, with git's id of it; empty where removed."""
        return self.branches(slug).made(head)

    def files(self, slug: str, branch: str) -> frozenset[str]:
        """The paths of all files on a branch; of the default branch where there is none of this name."""
        return self.branches(slug).files(branch)

    def tip(self, slug: str) -> str | None:
        """The commit at the tip of the default branch; None where there is none yet."""
        return self.branches(slug).base

    def entry(self, slug: str, commit: str, path: str) -> Entry | None:
        """What a commit has at a path; None for nothing."""
        return contents.entry(self.path(slug), commit, path)

    def authors(self, slug: str, head: str, since: str | None) -> tuple[Account, ...]:
        """The names of the authors of the commits that `head` has and neither the default branch nor `since` has."""
        names = self.branches(slug).authors(head, since)
        return tuple(Account(name, proof=Proof.none) for name in names)

    def delivered(self, slug: str, head: str) -> str | None:
        """The commit of the default branch that brings `head`: its merge, itself, its squash or rebase."""
        branches = self.branches(slug)
        if found := branches.delivered(head):
            return found
        merges = (pull.merged_as for pull in self._pulls(slug) if pull.head == head and pull.merged_as)
        return next((commit for commit in merges if branches.contains(commit)), None)

    def on_default(self, slug: str, commit: str) -> str | None:
        """The full id of a commit, by its id or the beginning of it, if the default branch holds it; else None."""
        return self.branches(slug).resolve(commit)

    def recent(self, slug: str) -> tuple[Commit, ...]:
        """The last thousand commits of the default branch, the newest first."""
        return self.branches(slug).recent()

    def merges(self, slug: str, heads: Mapping[str, str | None]) -> Mapping[str, str]:
        """Which of these branches were merged into the default branch, and the commit that brought each."""
        return self.branches(slug).merges(heads)

    def account(self) -> None:
        """No one's: a directory knows no accounts, and what is written into it bears no name."""

    def checks(self, slug: str, sha: str, names: tuple[str, ...] = ()) -> str | None:
        """The verdict over the statuses of a commit: those named, or all but Kerrigan's own; None when none."""
        return verdict(statuses(self.store(slug), sha), names)

    def reviews(self, slug: str, number: int) -> tuple[Review, ...]:
        """None: anyone who reviews here says so by `kerrigan task approve`."""
        return ()

    def comment(self, slug: str, comment: int, told: Statement) -> Statement:
        """What was told: comments are nowhere but in the event that someone hands over."""
        return told

    def review(self, slug: str, number: int, review: int, told: Statement) -> Statement:
        """What was told, too."""
        return told

    def has_ended(self, slug: str, run: str) -> bool:
        """Never: there are no workflow runs here."""
        return False

    def tell(self, slug: str, number: int, marker: str, body: str) -> bool:
        """Make the one comment of a pull request that bears `marker` say this."""
        store = self.store(slug)
        with store.locked():
            record = Pull.read(store, number)
            if record is None:
                raise no_pull_request(slug, number)
            comments = dict(record.comments) | {marker: body}
            changed = comments != record.comments
            if changed:
                replace(record, comments=comments).write(store)
        return changed

    def react(self, slug: str, comment: int, reaction: str) -> None:
        """Nothing: comments of people come from GitHub only."""

    def pull(self, slug: str, number: int) -> Pull | None:
        """The record of a pull request, as the branches have made it."""
        record = Pull.read(self.store(slug), number)
        return record.seen(self.branches(slug)) if record else None

    def pull_request(self, slug: str, number: int) -> PullRequest | None:
        """One pull request."""
        record = Pull.read(self.store(slug), number)
        branches = self.branches(slug)
        return record.seen(branches).public(slug, branches) if record else None

    def changed(self, slug: str, number: int) -> tuple[str, ...]:
        """The paths of all files that a pull request changes, both names of a renamed one."""
        found = self.pull_request(slug, number)
        return self.branches(slug).changed(found.head) if found else ()

    def pull_requests(self, slug: str) -> tuple[PullRequest, ...]:
        """The open ones, by number."""
        branches = self.branches(slug)
        found = (pull.seen(branches).public(slug, branches) for pull in self._pulls(slug) if not pull.merged_as)
        return tuple(p for p in found if p.open)

    def open_pull_request(self, slug: str, branch: str, title: str, body: str, author: str) -> PullRequest:
        """The open pull request of a branch, made when there is none.

        Raises UnreadableError for a branch that brings nothing, as GitHub does.
        """
        store = self.store(slug)
        with store.locked():
            branches = self.branches(slug)
            for found in self.pull_requests(slug):
                if found.branch == branch:
                    return found
            head = branches.tips.get(branch)
            if head is None or not branches.ahead(head):
                raise UnreadableError(
                    f"{slug} has nothing to merge: branch {branch[:80]!a} brings no commit to {branches.default}",
                    kind="no-commits",
                    next_step=f"commit to the branch, then git push origin {branch}",
                )
            number = self.issues_of(slug).latest() + 1
            pull = Pull(number, branch, author, title, body, branches.fork_point(head), head)
            pull.write(store)
        return pull.public(slug, branches)

    def issues_of(self, slug: str) -> LocalIssues:
        """The issues of a repository."""
        return LocalIssues(slug, self.store(slug))

    def set_labels(self, slug: str, number: int, labels: tuple[str, ...], prefixes: tuple[str, ...]) -> bool:
        """Make the labels under these prefixes exactly these; says whether anything had to change."""
        store = self.store(slug)
        with store.locked():
            record = Pull.read(store, number)
            if record is None:
                raise no_pull_request(slug, number)
            kept = (label for label in record.labels if not label.casefold().startswith(prefixes))
            wanted = tuple(dict.fromkeys((*kept, *labels)))
            changed = set(wanted) != set(record.labels)
            # Not only for the labels: this is where the newest head and a merge by hand are noted for good.
            fresh = replace(record.seen(self.branches(slug)), labels=wanted if changed else record.labels)
            if fresh != record:
                fresh.write(store)
        return changed

    def set_status(self, slug: str, sha: str, context: str, state: str, description: str) -> bool:
        """Make a commit's status so; says whether anything had to change."""
        store = self.store(slug)
        with store.locked():
            reported = statuses(store, sha)
            entry = {"state": state, "description": description}
            if reported.get(context) == entry:
                return False
            store.write(status_file(sha), {**reported, context: entry})
        return True

    def dispatch(self, slug: str, kind: str, payload: Mapping[str, Any]) -> None:
        """Lay the webhook of a repository_dispatch down for the receiver, within GitHub's limits."""
        lay_down(self.store(slug), slug, self.branches(slug).default, kind, payload)

    def deliveries(self, slug: str) -> tuple[Path, ...]:
        """The payload files that wait for a receiver, oldest first."""
        return waiting(self.store(slug))

    def rules(self, slug: str, branch: str) -> frozenset[str] | None:
        """None: directories have no rules."""
        return None

    def examine(self, slugs: Sequence[str]) -> Examination:
        """Whether each one is there: directories have no tokens, rules and workflows."""
        return Examination(None, tuple(self._examined(slug) for slug in slugs))

    def _examined(self, slug: str) -> Examined:
        try:
            self.path(slug)
        except UnreadableError as error:
            return Examined(slug, False, error.message)
        return Examined(slug, True, name=slug)

    def _pulls(self, slug: str) -> tuple[Pull, ...]:
        store = self.store(slug)
        return tuple(pull for number in store.numbers("pulls") if (pull := Pull.read(store, number)))


def no_pull_request(slug: str, number: int) -> UnreadableError:
    """The error for a pull request that is not there, or not open."""
    return UnreadableError(
        f"{slug} has no open pull request #{number}",
        kind="no-pull-request",
        next_step="kerrigan status lists the open ones",
    )


def _fit(name: str) -> str:
    return _UNFIT.sub("-", name).lstrip(".-")[:100] or "local"


def _is_repository(folder: Path) -> bool:
    try:
        return (folder / "HEAD").is_file()
    except OSError:
        return False
