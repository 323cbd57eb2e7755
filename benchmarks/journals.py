"""Journals of any length for the other benchmarks: one commit an event, as `git fast-import` takes them."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

from kerrigan.decide.fold.draft import Draft
from kerrigan.decide.fold.fold import chain
from kerrigan.decide.fold.state_json import dump
from kerrigan.git.journal.snapshot import SEGMENT
from kerrigan.git.repo import git
from kerrigan.model import ulid
from kerrigan.model.event import Actor, Event, EventType
from kerrigan.model.state import State
from kerrigan.model.timestamp import later

TASKS = 2_000
SPEC = "---\nkerrigan: 7\n---\n# Big\n\nA year of work.\n"
PLAN = "kerrigan: 7\ntasks:\n  - {id: task-0, title: The first of many, role: swe}\n"
LIFE: tuple[tuple[EventType, dict[str, object]], ...] = (
    (EventType.claimed, {"lease_until": "2026-11-22T06:00:00.000Z"}),
    (EventType.started, {}),
    (EventType.submitted, {"repository": "acme/api", "number": 7, "head": "a" * 40, "branch": "kerrigan/big/t"}),
    (EventType.tests_passed, {"head": "a" * 40}),
    (EventType.approved, {"head": "a" * 40, "reason": "every criterion is answered, one by one, with a place"}),
    (EventType.completed, {"commit": "d" * 40}),
    (EventType.reopened, {"reason": "the list may be empty after all"}),
)


class Growing:
    """A journal that gets longer: `lines` are those of the open segment, `segment` its number."""

    def __init__(self) -> None:
        self.draft = Draft(State())
        self.lines: list[str] = []
        self.segment = 1

    def more(self, count: int) -> Iterator[str]:
        """So many more lines: the lives of many tasks, one after the other."""
        for seq in range(self.draft.seq + 1, self.draft.seq + count + 1):
            kind, data = LIFE[seq % len(LIFE)]
            at, task = later("2026-01-01T00:00:00.000Z", seq * 300.0), f"big/task-{seq // len(LIFE) % TASKS}"
            event = Event(seq, ulid.encode(seq, seq), at, kind, task, Actor("ada"), definition="c" * 40, data=data)
            _, (line,), last = chain([event], self.draft.last)
            self.draft.add(event)
            self.draft.last = last
            yield line

    def stream(self, count: int, branch: str, parent: str | None) -> Iterator[bytes]:
        """So many more commits on a branch."""
        state = self.draft.state()
        for line in self.more(count):
            files = {}
            if len(self.lines) == SEGMENT:
                files["state.json"] = dump(state, self.segment)
                self.lines, self.segment = [], self.segment + 1
            self.lines.append(line)
            files[f"log/{self.segment:06d}.jsonl"] = "".join(f"{line}\n" for line in self.lines)
            yield commit(branch, parent, files, self.draft.seq)
            parent = None
            if len(self.lines) == SEGMENT:
                state = self.draft.state()


def commit(branch: str, parent: str | None, files: dict[str, str], at: int = 0) -> bytes:
    """One commit in fast-import's words; without a parent on top of what the branch has in this stream."""
    when = f"{1_700_000_000 + at} +0000"
    start = f"commit {branch}\ncommitter k <k@x> {when}\ndata 6\nappend\n" + (f"from {parent}\n" if parent else "")
    texts = ((path.encode(), text.encode()) for path, text in files.items())
    return start.encode() + b"".join(b"M 100644 inline %b\ndata %d\n%b\n" % (p, len(t), t) for p, t in texts)


def feed(remote: Path, stream: Iterator[bytes]) -> None:
    """Have `git fast-import` take a stream."""
    command = ["git", "-c", "pack.compression=1", "fast-import", "--quiet"]
    with subprocess.Popen(command, cwd=remote, stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        process.stdin.writelines(stream)
    assert process.returncode == 0


def new_remote(folder: Path) -> Path:
    """A bare remote, `acme/big.git` below a folder, with a definition on main."""
    remote = folder / "acme" / "big.git"
    git("init", "-q", "--bare", "-b", "main", str(remote), cwd=folder)
    home = "specs/projects/big"
    feed(remote, iter([commit("refs/heads/main", None, {f"{home}/spec.md": SPEC, f"{home}/tasks.yml": PLAN})]))
    return remote
