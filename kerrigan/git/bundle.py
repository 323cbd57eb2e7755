"""What a job without a token packed as a git bundle, taken apart where it can do no harm: it may have been made to.

It is fetched into a repository of its own, which sees the objects of the clone and holds none of its refs, hooks or
configuration. Only a commit that was looked at is pushed from there.
"""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from kerrigan.errors import UnreadableError
from kerrigan.git.remote import Remote
from kerrigan.git.repo import Clone, GitError, git


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that is taken: bytes of the bundle and of each file in it, new commits, changed files.

    GitHub takes no larger file either, and shows no more files of a pull request.
    """

    bytes: int = 100_000_000
    commits: int = 1_000
    files: int = 3_000


@dataclass(frozen=True, slots=True)
class Handed:
    """The commit that a bundle brings, and the paths of all files that any of its new commits touches.

    `remote` pushes it. Nothing of it is in the clone.
    """

    head: str
    paths: tuple[str, ...]
    remote: Remote


USUAL = Limits()


class BundleError(Exception):
    """What is wrong with a bundle, in words for its author."""


@contextmanager
def open_bundle(
    remote: Remote, file: Path, branch: str, tip: str | None, base: str, most: Limits = USUAL
) -> Iterator[Handed]:
    """What the bundle in `file` brings for a branch of a remote, which is at `tip` (None: not there yet).

    `base` is the tip of the default branch; it and `tip` have to be in the clone. Raises BundleError for a bundle that
    must not be pushed whatever its files are.
    """
    _refuse_its_size(file, most)
    with tempfile.TemporaryDirectory(prefix="kerrigan-bundle-") as folder:
        apart = _beside(remote.clone, Path(folder))
        try:
            head = _unpacked(apart, file, branch, most)
            _refuse_its_history(apart, head, tip, base)
            news = (head, "--not", base, *([tip] if tip else []))
            _refuse_its_weight(apart, news, most)
            paths = _paths(apart, f"{base}...{head}", news)
            if len(paths) > most.files:
                raise BundleError(f"it changes {len(paths):,} files, and at most {most.files:,} are taken")
        except GitError as error:
            raise BundleError(f"git cannot read it: {error.reason}") from error
        yield Handed(head, paths, replace(remote, clone=Clone(apart, apart, remote.clone.config)))


def _refuse_its_size(file: Path, most: Limits) -> None:
    if file.is_symlink() or not file.is_file():
        raise UnreadableError(f"{file} is not a file", kind="no-bundle", next_step="name the bundle that was packed")
    size = file.stat().st_size
    if size > most.bytes:
        raise BundleError(f"it has {size:,} bytes, and at most {most.bytes:,} are taken")


def _beside(clone: Clone, folder: Path) -> Path:
    """An empty repository that sees the clone's objects."""
    kind = git("rev-parse", "--show-object-format", cwd=clone.root)
    git("init", "-q", "--bare", "--template=", f"--object-format={kind}", str(folder), cwd=clone.root)
    (folder / "objects/info").mkdir(exist_ok=True)
    (folder / "objects/info/alternates").write_text(f"{clone.git_dir / 'objects'}\n", encoding="utf-8")
    return folder


def _unpacked(apart: Path, file: Path, branch: str, most: Limits) -> str:
    """The commit of its only ref, whose objects are here then: git has looked at every one."""
    rows = git("bundle", "list-heads", str(file.resolve()), cwd=apart).splitlines()
    names = [row.partition(" ")[2] for row in rows]
    if names not in (["HEAD"], [f"refs/heads/{branch}"]):
        found = ", ".join(names[:3]) or "none"
        raise BundleError(f"it holds the refs {found}; expected HEAD alone, or refs/heads/{branch}")
    head, _, _ = rows[0].partition(" ")
    # Not by `git fetch`: of a bundle it takes objects that it would refuse from a server.
    strictly = ("--strict", "--stdin", "--fix-thin", f"--max-input-size={most.bytes}")
    git("index-pack", *strictly, cwd=apart, stdin=_pack(file))
    return git("rev-parse", "--verify", f"{head}^{{commit}}", cwd=apart)


def _pack(file: Path) -> bytes:
    """The objects: what comes after the first blank line."""
    _, blank, pack = file.read_bytes().partition(b"\n\n")
    if not blank:
        raise BundleError("it holds no objects")
    return pack


def _refuse_its_history(apart: Path, head: str, tip: str | None, base: str) -> None:
    if not _is_ancestor(apart, tip or head, head):
        raise BundleError(f"it rewrites the branch, which is at {tip}: commit on top of that")
    if not _says_yes(apart, "merge-base", base, head):
        raise BundleError("it shares no commit with the default branch")
    if _is_ancestor(apart, head, base):
        raise BundleError("it brings no new commit")


def _refuse_its_weight(apart: Path, news: Sequence[str], most: Limits) -> None:
    count = int(git("rev-list", "--count", *news, cwd=apart))
    if count > most.commits:
        raise BundleError(f"it brings {count:,} commits, and at most {most.commits:,} are taken")
    without_large = ("--objects", "--filter-print-omitted", f"--filter=blob:limit={most.bytes}")
    if any(line.startswith("~") for line in git("rev-list", *without_large, *news, cwd=apart).splitlines()):
        raise BundleError(f"it holds a file of more than {most.bytes:,} bytes")


def _is_ancestor(apart: Path, one: str, other: str) -> bool:
    return _says_yes(apart, "merge-base", "--is-ancestor", one, other)


def _says_yes(apart: Path, *words: str) -> bool:
    """Whether git ends with 0, and not with 1. Raises GitError for every other end."""
    try:
        git(*words, cwd=apart)
    except GitError as error:
        if error.code == 1:
            return False
        raise
    return True


def _paths(apart: Path, whole: str, news: Sequence[str]) -> tuple[str, ...]:
    """What the branch will have changed, and what any of its new commits touches: both end in the history."""
    names = ("--name-only", "-z", "--no-renames", "--no-relative", "--no-ext-diff", "--ignore-submodules=none")
    changed = git("diff", *names, whole, cwd=apart)
    touched = git("log", "--root", "--format=", "--no-show-signature", "-c", *names, *news, cwd=apart)
    return tuple(sorted(set(f"{changed}\0{touched}".split("\0")) - {""}))
