"""Another repository at an address: list its branches, fetch from it, push to it with leases."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import unquote, urlsplit

from kerrigan.errors import UndecidedError, UnreadableError
from kerrigan.git.repo import Clone, GitError, without_credentials

_QUIETLY = ("-c", "gc.auto=0", "-c", "maintenance.auto=false")
_QUICKLY = ("-c", "pack.useSparse=false", "-c", "pack.compression=1")
"""What is pushed is a few small objects, on top of a folder that may have a thousand entries."""

_ONLY_THIS = ("--no-tags", "--no-prune", "--no-recurse-submodules", "--no-write-fetch-head")
_USUAL = ("refs/heads/main", "refs/heads/master")
_SYMBOLIC = "ref: "
_NAME = "kerrigan-target"
_NICK = f"remote.{_NAME}"


@dataclass(frozen=True, slots=True)
class Listing:
    """The branches of a remote that were asked for, by full name, and the full name of its default branch."""

    default: str
    tips: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Remote:
    """The repository at `url`, as seen from a clone. `access` are variables that git pushes with."""

    clone: Clone
    url: str
    access: Mapping[str, str] = field(default_factory=dict, repr=False)

    def listing(self, *branches: str) -> Listing:
        """Look at it now. Raises UndecidedError when it does not answer, UnreadableError when it is not there."""
        try:
            listed = self.clone.git("ls-remote", "--symref", "--", self.url, "HEAD", *_USUAL, *branches)
        except GitError as error:
            raise self.unreachable(error) from error
        rows = [line.split("\t", 1) for line in listed.splitlines()]
        tips = {name: value for value, name in rows if not value.startswith(_SYMBOLIC)}
        # A branch, the commit itself where HEAD is detached, or nothing where its branch has no commit yet.
        head = next((value.removeprefix(_SYMBOLIC) for value, name in rows if name == "HEAD"), "")
        if head.startswith("refs/") and "HEAD" in tips:
            tips[head] = tips["HEAD"]
        return Listing(next((ref for ref in (head, *_USUAL) if ref in tips), _USUAL[0]), tips)

    def fetch(self, *refspecs: str) -> None:
        """Bring what these refspecs name, and nothing else."""
        self._fetch((), refspecs)

    def deepen(self, *refspecs: str) -> None:
        """Bring what these refspecs name into a shallow clone, with all of the history that it lacks."""
        self._fetch(("--unshallow",), refspecs)

    def bring(self, *refspecs: str) -> None:
        """Bring what these refspecs name with all of its history, whatever the clone has of it."""
        # Always asked: no ref keeps what was brought before, so a commit may be here without all of its files.
        if (self.clone.git_dir / "shallow").is_file():
            self.deepen(*refspecs)
        else:
            self.fetch(*refspecs)

    def fetch_objects(self, ids: Iterable[str], settings: Sequence[str] = (), options: Sequence[str] = ()) -> None:
        """Bring objects by their ids, with `settings` of git's and `options` of its fetch. Raises GitError.

        With a filter among the options, what it leaves out may be missing here from then on.
        """
        filtered = ("-c", f"{_NICK}.promisor=true", "-c", f"{_NICK}.partialclonefilter=blob:none")
        known = filtered if any(option.startswith("--filter") for option in options) else ()
        words = ("-c", f"{_NICK}.url={self.url}", *known, *settings, "fetch", "-q", *_ONLY_THIS, *options, "--stdin")
        self.clone.git(*_QUIETLY, *words, _NAME, stdin="".join(f"{name}\n" for name in sorted(ids)).encode())

    def _fetch(self, options: Sequence[str], refspecs: Sequence[str]) -> None:
        try:
            self.clone.git(*_QUIETLY, "fetch", "-q", *_ONLY_THIS, *options, "--", self.url, *refspecs)
        except GitError as error:
            raise self.unreachable(error) from error

    def push(self, commit: str, leases: Mapping[str, str | None]) -> GitError | None:
        """Move each of these refs to a commit if all of them still are at their leases (None: does not exist).

        The error is git's, with what the remote printed.
        """
        held = [f"--force-with-lease={ref}:{lease or ''}" for ref, lease in leases.items()]
        # Without `--atomic` a remote takes what it can; with it, one that cannot take all or nothing is an error.
        together = ("--atomic",) if len(leases) > 1 else ()
        try:
            words = ("push", "-q", "--no-verify", *together, *held, _NAME, *(f"{commit}:{ref}" for ref in leases))
            pushing = replace(self.clone, env={**self.clone.env, **self.access})
            pushing.git(*_QUICKLY, "-c", f"{_NICK}.url={self.url}", *words)
        except GitError as error:
            return error
        return None

    def unreachable(self, error: GitError) -> UnreadableError | UndecidedError:
        """The error of a remote that could not be looked at."""
        path = local_path(self.url)
        if path is None:
            return UndecidedError(f"{self} does not answer: {error.reason}", kind="network", next_step="try again")
        found = f"cannot be read: {error.reason}" if path.exists() else "does not exist"
        return UnreadableError(
            f"{self} {found}", kind="no-remote-repository", next_step="git remote set-url origin URL"
        )

    def __str__(self) -> str:
        """The address as it may be shown."""
        return without_credentials(self.url)


def local_path(url: str) -> Path | None:
    """The folder of a remote on this machine, None for any other."""
    if url.startswith("file://"):
        return Path(unquote(urlsplit(url).path))
    is_path = "://" not in url and ":" not in url.split("/", 1)[0]
    return Path(url) if is_path else None


def object_folder(url: str) -> Path | None:
    """Where a remote on this machine keeps its objects; None for any other, and where git alone finds them."""
    path = local_path(url)
    if path is None:
        return None
    # In git's own order.
    tried = (path / ".git", path, path.with_name(f"{path.name}.git") / ".git", path.with_name(f"{path.name}.git"))
    return next((folder / "objects" for folder in tried if _is_repository(folder)), None)


def _is_repository(folder: Path) -> bool:
    return (folder / "HEAD").is_file() and (folder / "objects").is_dir()
