"""One bare repository of the box: what git answers about it, and commits made without a work tree."""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from threading import RLock
from typing import Any

from tests.box.commands import CommandError, git, git_agrees, git_bytes

NOBODY = "0" * 40
"""The commit of a branch that is not there, in events."""
HEADS = "refs/heads/"
SETTINGS = {
    "http.receivepack": "true",
    "uploadpack.allowAnySHA1InWant": "true",
    "uploadpack.allowFilter": "true",
    "receive.denyDeleteCurrent": "refuse",
    "gc.auto": "0",
}


class Repository:
    """A bare repository. Anyone who moves its branches holds `lock` until the emulator knows it too."""

    def __init__(self, slug: str, path: Path) -> None:
        self.slug = slug
        self.owner, self.name = slug.split("/")
        self.path = path
        self.lock = RLock()

    def create(self) -> None:
        """Make it, empty."""
        self.path.mkdir(parents=True)
        git("init", "-q", "--bare", "-b", "main", at=self.path)
        for name, value in SETTINGS.items():
            git("config", name, value, at=self.path)

    def heads(self) -> dict[str, str]:
        """Branches, as full references, and their tips."""
        said = git("for-each-ref", "--format=%(refname) %(objectname)", HEADS, at=self.path)
        return dict(line.split() for line in said.splitlines())

    def tip(self, branch: str) -> str | None:
        """The tip of a branch."""
        return self.commit_of(HEADS + branch)

    def commit_of(self, name: str) -> str | None:
        """The commit that a name means."""
        try:
            return git("rev-parse", "-q", "--verify", "--end-of-options", name + "^{commit}", at=self.path)
        except CommandError:
            return None

    def has(self, sha: str) -> bool:
        """Whether an object is there."""
        return git_agrees("cat-file", "-e", sha, at=self.path)

    def file(self, path: str, ref: str) -> str | None:
        """The text of a file; None when it is not there."""
        try:
            return git_bytes("show", f"{ref}:{path}", at=self.path).decode()
        except CommandError:
            return None

    def listed(self, folder: str, ref: str) -> list[str]:
        """The paths directly below a folder."""
        return git("ls-tree", "--name-only", ref, folder.rstrip("/") + "/", at=self.path).splitlines()

    def changed(self, before: str, after: str) -> list[str]:
        """The paths that differ; against nothing, what the commit `after` itself changed."""
        if before == NOBODY:
            return git("diff-tree", "--root", "--no-commit-id", "--name-only", "-r", after, at=self.path).splitlines()
        return git("diff", "--name-only", before, after, at=self.path).splitlines()

    def merge_base(self, one: str, other: str) -> str:
        """The commit that two lines of history share. Raises CommandError."""
        return git("merge-base", one, other, at=self.path)

    def commits(self, *span: str) -> list[str]:
        """The commits of a span in git's words, oldest first."""
        return git("rev-list", "--reverse", "--topo-order", *span, at=self.path).splitlines()

    def described(self, *span: str) -> list[dict[str, Any]]:
        """The commits of a span as a push event describes them, oldest first."""
        said = git("log", "--reverse", "--format=%H%x00%B%x00%an%x00%ae%x00%cI%x01", *span, at=self.path)
        rows = [row.strip("\n").split("\0") for row in said.split("\1") if row.strip("\n")]
        return [
            {
                "id": row[0],
                "message": row[1].rstrip("\n"),
                "author": {"name": row[2], "email": row[3]},
                "timestamp": row[4],
            }
            for row in rows
        ]

    def contains(self, tip: str, sha: str) -> bool:
        """Whether a commit is reachable from a tip."""
        return git_agrees("merge-base", "--is-ancestor", sha, tip, at=self.path)

    def is_reference(self, name: str) -> bool:
        """Whether git would take this for the name of a reference."""
        return git_agrees("check-ref-format", name, at=self.path)

    def set(self, ref: str, sha: str) -> None:
        """Point a reference at a commit."""
        git("update-ref", ref, sha, at=self.path)

    def remove(self, ref: str) -> None:
        """Let a reference go."""
        git("update-ref", "-d", ref, at=self.path)

    def store(self, kind: str, content: bytes) -> str:
        """Write an object; its id comes back."""
        return git("hash-object", "-t", kind, "-w", "--stdin", "--literally", at=self.path, stdin=content)

    def merged_tree(self, base: str, head: str) -> str | None:
        """The tree of a merge; None on a conflict."""
        try:
            return git("merge-tree", "--write-tree", base, head, at=self.path).splitlines()[0]
        except CommandError:
            return None

    def commit(self, tree: str, parents: list[str], message: str, login: str) -> str:
        """Write a commit; its id comes back."""
        words = [word for parent in parents for word in ("-p", parent)]
        return git("commit-tree", tree, *words, "-m", message, at=self.path, env=identity(login))

    def rebased(self, base: str, head: str, login: str) -> str | None:
        """The tip of the head's own commits laid on the base; None on a conflict."""
        with tempfile.TemporaryDirectory() as folder:
            at = Path(folder)
            git("clone", "-q", "--shared", "--no-checkout", str(self.path), ".", at=at)
            git("checkout", "-q", "--detach", head, at=at)
            if not git_agrees("rebase", "-q", "--force-rebase", base, at=at, env=identity(login, "COMMITTER")):
                return None
            tip = git("rev-parse", "HEAD", at=at)
            git("fetch", "-q", folder, tip, at=self.path)
            return tip


def identity(login: str, *roles: str) -> Mapping[str, str]:
    """Who a commit is by, as git's environment has it."""
    who = {"NAME": login, "EMAIL": f"{login}@users.noreply.github.com"}
    return {f"GIT_{role}_{key}": value for role in roles or ("AUTHOR", "COMMITTER") for key, value in who.items()}
