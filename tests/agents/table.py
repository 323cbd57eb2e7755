"""The table of docs/agents.md: every agent CLI of this machine, run for real against the mock model.

`python -m tests.agents.table [CLI…]`. Seconds are from the first request on, for how long a CLI takes to start says
more about the machine; `stopped` is the longest time from the signal until no process was left.
"""

import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from kerrigan.agents.detect import detect
from kerrigan.agents.profiles import PROFILES
from kerrigan.model.attempt import Purpose, TokenUsage
from tests.agents.capture import BUILD
from tests.agents.clis import SETUPS, installed, search_path
from tests.agents.desk import Attempted, Desk, left
from tests.agents.mock_model import MockModel
from tests.agents.test_readers import REQUEST, times, without_requests
from tests.agents.work_tree import plant

HEADINGS = (
    "agent", "version", "edits a file", "usage to the token", "401", "429", "empty answer", "reviewer changes nothing",
    "starts nothing of the tree", "stopped: no process after", "usage when stopped",
)  # fmt: skip


def row(desk: Desk, name: str, folder: Path) -> Iterator[str]:
    """The cells of one CLI."""
    found = detect([PROFILES[name]], {"PATH": search_path(), "HOME": str(desk.home), "LANG": "C.UTF-8"})[0]
    yield name
    yield found.version
    write = desk.attempt("write")
    yield _yes(write.record.outcome == "ok" and (write.tree / "hello.txt").is_file() and not left(write))
    usage = without_requests(write.record.usage or TokenUsage())
    yield _yes(usage == times(REQUEST[name], 2) and write.requests == 2)
    for behaviour in ("401", "429"):
        failed = desk.attempt(behaviour)
        yield f"{failed.record.outcome}, {failed.waited:.1f} s"
    yield desk.attempt("empty").record.outcome.value
    reviews = [desk.attempt(behaviour, purpose=Purpose.review) for behaviour in ("write", "shell")]
    yield _yes(all(_unchanged(review) for review in reviews))
    tree = desk.tree()
    plant(tree, folder / "started")
    desk.attempt("ok", tree=tree)
    yield _yes(not list((folder / "started").iterdir()))
    stopped = [desk.stopped(1.5, behaviour) for behaviour in ("sleep", "hang")]
    gone = not any(left(one) for one in stopped)
    yield f"{max(one.run.ended.killing for one in stopped):.1f} s" if gone else "NO"
    yield _yes(without_requests(stopped[0].record.usage or TokenUsage()) == REQUEST[name])


def _unchanged(review: Attempted) -> bool:
    names = {path.name for path in review.tree.iterdir()}
    return review.record.outcome == "ok" and names == {".git", "README.md"}


def _yes(holds: bool) -> str:
    return "yes" if holds else "no"


def main(names: list[str]) -> None:
    """Print the table."""
    print(f"Run on {datetime.now(UTC):%Y-%m-%d} against a mock model on loopback.\n", flush=True)
    print(f"| {' | '.join(HEADINGS)} |\n|{'---|' * len(HEADINGS)}", flush=True)
    BUILD.mkdir(exist_ok=True)
    for name in names or SETUPS:
        if name not in SETUPS or not installed(PROFILES[name].program):
            print(f"| {name} | not to be had |{' |' * (len(HEADINGS) - 2)}", flush=True)
            continue
        with tempfile.TemporaryDirectory(dir=BUILD) as folder, MockModel() as model:
            print(f"| {' | '.join(row(Desk(Path(folder), name, model), name, Path(folder)))} |", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
