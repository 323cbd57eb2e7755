"""What an append costs: Kerrigan's journal against a plain loop of commit-tree and push, on the same remote.

Usage: python benchmarks/append.py [ROUNDS]. Prints ratios of medians; the rounds are interleaved, so noise hits both.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from kerrigan.git.journal import SEGMENT, Append, Journal, Snapshot
from kerrigan.git.repo import Clone, discover, git

WHO = ("-c", "user.name=b", "-c", "user.email=b@localhost")
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


def write(seen: Snapshot) -> Append:
    """One line, in a new segment when the open one is full."""
    full = len(seen.lines) >= SEGMENT
    return Append((LINE,), "line", f'{{"segments": {seen.segment}}}' if full else None)


def grow(journal: Journal, lines: int) -> None:
    """Bring a journal to about so many lines, a segment an append."""
    while (seen := journal.look()).segment * SEGMENT < lines:
        state = f'{{"segments": {seen.segment}}}' if seen.lines else None
        journal.append(partial(_segment, state), seen)


def _segment(state: str | None, seen: Snapshot) -> Append:
    return Append((LINE,) * SEGMENT, "grow", state)


def seconds(action: Callable[[], object]) -> float:
    """How long one call takes."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def main(rounds: int) -> None:
    """Measure, and print the ratios."""
    with tempfile.TemporaryDirectory() as folder:
        remote = Path(folder) / "remote.git"
        git("init", "-q", "--bare", str(remote), cwd=Path(folder))
        git("clone", "-q", str(remote), "clone", cwd=Path(folder))
        clone = discover(Path(folder) / "clone")
        small, large = Journal(clone, str(remote), "small"), Journal(clone, str(remote), "large")
        grow(large, 10_000)
        floor = Floor(clone, remote)
        actions: dict[str, Callable[[], object]] = {
            "commit-tree + push": floor.push,
            "plain read-modify-push": lambda: plain_push(clone, remote),
            "append to a new journal": lambda: small.append(write),
            "append to 10,000 events": lambda: large.append(write),
        }
        taken: dict[str, list[float]] = {name: [] for name in actions}
        for _ in range(rounds):
            for name, action in actions.items():
                taken[name].append(seconds(action))
        base = statistics.median(taken["commit-tree + push"])
        for name, times in taken.items():
            median = statistics.median(times)
            print(f"{name:<26} {median * 1000:7.1f} ms   {median / base:5.2f} x")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 30)
