"""What an append costs after the read: Kerrigan's journal against a plain commit-tree and push, on the same remote.

Usage: python -m benchmarks.append [ROUNDS]. Prints ratios of medians; the rounds are interleaved, so noise hits both.
Making the large journal takes a minute or three.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.journals import Growing, feed, new_remote
from kerrigan.git.journal.journal import Append, Journal
from kerrigan.git.journal.snapshot import SEGMENT, JournalSnapshot
from kerrigan.git.repo import Clone, discover, git

WHO = ("-c", "user.name=b", "-c", "user.email=b@localhost")
FEW, MANY = 40, 781 * SEGMENT + 40
"""Events in a journal; the open segments are as long as each other."""
MOST, GROWTH = 1.3, 1.05
"""How much an append may cost after the read: against commit-tree and push, and with many events against a few."""
LINE = '{"v":1,"seq":1,"type":"claimed","data":{"text":"' + "x" * 400 + '"}}'


def plain_push(clone: Clone, remote: Path) -> None:
    """The least that appends a line with plain git: read the tip, blob, tree, commit, push with a lease."""
    cwd = clone.root
    listed = git("ls-remote", str(remote), "refs/heads/plain", cwd=cwd)
    tip = listed.split("\t")[0]
    blob = git("hash-object", "-w", "--stdin", cwd=cwd, stdin=f"{LINE}\n{time.time_ns()}\n".encode())
    tree = git("mktree", cwd=cwd, stdin=f"100644 blob {blob}\tlog\n".encode())
    commit = git(*WHO, "commit-tree", tree, *(["-p", tip] if tip else []), "-m", "line", cwd=cwd)
    git("push", "-q", f"--force-with-lease=refs/heads/plain:{tip}", str(remote), f"{commit}:refs/heads/plain", cwd=cwd)


class Floor:
    """commit-tree of an empty tree and a push, with nothing read: what no append can go below."""

    def __init__(self, clone: Clone, remote: Path) -> None:
        self.cwd, self.remote = clone.root, str(remote)
        self.tree = git("mktree", cwd=self.cwd, stdin=b"")
        self.last: list[str] = []

    def push(self) -> None:
        """One round."""
        commit = git(*WHO, "commit-tree", self.tree, *self.last, "-m", str(time.time_ns()), cwd=self.cwd)
        git("push", "-q", self.remote, f"{commit}:refs/heads/bare", cwd=self.cwd)
        self.last = ["-p", commit]


def write(seen: JournalSnapshot) -> Append:
    """One line, in a new segment when the open one is full."""
    full = len(seen.lines) >= SEGMENT
    return Append((LINE,), "line", f'{{"segments": {seen.segment}}}' if full else None)


def journal_of(folder: Path, name: str, events: int) -> tuple[Clone, Path, Journal]:
    """A clone, its remote, and a journal there with so many events behind it, a commit each."""
    root = folder / name
    root.mkdir()
    remote = new_remote(root)
    feed(remote, Growing().stream(events, "refs/heads/kerrigan-state/big", None))
    git("clone", "-q", str(remote), "clone", cwd=root)
    clone = discover(root / "clone")
    return clone, remote, Journal(clone, str(remote), "big")


def seconds(action: Callable[[], object]) -> float:
    """How long one call takes."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def append_after(journal: Journal, taken: dict[str, list[float]], name: str) -> None:
    """Read, and append to what was read; both times are noted."""
    start = time.perf_counter()
    seen = journal.look()
    taken.setdefault(f"read, {name}", []).append(time.perf_counter() - start)
    taken.setdefault(f"append, {name}", []).append(seconds(lambda: journal.append(write, seen)))


def main(rounds: int) -> None:
    """Measure, and print the ratios."""
    with tempfile.TemporaryDirectory() as folder:
        clone, remote, small = journal_of(Path(folder), "small", FEW)
        _, _, large = journal_of(Path(folder), "large", MANY)
        floor, few, many = Floor(clone, remote), f"{FEW} events", f"{MANY:,} events"
        for journal in (small, large):
            journal.append(write)  # makes the cache
        taken: dict[str, list[float]] = {}
        for _ in range(rounds):
            taken.setdefault("commit-tree + push", []).append(seconds(floor.push))
            taken.setdefault("plain read-modify-push", []).append(seconds(lambda: plain_push(clone, remote)))
            append_after(small, taken, few)
            append_after(large, taken, many)
        medians = {name: statistics.median(times) for name, times in taken.items()}
        for name, median in medians.items():
            print(f"{name:<26} {median * 1000:7.1f} ms   {median / medians['commit-tree + push']:5.2f} x")
        print(f"an append after the read: at most {MOST} x")
        print(f"many against few: {medians[f'append, {many}'] / medians[f'append, {few}']:.2f} x (at most {GROWTH} x)")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 30)
