"""Whole processes: `kerrigan tasks --ready` and `kerrigan graph` of 10,000 tasks, and whether they grow with the tasks.

Run it with `python -m benchmarks.questions`. The first half of the tasks is done, says the journal. The bare script
parses the same file and sorts it with graphlib, and does nothing else.
"""

import sys
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.check import TASK, beside, measure, show
from benchmarks.journals import SPEC, commit, feed
from kerrigan.decide.fold.state_json import dump
from kerrigan.git.journal.snapshot import SEGMENT
from kerrigan.git.repo import git
from kerrigan.model.state import State, Status, TaskState

SMALL, LARGE = 1_000, 10_000
BARE = """\
import sys, graphlib, yaml
tasks = yaml.load(open(sys.argv[1]), Loader=yaml.CSafeLoader)["tasks"]
print(*graphlib.TopologicalSorter({task["id"]: task["depends_on"] for task in tasks}).static_order())
"""
FOLDER = "specs/projects/big"


def plan(size: int) -> str:
    """A tasks.yml in which each task depends on the one before and on one ten before."""
    needs = (", ".join(f"task-{n - back}" for back in (1, 10) if n >= back) for n in range(size))
    return "".join(chain(["kerrigan: 7\ntasks:\n"], (TASK.format(n=n, needs=needed) for n, needed in enumerate(needs))))


def half_done(size: int) -> str:
    """The state.json of a journal in which the first half of them is done."""
    done = {f"big/task-{n}": TaskState(Status.done, fence=1) for n in range(size // 2)}
    return dump(State(SEGMENT, "a" * 64, done), 1)


def clone_of(folder: Path, size: int) -> Path:
    """A clone of a home repository with such a project."""
    remote, clone = folder / str(size) / "big.git", folder / str(size) / "clone"
    remote.mkdir(parents=True)
    git("init", "-q", "--bare", "-b", "main", cwd=remote)
    files = {f"{FOLDER}/spec.md": SPEC, f"{FOLDER}/tasks.yml": plan(size)}
    journal = {"log/000001.jsonl": "{}\n" * SEGMENT, "state.json": half_done(size)}
    branches = {"refs/heads/main": files, "refs/heads/kerrigan-state/big": journal}
    feed(remote, (commit(branch, None, texts) for branch, texts in branches.items()))
    git("clone", "-q", str(remote), str(clone), cwd=folder)
    return clone


def commands(clone: Path, size: int) -> dict[str, Sequence[str]]:
    """What is asked about one project, by what it is called in the table."""
    kerrigan = beside("kerrigan")
    return {
        f"bare, {size:,}": (sys.executable, "-c", BARE, str(clone / FOLDER / "tasks.yml")),
        f"tasks --ready, {size:,}": (kerrigan, "tasks", "-C", str(clone), "--ready"),
        f"tasks --json, {size:,}": (kerrigan, "tasks", "-C", str(clone), "--json"),
        f"graph, {size:,}": (kerrigan, "graph", "-C", str(clone)),
    }


def main() -> None:
    """Print the tables."""
    with TemporaryDirectory() as folder:
        of_size = {size: commands(clone_of(Path(folder), size), size) for size in (SMALL, LARGE)}
        times = measure({name: command for asked in of_size.values() for name, command in asked.items()})
    show("questions", times, f"bare, {LARGE:,}")
    print(f"for a task, {LARGE:,} : {SMALL:,}")
    for small, large in zip(of_size[SMALL], of_size[LARGE], strict=True):
        print(f"  {large:24} {times[large] / LARGE / (times[small] / SMALL):8.2f} x")


if __name__ == "__main__":
    main()
