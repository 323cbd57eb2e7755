"""What proving a journal costs: from its first line, and after a day on top of what this clone verified before.

Run it with `python -m benchmarks.verify [EVENTS]` (100,000 by default; making them takes a minute). Every event is a
commit of its own, which is the most there can be. The peers are what no one can go below: git listing the commits
with the files they touch, and Python hashing the lines.
"""

import hashlib
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.journals import Growing, feed, new_remote
from kerrigan.apply.audit import Audit, open_record, verify, verify_all
from kerrigan.apply.state.site import Site, open_site
from kerrigan.git.journal.evidence import segments_of
from kerrigan.git.repo import git

BRANCH = "refs/heads/kerrigan-state/big"
DAY = 300
"""Events of a day: with as many, 100,000 are a year."""


def seconds(action: Callable[[], object]) -> float:
    """How long one call takes."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def sound(audit: Audit) -> None:
    """Fail where a journal does not hold."""
    assert audit.sound, audit.words


def quiet(line: str) -> None:
    """Tell no one."""


def day(site: Site, growing: Growing, remote: Path) -> float:
    """Seconds to verify a day that came on top of what was verified."""
    tip = git("rev-parse", BRANCH, cwd=remote)
    feed(remote, growing.stream(DAY, BRANCH, tip))
    record = open_record(site, "big")
    return seconds(lambda: sound(verify(record)))


def main(count: int) -> None:
    """Measure, and print the ratios."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        remote, growing = new_remote(root), Growing()
        print(
            f"making {count:,} commits took {seconds(lambda: feed(remote, growing.stream(count, BRANCH, None))):.0f} s"
        )
        git("clone", "-q", str(remote), "clone", cwd=root)
        site = open_site(root / "clone", {}, say=quiet, detail=quiet)
        record = open_record(site, "big")
        record.fetch()
        tip, history = str(record.snapshot.tip), record.clone
        lines = [line for segment in segments_of(history, tip).values() for line in segment]
        times = {
            "git log --raw": seconds(lambda: history.git("log", "--raw", "--no-abbrev", tip)),
            "hash every line": seconds(lambda: [hashlib.sha256(line.encode()).digest() for line in lines]),
            "verify --all": seconds(lambda: sound(verify_all(record))),
            f"verify, {DAY} events later": min(day(site, growing, remote) for _ in range(5)),
        }
    base = times["git log --raw"]
    for name, taken in times.items():
        print(f"{name:<28} {taken * 1000:9.1f} ms   {taken / base:6.3f} x")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
