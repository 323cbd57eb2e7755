"""The journal's branch: lines of text on `kerrigan-state/<project>`, appended by compare-and-swap.

    log/000001.jsonl    at most 128 lines each; a full segment is never touched again
    state.json          what the caller folded out of the full segments; rewritten when a new segment begins

An append reads the tip, asks the caller what to write on top of it, commits that and pushes with a lease on the tip.
A push that is refused proves nothing: git may have sent it twice, or another writer was faster. So the branch is read
again. If it holds the commit, the push succeeded. If it moved, the caller decides again on what is there now.

Few processes: one ls-remote, one fetch when something is not here yet, one cat-file, one fast-import, one push.
"""

import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from secrets import randbelow, token_hex

from kerrigan.errors import LostRaceError, UndecidedError, UnreadableError, UsageError
from kerrigan.git.repo import Batch, Clone, GitError, git

SEGMENT = 128
"""Lines that a segment holds at most."""

TRIES = 60
"""How often an append is decided again before it gives up."""

_PROJECT = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_REFUSED = re.compile(r"pre-receive|hook declined|protected branch|GH0\d\d|denied|permission", re.IGNORECASE)
_QUIET_FETCH = ["-c", "gc.auto=0", "-c", "maintenance.auto=false", "fetch", "-q", "--no-tags", "--no-write-fetch-head"]
_UNSAFE = re.compile(r"[<>\n\0]")
_PARENT = re.compile(r"^parent ([0-9a-f]{40,64})$", re.MULTILINE)

NEAR = 64
"""How many commits back a known tip is looked for before git is asked to walk the history."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One consistent look at a remote. `lines` are those of the open segment, `state` is state.json's text.

    `definition` is the commit of the default branch, `texts` the wanted files that it has. `rewritten` says that the
    tip does not descend from the one that this clone saw last.
    """

    tip: str | None
    default_branch: str
    definition: str | None
    state: str | None = None
    lines: tuple[str, ...] = ()
    segment: int = 1
    texts: Mapping[str, str] | None = None
    rewritten: bool = False

    def text(self, path: str) -> str | None:
        """The text of a wanted file, or None."""
        return (self.texts or {}).get(path)


@dataclass(frozen=True, slots=True)
class Append:
    """What to write: lines for the open segment, or, with `state`, that state.json and the lines of a new segment."""

    lines: tuple[str, ...]
    message: str
    state: str | None = None


