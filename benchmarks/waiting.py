"""How many processes of git reconcile starts where tasks wait for other projects: 600 of them against six.

Usage: python -m benchmarks.waiting. Counts every git that is started, those that git itself starts too.
"""

import os
import tempfile
import time
from pathlib import Path

from benchmarks.journals import commit, feed, new_remote
from kerrigan.apply.events.reconcile import reconcile
from kerrigan.apply.state.site import open_site
from kerrigan.apply.state.stage import read
from kerrigan.git.repo import git

FEW, MANY = 6, 600
SPEC = "---\nkerrigan: 7\n---\n# A project\n\nOf many.\n"
TASK = "  - {{id: {name}, title: Use it, role: swe{waits}}}\n"


def plan(count: int) -> str:
    """A project with so many tasks, each of which waits for another project."""
    rows = (TASK.format(name=f"t{n}", waits=f", depends_on: [p{n}/api]") for n in range(count))
    return f"kerrigan: 7\ntasks:\n{''.join(rows)}"


def world(folder: Path) -> Path:
    """A clone of a home with a project where few tasks wait, one where many do, and the projects that they wait for."""
    remote = new_remote(folder)
    plans = {"few": plan(FEW), "many": plan(MANY)}
    plans |= {f"p{n}": f"kerrigan: 7\ntasks:\n{TASK.format(name='api', waits='')}" for n in range(MANY)}
    files = {f"specs/projects/{name}/tasks.yml": tasks for name, tasks in plans.items()}
    files |= {f"specs/projects/{name}/spec.md": SPEC for name in plans}
    feed(remote, iter([commit("refs/heads/main", git("rev-parse", "main", cwd=remote), files)]))
    git("clone", "-q", str(remote), "clone", cwd=folder)
    return folder / "clone"


def cost(clone: Path, traces: Path, project: str) -> tuple[int, float]:
    """Processes of git and seconds that a reconcile of a project takes, reading included."""
    traces.mkdir()
    os.environ["GIT_TRACE2_EVENT"] = str(traces)
    site = open_site(clone, {}, "ada", say=print, detail=lambda line: None)
    start = time.perf_counter()
    assert reconcile(site, read(site, project)).events == ()
    taken = time.perf_counter() - start
    del os.environ["GIT_TRACE2_EVENT"]
    return len(list(traces.iterdir())), taken


def main() -> None:
    """Print both, and the ratio."""
    with tempfile.TemporaryDirectory() as folder:
        clone = world(Path(folder))
        counts = {}
        for name, tasks in (("few", FEW), ("many", MANY)):
            counts[name], taken = cost(clone, Path(folder) / name, name)
            print(
                f"{tasks:>4} tasks that wait for other projects   {counts[name]:>3} processes of git   {taken:6.2f} s"
            )
        print(f"many against few: {counts['many'] / counts['few']:.2f} x as many processes (at most 1 x)")


if __name__ == "__main__":
    main()
