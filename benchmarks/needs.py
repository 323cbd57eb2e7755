"""Requests that one read of the gates makes while strangers' pull requests depend on very much.

Played on a GitHub that follows a script. `python -m benchmarks.needs`
"""

import tempfile
from pathlib import Path

from kerrigan.apply.events.reconcile import reconcile_each
from tests.seams.strangers import FORKS, TARGETS, flood, home_in, looked_up, reads

BEFORE = 2_021
"""Reads of the same before there was a budget (commit 27a1e11)."""
MOST = 120


def main() -> None:
    """Print the figure and its parts."""
    with tempfile.TemporaryDirectory() as folder, home_in(Path(folder)) as hub:
        flood(hub)
        reconcile_each(hub.site, ["todo"])
        asked, named = reads(hub), looked_up(hub)
    statuses = sum(path.endswith("/status") for path in asked)
    print(f"{FORKS} pull requests of forks, {TARGETS} targets each; reconcile of one project, no task at work")
    print(f"  {len(asked):5} reads in all ({BEFORE:,} before, at most {MOST} wanted)")
    print(f"  {len(named):5} of them for targets, {len(set(named))} different ones")
    print(f"  {statuses:5} for statuses, one a pull request")


if __name__ == "__main__":
    main()
