"""Run git: argv lists, a pinned environment, typed errors; and the clone that a command works in."""

import json
import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from kerrigan.errors import UnreadableError

_PINNED = {
    "LC_ALL": "C",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_EDITOR": "true",
    "GIT_PAGER": "cat",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_ALLOW_PROTOCOL": "file:http:https:ssh",
}
_FOREIGN = frozenset(
    {
        "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_COMMON_DIR", "GIT_DIR", "GIT_GRAFT_FILE", "GIT_INDEX_FILE",
        "GIT_NAMESPACE", "GIT_OBJECT_DIRECTORY", "GIT_PREFIX", "GIT_QUARANTINE_PATH", "GIT_REPLACE_REF_BASE",
        "GIT_SHALLOW_FILE", "GIT_WORK_TREE",
    }
)  # fmt: skip
_CREDENTIALS = re.compile(r"(?<=://)[^/@\s]*@")


_TRANSPORT = ("http.", "credential.", "url.", "ssh.", "protocol.", "core.sshcommand", "core.askpass", "core.gitproxy")
"""The settings of a clone that say how a remote is reached."""

_OWN = frozenset({"local", "worktree"})

_WHERE = ("rev-parse", "--path-format=absolute", "--git-common-dir", "--is-inside-work-tree", "--show-cdup")


_NOTHING: Mapping[str, str] = {}


class GitError(Exception):
    """A git command that failed: its exit code and what it said. Stays inside of the rooms that use git.

    `stdout` is what it printed all the same: some commands answer no by an exit code, and say more there.
    """

    def __init__(self, words: tuple[str, ...], code: int, stderr: str, stdout: str = "") -> None:
        super().__init__(f"git {' '.join(words)}: exit {code}: {stderr.strip()}")
        self.code = code
        self.stderr = stderr.strip()
        self.stdout = stdout

    @property
    def reason(self) -> str:
        """Why, in one line: the remote's own words where it said any, else git's; without credentials."""
        lines = [line.strip() for line in self.stderr.splitlines() if line.strip()]
        told = [line.removeprefix("remote:").strip() for line in lines if line.startswith("remote:")]
        marked = [line for mark in ("! [", "fatal:", "error:") for line in lines if line.startswith(mark)]
        said = "; ".join(filter(None, told)) or next(iter(marked or lines), "git did not say why")
        return without_credentials("".join(c for c in said if c.isprintable()))[:400]


def without_credentials(text: str) -> str:
    """A text whose addresses have lost their `user:password@`: errors end in logs."""
    return _CREDENTIALS.sub("", text)


def environment() -> dict[str, str]:
    """The caller's environment without what would point git to another repository."""
    return {name: value for name, value in os.environ.items() if name not in _FOREIGN} | _PINNED


def alternates(*folders: Path) -> dict[str, str]:
    """The environment in which git also reads the objects in these folders."""
    quoted = (json.dumps(str(folder), ensure_ascii=False) for folder in folders)
    return {"GIT_ALTERNATE_OBJECT_DIRECTORIES": os.pathsep.join(quoted)}


def settings(pairs: Sequence[tuple[str, str]]) -> dict[str, str]:
    """The environment that sets these keys for git, before what the caller's environment sets in the same way.

    Not by options, because values may be secrets, and options are visible to every user of the machine.
    """
    given = os.environ.get("GIT_CONFIG_COUNT", "")
    count = int(given) if given.isdecimal() else 0
    names = (os.environ.get(f"GIT_CONFIG_KEY_{n}", "") for n in range(count))
    theirs = [(name, os.environ.get(f"GIT_CONFIG_VALUE_{n}", "")) for n, name in enumerate(names)]
    found = {"GIT_CONFIG_COUNT": str(len(pairs) + count)}
    for number, (name, value) in enumerate([*pairs, *theirs]):
        found |= {f"GIT_CONFIG_KEY_{number}": name, f"GIT_CONFIG_VALUE_{number}": value}
    return found


def git(*words: str, cwd: Path, stdin: bytes | None = None, env: Mapping[str, str] = _NOTHING) -> str:
    """Run git, with `env` beside its own, and return what it printed, without the last newline. Raises GitError."""
    try:
        done = subprocess.run(
            ["git", *words], cwd=cwd, input=stdin, capture_output=True, env=environment() | dict(env), check=False
        )
    except OSError as error:
        raise UnreadableError(
            f"git cannot be started in {cwd}: {error.strerror}",
            kind="no-git",
            next_step="check that this folder is still there, and that git 2.38 or newer is on PATH",
        ) from error
    stdout = done.stdout.decode(errors="replace").removesuffix("\n")
    if done.returncode:
        raise GitError(words, done.returncode, done.stderr.decode(errors="replace"), stdout)
    return stdout


