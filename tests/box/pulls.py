"""Pull requests where git knows better than the emulator: heads, mergeability, merges, and whose a commit is."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.box.emulator import Emulator
from tests.box.messages import Json
from tests.box.repository import HEADS, Repository

METHODS = ("merge", "squash", "rebase")


@dataclass(frozen=True)
class Merge:
    """A merge that was made: what the API says of it, and the tips of the base branch around it."""

    shown: Json
    before: str
    after: str


class Pulls:
    """The pull requests of all repositories. The emulator freezes a head when it is opened, and knows no merges."""

    def __init__(self, repositories: Mapping[str, Repository], emulator: Emulator) -> None:
        self._repositories, self._emulator = repositories, emulator
        self._heads: dict[tuple[str, int], str] = {}
        self._merges: dict[tuple[str, int], Merge] = {}

    def get(self, slug: str, number: int) -> Json | None:
        """One pull request, with its mergeability."""
        answer = self._emulator.ask("GET", f"/repos/{slug}/pulls/{number}")
        if not answer.ok:
            return None
        shown: Json = self.fixed(answer.body)
        if shown["state"] == "open":
            base, head = self.tips(slug, shown)
            clean = self._repositories[slug].merged_tree(base, head) is not None
            shown |= {"mergeable": clean, "mergeable_state": "clean" if clean else "dirty"}
        return shown

    def open(self, slug: str) -> list[Json]:
        """The open ones."""
        rows: list[Json] = self.fixed(self._emulator.every(f"/repos/{slug}/pulls?state=open"))
        return rows

    def tips(self, slug: str, shown: Json) -> tuple[str, str]:
        """The tip of its base branch, and its head."""
        return self._repositories[slug].tip(shown["base"]["ref"]) or shown["base"]["sha"], shown["head"]["sha"]

    def fixed(self, value: Any) -> Any:
        """The same JSON, where every pull request in it has its true head and the merge that was made here."""
        if isinstance(value, list):
            return [self.fixed(item) for item in value]
        if not isinstance(value, dict):
            return value
        shown = {name: self.fixed(item) for name, item in value.items()}
        if isinstance(shown.get("head"), dict) and isinstance(shown.get("base"), dict) and "number" in shown:
            key = (shown["base"]["repo"]["full_name"], shown["number"])
            if key in self._merges:
                shown |= self._merges[key].shown
            elif shown["state"] == "open":
                self._heads[key] = self._repositories[key[0]].tip(shown["head"]["ref"]) or shown["head"]["sha"]
            shown["head"] = {**shown["head"], "sha": self._heads.get(key, shown["head"]["sha"])}
        return shown

    def test_merge(self, slug: str, shown: Json) -> str | None:
        """What workflows of an open pull request run on, also as refs/pull/N/merge; None on a conflict."""
        repo, (base, head) = self._repositories[slug], self.tips(slug, shown)
        tree = repo.merged_tree(base, head)
        if tree is None:
            return None
        sha = repo.commit(tree, [base, head], f"Merge {head} into {base}", "github")
        repo.set(f"refs/pull/{shown['number']}/merge", sha)
        return sha

    def merge(self, slug: str, shown: Json, method: str, message: str, login: str) -> str | None:
        """Move the base branch; its new tip comes back, None on a conflict. The caller holds the repository."""
        repo, (base, head) = self._repositories[slug], self.tips(slug, shown)
        tip = self._merged(repo, base, head, method, message, login)
        if tip is None:
            return None
        repo.set(HEADS + shown["base"]["ref"], tip)
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        state = {"state": "closed", "merged": True, "merged_at": now, "closed_at": now, "merge_commit_sha": tip}
        by = {"login": login, "type": "Bot" if login.endswith("[bot]") else "User"}
        self._merges[slug, shown["number"]] = Merge({**state, "merged_by": by}, base, tip)
        return tip

    def _merged(self, repo: Repository, base: str, head: str, method: str, message: str, login: str) -> str | None:
        if method == "rebase":
            return repo.rebased(base, head, login)
        tree = repo.merged_tree(base, head)
        parents = [base] if method == "squash" else [base, head]
        return tree and repo.commit(tree, parents, message, login)

    def with_commit(self, slug: str, sha: str) -> list[Json]:
        """The open and merged ones that a commit belongs to: as their own, or as what their merge brought."""
        rows = self.fixed(self._emulator.every(f"/repos/{slug}/pulls?state=all"))
        return [row for row in rows if self._has_commit(slug, row, sha)]

    def _has_commit(self, slug: str, shown: Json, sha: str) -> bool:
        repo, merge = self._repositories[slug], self._merges.get((slug, shown["number"]))
        if merge is None:
            base, head = self.tips(slug, shown)
            return shown["state"] == "open" and sha in repo.commits(head, "--not", base)
        spans = [(merge.after, merge.before), (shown["head"]["sha"], merge.before)]
        return any(sha in repo.commits(tip, "--not", before) for tip, before in spans)