class Journal:
    """The journal of one project on the remote at `url`, read and written through a clone."""

    def __init__(self, clone: Clone, url: str, project: str, wanted: Sequence[str] = ()) -> None:
        if not _PROJECT.fullmatch(project):
            raise UsageError(
                f"'{project[:80]}' is no project name: expected lower-case letters, digits and hyphens, 63 at most",
                kind="project-name",
                next_step="kerrigan status lists the projects",
            )
        self._clone = clone
        self._url = url
        self._branch = f"refs/heads/kerrigan-state/{project}"
        self._seen = f"refs/kerrigan/seen/{project}"
        self._wanted = tuple(wanted)

    def look(self) -> Snapshot:
        """Read the remote now. Raises UndecidedError when it does not answer, UnreadableError when it is not there."""
        refs = self._list()
        default = refs.pop("", "refs/heads/main")
        tip, definition = refs.get(self._branch), refs.get(default)
        with Batch(self._clone.root) as batch:
            last = batch.commit(self._seen)
            self._fetch([ref for ref in (self._branch, default) if ref in refs and batch.commit(refs[ref]) is None])
            rewritten = last is not None and not (tip and self._descends(batch, tip, last))
            state = batch.text(f"{tip}:state.json") if tip else None
            segment = _open_segment(state)
            lines = batch.text(f"{tip}:{_segment(segment)}") if tip else None
            found = {path: batch.text(f"{definition}:{path}") for path in self._wanted} if definition else {}
        if tip and tip != last and not rewritten:
            self._remember(tip)
        texts = {path: text for path, text in found.items() if text is not None}
        lines_ = _lines(lines)
        name = default.removeprefix("refs/heads/")
        return Snapshot(tip, name, definition, state, lines_, segment, texts, rewritten)

    def append(self, write: Callable[[Snapshot], Append | None], seen: Snapshot | None = None) -> Snapshot:
        """Write what `write` says of the newest snapshot, and return the snapshot after it.

        `write` is called again each time another writer was faster; None from it ends the append with nothing written.
        """
        snapshot = seen or self.look()
        for attempt in range(TRIES):
            addition = write(snapshot)
            if addition is None:
                return snapshot
            commit = self._commit(snapshot, addition)
            said = self._push(commit, snapshot.tip)
            if said is None:
                return _after(snapshot, commit, addition)
            fresh = self.look()
            if fresh.tip is not None and self._holds(fresh.tip, commit):
                return fresh
            if fresh.tip == snapshot.tip and _REFUSED.search(said):
                raise self._refused(said)
            time.sleep(randbelow(1000) / 1000 * min(0.02 * 2**attempt, 1.0))
            snapshot = fresh
        raise LostRaceError(
            f"other writers were faster {TRIES} times in a row",
            kind="lost-race",
            next_step="try again; nothing was written",
        )

    def history(self, snapshot: Snapshot) -> tuple[str, ...]:
        """Every line, oldest first."""
        if snapshot.tip is None:
            return ()
        with Batch(self._clone.root) as batch:
            texts = [batch.text(f"{snapshot.tip}:{_segment(n)}") or "" for n in range(1, snapshot.segment + 1)]
        return tuple(line for text in texts for line in _lines(text))

    def shrunk(self, snapshot: Snapshot) -> str | None:
        """The first commit that took away a line which an earlier one had written, or None."""
        if snapshot.tip is None:
            return None
        numbers = git(
            "log", "--reverse", "--format=%x00%H", "--numstat", snapshot.tip, "--", "log", cwd=self._clone.root
        )
        for block in numbers.split("\0")[1:]:
            commit, *changes = block.split()
            if any(removed != "0" for removed in changes[1::3]):
                return commit
        return None

    def _list(self) -> dict[str, str]:
        wanted = ("HEAD", "refs/heads/main", "refs/heads/master", self._branch)
        try:
            listed = git("ls-remote", "--symref", self._url, *wanted, cwd=self._clone.root)
        except GitError as error:
            raise self._unreachable(error) from error
        refs: dict[str, str] = {}
        for line in listed.splitlines():
            value, _, name = line.partition("\t")
            if value.startswith("ref: "):
                refs[""] = value.removeprefix("ref: ")
            elif name == "HEAD" and "" in refs:
                refs[refs[""]] = value
            else:
                refs[name] = value
        return refs

    def _fetch(self, refs: Sequence[str]) -> None:
        if not refs:
            return
        try:
            git(*_QUIET_FETCH, self._url, *refs, cwd=self._clone.root)
        except GitError as error:
            raise self._unreachable(error) from error

    def _descends(self, batch: Batch, tip: str, ancestor: str) -> bool:
        commit = tip
        for _ in range(NEAR):
            if commit == ancestor:
                return True
            parent = _PARENT.search(batch.text(commit) or "")
            if parent is None:
                return False
            commit = parent.group(1)
        return self._holds(tip, ancestor)

    def _remember(self, tip: str) -> None:
        try:
            git("update-ref", self._seen, tip, cwd=self._clone.root)
        except GitError:
            return  # another process of this clone is writing it, and saw the branch as late as this one

    def _commit(self, snapshot: Snapshot, addition: Append) -> str:
        segment = snapshot.segment + (addition.state is not None)
        kept = () if addition.state is not None else snapshot.lines
        files = {_segment(segment): "".join(f"{line}\n" for line in (*kept, *addition.lines))}
        if addition.state is not None:
            files["state.json"] = addition.state
        ref = f"refs/kerrigan/append/{token_hex(8)}"
        script = _script(ref, snapshot.tip, addition.message, files, self._who())
        return git("fast-import", "--quiet", "--cat-blob-fd=1", cwd=self._clone.root, stdin=script)

    def _who(self) -> str:
        name = _UNSAFE.sub("", self._clone.config.get("user.name", "")).strip() or "kerrigan"
        email = _UNSAFE.sub("", self._clone.config.get("user.email", "")).strip() or "kerrigan@localhost"
        return f"{name} <{email}>"

    def _push(self, commit: str, tip: str | None) -> str | None:
        try:
            git("push", "-q", "--no-verify", f"--force-with-lease={self._branch}:{tip or ''}", self._url,
                f"{commit}:{self._branch}", cwd=self._clone.root)  # fmt: skip
        except GitError as error:
            return error.stderr
        return None

    def _holds(self, tip: str, commit: str) -> bool:
        try:
            git("merge-base", "--is-ancestor", commit, tip, cwd=self._clone.root)
        except GitError:
            return False
        return True

    def _unreachable(self, error: GitError) -> UnreadableError | UndecidedError:
        if "://" not in self._url and not Path(self._url).exists():
            return UnreadableError(
                f"{self._url} does not exist", kind="no-remote-repository", next_step="git remote set-url origin URL"
            )
        return UndecidedError(
            f"{self._url} does not answer: {_last_line(error.stderr)}", kind="network", next_step="try again later"
        )

    def _refused(self, said: str) -> UnreadableError:
        branch = self._branch.removeprefix("refs/heads/")
        return UnreadableError(
            f"{self._url} refuses pushes to {branch}: {_last_line(said)}",
            kind="push-refused",
            next_step=f"let who runs Kerrigan push to {branch}: take it out of branch protection and server hooks",
        )


def _lines(text: str | None) -> tuple[str, ...]:
    # Not splitlines: JSON may hold characters that Unicode counts as line ends.
    return tuple(text.split("\n")[:-1]) if text else ()


def _segment(number: int) -> str:
    return f"log/{number:06d}.jsonl"


def _open_segment(state: str | None) -> int:
    if state is None:
        return 1
    try:
        return int(json.loads(state)["segments"]) + 1
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise UnreadableError(
            f"state.json of the journal is damaged: {error}", kind="journal", next_step="kerrigan audit verify"
        ) from error


def _after(snapshot: Snapshot, commit: str, addition: Append) -> Snapshot:
    sealed = addition.state is not None
    return Snapshot(
        commit,
        snapshot.default_branch,
        snapshot.definition,
        addition.state if sealed else snapshot.state,
        addition.lines if sealed else snapshot.lines + addition.lines,
        snapshot.segment + sealed,
        snapshot.texts,
        snapshot.rewritten,
    )


def _script(ref: str, parent: str | None, message: str, files: Mapping[str, str], who: str) -> bytes:
    """A fast-import stream: one commit on `parent`, its id on standard output, and no ref left behind."""
    parts = [f"commit {ref}\nmark :1\ncommitter {who} {int(time.time())} +0000\n".encode(), _data(message)]
    if parent:
        parts.append(f"from {parent}\n".encode())
    for path, text in files.items():
        parts += [f"M 100644 inline {path}\n".encode(), _data(text)]
    parts.append(f"\nget-mark :1\nreset {ref}\nfrom {'0' * 40}\n\ndone\n".encode())
    return b"feature done\nfeature get-mark\n" + b"".join(parts)


def _data(text: str) -> bytes:
    raw = text.encode()
    return b"data %d\n%b\n" % (len(raw), raw)


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("error: failed to push")]
    return lines[-1].strip() if lines else "it did not say why"
