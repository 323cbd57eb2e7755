"""What Kerrigan starts on GitHub: jobs, runs and billed minutes of a pair of tasks and of a burst of labels.

Played with the real workflow files on the offline GitHub of the tests. `python -m benchmarks.runs`
"""

import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from tests.box import App, Box
from tests.box.client import Files
from tests.box.tools import find
from tests.e2e.counting import THREE, Counter, burst, pair, submitted, swarm

BEFORE = {"a pair of tasks": 54, "15 labels on 3 pull requests": 78}
"""Runs of the same before jobs were counted (commit 27a1e11)."""
LABELS = ("role:testing", "agent:go", "agent:sprint", "autonomy:override", "kerrigan:pause")


def main() -> None:
    """Print a table for each."""
    with ExitStack() as boxes:
        tools = find()

        def boot(
            repositories: Mapping[str, Files],
            users: Mapping[str, str] | None = None,
            apps: Mapping[str, App] | None = None,
            actions: Mapping[str, Path] | None = None,
        ) -> Box:
            return boxes.enter_context(Box(tools, repositories, users, apps, actions))

        counter, ada = swarm(boot, folder(boxes))
        pair(counter, ada)
        show("a pair of tasks", counter, 0)
        counter, ada = swarm(boot, folder(boxes), THREE)
        counter.box.variables.clear()
        numbers = submitted(counter, ada, [f"todo/t{number}" for number in range(3)])
        begun = len(counter.steps)
        burst(counter, numbers, LABELS)
        show("15 labels on 3 pull requests", counter, begun)


def folder(boxes: ExitStack) -> Path:
    """A folder that is removed at the end."""
    return Path(boxes.enter_context(tempfile.TemporaryDirectory()))


def show(what: str, counter: Counter, begun: int) -> None:
    """Print the steps from this one on, and their sum."""
    steps = counter.steps[begun:]
    print(f"\n{what} ({BEFORE[what]} runs before)\n  jobs minutes runs  others  step")
    for step in steps:
        print(f"  {len(step.jobs):4} {len(step.jobs):7} {step.runs:4} {step.others:7}  {step.what}")
    jobs, runs, others = (sum(column) for column in zip(*((len(s.jobs), s.runs, s.others) for s in steps), strict=True))
    print(f"  {jobs:4} {jobs:7} {runs:4} {others:7}  in all: every job is a begun minute; `others` are the team's own")


if __name__ == "__main__":
    main()
