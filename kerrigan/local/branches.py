"""What git says of one repository of the local forge: its branches at one moment, and what the default one holds."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kerrigan.errors import UndecidedError, UnreadableError
from kerrigan.git.repo import GitError, git
from kerrigan.local.squash import brought_as
from kerrigan.model.forge.facts import Commit

_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
LINE, RECENT = 5_000, 1_000
"""As many commits of the default branch are looked through: of its own line, and for reverts."""

_NO = 1
"""The exit code by which git answers no; any higher one means that it could not look."""


@dataclass(frozen=True, slots=True)
class Branches:
    """The tips by branch name. `default` is HEAD's branch, else main or master; `merged` are the tips it holds."""

    folder: Path
    tips: Mapping[str, str]
    default: str
    merged: frozenset[str]

    @classmethod
    def of(cls, folder: Path) -> "Branches":
        """Look now: two processes, whatever the number of branches."""
        listed = ask(folder, "for-each-ref", "--format=%(objectname) %(HEAD)%(refname:lstrip=2)", "refs/heads")
        # Not splitlines: a branch's name may hold characters that Unicode counts as line ends.
        marked = {name: tip for tip, _, name in (line.partition(" ") for line in listed.split("\n") if line)}
        tips = {name[1:]: tip for name, tip in marked.items()}
        likely = [name[1:] for name in marked if name.startswith("*")] + [b for b in ("main", "master") if b in tips]
        default = likely[0] if likely else "main"
        base = tips.get(default)
        merged = ask(folder, "for-each-ref", "--format=%(objectname)", f"--merged={base}", "refs/heads") if base else ""
        return cls(folder, tips, default, frozenset(merged.split()))

    @property
    def base(self) -> str | None:
        """The tip of the default branch; None in a repository without commits."""
        return self.tips.get(self.default)

    def ahead(self, commit: str) -> int:
        """How many commits the default branch lacks of those behind this one."""
        return int(ask(self.folder, "rev-list", "--count", commit, *([f"^{self.base}"] if self.base else [])))

    def authors(self, commit: str, since: str | None) -> tuple[str, ...]:
        """The authors' names of the commits that neither the default branch nor `since` has, each once."""
        known = since and _answer(self.folder, "rev-parse", "-q", "--verify", f"{commit_id(since)}^{{commit}}")
        without = [f"^{one}" for one in (self.base, known) if one]
        return tuple(dict.fromkeys(ask(self.folder, "log", "--format=%an", commit, *without, "--").splitlines()))

    def files(self, branch: str) -> frozenset[str]:
        """The paths of all files on a branch, or on the default one."""
        tip = self.tips.get(branch) or self.base
        return self._listed(tip) if tip else frozenset()

    def _listed(self, commit: str) -> frozenset[str]:
        listed = ask(self.folder, "ls-tree", "-r", "-z", "--full-tree", "--name-only", commit)
        return frozenset(path for path in listed.split("\0") if path)

    def fork_point(self, commit: str) -> str:
        """Where a commit's history left the default branch; empty where they share none."""
        if self.base is None:
            return ""
        return _answer(self.folder, "merge-base", self.base, commit) or ""

    def changed(self, commit: str) -> tuple[str, ...]:
        """The paths that differ between a commit and where its history left the default branch."""
        start = self.fork_point(commit)
        if not start:
            return tuple(sorted(self._listed(commit)))
        told = ask(self.folder, "diff", "--name-only", "--no-renames", "-z", start, commit)
        return tuple(path for path in told.split("\0") if path)

    def made(self, commit: str) -> Mapping[str, str]:
        """What those paths are at the commit: git's id of each file, empty for one that is gone; {} without a start."""
        start = self.fork_point(commit)
        if not start:
            return {}
        told = ask(self.folder, "diff", "--raw", "--no-abbrev", "--no-renames", "-z", start, commit).split("\0")
        ids = (row.split(" ")[3] for row in told[:-1:2])
        return {path: found.strip("0") and found for path, found in zip(told[1::2], ids, strict=True)}

    def contains(self, commit: str) -> bool:
        """Whether the default branch contains a commit. A commit that is not here at all is not contained."""
        if commit in self.merged:
            return True
        if not self.knows(commit) or self.base is None:
            return False
        return _answer(self.folder, "merge-base", "--is-ancestor", commit, self.base) is not None

    def delivered(self, commit: str) -> str | None:
        """The commit of the default branch that brings a commit: its merge, itself, the squash or rebase of its branch.

        Itself is what a fast-forward brings.
        """
        if self.contains(commit):
            return self._merge_of(commit) or commit
        start = self.fork_point(commit) if self.base and self.knows(commit) else ""
        # Nothing was squashed onto a default branch that has not moved on since.
        return brought_as(self.folder, self.base or "", start, commit) if start not in ("", self.base) else None

    def _merge_of(self, commit: str) -> str | None:
        """The first merge on the default branch's own line that brought a commit; None where it is on that line."""
        line = ask(self.folder, "rev-list", "--first-parent", "--ancestry-path", f"{commit}..{self.base}").split()
        if not line or self.is_on_line(commit):
            return None
        return line[-1]

    def is_on_line(self, commit: str) -> bool:
        """Whether a commit stands on the default branch's own line: it was committed there, or fast-forwarded to."""
        found = ask(self.folder, "rev-list", "--first-parent", f"--max-count={LINE}", str(self.base)).split()
        return commit in found

    def resolve(self, beginning: str) -> str | None:
        """The full id of the one commit of the default branch that begins so."""
        if not re.fullmatch("[0-9a-f]{7,64}", beginning):
            return None
        found = _answer(self.folder, "rev-parse", "-q", "--verify", f"{beginning}^{{commit}}")
        return found if found and self.contains(found) else None

    def recent(self) -> tuple[Commit, ...]:
        """The last commits of the default branch, the newest first."""
        if self.base is None:
            return ()
        listed = ask(self.folder, "log", "-z", f"--max-count={RECENT}", "--format=%H%n%B", self.base)
        rows = (row.partition("\n") for row in listed.split("\0") if row)
        return tuple(Commit(commit, message) for commit, _, message in rows)

    def merges(self, heads: Mapping[str, str | None]) -> Mapping[str, str]:
        """Which of these branches the default one holds, and the commit that brought each.

        One without a known commit that stands on the default branch's own line may have been made there: nothing of it
        was merged.
        """
        found: dict[str, str] = {}
        for branch, head in heads.items():
            tip = self.tips.get(branch) or head
            merge = self.delivered(tip) if tip else None
            if merge and not (head is None and merge == tip):
                found[branch] = merge
        return found

    def knows(self, commit: str) -> bool:
        """Whether a commit is here at all."""
        return _answer(self.folder, "rev-parse", "-q", "--verify", f"{commit_id(commit)}^{{commit}}") is not None


def commit_id(text: str) -> str:
    """The same text, if it is a full commit id. Raises UnreadableError if not: it never becomes a git option."""
    if not _COMMIT.fullmatch(text):
        raise UnreadableError(f"{text[:80]!a} is no commit id", kind="commit", next_step="name a full commit id")
    return text


def ask(folder: Path, *words: str) -> str:
    """What git prints, run in exactly this git directory. Raises UndecidedError when it fails."""
    try:
        # An explicit git directory: a damaged one is never mistaken for a part of a repository further up.
        return git("--git-dir=.", *words, cwd=folder)
    except GitError as error:
        raise _could_not_look(folder, error) from error


def _answer(folder: Path, *words: str) -> str | None:
    """What git prints, or None when it answers no."""
    try:
        return git("--git-dir=.", *words, cwd=folder)
    except GitError as error:
        if error.code == _NO:
            return None
        raise _could_not_look(folder, error) from error


def _could_not_look(folder: Path, error: GitError) -> UndecidedError:
    said = error.stderr.splitlines()[-1] if error.stderr else f"exit {error.code}"
    return UndecidedError(f"git cannot read {folder}: {said}", kind="git", next_step=f"git -C {folder} fsck")
