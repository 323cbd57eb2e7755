"""What an append costs: Kerrigan's journal against a plain loop of commit-tree and push, on the same remote.

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
from kerrigan.git.journal import Append, Journal
from kerrigan.git.repo import Clone, discover, git
from kerrigan.git.snapshot import SEGMENT, Snapshot

WHO = ("-c", "user.name=b", "-c", "user.email=b@localhost")
FEW, MANY = 40, 781 * SEGMENT + 40
"""Events in a journal; the open segments are as long as each other."""
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


def main(rounds: int) -> None:
    """Measure, and print the ratios."""
    with tempfile.TemporaryDirectory() as folder:
        clone, remote, small = journal_of(Path(folder), "small", FEW)
        _, _, large = journal_of(Path(folder), "large", MANY)
        floor = Floor(clone, remote)
        actions: dict[str, Callable[[], object]] = {
            "commit-tree + push": floor.push,
            "plain read-modify-push": lambda: plain_push(clone, remote),
            f"append to {FEW} events": lambda: small.append(write),
            f"append to {MANY:,} events": lambda: large.append(write),
        }
        for journal in (small, large):
            journal.append(write)  # the first look fetches the branch
        taken: dict[str, list[float]] = {name: [] for name in actions}
        for _ in range(rounds):
            for name, action in actions.items():
                taken[name].append(seconds(action))
        base = statistics.median(taken["commit-tree + push"])
        for name, times in taken.items():
            median = statistics.median(times)
            print(f"{name:<26} {median * 1000:7.1f} ms   {median / base:5.2f} x")
        few, many = (statistics.median(taken[name]) for name in list(actions)[-2:])
        print(f"many against few: {many / few:.2f} x")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 30)