@dataclass(frozen=True, slots=True)
class Clone:
    """A repository on this machine. `root` is its work tree, or its own folder where it has none.

    `git_dir` is what all of its work trees share; `config` was read once, names in lower case. `transport` are the
    settings of its own, in their order, that say how a remote is reached. `env` is set for every git that runs in it.
    """

    root: Path
    git_dir: Path
    config: Mapping[str, str]
    transport: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    env: Mapping[str, str] = field(default_factory=dict, repr=False)

    def git(self, *words: str, stdin: bytes | None = None) -> str:
        """Run git here; see `git`."""
        return git(*words, cwd=self.root, stdin=stdin, env=self.env)

    def batch(self) -> "Batch":
        """A `git cat-file --batch` here."""
        return Batch(self.root, self.env)

    def remote_url(self, name: str) -> str:
        """The address of a remote; a relative path is taken from the repository's root, in a linked worktree too."""
        url = self.config.get(f"remote.{name}.url")
        if url is None:
            raise UnreadableError(
                f"{self.root} has no remote '{name}', and the state of a project is kept on it",
                kind="no-remote",
                next_step=f"git remote add {name} URL",
            )
        is_path = "://" not in url and ":" not in url.split("/", 1)[0]
        home = self.git_dir.parent if self.git_dir.name == ".git" else self.root
        return str((home / url).resolve()) if is_path else url

    def user(self) -> str:
        """git's user.name: who acts, where no one else says."""
        name = os.environ.get("GIT_AUTHOR_NAME") or self.config.get("user.name", "")
        if not name.strip():
            raise UnreadableError(
                "git does not know your name", kind="no-identity", next_step="git config user.name NAME, or --as LOGIN"
            )
        return name.strip()

    def current_branch(self) -> str | None:
        """The branch that is checked out; None on a detached HEAD."""
        try:
            return git("symbolic-ref", "--short", "-q", "HEAD", cwd=self.root)
        except GitError:
            return None

    def ref(self, name: str) -> str | None:
        """The commit that a ref points to."""
        try:
            return self.git("rev-parse", "-q", "--verify", f"{name}^{{commit}}")
        except GitError:
            return None


def discover(directory: Path) -> Clone:
    """The repository that a folder lies in. Raises UnreadableError where there is none."""
    if not directory.is_dir():
        raise UnreadableError(f"{directory} is not a folder", kind="no-folder", next_step="name an existing folder")
    try:
        listed = git("config", "--null", "--show-scope", "--list", cwd=directory)
        shown = git(*_WHERE, cwd=directory)
    except GitError as error:
        raise UnreadableError(
            f"{directory.resolve()} is in no git repository that can be read: {error.reason}",
            kind="no-repository",
            next_step=_trust(error.stderr) or "change into a clone, or name one with -C DIR",
        ) from error
    scopes, entries = listed.split("\0")[:-1:2], [entry.partition("\n") for entry in listed.split("\0")[1::2]]
    config = {key: value for key, _, value in entries}
    own = zip(scopes, entries, strict=True)
    transport = tuple((k, v) for scope, (k, _, v) in own if scope in _OWN and k.startswith(_TRANSPORT))
    shared, inside, *up = shown.split("\n")
    git_dir = Path(shared)
    if inside == "true":
        return Clone(directory.resolve().joinpath(*up).resolve(), git_dir, config, transport)
    return Clone(git_dir.parent if git_dir.name == ".git" else git_dir, git_dir, config, transport)


def _trust(stderr: str) -> str:
    commands = [line.strip() for line in stderr.splitlines() if "--add safe.directory" in line]
    return f"if you trust its owner: {commands[0]}" if commands else ""


class Batch:
    """One `git cat-file --batch` that answers as often as it is asked."""

    def __init__(self, cwd: Path, env: Mapping[str, str] = _NOTHING) -> None:
        self._process = subprocess.Popen(
            ["git", "cat-file", "--batch"],
            cwd=cwd,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment() | dict(env),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(OSError):  # it has ended already where the repository is gone or damaged
            self._stream(self._process.stdin).close()
        self._stream(self._process.stdout).close()
        self._process.wait()

    def text(self, name: str) -> str | None:
        """The text of an object such as `COMMIT:path`; None when there is none."""
        _, kind, body = self._ask(name)
        return body.decode(errors="replace") if kind in {"blob", "commit"} else None

    def content(self, name: str) -> bytes | None:
        """The bytes of a file such as `COMMIT:path`; None when there is none."""
        _, kind, body = self._ask(name)
        return body if kind == "blob" else None

    def commit(self, name: str) -> str | None:
        """The id of the commit that a ref or an id means; None when it is not here."""
        found, kind, _ = self._ask(name)
        return found if kind == "commit" else None

    def tree(self, name: str) -> tuple[str, bytes] | None:
        """The id of a folder and its bytes as git stores it, by its id or by that of a commit; None without it."""
        found, kind, body = self._ask(f"{name}^{{tree}}")
        return (found, body) if kind == "tree" else None

    def _ask(self, name: str) -> tuple[str, str, bytes]:
        if "\n" in name:
            return "", "", b""
        stdin, stdout = self._stream(self._process.stdin), self._stream(self._process.stdout)
        try:
            stdin.write(f"{name}\n".encode())
            stdin.flush()
        except OSError:
            return "", "", b""
        header = stdout.readline().decode(errors="replace").split()
        if len(header) != 3 or not header[2].isdigit():
            return "", "", b""
        body = stdout.read(int(header[2]) + 1)
        return (header[0], header[1], body[:-1]) if len(body) > int(header[2]) else ("", "", b"")

    @staticmethod
    def _stream(stream: IO[bytes] | None) -> IO[bytes]:
        assert stream is not None
        return stream
